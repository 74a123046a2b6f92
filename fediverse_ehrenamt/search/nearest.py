"""Nearest: what matches in the order of its distance, looked for in growing rings; what is anywhere comes last."""

from functools import partial

import tantivy

from fediverse_ehrenamt.kit import geo
from fediverse_ehrenamt.search import clauses
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.clauses import Clauses

_FIRST_KM, _GROWTH = 1.0, 1.6  # a ring holds some 2.6 times what the one before it held

Ranked = tuple[float, tantivy.DocAddress]


def order(searcher: tantivy.Searcher, parts: Clauses, circle: Circle, wanted: int) -> list[Ranked]:
    """Return at least the first `wanted` matches in a circle with their distances in km, fewer where there are fewer.

    Equally far ones are in the order of freshness. What is anywhere has the distance 0 and comes behind all others.
    """
    placed: list[Ranked] = []
    radius = min(_FIRST_KM, circle.radius_km)
    while True:
        ring = Circle(circle.latitude, circle.longitude, radius)
        condition = clauses.within(parts, ring)
        whole = radius >= circle.radius_km
        if whole or clauses.number(searcher.search(condition, 1)) >= wanted:
            placed = _measured(searcher, condition, ring)
        if whole or len(placed) >= wanted:
            break
        radius = min(radius * _GROWTH, circle.radius_km)
    if len(placed) >= wanted:
        return placed
    rest = searcher.search(clauses.anywhere(parts), wanted - len(placed), count=False, order_by_field="by_freshness")
    return [*placed, *((0.0, address) for _key, address in rest.hits)]


def _measured(searcher: tantivy.Searcher, condition: tantivy.Query, ring: Circle) -> list[Ranked]:
    found = searcher.search(condition, searcher.num_docs, count=False, order_by_field="by_freshness")
    addresses = [address for _key, address in found.hits]
    column = partial(searcher.fast_field_values, doc_addresses=addresses)
    distance = geo.distance_from(ring.latitude, ring.longitude)
    latitudes, longitudes = column("latitude"), column("longitude")
    inside = ring.hold(latitudes, longitudes)
    ranked = [
        (distance(latitude, longitude), address)
        for latitude, longitude, address, holds in zip(latitudes, longitudes, addresses, inside, strict=True)
        if holds and latitude is not None and longitude is not None
    ]
    return sorted(ranked, key=lambda one: one[0])  # stable, so the freshest of one place comes first
