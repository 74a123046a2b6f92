"""Offers that name their days, "1. Februar bis 31. März": once in a view of the calendar, for none fills ninety days.

They stand below the dates: foremost those that begin there, then those that end there, then those that go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fediverse_ehrenamt.discover import facts, results, timetable
from fediverse_ehrenamt.discover.timetable import Entry, Noted
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.search.agenda import Span
from fediverse_ehrenamt.search.model import OPPORTUNITY, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.search.schema import FOREVER

SHOWN = 6
_LOOKED_AT = 24  # of which some may be closed


@dataclass(frozen=True, slots=True)
class Chosen:
    """The places of those that are `wanted`, in the order in which they are shown, and how many there are in all."""

    wanted: tuple[int, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Which periods stand below the days from `first` to `last`."""

    first: date
    last: date

    def __call__(self, spans: Sequence[Span]) -> Chosen:
        """Return which periods are shown; one that has begun and names no end is like an offer without days."""
        begins, ends = timetable.first_second(self.first), timetable.first_second(self.last + timetable.A_DAY) - 1
        ranked: list[tuple[int, int, int]] = []
        for place, (start, end) in enumerate(spans):
            if begins <= start <= ends:
                ranked.append((0, start, place))
            elif end < FOREVER:
                ranked.append((1 if end <= ends else 2, end, place))
        return Chosen(tuple(place for _rank, _second, place in sorted(ranked)[:_LOOKED_AT]), len(ranked))


@dataclass(frozen=True, slots=True)
class Listed:
    """The offers below a view, and the way to all of its time where there are more."""

    entries: tuple[Entry, ...]
    more_href: str = ""


def asked(query: Query, since: date, until: date) -> Query:
    """Return the search for the offers of some days."""
    return replace(query.on_page(1), kinds=(OPPORTUNITY,), since=since, until=until)


def listed(chosen: Chosen, noted: Mapping[int, Noted], query: Query, reader: Reader) -> Listed:
    """Return how open offers stand below a view; `query` is what was `asked`."""
    are_open = [noted[place] for place in chosen.wanted if place in noted and not noted[place].document.status]
    entries = tuple(timetable.entry(one, said(one.document, reader), reader) for one in are_open[:SHOWN])
    more = len(are_open) > SHOWN or chosen.total > _LOOKED_AT
    return Listed(entries, results.href(query.pairs()) if more else "")


def said(document: Document, reader: Reader) -> str:
    """Return the days of an offer in words."""
    assert document.facts is not None, "only what names its days was asked for"
    return facts.period(document.facts.start_date, document.facts.end_date, reader.language)
