"""Counting: how many of the Documents that are found have each slug, each filter being counted without itself.

Few Documents are looked at one by one, by the columns that hold their slugs as bits. Of many the engine counts by its
lists of terms; what lies in the cells of a circle but not in the circle is looked at, and taken off again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import tantivy

from fediverse_ehrenamt.search import clauses, facets, schema
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.facets import Demand
from fediverse_ehrenamt.search.filters import UNSAID

FEW = 3_000  # Documents up to which they are looked at one by one
MOST_PORTALS = 40  # that are named with their counts
_MOST_COUNTED, _SEGMENT = 200, 60_000  # some of the first may lie outside of the circle; of each file all count
_PORTAL = "quelle"

Row = tuple[int, ...]
"""What a Document's columns hold: a number for each of `facets.LAYOUT`, and its portal's."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many Documents have each slug ("zielgruppe:kinder"), and how many each portal has by its host.

    A slug of a filter that is in use is counted as if that filter were not, so that one sees what another choice would
    bring. `of` gives the slugs of one filter without its name.
    """

    slugs: Mapping[str, int]
    portals: Mapping[str, int]

    def of(self, name: str, values: Iterable[str]) -> int:
        """Return how many have one of some values, of which each Document has at most one."""
        return sum(self.slugs.get(f"{name}:{value}", 0) for value in values)


NOTHING = Counts({}, {})


def count(searcher: tantivy.Searcher, parts: Clauses, portals: Mapping[int, str]) -> Counts:
    """Count all that meets or may meet a search; `portals` are the hosts by `schema.portal` that can be named.

    Raises ValueError for a damaged index.
    """
    parts = clauses.unordered(parts)
    rows = _few(searcher, parts)
    counter = _Counter(parts)
    if rows is not None:
        for row, number in Counter(rows).items():
            counter.add(row, number)
    else:
        counter.add_many(searcher)
    slugs = {slug: number for slug, number in counter.slugs.items() if number > 0}
    named = {portals[code]: number for code, number in counter.portals.items() if code in portals and number > 0}
    return Counts(slugs, dict(Counter(named).most_common(MOST_PORTALS)))


def _few(searcher: tantivy.Searcher, parts: Clauses) -> list[Row] | None:
    """Return the rows of all that may count for anything, None where they are too many."""
    free = replace(parts, demands=(), hosts=())
    found = searcher.search(clauses.matching(free), FEW, order_by_field="by_freshness")
    number: int = found.count  # type: ignore[attr-defined]  # tantivy's stub leaves it out
    return None if number > FEW else list(_rows(searcher, parts, [address for _key, address in found.hits], near=True))


def _rows(
    searcher: tantivy.Searcher, parts: Clauses, addresses: list[tantivy.DocAddress], *, near: bool
) -> Iterator[Row]:
    """Yield the rows of those Documents that lie in the circle, or of the others."""
    column = partial(searcher.fast_field_values, doc_addresses=addresses)
    read = [[int(value or 0) for value in column(name)] for name in (*schema.MASKS, "portal")]
    rows = zip(*read, strict=True)
    if parts.circle is None:
        yield from rows
        return
    inside = parts.circle.hold(column("latitude"), column("longitude"))
    yield from (row for row, holds in zip(rows, inside, strict=True) if holds == near)


class _Counter:
    """Counts rows, each for those filters whose own demands it need not meet."""

    def __init__(self, parts: Clauses) -> None:
        self.parts = parts
        self.slugs: Counter[str] = Counter()
        self.portals: Counter[int] = Counter()
        self._hosts = {schema.portal(host) for host in parts.hosts}
        self._tests = [(demand.name, _Test(demand)) for demand in parts.demands]
        self._used = {demand.name for demand in parts.demands}

    def add(self, row: Row, number: int) -> None:
        """Count a row `number` times: for every filter where it misses nothing, for one where it misses only that."""
        missed = {name for name, test in self._tests if not test.lets(row)}
        if self._hosts and row[-1] not in self._hosts:
            missed.add(_PORTAL)
        if len(missed) > 1:
            return
        if not missed or _PORTAL in missed:
            self.portals[row[-1]] += number
        for column, mask in enumerate(row[:-1]):
            for slug in facets.unpacked(column, mask):
                if not missed or slug.partition(":")[0] in missed:
                    self.slugs[slug] += number

    def add_many(self, searcher: tantivy.Searcher) -> None:
        """Count by lists of terms, and take off what lies outside of the circle."""
        parts = self.parts
        for slug, number in searcher.terms_with_prefix("facets", "", filter_query=clauses.matching(parts)):
            if slug.partition(":")[0] not in self._used:
                self.slugs[slug] += number
        for name in self._used:
            free = replace(parts, demands=tuple(demand for demand in parts.demands if demand.name != name))
            self.slugs.update(
                dict(searcher.terms_with_prefix("facets", f"{name}:", filter_query=clauses.matching(free)))
            )
        self.portals.update(_portals(searcher, replace(parts, hosts=())))
        if parts.circle is not None:
            free = replace(parts, demands=(), hosts=(), dates=None)
            within = () if parts.dates is None else parts.dates.condition()
            edge = searcher.search(clauses.on_edge(free, *within), searcher.num_docs, count=False)
            for row in _rows(searcher, parts, [address for _key, address in edge.hits], near=False):
                self.add(row, -1)


def _portals(searcher: tantivy.Searcher, parts: Clauses) -> dict[int, int]:
    asked = {"portals": {"terms": {"field": "portal", "size": _MOST_COUNTED, "segment_size": _SEGMENT}}}
    found = searcher.aggregate(clauses.matching(parts), asked)
    return {int(bucket["key"]): int(bucket["doc_count"]) for bucket in found["portals"]["buckets"]}


class _Test:
    """A demand as bits of the columns."""

    def __init__(self, demand: Demand) -> None:
        slugs = demand.fits | demand.may
        self._masks = tuple((column, mask) for column, mask in enumerate(facets.masks(slugs)) if mask)
        self._silence = facets.silence(demand.name) if f"{demand.name}:{UNSAID}" in slugs else None

    def lets(self, row: Row) -> bool:
        if any(row[column] & mask for column, mask in self._masks):
            return True
        return self._silence is not None and not row[self._silence[0]] & self._silence[1]
