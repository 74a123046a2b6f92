"""Times: what free words about time mean, as an import takes it; what reads them, and how two of them become one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from fediverse_ehrenamt.understanding.lexicon import DAYS, WAKING, WORKDAYS
from fediverse_ehrenamt.vocab.types import Effort

_ENOUGH = 0.5  # confidence from which on what was understood is used at all
_HUMP = re.compile(r"_([a-z])")


@dataclass(frozen=True, slots=True)
class Times:
    """What free words about time mean, and how sure that is (0 to 1).

    `cells` are "di-nachmittags", `recurrence` is an RFC 5545 RRULE, `minimum_duration` a slug.
    """

    cells: tuple[str, ...] = ()
    flexible: bool | None = None
    effort: Effort | None = None
    confidence: float = 0.0
    recurrence: str = ""
    during_holidays: bool | None = None
    minimum_duration: str = ""


Understand = Callable[[str], Times]
"""Reads free words about time; the seam through which the parser of times comes in (`wiring.UNDERSTAND`)."""


def term(name: str) -> str:
    """Return the name under which a file for `ehrenamt publish` has a field: "minimum_age" is "minimumAge"."""
    return _HUMP.sub(lambda found: found[1].upper(), name)


def nothing(_words: str) -> Times:
    """Understand nothing, as of words in a language that nobody here reads."""
    return Times()


def enough(times: Times) -> Times:
    """Return times that are sure enough to be used, else none."""
    return times if times.confidence >= _ENOUGH else Times()


def narrowed(stated: Times, told: Times) -> Times:
    """Return stated times with the hours that the description tells of their days: "Do", and "donnerstags um 19.45".

    Of parts of any day ("vormittags") those on the days that it names: "Mo-Do zwischen 9 und 11 Uhr".
    """
    whole, named = (frozenset(times.cells) for times in (stated, told))
    days_named, parts_named = ({cell.split("-")[at] for cell in named} for at in (0, 1))
    of_days = {f"{day}-{part}" for day in days_named for part in WAKING}
    if named and named < whole == of_days:
        return replace(stated, cells=told.cells)
    parts = {cell.partition("-")[2] for cell in whole}
    on_any_day = whole == {f"{day}-{part}" for day in DAYS for part in parts} and not parts.issuperset(WAKING)
    if on_any_day and parts & parts_named and len(days_named) < len(DAYS):
        return replace(stated, cells=tuple(one for one in stated.cells if one.partition("-")[0] in days_named))
    return stated


def of_a_school(times: Times) -> Times:
    """Return times of what is done at a school or a day nursery: "nachmittags" is on no Sunday there."""
    parts = {cell.partition("-")[2] for cell in times.cells}
    if set(times.cells) != {f"{day}-{part}" for day in DAYS for part in parts}:
        return times  # days are named
    return replace(times, cells=tuple(cell for cell in times.cells if cell.partition("-")[0] in WORKDAYS))


def joined(stated: Times, told: Times) -> Times:
    """Return both; no field is said by both of them."""
    return Times(
        cells=stated.cells or told.cells,
        flexible=stated.flexible if stated.flexible is not None else told.flexible,
        effort=stated.effort or told.effort,
        recurrence=stated.recurrence or told.recurrence,
        during_holidays=stated.during_holidays if stated.during_holidays is not None else told.during_holidays,
        minimum_duration=stated.minimum_duration or told.minimum_duration,
    )
