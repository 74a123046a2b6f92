"""Closeness: what is at the times that are asked for, and at no others, stands before what is at nearly all times.

Both let in whoever can on Thursday morning. But who says so looks for what is then, and what is always open is what
most offers are.
"""

from collections.abc import Iterator
from dataclasses import replace

import tantivy
from tantivy import Occur

from fediverse_ehrenamt.search.clauses import FIELDS, SCORE, Clauses
from fediverse_ehrenamt.search.facets import Demand
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.search.schema import field
from fediverse_ehrenamt.vocab import labels

_TIMES = "zeit"
_SIDES = (tuple(labels.WEEKDAY), tuple(labels.DAYPART))
_CLOSE = 1.0  # what counts each: only these days, only these dayparts; a word counts some three times as much


def prefer(parts: Clauses, query: Query) -> Clauses:
    """Return the same search with those times first; without an order by score, or without times, as it is."""
    demand = next((one for one in parts.demands if one.name == _TIMES), None)
    if demand is None or parts.order != SCORE:
        return parts
    close = tuple(_only(demand, others) for others in _elsewhere(query.values(_TIMES)))
    return replace(parts, better=(*parts.better, *close)) if close else parts


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
