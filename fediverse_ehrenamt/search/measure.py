"""Exactly how many Documents match, and which come first: the index knows circles by cells, so some are measured."""

from dataclasses import dataclass, replace
from itertools import compress

import tantivy

from fediverse_ehrenamt.search import clauses, nearest, rim
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.rim import Addresses

# Matches, or as one of so many Documents: up to these all are looked at, with one search for most figures; else there
# are several searches, and each takes the longer the larger the index is.
MEASURED, _MEASURED_OF = 6_000, 50
_BEYOND = 3  # so many times what is wanted is asked for where some of it will lie outside of the circle


Ranked = tuple[float, tantivy.DocAddress]
"""A match and what it is ordered by: with words its score, without them a key of `schema`."""


@dataclass(frozen=True, slots=True)
class Found:
    """The first matches in order, each with its score or key, how many there are, and what date or radius left out.

    `unsure` is how many of them, the last ones, only may meet the demands of the search. `matches` are all that match,
    in no order, where all were looked at.
    """

    hits: list[Ranked]
    total: int
    undated: int = 0
    placeless: int = 0
    unsure: int = 0
    matches: Addresses | None = None


def matches(searcher: tantivy.Searcher, parts: Clauses) -> Addresses | None:
    """Return all that matches, in no order, None where that is too much to look at."""
    parts = clauses.roughly(parts, searcher.num_docs)
    found = searcher.search(clauses.matching(parts), most(searcher))
    if clauses.number(found) > most(searcher):
        return None
    addresses = [address for _key, address in found.hits]
    return (
        addresses
        if parts.circle is None
        else list(compress(addresses, rim.are_near(searcher, parts.circle, addresses)))
    )


def most(searcher: tantivy.Searcher) -> int:
    """Return how many matches are looked at one by one at most."""
    return max(MEASURED, searcher.num_docs // _MEASURED_OF)


def find(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> Found:
    """Return the first `wanted` (≥ 1) matches; all numbers are exact. Raises ValueError for a damaged index."""
    found = _find(searcher, parts, wanted)
    further = clauses.behind(parts)
    if further is None:
        return found
    rest = _find(searcher, further, max(wanted - found.total, 1))
    return Found(
        hits=[*found.hits, *rest.hits] if found.total < wanted else found.hits,
        total=found.total + rest.total,
        undated=found.undated + rest.undated,
        placeless=found.placeless + rest.placeless,
        unsure=rest.total,
        matches=None if found.matches is None or rest.matches is None else [*found.matches, *rest.matches],
    )


def first(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> list[Ranked]:
    """Return the first `wanted` (≥ 1) that meet all demands, in their order, for somebody who needs no numbers."""
    parts = clauses.roughly(parts, searcher.num_docs)
    asked = wanted if parts.circle is None else _BEYOND * wanted
    return _first(searcher, parts, wanted, _search(searcher, clauses.matching(parts), parts, asked))


def _first(searcher: tantivy.Searcher, parts: Clauses, wanted: int, found: tantivy.SearchResult) -> list[Ranked]:
    """Return the first `wanted` of a search by cells that lie in the circle; it is asked for more until there are."""
    hits = found.hits  # made anew each time that it is asked for
    if parts.circle is None:
        return hits
    near = _near(searcher, parts.circle, hits)
    while len(near) < wanted and len(hits) < clauses.number(found):
        hits = _search(searcher, clauses.matching(parts), parts, 2 * len(hits)).hits
        near = _near(searcher, parts.circle, hits)
    return near[:wanted]


def _find(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> Found:
    if parts.order == clauses.DISTANCE and parts.circle is not None:
        found = _figures(searcher, parts, 1)
        return replace(found, hits=nearest.order(searcher, parts, parts.circle, wanted)[: min(wanted, found.total)])
    return _figures(searcher, parts, wanted)


def _figures(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> Found:
    few = None if parts.circle is None else _find_few(searcher, parts, parts.circle)
    return few or _find_many(searcher, parts, wanted)


def _find_few(searcher: tantivy.Searcher, parts: Clauses, circle: Circle) -> Found | None:
    """Look at every match; None where there are too many."""
    found = _search(searcher, clauses.matching(clauses.roughly(parts, searcher.num_docs)), parts, most(searcher))
    if clauses.number(found) > most(searcher):
        return None
    here = _near(searcher, circle, found.hits)
    undated = _undated(searcher, clauses.evenly(parts, searcher.num_docs))
    placeless = clauses.number(searcher.search(clauses.placeless(clauses.unordered(parts)), 1))
    return Found(here, len(here), undated, placeless, matches=[address for _key, address in here])


def _undated(searcher: tantivy.Searcher, parts: Clauses) -> int:
    """Return how many offers without a date the date filter leaves out."""
    if parts.dates is None or not parts.offers:
        return 0
    return rim.number(searcher, clauses.undated(clauses.unordered(parts)))


def _find_many(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> Found:
    """Let the index count; measure what lies on the circle's edge, and of the rest only what is listed."""
    found = _search(searcher, clauses.matching(parts), parts, wanted)
    total, undated = clauses.number(found), _undated(searcher, parts)
    if parts.circle is None:
        return Found(found.hits, total, undated)
    counted = clauses.unordered(parts)
    total -= rim.part(searcher, counted).outside
    placeless = clauses.number(searcher.search(clauses.placeless(counted), 1))
    return Found(_first(searcher, parts, min(wanted, total), found), total, undated, placeless)


def _near(searcher: tantivy.Searcher, circle: Circle, hits: list[Ranked]) -> list[Ranked]:
    return list(compress(hits, rim.are_near(searcher, circle, [address for _key, address in hits])))


def _search(searcher: tantivy.Searcher, condition: tantivy.Query, parts: Clauses, limit: int) -> tantivy.SearchResult:
    if parts.order == clauses.SCORE:
        return searcher.search(condition, limit, weight_by_field="freshness")
    if parts.order == clauses.CALENDAR:
        return searcher.search(condition, limit, order_by_field="by_date", order=tantivy.Order.Asc)
    return searcher.search(condition, limit, order_by_field="by_freshness")
