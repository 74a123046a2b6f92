"""Dates of one event that are found together are shown once, with the others named beside: a page is not full of one.

A list in the order of dates shows each where it belongs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.search.engine import Hit
from fediverse_ehrenamt.search.filters import BY_START
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query


@dataclass(frozen=True, slots=True)
class Grouped:
    """A hit, and the other dates of the same event that were found beside it, the next one first."""

    hit: Hit
    further: tuple[Document, ...] = ()


def grouped(query: Query, hits: Iterable[Hit]) -> list[Grouped]:
    """Return hits in their order, dates of one name and organisation where the best of them stands."""
    if query.sort == BY_START or (query.kinds == (EVENT,) and not query.text):
        return [Grouped(hit) for hit in hits]
    groups: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        groups.setdefault(_key(hit.document), []).append(hit)
    return [_together(group) for group in groups.values()]


def _key(document: Document) -> tuple[str, str]:
    if document.kind != EVENT or document.starts_at is None:
        return document.uri, ""
    return document.organisation_uri, document.title.casefold()


def _together(hits: Sequence[Hit]) -> Grouped:
    first, *further = sorted(hits, key=_begins) if len(hits) > 1 else hits
    held = next((hit for hit in (first, *further) if not hit.document.status), first)  # a cancelled one invites nobody
    return Grouped(held, tuple(hit.document for hit in (first, *further) if hit is not held))


def _begins(hit: Hit) -> datetime:
    assert hit.document.starts_at is not None, "only dates are put together"
    return hit.document.starts_at
