"""The only conversions: Document → what is compared of it, and what decides whether it stands for others."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec

from fediverse_ehrenamt.duplicates import blocking
from fediverse_ehrenamt.duplicates.grouping import Member
from fediverse_ehrenamt.duplicates.rules import Listing, Profile
from fediverse_ehrenamt.duplicates.words import Words
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search.model import Document

MAX_ADDRESSES = 10
_MARK = 8  # bytes
_LONG, _VERY_LONG = 200, 600  # characters
_Brief = tuple[
    str, str, str, float | None, float | None, bool, datetime | None, Words, Words, bool, tuple[int, ...]
]  # fmt: skip
_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(_Brief)
_SCHEMES = ("https://", "http://")
_NO_AREA = ((), ("sonstiges",))


def number(uri: str) -> int:
    """Return the number by which the tables know a Document."""
    return blocking.number("listing", uri)


def listing(document: Document) -> Listing:
    return Listing(
        uri=document.uri,
        kind=document.kind,
        title=document.title,
        text=document.text,
        organisation=document.organisation,
        organisation_uri=document.organisation_uri,
        host=document.host,
        addresses=addresses(document),
        when=document.when,
        place=document.place,
        district=document.district,
        latitude=document.latitude,
        longitude=document.longitude,
        anywhere=document.anywhere,
        starts_at=document.starts_at,
    )


def addresses(document: Document) -> frozenset[str]:
    """Return under which addresses it stands, as they can be compared; a whole website is nobody's address."""
    given = (document.uri, document.url, *document.same_as[: MAX_ADDRESSES - 2])
    return frozenset(address for url in given if (address := _address(url)))


def _address(url: str) -> str:
    """Return an address without scheme, "www.", fragment and what only counts visits; "" for a whole website."""
    if not url.startswith(_SCHEMES):
        return ""
    rest = url.partition("://")[2].partition("#")[0]
    path, _, query = rest.removeprefix("www.").partition("?")
    asked = "&".join(part for part in query.split("&") if part and not part.startswith(("utm_", "fbclid=")))
    path = path.rstrip("/")
    return f"{path}?{asked}" if asked else path if "/" in path else ""


def mark(compared: Listing) -> bytes:
    """Return what changes with anything that is compared."""
    values = [getattr(compared, name) for name in Listing.__slots__ if name != "addresses"]
    return blake2b(_encoder.encode((*values, sorted(compared.addresses))), digest_size=_MARK).digest()


def brief(profile: Profile) -> bytes:
    """Return what `rules.brief` leaves of a profile, some 250 bytes."""
    one = profile.listing
    listing = (one.kind, one.organisation_uri, one.host, one.latitude, one.longitude, one.anywhere, one.starts_at)
    return _encoder.encode((*listing, profile.title, profile.organisation, profile.bare, profile.runs))


def read_brief(kept: bytes) -> Profile:
    """Return what `brief` was made of."""
    kind, uri, host, latitude, longitude, anywhere, starts_at, title, organisation, bare, runs = _decoder.decode(kept)
    listing = Listing(
        uri="",
        kind=kind,
        title="",
        text="",
        organisation="",
        organisation_uri=uri,
        host=host,
        latitude=latitude,
        longitude=longitude,
        anywhere=anywhere,
        starts_at=starts_at,
    )
    return Profile(listing, title, organisation, (), bare, "", runs)


def members(documents: Iterable[Document]) -> list[Member]:
    """Return what decides who of a group stands for all."""
    listed = tuple(documents)
    return [_member(one, [other for other in listed if other.uri != one.uri]) for one in listed]


def _member(document: Document, others: Sequence[Document]) -> Member:
    """Return a Document as a member of its group; who names another is a copy, so that no copy stands for its original,
    not even where copies name one another.
    """
    at_home = ids.host(document.url) == document.host
    named = any(_own(document) & addresses(other) for other in others)
    copy = any(addresses(document) & _own(other) for other in others if ids.host(other.url) == other.host)
    return Member(
        number=number(document.uri),
        uri=document.uri,
        own=document.local,
        original=0 if copy else at_home + (at_home and named),
        filled=_filled(document),
        fresh_at=document.fresh_at,
    )


def _own(document: Document) -> frozenset[str]:
    return frozenset(filter(None, (_address(document.uri), _address(document.url))))


def _filled(document: Document) -> int:
    """Count what it tells."""
    told = (
        len(document.text) >= _LONG,
        len(document.text) >= _VERY_LONG,
        document.areas not in _NO_AREA,
        document.when,
        document.place,
        document.anywhere or document.latitude is not None,
        document.image,
        document.organisation,
    )
    return sum(map(bool, told))
