"""When a date that repeats itself takes place: by the clock on the wall, also where summer time begins. Pure.

RFC 5545 (3.3.10) is followed where it speaks: a day that a month lacks is left out of it. Of a fifth weekday it says
the same; people who meet on a "last Friday" mean the last one of every month.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from types import MappingProxyType
from typing import Any, Final

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence

WEEKLY, FORTNIGHTLY, BY_DAY, BY_WEEKDAY = "woche", "zwei_wochen", "monat_tag", "monat_wochentag"
EVERY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "findet einmal statt",
        WEEKLY: "wöchentlich",
        FORTNIGHTLY: "alle zwei Wochen",
        BY_DAY: "jeden Monat am selben Tag",
        BY_WEEKDAY: "jeden Monat am selben Wochentag",
    }
)
"""How often, with its words in the form."""
GROUP: Final = "repeat"
TERM_EVERY, TERM_UNTIL, TERM_TIMES, TERM_WITHOUT = (
    f"{GROUP}.{name}" for name in ("every", "until", "times", "without")
)
SHOWN, ON = f"{GROUP}.shown", f"{GROUP}.on"
"""What the ticks send: every day that the form listed, and those of them that are ticked."""
MOST: Final = 60  # dates of one series; weekly for more than a year
_MOST_LOOKED_AT: Final = 2 * MOST  # months, of which not each has such a day
_WEEK: Final = 7
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """How something repeats itself: `every` is a key of EVERY, `until` its last day, `times` how often in all.

    `without` are days that it is left out on; they count as `times`.
    """

    every: str
    until: date | None = None
    times: int | None = None
    without: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Occasion:
    """One date of a series: `day` names it, the moments are aware; `takes_place` is False where it is left out."""

    day: date
    starts_at: datetime
    ends_at: datetime
    takes_place: bool = True


def rule(given: Mapping[str, Any]) -> Rule | None:
    """Return the rule of what `reading` has read of a form's group; None where nothing repeats itself."""
    every = given.get("every", "")
    if every not in EVERY or not every:
        return None
    until, times = given.get("until"), given.get("times")
    without = frozenset(day for text in given.get("without", ()) if (day := _day(text)))
    return Rule(every, _day(until) if until else None, times, without)


def problems(found: Rule, starts_at: datetime) -> list[Problem]:
    """Return what is wrong with a rule for something that begins then."""
    first = clock.day(starts_at)
    if found.until is None and found.times is None:
        return [Problem(TERM_UNTIL, "bitte sagen Sie, bis wann oder wie oft es stattfindet")]
    if found.until is not None and found.until < first:
        return [
            Problem(
                TERM_UNTIL,
                sentence(
                    "%(end)s liegt vor dem ersten Termin am %(start)s",
                    end=f"{found.until:%d.%m.%Y}",
                    start=f"{first:%d.%m.%Y}",
                ),
            )
        ]
    if found.times is not None and not 1 <= found.times <= MOST:
        return [Problem(TERM_TIMES, sentence("richtig wären 1 bis %(most)s Termine", most=MOST))]
    if len(_days(first, found, MOST + 1)) > MOST:
        return [
            Problem(
                TERM_UNTIL, sentence("das wären mehr als %(most)s Termine; bitte ein früheres Ende wählen", most=MOST)
            )
        ]
    return []


def occasions(found: Rule, starts_at: datetime, ends_at: datetime) -> tuple[Occasion, ...]:
    """Return all dates, at most MOST, the earliest first, also those that are over or left out."""
    days = _days(clock.day(starts_at), found, MOST)
    return tuple(Occasion(day, *moved(starts_at, ends_at, day), day not in found.without) for day in days)


def moved(starts_at: datetime, ends_at: datetime, day: date) -> tuple[datetime, datetime]:
    """Return the same hours of Germany's clocks on another day; what lasts over midnight ends as many days later."""
    begin, end = starts_at.astimezone(HOME), ends_at.astimezone(HOME)
    return _at(day, begin.time()), _at(day + (end.date() - begin.date()), end.time())


def left_out(pairs: Iterable[tuple[str, str]], before: Iterable[str]) -> list[str]:
    """Return the days without a tick: of those that a form listed as it was sent, of all others as it was `before`."""
    shown, ticked = set(), set()
    for name, value in pairs:
        if name == SHOWN:
            shown.add(value)
        elif name == ON:
            ticked.add(value)
    days = {text for text in (shown - ticked) | (set(before) - shown) if _day(text)}
    return sorted(days)[: 2 * MOST]


def _at(day: date, hour: time) -> datetime:
    # By way of UTC: an hour that summer time skips is the one after it.
    return datetime.combine(day, hour, HOME).astimezone(UTC).astimezone(HOME)


def _day(text: str) -> date | None:
    moment = clock.parse(text)
    return moment.date() if moment and len(text) == len("2026-12-12") else None


# --- days -------------------------------------------------------------------------------------------------------------
def _days(first: date, found: Rule, most: int) -> list[date]:
    until = found.until or date.max
    bound = most if found.times is None else min(most, found.times)
    days = takewhile(lambda day: day <= until, _endless(first, found.every))
    return [day for day, _ in zip(days, range(bound), strict=False)]


def _endless(first: date, every: str) -> Iterator[date]:
    if every in {WEEKLY, FORTNIGHTLY}:
        step = timedelta(days=_WEEK if every == WEEKLY else 2 * _WEEK)
        yield from (first + step * number for number in range(_MOST_LOOKED_AT))
        return
    find = _same_day if every == BY_DAY else _same_weekday
    for number in range(_MOST_LOOKED_AT):
        years, month = divmod(first.month - 1 + number, _MONTHS)
        if found := find(first, date(first.year + years, month + 1, 1)):
            yield found


def _same_day(first: date, month: date) -> date | None:
    day = month + timedelta(days=first.day - 1)
    return day if day.month == month.month else None


def _same_weekday(first: date, month: date) -> date:
    weeks = (first.day - 1) // _WEEK
    day = month + timedelta(days=(first.weekday() - month.weekday()) % _WEEK + weeks * _WEEK)
    return day if day.month == month.month else day - timedelta(days=_WEEK)
