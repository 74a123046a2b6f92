"""Dates of one event are shown once, with the others named beside: a page is not full of one.

Those that are alike in all but their time are one hit of the search already (`search.series`); here come those beside
them that have its name too. A list in the order of dates shows each where it belongs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.search.clauses import is_by_date
from fediverse_ehrenamt.search.engine import Hit
from fediverse_ehrenamt.search.further import NAMED, Further
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query

_ALONE = Further((), 0)


@dataclass(frozen=True, slots=True)
class Grouped:
    """A hit, and the `further` dates of the same event that were found."""

    hit: Hit
    further: Further = _ALONE


def dated(query: Query, hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return the URIs of those hits that may have further dates, none of a list by date."""
    if is_by_date(query):
        return ()
    return tuple(hit.document.uri for hit in hits if _is_date(hit.document))


def grouped(query: Query, hits: Iterable[Hit], further: Mapping[str, Further]) -> list[Grouped]:
    """Return hits in their order, dates of one name and organisation where the best of them stands.

    `further` are those that the search found beside them, by URI.
    """
    if is_by_date(query):
        return [Grouped(hit) for hit in hits]
    groups: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        groups.setdefault(_key(hit.document), []).append(hit)
    return [_together(group, further) for group in groups.values()]


def _is_date(document: Document) -> bool:
    return document.kind == EVENT and document.starts_at is not None


def _key(document: Document) -> tuple[str, str]:
    return (document.organisation_uri, document.title.casefold()) if _is_date(document) else (document.uri, "")


def _together(hits: Sequence[Hit], further: Mapping[str, Further]) -> Grouped:
    ordered = sorted(hits, key=_begins) if len(hits) > 1 else hits
    held = next((hit for hit in ordered if not hit.document.status), ordered[0])  # a cancelled one invites nobody
    behind = [further.get(hit.document.uri, _ALONE) for hit in hits]
    beside = [hit.document for hit in ordered if hit is not held]
    dates = sorted((*beside, *(date for one in behind for date in one.dates)), key=_start)
    return Grouped(held, Further(tuple(dates[:NAMED]), len(beside) + sum(one.total for one in behind)))


def _begins(hit: Hit) -> datetime:
    return _start(hit.document)


def _start(document: Document) -> datetime:
    assert document.starts_at is not None, "only dates are put together"
    return document.starts_at
