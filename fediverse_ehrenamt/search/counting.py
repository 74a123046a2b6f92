"""Counting: how many of the Documents that are found have each slug, each filter being counted without itself.

Few Documents are looked at one by one, by the columns that hold their slugs as bits. Of many the engine counts by its
lists of terms; what lies in the cells of a circle but not in the circle is looked at, and taken off again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from operator import and_, or_
from typing import cast

import tantivy

from fediverse_ehrenamt.search import clauses, facets, schema
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.facets import Demand
from fediverse_ehrenamt.search.filters import DISTRICT, UNSAID

FEW, _FEW_OF = 4_000, 50  # Documents, or as one in so many: up to these they are looked at one by one, at 2 µs each
MOST_PORTALS = 20  # that are named with their counts
MANY_PORTALS = 500  # of so many the largest are of no use to anybody, unless the search is a narrow one
MANY_DISTRICTS = 500
_MOST_COUNTED, _SEGMENT = 200, 60_000  # some of the first may lie outside of the circle; of each file all count
_PORTAL = "quelle"
_UNSAID = f"{DISTRICT}:{UNSAID}"

Column = list[int | None]
Holds = list[bool]


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
    searcher: tantivy.Searcher, parts: Clauses, portals: Mapping[int, str], districts: Mapping[int, str], known: int = 0
) -> Counts:
    """Count all that meets or may meet a search; `portals` are the hosts by `schema.code` that can be named.

    `districts` are their slugs in the same way; where nothing lies in one, they are counted only if they are asked for.
    `known` is how many there are at least, if somebody knows. Raises ValueError for a damaged index.
    """
    parts = clauses.with_both(clauses.unordered(parts))
    tally = _Tally(parts, districts)
    may_be_few = known <= _most_few(searcher)
    addresses = _few(searcher, replace(parts, demands=(), hosts=())) if may_be_few else None
    if addresses is not None:
        tally.add(_columns(searcher, parts, addresses, near=True), 1)
    else:
        meeting = _few(searcher, parts) if may_be_few and (parts.demands or parts.hosts) else None
        _count_many(searcher, parts, tally, meeting, with_portals=len(portals) <= MANY_PORTALS)
    named = {portals[code]: number for code, number in tally.portals.items() if code in portals and number > 0}
    slugs = {slug: number for slug, number in tally.slugs.items() if slug and number > 0}
    return Counts(slugs, dict(Counter(named).most_common(MOST_PORTALS)))


def _few(searcher: tantivy.Searcher, parts: Clauses) -> list[tantivy.DocAddress] | None:
    """Return all that matches, and some beside the circle; None where that is too much."""
    most = _most_few(searcher)
    found = searcher.search(clauses.matching(clauses.roughly(parts)), most, order_by_field="by_freshness")
    return None if clauses.number(found) > most else [address for _key, address in found.hits]


def _most_few(searcher: tantivy.Searcher) -> int:
    return max(FEW, searcher.num_docs // _FEW_OF)  # the lists of terms are as long as the index is large


def _count_many(
    searcher: tantivy.Searcher,
    parts: Clauses,
    tally: "_Tally",
    meeting: list[tantivy.DocAddress] | None,
    *,
    with_portals: bool,
) -> None:
    """Count by lists of terms, and take off what lies outside of the circle.

    What meets all demands is looked at one by one where it is few (`meeting`), even if many meet those of all filters
    but one: the lists of that one alone are short.
    """
    if meeting is not None:
        tally.add_meeting(_columns(searcher, parts, meeting, near=True), 1)
    else:
        _count_meeting(searcher, parts, tally, with_portals=with_portals)
    for name in tally.used:
        free = replace(parts, demands=tuple(demand for demand in parts.demands if demand.name != name))
        tally.slugs.update(dict(_listed(searcher, name, free)))
    if parts.hosts:
        tally.portals.update(_portals(searcher, replace(parts, hosts=())))
    if parts.circle is not None:
        free = replace(parts, demands=(), hosts=(), dates=None)
        within = () if parts.dates is None else parts.dates.condition()
        edge = searcher.search(clauses.on_edge(free, *within), searcher.num_docs, count=False)
        outside = _columns(searcher, parts, [address for _key, address in edge.hits], near=False)
        if meeting is not None:
            tally.add_used(outside, tally.met(outside), -1)
        else:
            tally.add(outside, -1)


def _count_meeting(searcher: tantivy.Searcher, parts: Clauses, tally: "_Tally", *, with_portals: bool) -> None:
    """Count by lists of terms what meets all demands, by the filters that are not in use."""
    for slug, number in searcher.terms_with_prefix("facets", "", filter_query=clauses.matching(parts)):
        name = slug.partition(":")[0]
        if name in facets.FACETS and name not in tally.used:
            tally.slugs[slug] += number
    for name in tally.apart - tally.used:
        tally.slugs.update(dict(_listed(searcher, name, parts)))
    if with_portals and not parts.hosts:
        tally.portals.update(_portals(searcher, parts))


def _listed(searcher: tantivy.Searcher, name: str, parts: Clauses) -> list[tuple[str, int]]:
    return searcher.terms_with_prefix(schema.field(name), f"{name}:", filter_query=clauses.matching(parts))


def _portals(searcher: tantivy.Searcher, parts: Clauses) -> dict[int, int]:
    asked = {"portals": {"terms": {"field": "portal", "size": _MOST_COUNTED, "segment_size": _SEGMENT}}}
    found = searcher.aggregate(clauses.matching(parts), asked)
    return {int(bucket["key"]): int(bucket["doc_count"]) for bucket in found["portals"]["buckets"]}


class _Columns:
    """The columns of some Documents by their names, each read when it is first asked for; silence is None."""

    def __init__(self, searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> None:
        self._searcher, self._addresses = searcher, addresses
        self._read: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self._addresses)

    def __getitem__(self, name: str) -> Column:
        if name not in self._read:
            self._read[name] = cast("Column", self._searcher.fast_field_values(name, self._addresses))
        return self._read[name]

    def kept(self, holds: Holds | None) -> "_Columns":
        """Return the columns of those of which it holds."""
        return self if holds is None else _Columns(self._searcher, list(compress(self._addresses, holds)))


def _columns(
    searcher: tantivy.Searcher, parts: Clauses, addresses: list[tantivy.DocAddress], *, near: bool
) -> _Columns:
    """Return the columns of those Documents that lie in the circle, or of the others."""
    if parts.circle is not None:
        place = partial(searcher.fast_field_values, doc_addresses=addresses)
        inside = parts.circle.hold(place("latitude"), place("longitude"))
        addresses = [address for address, holds in zip(addresses, inside, strict=True) if holds == near]
    return _Columns(searcher, addresses)


class _Tally:
    """Counts Documents by columns, each filter among those that meet the demands of all others."""

    def __init__(self, parts: Clauses, districts: Mapping[int, str]) -> None:
        self.slugs: Counter[str] = Counter()
        self.portals: Counter[int] = Counter()
        self.used = {demand.name for demand in parts.demands}
        self.apart = {DISTRICT} if 0 < len(districts) <= MANY_DISTRICTS else set()
        self._districts = districts
        self._demands = parts.demands
        self._hosts = {schema.code(host) for host in parts.hosts}

    def add(self, columns: _Columns, times: int) -> None:
        """Count each Document so many times."""
        met = self.met(columns)
        self.add_meeting(columns.kept(_together(met.values())), times)
        self.add_used(columns, met, times)

    def add_meeting(self, columns: _Columns, times: int) -> None:
        """Count Documents that meet all demands by the filters that are not in use."""
        for number, (field, names) in enumerate(zip(schema.MASKS, facets.LAYOUT, strict=True)):
            self._add(number, columns[field], set(names) - self.used, times)
        if not self._hosts:
            self._add_portals(columns["portal"], times)
        if self._districts and DISTRICT not in self.used:
            self._add_districts(columns["quarter"], times)

    def add_used(self, columns: _Columns, met: Mapping[str, Holds], times: int) -> None:
        """Count by each filter in use the Documents that meet the demands of all others; `met` is for these columns."""
        for name in met:
            field = _field(name)
            others = _kept(columns[field], _together(_without(met, name)))
            if name == _PORTAL:
                self._add_portals(others, times)
            elif name == DISTRICT:
                self._add_districts(others, times)
            else:
                self._add(schema.MASKS.index(field), others, {name}, times)

    def _add_portals(self, column: Iterable[int | None], times: int) -> None:
        for code, documents in Counter(column).items():
            self.portals[code or 0] += times * documents

    def _add_districts(self, column: Iterable[int | None], times: int) -> None:
        for code, documents in Counter(column).items():
            self.slugs[_UNSAID if code is None else self._districts.get(code, "")] += times * documents

    def met(self, columns: _Columns) -> dict[str, Holds]:
        """Say for each filter in use which Documents meet its demands."""
        met: dict[str, Holds] = {}
        for demand in self._demands:
            holds = _lies(demand, columns) if demand.name == DISTRICT else _lets(demand, columns)
            met[demand.name] = list(map(and_, met[demand.name], holds)) if demand.name in met else holds
        if self._hosts:
            met[_PORTAL] = [code in self._hosts for code in columns["portal"]]
        return met

    def _add(self, number: int, column: Iterable[int | None], names: set[str], times: int) -> None:
        if not names:
            return
        every = len(names) == len(facets.LAYOUT[number])
        for mask, documents in Counter(column).items():
            for slug in facets.unpacked(number, mask or 0):
                if every or slug.partition(":")[0] in names:
                    self.slugs[slug] += times * documents


def _field(name: str) -> str:
    """Return the column that holds what Documents say to a filter."""
    return {_PORTAL: "portal", DISTRICT: "quarter"}.get(name) or schema.MASKS[facets.silence(name)[0]]


def _lies(demand: Demand, columns: _Columns) -> Holds:
    """Say which Documents lie in one of the districts that are demanded, or in none where that is."""
    wanted = {None if slug == _UNSAID else schema.code(slug) for slug in demand.fits}
    return [code in wanted for code in columns["quarter"]]


def _lets(demand: Demand, columns: _Columns) -> Holds:
    """Say which Documents meet or may meet a demand."""
    slugs = demand.fits | demand.may
    holds: Holds | None = None
    for field, wanted in zip(schema.MASKS, facets.masks(slugs), strict=True):
        if wanted:
            holds = [mask is not None and mask & wanted != 0 for mask in columns[field]]
    if f"{demand.name}:{UNSAID}" in slugs:
        number, bits = facets.silence(demand.name)
        quiet = [mask is None or not mask & bits for mask in columns[schema.MASKS[number]]]
        holds = quiet if holds is None else list(map(or_, holds, quiet))
    return holds or [False] * len(columns)


def _without(met: Mapping[str, Holds], name: str) -> Iterable[Holds]:
    return (holds for other, holds in met.items() if other != name)


def _together(several: Iterable[Holds]) -> Holds | None:
    """Return where all hold, None for nothing that could fail."""
    together: Holds | None = None
    for holds in several:
        together = holds if together is None else list(map(and_, together, holds))
    return together


def _kept(column: Column, holds: Holds | None) -> Iterable[int | None]:
    return column if holds is None else compress(column, holds)
