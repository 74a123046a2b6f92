"""Circles on the globe and the grid that finds what lies in one: exact distances, coarse cells. Pure.

Every point is in one cell of each grid. A circle is covered by cells that lie wholly inside it, whose points need no
check, and cells on its edge, whose points are measured one by one; so a search over a whole region measures few.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from fediverse_ehrenamt.kit.geo import EARTH_KM

ANYWHERE, NOWHERE, PLACED = 0, 1, 2  # marks among the cells: goes everywhere; has no coordinates; has some
_GRIDS = (128, 64, 32, 16, 8, 4, 2, 1)  # cells for each degree
_LEVEL_BITS = 40  # below the number of a cell's grid
FINE_CELLS = range(1 << _LEVEL_BITS, 3 << _LEVEL_BITS)
"""The cells of the two finest grids, not two km wide; no mark is one."""
# Cells to a radius at least: a thin edge, where few are to be measured; some of both; few cells to look up.
FINE, MEDIUM, ROUGH = 16.0, 3.0, 1.5
_KM_PER_DEGREE = math.pi * EARTH_KM / 180
_POLAR, _DATE_LINE = 89.0, 180.0
_MOST_PLANE = 20.0  # degrees of a radius
_ROUNDING = 1e-9
_SLACK_KM = 0.001  # rounding may not move a point out of its cell


@dataclass(frozen=True, slots=True)
class Cover:
    """Cells that hold a circle: `inside` lies wholly in it, `edge` partly."""

    inside: tuple[int, ...]
    edge: tuple[int, ...]


NO_CELLS = Cover((), ())


class Round(NamedTuple):
    """A circle as points are measured by: its middle in degrees, the cosine of its latitude, its reach (haversine)."""

    latitude: float
    longitude: float
    level: float
    reach: float


@dataclass(frozen=True, slots=True)
class Circle:
    """All points up to `radius_km` from a point; degrees WGS 84."""

    latitude: float
    longitude: float
    radius_km: float

    def hold(self, latitudes: Iterable[float | None], longitudes: Iterable[float | None]) -> list[bool]:
        """Say for each point whether it lies in the circle; what has no coordinates counts as within.

        For thousands of points at once: most are clearly inside or outside as if degrees were a plane's, the others
        are measured by the haversine formula with its constant parts taken out of the loop.
        """
        north, east, level, reach = self.round()
        flat, within, beyond = self._plane()
        half, sin, cos = math.pi / 360, math.sin, math.cos
        return [
            latitude is None
            or longitude is None
            or (apart := (up := latitude - north) * up + flat * (aside := longitude - east) * aside) <= within
            or (
                apart <= beyond
                and (rise := sin(up * half)) * rise
                + level * cos(latitude * 2 * half) * (turn := sin(aside * half)) * turn
                <= reach
            )
            for latitude, longitude in zip(latitudes, longitudes, strict=True)
        ]

    def _plane(self) -> tuple[float, float, float]:
        """Return how a square degree of longitude counts, and up to which sum of squares a point is surely within.

        The third is from which one on it surely is not. Between a chord and its arc, and between the parallels that the
        circle touches, lie all ways in which the globe is no plane.
        """
        degrees = self.radius_km / _KM_PER_DEGREE
        pole = abs(self.latitude) + degrees
        if pole >= _POLAR or degrees >= _MOST_PLANE:
            return 0.0, -1.0, math.inf
        level = math.cos(math.radians(self.latitude))
        narrow, wide = math.cos(math.radians(pole)), math.cos(math.radians(max(0.0, abs(self.latitude) - degrees)))
        aside = _half_width(self, _widest_latitude(self))
        if abs(self.longitude) + aside >= _DATE_LINE:
            return 0.0, -1.0, math.inf
        reach, chord = math.radians(degrees) / 2, math.radians(max(degrees, aside)) / 2
        square = (2 * math.degrees(math.sin(reach))) ** 2
        bent = (chord / math.sin(chord)) ** 2 * wide / narrow if chord else 1.0
        return level * wide, square * (1 - _ROUNDING), square * bent * (1 + _ROUNDING)

    def round(self) -> Round:
        level = math.cos(math.radians(self.latitude))
        return Round(self.latitude, self.longitude, level, math.sin(self.radius_km / EARTH_KM / 2) ** 2)


def cells(latitude: float, longitude: float) -> list[int]:
    """Return the cell of a point in each grid: each has twice the width of the one before it."""
    row, column = int((latitude + 90) * _GRIDS[0]), int((longitude + 180) * _GRIDS[0])
    return [_cell(level, row >> level, column >> level) for level in range(len(_GRIDS))]


def along(latitude: float, longitude: float) -> int:
    """Return where a point lies on a curve that runs through all the finest cells in the shape of a Z (Morton 1966).

    What has numbers close by lies close by, and a circle holds few stretches of the curve.
    """
    return _spread(int((latitude + 90) * _GRIDS[0])) << 1 | _spread(int((longitude + 180) * _GRIDS[0]))


def _spread(number: int) -> int:
    """Return a number of 16 bits with a 0 before each of them."""
    number = (number | number << 8) & 0x00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F
    number = (number | number << 2) & 0x33333333
    return (number | number << 1) & 0x55555555


def _cell(level: int, row: int, column: int) -> int:
    return (level + 1) << _LEVEL_BITS | row << 20 | column % (360 * _GRIDS[level])


def cover(circle: Circle, wanted_cells: float) -> Cover:
    """Return the cells of a circle; beyond the reach of the grid (at a pole) everything that has a place is edge.

    `wanted_cells` is FINE, MEDIUM, ROUGH or more. The middle is covered by large cells, the rim by small ones: the
    engine looks up every cell in every segment.
    """
    degrees = (circle.radius_km + _SLACK_KM) / _KM_PER_DEGREE
    if abs(circle.latitude) + degrees >= _POLAR or degrees >= _POLAR / 2:
        return Cover((), (PLACED,))
    finest = next((level for level, grid in reversed(tuple(enumerate(_GRIDS))) if degrees * grid >= wanted_cells), 0)
    inside: list[int] = []
    filled: set[tuple[int, int]] = set()  # rows and columns of the grid above, whose cells are twice as wide
    for level in range(len(_GRIDS) - 1, finest, -1):
        full = {(row, column) for row, _, inner in _rows(circle, degrees, _GRIDS[level]) for column in inner}
        inside += [_cell(level, row, column) for row, column in full if (row // 2, column // 2) not in filled]
        filled = full
    edge: list[int] = []
    for row, outer, inner in _rows(circle, degrees, _GRIDS[finest]):
        fresh = [column for column in outer if (row // 2, column // 2) not in filled]
        inside += [_cell(finest, row, column) for column in fresh if column in inner]
        edge += [_cell(finest, row, column) for column in fresh if column not in inner]
    return Cover(tuple(inside), tuple(edge))


def _rows(circle: Circle, degrees: float, grid: int) -> Iterator[tuple[int, range, range]]:
    """Yield the rows of a grid that a circle may touch, each with the columns it touches and those it fills."""
    for row in range(int((circle.latitude - degrees + 90) * grid), int((circle.latitude + degrees + 90) * grid) + 1):
        yield (row, *_columns(circle, row / grid - 90, grid))


def _columns(circle: Circle, south: float, grid: int) -> tuple[range, range]:
    """Return the columns that the circle touches in the row of cells beginning at `south`, and those it fills."""
    north = south + 1 / grid
    large = Circle(circle.latitude, circle.longitude, circle.radius_km + _SLACK_KM)
    small = Circle(circle.latitude, circle.longitude, max(0.0, circle.radius_km - _SLACK_KM))
    widest = min(max(_widest_latitude(large), south), north)
    wide = _half_width(large, widest)
    narrow = min(_half_width(small, south), _half_width(small, north))
    start = circle.longitude + 180
    outer = range(math.floor((start - wide) * grid), math.floor((start + wide) * grid) + 1) if wide >= 0 else range(0)
    inner = range(math.ceil((start - narrow) * grid), math.floor((start + narrow) * grid)) if narrow > 0 else range(0)
    return outer, inner


def _widest_latitude(circle: Circle) -> float:
    angle = circle.radius_km / EARTH_KM
    return math.degrees(math.asin(math.sin(math.radians(circle.latitude)) / math.cos(angle)))


def _half_width(circle: Circle, latitude: float) -> float:
    """Return how many degrees of longitude the circle reaches to either side at a latitude, -1 where it doesn't."""
    here, there = math.radians(circle.latitude), math.radians(latitude)
    reach = math.cos(circle.radius_km / EARTH_KM) - math.sin(here) * math.sin(there)
    cosine = reach / (math.cos(here) * math.cos(there))
    return math.degrees(math.acos(max(cosine, -1.0))) if cosine <= 1 else -1.0
