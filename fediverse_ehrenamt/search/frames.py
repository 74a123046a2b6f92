"""Frames: the part of the earth that a map shows, read from and written into a URL, and cut into cells. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence

NAME = "rahmen"
MOST_ZOOM = 19
MOST_CELLS = 600  # of a frame, whatever the zoom
_SIDES = 4
_LONGEST = 80  # characters
_DIGITS = 5  # after the comma: a metre
_NORTHMOST, _EASTMOST = 90.0, 180.0
_CELL = 128.0  # degrees of longitude at zoom 0, some 91 pixels at each
_HEIGHT = 0.625  # of a cell by its width: about square on a map of Germany


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything from one corner to the other, its edges included; degrees WGS 84."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        """Return it as `read` reads it."""
        return ",".join(f"{round(side, _DIGITS):g}" for side in (self.west, self.south, self.east, self.north))

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True, slots=True)
class NoFrame:
    """What is on no map: that which is anywhere, and that of which nobody knows where it is."""

    def __str__(self) -> str:
        return WITHOUT_POINT


WITHOUT_POINT = "ohne"
Where = Frame | NoFrame
GERMANY = Frame(5.87, 47.27, 15.04, 55.06)


def read(text: str) -> Frame:
    """Read "west,south,east,north"; raises `Invalid`."""
    try:
        sides = [float(side) for side in text[:_LONGEST].split(",")]
    except ValueError:
        sides = []
    if len(sides) != _SIDES or not all(map(math.isfinite, sides)):
        raise _wrong(sentence("sind vier Zahlen: Westen, Süden, Osten, Norden"))
    frame = Frame(*sides)
    if not (
        -_EASTMOST <= frame.west < frame.east <= _EASTMOST and -_NORTHMOST <= frame.south < frame.north <= _NORTHMOST
    ):
        raise _wrong(sentence("liegt nicht auf der Erde, oder seine Seiten sind vertauscht"))
    return frame


def read_where(text: str) -> Where:
    """Read a frame or "ohne"; raises `Invalid`."""
    return NoFrame() if text == WITHOUT_POINT else read(text)


def around(frames: Iterable[Frame], margin: float) -> Frame | None:
    """Return the frame that holds others and so many degrees more on each side, None for nothing."""
    held = list(frames)
    if not held:
        return None
    return Frame(
        max(min(one.west for one in held) - margin, -_EASTMOST),
        max(min(one.south for one in held) - margin, -_NORTHMOST),
        min(max(one.east for one in held) + margin, _EASTMOST),
        min(max(one.north for one in held) + margin, _NORTHMOST),
    )


def read_zoom(text: str) -> int:
    """Read how near a map shows things, 0 for the whole earth; raises `Invalid`."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_ZOOM)) and int(text) <= MOST_ZOOM):
        raise Invalid([Problem("zoom", sentence("ist eine Zahl von 0 bis %(most)s", most=MOST_ZOOM))])
    return int(text)


def _wrong(what: str) -> Invalid:
    return Invalid([Problem(NAME, what)])


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as wide and as high as this, in degrees; they begin at 0° and stay where they are when a map is moved."""

    width: float
    height: float

    def cell(self, latitude: float, longitude: float) -> tuple[int, int]:
        """Return the row and the column of a point."""
        return math.floor(latitude / self.height), math.floor(longitude / self.width)

    def frame(self, row: int, column: int) -> Frame:
        west, south = column * self.width, row * self.height
        return Frame(west, south, west + self.width, south + self.height)


def grid(frame: Frame, zoom: int) -> Grid:
    """Return the cells for a zoom, larger ones where the frame would hold more than MOST_CELLS of them."""
    width = _CELL / 2**zoom
    while ((frame.east - frame.west) / width + 2) * ((frame.north - frame.south) / (width * _HEIGHT) + 2) > MOST_CELLS:
        width *= 2
    return Grid(width, width * _HEIGHT)
