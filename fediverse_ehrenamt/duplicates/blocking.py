"""Keys that two listings of one need are likely to share: only those that share one are compared. Pure.

Each key is a signed 64-bit number made of its words. A need is found by an address, by its organisation, by words of
the title in the same surroundings or organisation or on the same day, and by its text, whoever posts it wherever: the
few runs of words with the smallest hashes are the same ones wherever the same text stands (MinHash; Broder 1997).
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32
from zoneinfo import ZoneInfo

from fediverse_ehrenamt.duplicates import words
from fediverse_ehrenamt.duplicates.rules import Profile

TITLE_WORDS = 3  # the longest ones
RUNS = 8
SKETCH = 64  # hashes
ADDRESSES = 8
_CELL = 0.05  # degrees: some 5 km
_HASH = 4  # bytes of one hash of a sketch
_ZONE = ZoneInfo("Europe/Berlin")
_LEAST_WORD = 4


def number(*parts: str) -> int:
    """Return a signed 64-bit number for words; two of a million have the same once in ten million times."""
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def organisation_key(profile: Profile) -> int:
    """Return the key that all listings of an organisation share, wherever they are."""
    return number("organisation", _organisation(profile))


def keys(profile: Profile) -> tuple[int, ...]:
    """Return the keys by which listings to compare with are looked for, at most some 20."""
    return tuple(dict.fromkeys(number(*parts) for parts in _keys(profile)))


def _keys(profile: Profile) -> Iterator[tuple[str, ...]]:
    listing = profile.listing
    for address in sorted(listing.addresses)[:ADDRESSES]:
        yield "address", address
    day, organisation, cell = _day(profile), _organisation(profile), _cell(profile)
    if day:
        yield "day of organisation", day, organisation
        yield from ((("day in cell", day, cell),) if cell else ())
    else:
        yield "organisation", organisation
    if cell and not day:
        yield "organisation in cell", cell, max(profile.organisation, key=len, default="")
    longest = sorted((word for word in profile.title if len(word) >= _LEAST_WORD), key=len, reverse=True)
    for word in longest[:TITLE_WORDS]:
        yield "title of organisation", organisation, word, day
        if cell or day:
            yield "title in cell", cell, word, day
    yield from _text(profile, day)


def text_keys(profile: Profile) -> frozenset[int]:
    """Return those of the keys that are made of the text."""
    return frozenset(number(*parts) for parts in _text(profile, _day(profile)))


def _text(profile: Profile, day: str) -> Iterator[tuple[str, ...]]:
    for run in _lowest(profile.content):
        yield "text", run, day


@lru_cache(maxsize=256)
def _lowest(content: str) -> tuple[str, ...]:
    return tuple(sorted(words.runs(content), key=_order)[:RUNS])


def _day(profile: Profile) -> str:
    starts_at = profile.listing.starts_at
    return starts_at.astimezone(_ZONE).date().isoformat() if starts_at else ""


def _organisation(profile: Profile) -> str:
    return " ".join(sorted(profile.organisation)) or profile.listing.organisation_uri


def _cell(profile: Profile) -> str:
    listing = profile.listing
    if listing.anywhere or listing.latitude is None or listing.longitude is None:
        return ""
    return f"{math.floor(listing.latitude / _CELL)} {math.floor(listing.longitude / _CELL)}"


def _order(run: str) -> int:
    """Return a hash that is quick and evenly spread; nobody gains by finding two with the same."""
    return crc32(run.encode("utf-8", "replace"))


def sketch(profile: Profile) -> bytes:
    """Return the `SKETCH` smallest hashes of what a listing says, title included: enough to see if it changed much."""
    said = words.shingles(" ".join((*profile.title, profile.content)))
    return b"".join(hash_.to_bytes(_HASH) for hash_ in sorted({_order(shingle) for shingle in said})[:SKETCH])


def likeness(one: bytes, other: bytes) -> float:
    """Return about how much of what two sketches were made of is the same (Jaccard index), within some 0.06."""
    mine, yours = ({whole[start : start + _HASH] for start in range(0, len(whole), _HASH)} for whole in (one, other))
    lowest = sorted(mine | yours)[:SKETCH]
    return sum(hash_ in mine and hash_ in yours for hash_ in lowest) / len(lowest) if lowest else 1.0
