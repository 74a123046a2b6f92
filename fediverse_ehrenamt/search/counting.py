"""Counting: how many of the Documents that are found have each slug, each filter being counted without itself.

Few that meet all demands are looked at one by one, by the columns that hold their slugs as bits; of many the engine
counts by its lists of terms. What all filters but one let through, the engine counts by that one's column, or by its
list where it is much. What lies on the edge of a circle is always looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

import tantivy

from fediverse_ehrenamt.search import clauses, facets, rim, schema
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.filters import DISTRICT, UNSAID
from fediverse_ehrenamt.search.rim import Addresses

ON_EDGE, _ON_EDGE_OF = 2_000, 200  # Documents, or as one in so many: with more, lists of terms are quicker than columns
MOST_PORTALS = 20  # that are named with their counts
MANY_PORTALS = 500  # of so many the largest are of no use to anybody, unless the search is a narrow one
MANY_DISTRICTS = 500
_MOST_COUNTED, _SEGMENT = 200, 60_000  # some of the first may lie outside of the circle; of each file all count
_PORTAL = "quelle"
_UNSAID = f"{DISTRICT}:{UNSAID}"
_SILENT = -1  # for the engine, where a column says nothing

Column = Mapping[int | None, int]
"""How many Documents have each value of a column, None being silence."""


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


def count(
    searcher: tantivy.Searcher,
    parts: Clauses,
    portals: Mapping[int, str],
    districts: Mapping[int, str],
    matches: Addresses | None,
) -> Counts:
    """Count all that meets or may meet a search; `portals` are the hosts by `schema.code` that can be named.

    `districts` are their slugs in the same way; where nothing lies in one, they are counted only if they are asked for.
    `matches` are all of it (`measure.matches`), None where that is too much. Raises ValueError for a damaged index.
    """
    parts = clauses.with_both(clauses.unordered(parts))
    tally = _Tally(parts, districts)
    few = matches is not None
    known = ((_PORTAL, portals, MANY_PORTALS), (DISTRICT, districts, MANY_DISTRICTS))
    apart = {name for name, named, many in known if named and (few or len(named) <= many)} - tally.used
    if matches is None:
        _count_many(searcher, parts, tally, apart)
    else:
        tally.add(searcher, matches, apart)
    for name in tally.used:
        _count_others(searcher, _without(parts, name), tally, name, few=few)
    named = sorted((-number, portals[code]) for code, number in tally.portals.items() if code in portals)
    most = {host: -number for number, host in named[:MOST_PORTALS]}
    return Counts({slug: number for slug, number in tally.slugs.items() if slug}, most)


def _without(parts: Clauses, name: str) -> Clauses:
    """Return the search without what one filter demands."""
    if name == _PORTAL:
        return replace(parts, hosts=())
    return replace(parts, demands=tuple(demand for demand in parts.demands if demand.name != name))


def _count_many(searcher: tantivy.Searcher, parts: Clauses, tally: "_Tally", apart: set[str]) -> None:
    """Count by lists of terms what meets all demands, by the filters that are not in use."""
    parted = rim.part(searcher, parts)
    tally.add(searcher, parted.within, apart)
    for slug, number in searcher.terms_with_prefix("facets", "", filter_query=parted.inner):
        name = slug.partition(":")[0]
        if name in facets.FACETS and name not in tally.used:
            tally.slugs[slug] += number
    for name in apart:
        _count_listed(searcher, parted.inner, tally, name)


def _count_others(searcher: tantivy.Searcher, parts: Clauses, tally: "_Tally", name: str, *, few: bool) -> None:
    """Count by one filter in use what meets the demands of all others; `few` meet those of all."""
    field, on_edge = _field(name), max(ON_EDGE, searcher.num_docs // _ON_EDGE_OF)
    parted = rim.part_few(searcher, clauses.evenly(parts, searcher.num_docs), on_edge) if few else None
    if parted is not None:
        tally.add_column(name, _valued(searcher, parted.inner, field, _SEGMENT))
    else:
        parted = rim.part(searcher, parts)
        _count_listed(searcher, parted.inner, tally, name)
    tally.add_column(name, _column(searcher, parted.within, field))


def _count_listed(searcher: tantivy.Searcher, condition: tantivy.Query, tally: "_Tally", name: str) -> None:
    """Count what meets a condition by one filter's list of terms; portals have none, of them the largest count."""
    if name == _PORTAL:
        tally.add_column(name, _valued(searcher, condition, _field(name), _MOST_COUNTED))
    else:
        listed = searcher.terms_with_prefix(schema.field(name), f"{name}:", filter_query=condition)
        tally.slugs.update(dict(listed))


def _valued(searcher: tantivy.Searcher, condition: tantivy.Query, field: str, most: int) -> Column:
    """Return the most frequent values of a column among what meets a condition."""
    asked = {"field": field, "size": most, "segment_size": _SEGMENT, "missing": _SILENT}
    buckets = searcher.aggregate(condition, {"values": {"terms": asked}})["values"]["buckets"]
    return {None if bucket["key"] == _SILENT else bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _column(searcher: tantivy.Searcher, addresses: Addresses, field: str) -> Column:
    return Counter(cast("list[int | None]", searcher.fast_field_values(field, addresses)))


class _Tally:
    """What was counted, by slugs and by the codes of portals; `used` are the filters in use."""

    def __init__(self, parts: Clauses, districts: Mapping[int, str]) -> None:
        self.slugs: Counter[str] = Counter()
        self.portals: Counter[int] = Counter()
        self.used = {demand.name for demand in parts.demands} | ({_PORTAL} if parts.hosts else set())
        self._districts = districts

    def add(self, searcher: tantivy.Searcher, addresses: Addresses, apart: Iterable[str]) -> None:
        """Count Documents that meet all demands by the filters that are not in use, and by some with own columns."""
        for field, names in zip(schema.MASKS, facets.LAYOUT, strict=True):
            if wanted := [name for name in names if name not in self.used]:
                column = _column(searcher, addresses, field)
                for name in wanted:
                    self.add_column(name, column)
        for name in apart:
            self.add_column(name, _column(searcher, addresses, _field(name)))

    def add_column(self, name: str, column: Column) -> None:
        """Count Documents by one filter, of whose column so many have each value."""
        if name == _PORTAL:
            self.portals.update({code or 0: number for code, number in column.items()})
        elif name == DISTRICT:
            for code, number in column.items():
                self.slugs[_UNSAID if code is None else self._districts.get(code, "")] += number
        else:
            self._add_masks(name, column)

    def _add_masks(self, name: str, column: Column) -> None:
        _number, bits = facets.silence(name)
        said: defaultdict[int, int] = defaultdict(int)  # what others say in the same column makes many values of few
        for mask, documents in column.items():
            said[(mask or 0) & bits] += documents
        for mask, documents in said.items():
            for slug in facets.unpacked(name, mask):
                self.slugs[slug] += documents


def _field(name: str) -> str:
    """Return the column that holds what Documents say to a filter."""
    return {_PORTAL: "portal", DISTRICT: "quarter"}.get(name) or schema.MASKS[facets.silence(name)[0]]
