"""Charting: what matches in a frame as the groups that a map shows, each counted exactly.

Few are looked at one by one; of many the engine counts those in each cell by its columns. What lies in the cells of the
search's circle but not in the circle is looked at, and taken off again. Groups whose markers would lie on one another
are joined: nobody could press the lower one.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import tantivy

from fediverse_ehrenamt.search import clauses, frames, schema
from fediverse_ehrenamt.search.circle import ANYWHERE, NOWHERE
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.frames import MOST_ZOOM, Frame, Grid, grid
from fediverse_ehrenamt.search.model import Document

FEW = 400  # matches in a frame up to which they are looked at one by one
CLOSE = 13  # zoom from which on no cells are counted: only what would lie on one another is a group
NAMED = 8  # Documents of a group that are named at most; a larger one is a count until one can come no nearer
MARKER = 44  # pixels: markers whose points are nearer to one another lie on one another
_WORLD = 256  # pixels of the whole earth at zoom 0 (Web Mercator)
_POLE = 85.0  # degrees: beyond it that projection shows nothing


@dataclass(frozen=True, slots=True)
class Group:
    """Matches that a map shows as one: their middle (or that of the most of them), their number, what they lie in.

    `documents` are all of them, or the first NAMED where coming nearer would not part them; none of a count.
    """

    latitude: float
    longitude: float
    count: int
    frame: Frame
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a frame holds of what matches; `total` is the sum of the groups."""

    groups: tuple[Group, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Matches that no map can show: those that are anywhere, and those of which nobody knows where they are."""

    anywhere: int
    nowhere: int


EMPTY = Chart((), 0)
_Addresses = list[tantivy.DocAddress]
_Point = tuple[float, float]
_Member = tuple[_Point, tantivy.DocAddress]
_Bucket = tuple[int, int, dict[str, Any]]
"""Row and column of a cell, and what the engine says of it."""


def chart(searcher: tantivy.Searcher, parts: Clauses, frame: Frame, zoom: int) -> Chart:
    """Group all that meets or may meet a search in a frame. Raises ValueError for a damaged index."""
    framed = clauses.at(clauses.with_both(clauses.unordered(parts)), frame)
    cells = grid(frame, zoom)
    buckets = list(_buckets(searcher, framed, cells))
    if sum(int(bucket["doc_count"]) for _row, _column, bucket in buckets) <= FEW:
        found = searcher.search(clauses.matching(framed), FEW, order_by_field="by_freshness")
        groups = tuple(_few(searcher, framed, [address for _key, address in found.hits], cells, zoom))
    else:
        groups = tuple(_many(searcher, framed, cells, buckets, zoom))
    return Chart(groups, sum(group.count for group in groups))


def unplaced(searcher: tantivy.Searcher, parts: Clauses) -> Unplaced:
    """Count what a search finds without a point."""
    both = clauses.with_both(clauses.unordered(parts))
    count = partial(searcher.search, limit=1)
    return Unplaced(
        clauses.number(count(clauses.marked(both, ANYWHERE))), clauses.number(count(clauses.marked(both, NOWHERE)))
    )


def _few(searcher: tantivy.Searcher, parts: Clauses, addresses: _Addresses, cells: Grid, zoom: int) -> Iterator[Group]:
    groups: dict[object, list[_Member]] = defaultdict(list)
    points = _points(searcher, addresses)
    for point, address, near in zip(points, addresses, _near(parts, points), strict=True):
        if near:
            groups[point if zoom >= CLOSE else cells.cell(*point)].append((point, address))
    found = list(groups.values())
    for joined in together([(*_middle(members), len(members)) for members in found], zoom):
        middle = _middle(found[joined[0]])
        yield _group(searcher, middle, [member for number in joined for member in found[number]], zoom)


def together(groups: Sequence[tuple[float, float, int]], zoom: int) -> list[list[int]]:
    """Return the numbers of those groups (latitude, longitude, count) that a map shows as one, at a zoom.

    The largest stand where they are, each with the smaller ones that would lie on it, itself first; what stands is
    at least MARKER pixels apart.
    """
    order = sorted(range(len(groups)), key=lambda number: (-groups[number][2], groups[number]))
    standing: dict[tuple[int, int], list[tuple[float, float, list[int]]]] = defaultdict(list)
    for number in order:
        x, y = _pixels(*groups[number][:2], zoom)
        column, row = int(x // MARKER), int(y // MARKER)
        around = (one for i in (-1, 0, 1) for j in (-1, 0, 1) for one in standing.get((column + i, row + j), ()))
        below = next((joined for left, top, joined in around if math.hypot(left - x, top - y) < MARKER), None)
        if below is None:
            standing[column, row].append((x, y, [number]))
        else:
            below.append(number)
    return [joined for there in standing.values() for _left, _top, joined in there]


def _pixels(latitude: float, longitude: float, zoom: int) -> tuple[float, float]:
    """Return where a map shows a point (Web Mercator), in pixels from its upper left corner."""
    up = math.asinh(math.tan(math.radians(max(-_POLE, min(_POLE, latitude))))) / math.pi
    return (longitude + 180) / 360 * _WORLD * 2**zoom, (1 - up) / 2 * _WORLD * 2**zoom


def _middle(members: list[_Member]) -> _Point:
    latitudes, longitudes = zip(*(point for point, _address in members), strict=True)
    return sum(latitudes) / len(members), sum(longitudes) / len(members)


def _points(searcher: tantivy.Searcher, addresses: _Addresses) -> list[_Point]:
    """Return where Documents are; whatever lies in a frame has a point."""
    column = partial(searcher.fast_field_values, doc_addresses=addresses)
    latitudes, longitudes = column("latitude"), column("longitude")
    return [(latitude or 0.0, longitude or 0.0) for latitude, longitude in zip(latitudes, longitudes, strict=True)]


def _near(parts: Clauses, points: list[_Point]) -> list[bool]:
    if parts.circle is None or not points:
        return [True] * len(points)
    latitudes, longitudes = zip(*points, strict=True)
    return parts.circle.hold(latitudes, longitudes)


def _group(searcher: tantivy.Searcher, middle: _Point, members: list[_Member], zoom: int) -> Group:
    points = {point for point, _address in members}
    latitudes, longitudes = zip(*points, strict=True)
    count = len(members)
    parted = zoom < CLOSE or (count > NAMED and len(points) > 1 and zoom < MOST_ZOOM)
    named = [] if parted and count > 1 else members[:NAMED]
    return Group(
        *middle,
        count,
        Frame(min(longitudes), min(latitudes), max(longitudes), max(latitudes)),
        tuple(schema.read_card(searcher, address) for _point, address in named),
    )


def _many(
    searcher: tantivy.Searcher, parts: Clauses, cells: Grid, buckets: list[_Bucket], zoom: int
) -> Iterator[Group]:
    outside = _outside(searcher, parts, cells)
    found = []
    for row, column, bucket in buckets:
        count = int(bucket["doc_count"]) - outside[row, column]
        if count > 0:
            latitude, longitude = bucket["latitude"]["value"], bucket["longitude"]["value"]
            found.append(Group(latitude, longitude, count, cells.frame(row, column)))
    for joined in together([(group.latitude, group.longitude, group.count) for group in found], zoom):
        first, *others = (found[number] for number in joined)
        frame = frames.around((one.frame for one in (first, *others)), 0) or first.frame
        yield replace(first, count=first.count + sum(one.count for one in others), frame=frame)


def _buckets(searcher: tantivy.Searcher, parts: Clauses, cells: Grid) -> Iterator[_Bucket]:
    """Yield what the engine counts in each cell, with the middle of it."""
    middle = {name: {"avg": {"field": name}} for name in ("latitude", "longitude")}
    columns = {"histogram": {"field": "longitude", "interval": cells.width, "min_doc_count": 1}, "aggs": middle}
    inner = {"columns": columns}
    rows = {"histogram": {"field": "latitude", "interval": cells.height, "min_doc_count": 1}, "aggs": inner}
    found = searcher.aggregate(clauses.matching(parts), {"rows": rows})
    for row in found["rows"]["buckets"]:
        for column in row["columns"]["buckets"]:
            yield round(row["key"] / cells.height), round(column["key"] / cells.width), column


def _outside(searcher: tantivy.Searcher, parts: Clauses, cells: Grid) -> Counter[tuple[int, int]]:
    """Count in each cell what lies in the circle's cells but not in the circle."""
    if parts.circle is None:
        return Counter()
    edge = searcher.search(clauses.on_edge(parts), searcher.num_docs, count=False)
    points = _points(searcher, [address for _key, address in edge.hits])
    return Counter(cells.cell(*point) for point, near in zip(points, _near(parts, points), strict=True) if not near)
