"""Where the bars of a plot stand, for drawings in the page itself: in percent, so that they fit every width. Pure.

The letters of such a drawing keep the size that the reader chose, since nothing in it is scaled.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_LEFT, _TOP, _BOTTOM = 9.0, 8.0, 80.0  # percent of the drawing: where bars begin, their highest top, their feet
_ALONE, _PAIRED, _GAP = 0.66, 0.4, 0.1  # of the room of one place
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LEAST = 0.6  # percent: what is not nothing is seen


@dataclass(frozen=True, slots=True)
class Point:
    """What stands at one place: a number and the one to compare it with (None where unknown); `words` says both.

    `tick` stands below it, and `under` below that; "" for nothing.
    """

    value: float | None
    former: float | None
    words: str
    tick: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, in percent of the drawing."""

    x: float
    y: float
    width: float
    height: float
    words: str
    former: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """What stands below a place, around `x` percent."""

    x: float
    text: str
    under: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing: its bars, what stands below them, and lines at heights (percent) with the numbers that they mean."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[tuple[float, float], ...]
    compared: bool


def upright(points: Sequence[Point]) -> Plot | None:
    """Return bars beside one another, None where there is nothing to be drawn."""
    values = [value for point in points for value in (point.value, point.former) if value is not None]
    if not values:
        return None
    top = _round_number(max(values))
    compared = any(point.former is not None for point in points)
    room = (100 - _LEFT) / len(points)
    bars, ticks = [], []
    for number, point in enumerate(points):
        left = _LEFT + number * room
        ticks.append(Tick(round(left + room / 2, 2), point.tick, point.under))
        pair: tuple[tuple[float | None, float, bool], ...]
        if compared:
            pair = (point.former, left + _GAP * room, True), (point.value, left + (_GAP + _PAIRED) * room, False)
        else:
            pair = ((point.value, left + (1 - _ALONE) / 2 * room, False),)
        width = (_PAIRED if compared else _ALONE) * room
        bars += [_bar(value, x, width, top, point.words, former=old) for value, x, old in pair if value]
    lines = tuple((round(_height(part * top, top), 2), part * top) for part in (0.5, 1.0))
    return Plot(tuple(bars), tuple(ticks), lines, compared)


def _bar(value: float, x: float, width: float, top: float, words: str, *, former: bool) -> Bar:
    y = _height(value, top)
    return Bar(round(x, 2), round(y, 2), round(width, 2), round(_BOTTOM - y, 2), words, former)


def _height(value: float, top: float) -> float:
    return min(_BOTTOM - value / top * (_BOTTOM - _TOP), _BOTTOM - _LEAST)


def _round_number(most: float) -> float:
    """Return a round number that is not below the highest one."""
    if most <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in _STEPS if step * power >= most)


def lengths(values: Sequence[float]) -> tuple[float, ...]:
    """Return how long lying bars are in percent of the longest one."""
    most = max(values, default=0) or 1
    return tuple(round(100 * value / most, 2) for value in values)
