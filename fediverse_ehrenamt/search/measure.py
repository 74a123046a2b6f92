"""Exactly how many Documents match, and which come first: the index knows circles by cells, so some are measured."""

from dataclasses import dataclass, replace
from functools import partial

import tantivy

from fediverse_ehrenamt.search import clauses, nearest, schema
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.clauses import Clauses

MEASURED = 4_000  # candidates that are looked at one by one, with one search for all figures; else several searches


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
    return _first(searcher, parts, wanted, _search(searcher, clauses.matching(parts), parts, wanted))


def _first(searcher: tantivy.Searcher, parts: Clauses, wanted: int, found: tantivy.SearchResult) -> list[Ranked]:
    """Return the first `wanted` of a search by cells that lie in the circle; it is asked for more until there are."""
    if parts.circle is None:
        return found.hits
    near = _near(searcher, parts.circle, found.hits)
    while len(near) < wanted and len(found.hits) < clauses.number(found):
        found = _search(searcher, clauses.matching(parts), parts, 2 * len(found.hits))
        near = _near(searcher, parts.circle, found.hits)
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
    """Look at every candidate; None where there are too many."""
    found = _search(searcher, clauses.candidates(parts), parts, MEASURED)
    if clauses.number(found) > MEASURED:
        return None
    seen = _look(searcher, parts, circle, found)
    matches = [
        hit
        for hit, (_, near, in_time, traits) in zip(found.hits, seen, strict=True)
        if near and in_time and not traits & schema.IS_NOWHERE
    ]
    placeless = sum(1 for _, _, in_time, traits in seen if in_time and traits & schema.IS_NOWHERE)
    undated = 0
    if parts.offers and parts.dates:
        undated = sum(1 for _, near, in_time, traits in seen if traits == schema.IS_UNDATED and near and not in_time)
    return Found(matches, len(matches), undated, placeless)


def _find_many(searcher: tantivy.Searcher, parts: Clauses, wanted: int) -> Found:
    """Let the index count; measure what lies on the circle's edge, and of the rest only what is listed."""
    circle, found = parts.circle, _search(searcher, clauses.matching(parts), parts, wanted)
    total = clauses.number(found)
    undated = clauses.number(searcher.search(clauses.undated(parts), 1)) if parts.dates and parts.offers else 0
    if circle is None:
        return Found(found.hits, total, undated)
    outside, undated_outside = _outside(searcher, parts, circle)
    total -= outside
    placeless = clauses.number(searcher.search(clauses.placeless(parts), 1))
    hits = _first(searcher, parts, min(wanted, total), found)
    return Found(hits, total, undated and undated - undated_outside, placeless)


def _outside(searcher: tantivy.Searcher, parts: Clauses, circle: Circle) -> tuple[int, int]:
    """Return how many matches, and how many offers without a date, lie in the circle's cells but not in the circle."""
    found = searcher.search(clauses.on_edge(parts), searcher.num_docs, count=False)
    outside = [(in_time, traits) for _, near, in_time, traits in _look(searcher, parts, circle, found) if not near]
    return sum(in_time for in_time, _ in outside), sum(1 for _, traits in outside if traits & schema.IS_UNDATED)


def _look(
    searcher: tantivy.Searcher, parts: Clauses, circle: Circle, found: tantivy.SearchResult
) -> list[tuple[tantivy.DocAddress, bool, bool, int]]:
    """Return each Document found with: is it near, is it in time, its traits."""
    addresses = [address for _key, address in found.hits]
    column = partial(searcher.fast_field_values, doc_addresses=addresses)
    near = circle.hold(column("latitude"), column("longitude"))
    in_time = parts.dates.hold(column("starts"), column("ends")) if parts.dates else [True] * len(addresses)
    traits = [int(value or 0) for value in column("traits")]
    return list(zip(addresses, near, in_time, traits, strict=True))


def _near(searcher: tantivy.Searcher, circle: Circle, hits: list[Ranked]) -> list[Ranked]:
    """Return those within the circle, and those without a point, which are let through as "anywhere"."""
    addresses = [address for _key, address in hits]
    latitudes = searcher.fast_field_values("latitude", addresses)
    near = circle.hold(latitudes, searcher.fast_field_values("longitude", addresses))
    return [hit for hit, is_near in zip(hits, near, strict=True) if is_near]


def _search(searcher: tantivy.Searcher, condition: tantivy.Query, parts: Clauses, limit: int) -> tantivy.SearchResult:
    if parts.order == clauses.SCORE:
        return searcher.search(condition, limit, weight_by_field="freshness")
    if parts.order == clauses.CALENDAR:
        return searcher.search(condition, limit, order_by_field="by_date", order=tantivy.Order.Asc)
    return searcher.search(condition, limit, order_by_field="by_freshness")
