"""Scales: hours, ages and sizes of groups as few steps, so that "at most" is a set of slugs. Pure.

A number that is no step counts as the next one up. What is asked for is rounded in the same way, so a number always
fits itself.
"""

from bisect import bisect_left

from fediverse_ehrenamt.vocab.types import Effort, GroupSize

HOURS = (0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 40, 168)
AGES = (0, 6, 8, 10, 12, 13, 14, 15, 16, 17, 18, 21, 25, 30, 40, 50, 60, 120)
SIZES = (*range(1, 13), 15, 20, 25, 30, 40, 50, 75, 100)
ONCE = "einmalig"
_WEEKS = {"woche": 1.0, "monat": 52 / 12, "jahr": 52.0}
PERIODS = (*_WEEKS, ONCE)


def step(scale: tuple[float, ...], number: float) -> int:
    """Return the place of the first step that is not below a number, of the last one where there is none."""
    return min(bisect_left(scale, number), len(scale) - 1)


def weekly(hours: float, per: str) -> float:
    """Return hours per `per` (woche, monat or jahr) as hours per week."""
    return hours / _WEEKS[per]


def of_effort(effort: Effort) -> tuple[str, ...]:
    """Return the slugs of an effort: its period, the least it asks for ("ab-w-3": a step per week) and the most.

    What is once has steps of its own, for the least only ("ab-e-3"). Without a lower bound the least is the first step,
    without an upper one the most is the last.
    """
    if effort.per not in PERIODS:
        return ()
    if effort.min_hours is None and effort.max_hours is None:
        return (effort.per,)
    least = effort.min_hours or 0.0
    if effort.per == ONCE:
        return effort.per, f"ab-e-{step(HOURS, least)}"
    most = HOURS[-1] if effort.max_hours is None else weekly(effort.max_hours, effort.per)
    return effort.per, f"ab-w-{step(HOURS, weekly(least, effort.per))}", f"bis-w-{step(HOURS, most)}"


def asked_effort(value: str) -> frozenset[str]:
    """Return the slugs of efforts that fit what is asked for: "2-woche", "ab-5-monat", "3", "woche", "einmalig".

    At most so many hours, or at least ("ab-"); without a period at one time or in a week. A period alone is itself.
    """
    if value in PERIODS:
        return frozenset([value])
    rest = value.removeprefix("ab-")
    number, _, per = rest.partition("-")
    hours = float(number)
    kinds = [("w", weekly(hours, per))] if per in _WEEKS else [("e", hours)]
    if not per:
        kinds.append(("w", hours))
    fits: set[str] = set()
    for kind, limit in kinds:
        at = step(HOURS, limit)
        steps = range(at, len(HOURS)) if rest != value else range(at + 1)
        edge = "bis-w" if rest != value and kind == "w" else f"ab-{kind}"
        fits.update(f"{edge}-{place}" for place in steps)
    return frozenset(fits)


EFFORTS = (
    *PERIODS,
    *(f"{edge}-{place}" for edge in ("ab-w", "bis-w", "ab-e") for place in range(len(HOURS))),
)
"""All slugs of efforts."""


def of_group(size: GroupSize) -> tuple[str, ...]:
    """Return the sizes of SIZES that are welcome as a group, as slugs."""
    least, most = size.min or 1, size.max or SIZES[-1]
    return tuple(str(people) for people in SIZES if least <= people <= most)


def asked_group(people: int) -> str:
    return str(SIZES[step(SIZES, people)])


def of_age(age: int) -> str:
    return str(AGES[step(AGES, age)])


def up_to_age(age: int) -> list[str]:
    """Return the slugs of the least ages that somebody of an age has reached."""
    return [str(least) for least in AGES if least <= age]
