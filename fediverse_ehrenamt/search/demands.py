"""Demands: what a saved search asks of a Document, part by part, so that a Document can be held against it alone.

They say in Python what `clauses.py` says to the engine: whoever adds a filter there adds its demand to `DEMANDS` here,
and `tests/search/test_percolation.py` finds whoever forgets. Words are demanded by `language.questions`, as there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from fediverse_ehrenamt.language import questions
from fediverse_ehrenamt.language.questions import Way
from fediverse_ehrenamt.search import clauses, facets, schema, words
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query

_DAYS_KEPT = 1_000
USUAL = "en"
"""The language beside German in which a search is read, until a Document in another one comes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A Document as demands look at it: which values it has in which field, where and when it is."""

    values: frozenset[tuple[str, str]]
    anywhere: bool
    point: tuple[float, float] | None
    starts: int | None
    ends: int | None
    leaves: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word in small letters, or some with one meaning together, as it was typed (`Wish.typed`)."""

    typed: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some values of a field."""

    field: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Within:
    """In a circle, or anywhere."""

    circle: Circle


@dataclass(frozen=True, slots=True)
class During:
    """On one of some days, of which "today" is another every day: `days` is the part of a search that names them."""

    days: Query

    def is_met(self, seen: Seen, now: datetime) -> bool:
        dates = _dates(self.days, now.replace(minute=0, second=0, microsecond=0))
        return dates is None or dates.hold([seen.starts], [seen.ends])[0]


@dataclass(frozen=True, slots=True)
class NotOver:
    """Not over when it is asked for; what has no time at all never is, unless it has to be `timed`."""

    timed: bool

    def is_met(self, seen: Seen, now: datetime) -> bool:
        return not self.timed if seen.ends is None else seen.ends >= int(now.timestamp())


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of some slugs."""

    slugs: frozenset[str]

    def is_met(self, seen: Seen, _now: datetime) -> bool:
        return not any(("facets", slug) in seen.values for slug in self.slugs)


@dataclass(frozen=True, slots=True)
class Nothing:
    """What no Document meets: only signs were typed."""

    def is_met(self, _seen: Seen, _now: datetime) -> bool:
        return False


Looked = During | NotOver | NoneOf | Nothing
"""What a Document has to be looked at for; all others can be looked up by what is in it."""
Demand = Word | OneOf | Within | Looked


def of(query: Query) -> tuple[Demand, ...]:
    """Return all that a search demands, each once; what is ordered or paged by demands nothing."""
    return tuple(dict.fromkeys(demand for read in DEMANDS for demand in read(query)))


def look(document: Document) -> Seen:
    """Return a Document as demands look at it."""
    starts, ends, leaves = schema.span(document)
    said = (*facets.slugs(document), *facets.bars(document))
    fields = {"facets": said, "host": (schema.exact(document.host),)}
    values = frozenset((field, value) for field, some in fields.items() for value in some)
    return Seen(values, document.anywhere, schema.point(document), starts, ends, leaves)


def ways(typed: str, language: str) -> tuple[Way, ...]:
    """Return the ways of a Word, one of which has to be in the terms of Documents in German or in a language."""
    return tuple(way for wish in questions.read(words.analyser(), typed, (language,)) for way in words.ways(wish))


# --- one function for each filter -------------------------------------------------------------------------------------
def _words(query: Query) -> Iterable[Demand]:
    if not query.text.strip():
        return []
    wishes = questions.read(words.analyser(), query.text, (USUAL,))
    return [Word(wish.typed.lower()) for wish in wishes] or [Nothing()]


def _facts(query: Query) -> Iterable[Demand]:
    """What is silent about a fact is found behind what isn't, so it is found, unless the search says "genau"."""
    yield from (OneOf("facets", demand.fits | demand.may) for demand in facets.demands(query))
    if refusals := facets.refusals(query):
        yield NoneOf(refusals)


def _hosts(query: Query) -> Iterable[Demand]:
    hosts = frozenset(map(schema.exact, query.values("quelle")))
    return [OneOf("host", hosts)] if hosts else []


def _place(query: Query) -> Iterable[Demand]:
    circle = clauses.circle_of(query)
    return [] if circle is None else [Within(circle)]


def _days(query: Query) -> Iterable[Demand]:
    if query.dated:
        soon = tuple(pair for pair in query.chosen if pair[0] == "kurzfristig")
        return [During(Query(since=query.since, until=query.until, chosen=soon))]
    return [NotOver(timed=query.kinds == (EVENT,))] if clauses.leaves_out_past(query) else []


_dates = lru_cache(_DAYS_KEPT)(clauses.dates_of)
DEMANDS: Sequence[Callable[[Query], Iterable[Demand]]] = (_words, _facts, _hosts, _place, _days)
