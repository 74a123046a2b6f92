"""Closeness: what is at the times and at the place that are asked for stands before what merely may be reached.

What is always open lets in whoever can on Thursday morning as well. But who says so looks for what is then, and what is
always open is what most offers are. So it is with a part of a town: the radius around it holds all of the others too.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import tantivy
from tantivy import Occur

from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search import clauses
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.clauses import FIELDS, SCORE, Clauses
from fediverse_ehrenamt.search.facets import Demand
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.search.schema import field
from fediverse_ehrenamt.vocab import labels

_TIMES = "zeit"
_SIDES = (tuple(labels.WEEKDAY), tuple(labels.DAYPART))
_CLOSE = 1.0  # what counts each: only these days, only these dayparts; a word counts some three times as much
_HERE = 20.0  # what counts in the place itself; as much as the word in a title
_LEAST_KM, _PEOPLE = 2.0, 4_000  # that a place reaches at least; who live on a square kilometre of a city


def prefer(parts: Clauses, query: Query) -> Clauses:
    """Return the same search with those times and that place first; without an order by score, as it is."""
    timed = at_times(parts, query)
    return _bettered(timed, [_within(circle) for circle in _around(query)])


def at_times(parts: Clauses, query: Query) -> Clauses:
    """Return the same search with those times first, for who weighs distances by itself (`matching`)."""
    demand = next((one for one in parts.demands if one.name == _TIMES), None)
    return _bettered(parts, [_only(demand, others) for others in _elsewhere(query.values(_TIMES))] if demand else [])


def _bettered(parts: Clauses, better: Sequence[tantivy.Query]) -> Clauses:
    return replace(parts, better=(*parts.better, *better)) if better and parts.order == SCORE else parts


def _around(query: Query) -> Iterator[Circle]:
    """Yield the circle of the place itself, if it is smaller than what is searched."""
    reach = _reach(query.spot) if query.spot else math.inf
    if query.spot and reach < query.radius_km:
        yield Circle(query.spot.latitude, query.spot.longitude, reach)


def _reach(spot: Spot) -> float:
    """Return how far a place reaches from its middle, in km, by how many people live there."""
    return max(_LEAST_KM, math.sqrt(spot.population / _PEOPLE / math.pi))


def _within(circle: Circle) -> tantivy.Query:
    return tantivy.Query.const_score_query(clauses.in_circle(circle), _HERE)


def _elsewhere(values: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the days, and the dayparts, that nobody asked for; of either none where one of the values is open there."""
    for side in _SIDES:
        asked = [next((half for half in value.split("-") if half in side), "") for value in values]
        others = tuple(one for one in side if one not in asked)
        if "" not in asked and others:
            yield others


def _only(demand: Demand, others: tuple[str, ...]) -> tantivy.Query:
    """Return what meets a demand for times, and has none of the others."""
    fits = [(Occur.Should, _has(slug)) for slug in sorted(demand.fits)]
    without = [(Occur.MustNot, _has(f"{_TIMES}:{other}")) for other in others]
    met = tantivy.Query.boolean_query(fits)
    return tantivy.Query.const_score_query(tantivy.Query.boolean_query([(Occur.Must, met), *without]), _CLOSE)


def _has(slug: str) -> tantivy.Query:
    return tantivy.Query.term_query(FIELDS, field(_TIMES), slug, "basic")
