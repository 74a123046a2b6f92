"""Keys that two listings of one need are likely to share: only those that share one are compared. Pure.

Each key is a signed 64-bit number. A need is found by an address, by its organisation, by words of the title in the
same surroundings or organisation or on the same day, and by its text, whoever posts it wherever. Each key is a row to
be written and looked up, so they are few.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from fediverse_ehrenamt.duplicates import words
from fediverse_ehrenamt.duplicates.rules import Profile
from fediverse_ehrenamt.kit import clock

TITLE_WORDS = 2  # the longest ones
RUNS = 8
SKETCH = 64  # hashes
ADDRESSES = 8
_CELL = 0.05  # degrees: some 5 km
_HASH = 4  # bytes of one hash of a sketch
_LEAST_WORD = 4


def number(*parts: str) -> int:
    """Return a signed 64-bit number for words; two of a million have the same once in ten million times."""
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def organisation_key(profile: Profile) -> int:
    """Return the key that all listings of an organisation share, wherever they are."""
    return _organisation_key(_organisation(profile))


@lru_cache(maxsize=1_024)
def _organisation_key(organisation: str) -> int:
    return number("organisation", organisation)


def keys(profile: Profile) -> tuple[int, ...]:
    """Return the keys by which listings to compare with are looked for, at most some 20."""
    day = _day(profile)
    made = [number(*parts) for parts in _keys(profile, day)]
    whole = () if day else (organisation_key(profile),)
    return tuple(dict.fromkeys([*whole, *made, *_text_keys(profile, day)]))


def _keys(profile: Profile, day: str) -> Iterator[tuple[str, ...]]:
    listing = profile.listing
    for address in sorted(listing.addresses)[:ADDRESSES]:
        yield "address", address
    organisation, cell = _organisation(profile), _cell(profile)
    longest = sorted((word for word in profile.title if len(word) >= _LEAST_WORD), key=len, reverse=True)
    if day:
        yield ("day in cell", day, cell) if cell else ("day of organisation", day, organisation)
    elif cell:
        yield "organisation in cell", cell, max(profile.organisation, key=len, default="")
    for word in longest[:TITLE_WORDS]:
        yield ("title in cell", cell, word, day) if cell or day else ("title of organisation", organisation, word)


def _text_keys(profile: Profile, day_: str) -> list[int]:
    """Return keys made of the lowest runs of the text: such a hash, and one of the day, side by side."""
    day = crc32(day_.encode())
    return [(run << 32 | day) - 2**63 for run in profile.runs[:RUNS]]


def _day(profile: Profile) -> str:
    starts_at = profile.listing.starts_at
    return clock.day(starts_at).isoformat() if starts_at else ""


def _organisation(profile: Profile) -> str:
    return " ".join(sorted(profile.organisation)) or profile.listing.organisation_uri


def _cell(profile: Profile) -> str:
    listing = profile.listing
    if listing.anywhere or listing.latitude is None or listing.longitude is None:
        return ""
    return f"{math.floor(listing.latitude / _CELL)} {math.floor(listing.longitude / _CELL)}"


def sketch(profile: Profile) -> bytes:
    """Return the `SKETCH` smallest hashes of what a listing says, title included: enough to see if it changed much."""
    said = words.shingles(" ".join((*profile.title, profile.content)))
    hashes = {crc32(shingle.encode("utf-8", "replace")) for shingle in said}
    return b"".join(hash_.to_bytes(_HASH) for hash_ in sorted(hashes)[:SKETCH])


def likeness(one: bytes, other: bytes) -> float:
    """Return about how much of what two sketches were made of is the same (Jaccard index), within some 0.06."""
    mine, yours = ({whole[start : start + _HASH] for start in range(0, len(whole), _HASH)} for whole in (one, other))
    lowest = sorted(mine | yours)[:SKETCH]
    return sum(hash_ in mine and hash_ in yours for hash_ in lowest) / len(lowest) if lowest else 1.0
