"""Series: the dates of one thing, alike in all but their time, of which a list that is not by date shows the next only.

Every date names the one before it by its end (`Document.after`): while that is still among what is searched, the later
one stays behind it, so nothing has to be written anew when a date is over. Dates that differ in anything that may be
searched or filtered by belong to different series: what a search finds of one, it finds of all.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

import msgspec

from fediverse_ehrenamt.search import card, facets
from fediverse_ehrenamt.search.model import AFTER_EVENT, EVENT, Document

_BYTES, _SIGN = 8, 1
_alike = attrgetter(
    "organisation_uri", "organisation", "host", "title", "text", "language", "areas", "hashtags", "place", "district",
    "latitude", "longitude", "anywhere", "status", "facts",
)  # fmt: skip
_encoder = msgspec.json.Encoder()


class Standing(NamedTuple):
    """Where a Document stands: its `code`, when it leaves (`model.leaves_at`), and its `beside` (`card.beside`)."""

    series: int | None
    leaves_at: datetime | None
    beside: str = ""


def code(document: Document, slugs: tuple[str, ...] = ()) -> int | None:
    """Return a number that alike dates share: 63 bits that only chance gives to others, None for what is no date.

    `slugs` are its `facets.slugs`, for who has them.
    """
    if document.kind != EVENT or document.starts_at is None:
        return None
    alike = *_alike(document), slugs or facets.slugs(document)  # the weekday is among these
    return int.from_bytes(hashlib.blake2b(_encoder.encode(alike), digest_size=_BYTES).digest()) >> _SIGN


def firsts(documents: Iterable[Document]) -> list[Document]:
    """Return Documents in their order, of the dates of each series the first to come alone."""
    result: dict[object, Document] = {}
    for document in documents:
        key = code(document) or document.uri
        known = result.setdefault(key, document)
        if document.starts_at and known.starts_at and document.starts_at < known.starts_at:
            result[key] = document
    return list(result.values())


def moved(standings: Mapping[str, Standing]) -> dict[str, str]:
    """Return the new `beside` of those that come after another date now, by their URIs; series are given whole."""
    dates = sorted(
        (one.leaves_at, uri, one.series, one.beside)
        for uri, one in standings.items()
        if one.series is not None and one.leaves_at is not None
    )
    result: dict[str, str] = {}
    over: dict[int, datetime] = {}
    for leaves_at, uri, number, beside in dates:
        stands = card.standing_after(beside, over.get(number))
        if stands != beside:
            result[uri] = stands
        over[number] = leaves_at - AFTER_EVENT
    return result
