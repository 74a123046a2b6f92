"""Exactly how many Documents match, and which come first: the index knows circles by cells, so some are measured."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from operator import not_

import tantivy

from fediverse_ehrenamt.search import clauses, nearest, schema
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.clauses import Clauses

# Candidates, or as one of so many Documents: up to these they are looked at one by one, with one search for all
# figures; else there are several searches, and each takes the longer the larger the index is.
MEASURED, _MEASURED_OF = 6_000, 50
_BEYOND = 3  # so many times what is wanted is asked for where some of it will lie outside of the circle


Ranked = tuple[float, tantivy.DocAddress]
"""A match and what it is ordered by: with words its score, without them a key of `schema`."""


@dataclass(frozen=True, slots=True)
class Found:
    """The first matches in order, each with its score or key, how many there are, and what date or radius left out.

    `unsure` is how many of them, the last ones, only may meet the demands of the search.
    """

    hits: list[Ranked]
    total: int
    undated: int = 0
    placeless: int = 0
    unsure: int = 0


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
    )


def first(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> list[Ranked]:
    """Return the first `wanted` (≥ 1) that meet all demands, in their order, for somebody who needs no numbers."""
    parts = clauses.roughly(parts)
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
    """Look at every candidate, at most of them only for their dates; None where there are too many."""
    most = max(MEASURED, searcher.num_docs // _MEASURED_OF)
    found = _search(searcher, clauses.candidates(clauses.roughly(parts)), parts, most)
    if clauses.number(found) > most:
        return None
    timely, others = _by_time(searcher, parts, found.hits)
    addresses = [address for _key, address in timely]
    traits, near = searcher.fast_field_values("traits", addresses), _are_near(searcher, circle, addresses)
    nowhere = [int(trait or 0) & schema.IS_NOWHERE for trait in traits]
    matches = [
        hit for hit, is_near, is_nowhere in zip(timely, near, nowhere, strict=True) if is_near and not is_nowhere
    ]
    return Found(
        matches, len(matches), _undated(searcher, circle, others) if parts.offers else 0, sum(map(bool, nowhere))
    )


def _by_time(searcher: tantivy.Searcher, parts: Clauses, hits: list[Ranked]) -> tuple[list[Ranked], list[Ranked]]:
    """Return those that are on the days asked for, and the others."""
    if parts.dates is None:
        return hits, []
    column = partial(searcher.fast_field_values, doc_addresses=[address for _key, address in hits])
    in_time = parts.dates.hold(column("starts"), column("ends"))
    return list(compress(hits, in_time)), list(compress(hits, map(not_, in_time)))


def _undated(searcher: tantivy.Searcher, circle: Circle, others: list[Ranked]) -> int:
    """Return how many of those that are not in time are offers without a date in the circle."""
    addresses = [address for _key, address in others]
    traits = searcher.fast_field_values("traits", addresses)
    undated = [address for address, trait in zip(addresses, traits, strict=True) if trait == schema.IS_UNDATED]
    return sum(_are_near(searcher, circle, undated))


def _find_many(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> Found:
    """Let the index count; measure what lies on the circle's edge, and of the rest only what is listed."""
    circle, found = parts.circle, _search(searcher, clauses.matching(parts), parts, wanted)
    total, counted = clauses.number(found), clauses.unordered(parts)
    undated = clauses.number(searcher.search(clauses.undated(counted), 1)) if parts.dates and parts.offers else 0
    if circle is None:
        return Found(found.hits, total, undated)
    outside, undated_outside = _outside(searcher, counted, circle)
    total -= outside
    placeless = clauses.number(searcher.search(clauses.placeless(counted), 1))
    hits = _first(searcher, parts, min(wanted, total), found)
    return Found(hits, total, undated and undated - undated_outside, placeless)


def _outside(searcher: tantivy.Searcher, parts: Clauses, circle: Circle) -> tuple[int, int]:
    """Return how many matches, and how many offers without a date, lie in the circle's cells but not in the circle."""
    hits = searcher.search(clauses.on_edge(parts), searcher.num_docs, count=False).hits
    near = _are_near(searcher, circle, [address for _key, address in hits])
    outside = list(compress(hits, map(not_, near)))
    timely, _ = _by_time(searcher, parts, outside)
    traits = searcher.fast_field_values("traits", [address for _key, address in outside])
    return len(timely), sum(1 for trait in traits if int(trait or 0) & schema.IS_UNDATED)


def _near(searcher: tantivy.Searcher, circle: Circle, hits: list[Ranked]) -> list[Ranked]:
    return list(compress(hits, _are_near(searcher, circle, [address for _key, address in hits])))


def _are_near(searcher: tantivy.Searcher, circle: Circle, addresses: list[tantivy.DocAddress]) -> list[bool]:
    """Say which lie in the circle; what has no point does, for it is let through as "anywhere"."""
    column = partial(searcher.fast_field_values, doc_addresses=addresses)
    return circle.hold(column("latitude"), column("longitude"))


def _search(searcher: tantivy.Searcher, condition: tantivy.Query, parts: Clauses, limit: int) -> tantivy.SearchResult:
    if parts.order == clauses.SCORE:
        return searcher.search(condition, limit, weight_by_field="freshness")
    if parts.order == clauses.CALENDAR:
        return searcher.search(condition, limit, order_by_field="by_date", order=tantivy.Order.Asc)
    return searcher.search(condition, limit, order_by_field="by_freshness")
