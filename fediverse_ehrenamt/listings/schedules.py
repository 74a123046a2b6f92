"""Dates that make one thing: schema.org's Schedule as a rule of iCalendar, and a row of days as one with opening hours.

An exhibition that is open on sixty days is one event for who looks for something to do; a weekly course is none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.listings.record import Record

_FEWEST = 10  # dates in a row; fewer are said one by one
_LEAST_A_WEEK = 4 / 7  # of the days between the first and the last
_LONGEST = timedelta(days=366)
_MOST_CLOSED = 10  # days that are named
_DAYS: Final = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_RULE_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_NAME: Final = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), _RULE_DAYS, strict=True))
_RULE_DAY = re.compile(r"[+-]?\d?(?:MO|TU|WE|TH|FR|SA|SU)")
_EVERY = re.compile(r"P(\d{1,3})([DWMY])")
_FREQUENCIES: Final = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_TIME = re.compile(r"(?:T|\s|^)(\d{2}):(\d{2})")
_LASTS = re.compile(r"PT(?:\d{1,2}H)?(?:\d{1,3}M)?")
_MONTH_WEEK = re.compile(r"-?[1-5]")
_MONTH_DAY = re.compile(r"-?\d{1,2}")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

Said = Mapping[str, Sequence[str]]
"""A Schedule: the texts of each of its properties."""


# --- a row of days ----------------------------------------------------------------------------------------------------
def as_one(dates: Sequence[Record]) -> Record | None:
    """Return the dates of one event as one that lasts, its hours in its text; None where they make no such row.

    `dates` are all of them, in their order. They must be on most days of a week, alike, and end within a year.
    """
    days = [one.starts_at.astimezone(HOME) for one in dates if one.starts_at]
    if len(days) < _FEWEST or len(days) != len(dates) or not _is_alike(dates):
        return None
    first, last = days[0].date(), days[-1].date()
    if last - first > _LONGEST or len(days) < _LEAST_A_WEEK * ((last - first).days + 1):
        return None
    hours = _hours(dates[0], [day.date() for day in days])
    text = f"{hours}\n\n{dates[0].text}" if hours else dates[0].text
    return replace(dates[0], id=dates[0].series, series="", ends_at=dates[-1].ends_at, text=text.strip())


def _is_alike(dates: Sequence[Record]) -> bool:
    """Say whether dates differ in nothing but their day, and each ends on its day."""
    plain = {replace(one, id="", starts_at=None, ends_at=None) for one in dates}
    return len(plain) == 1 and not dates[0].cancelled and len({_clocks(one) for one in dates}) == 1


def _clocks(one: Record) -> tuple[str, str, int]:
    begin, end = (moment.astimezone(HOME) for moment in (one.starts_at, one.ends_at) if moment)
    return f"{begin:%H:%M}", f"{end:%H:%M}", (end.date() - begin.date()).days


def _hours(one: Record, days: Sequence[date]) -> str:
    """Say on which days of the week and at what hours: "Di–So 10–17 Uhr, nicht am 24.12., 25.12."."""
    on = sorted({day.weekday() for day in days})
    span = (days[0] + timedelta(days=number) for number in range((days[-1] - days[0]).days + 1))
    closed = [day for day in span if day.weekday() in on and day not in set(days)]
    whole = one.starts_at is not None and one.ends_at is not None and _is_whole(one.starts_at, one.ends_at)
    if whole and len(on) == len(_DAYS) and not closed:
        return ""
    begin, end, _ = _clocks(one)
    said = [_weekdays(on), "" if whole else f"{_short(begin)}–{_short(end)} Uhr"]
    named = ", ".join(f"{day.day}.{day.month}." for day in closed[:_MOST_CLOSED])
    return " ".join(filter(None, said)) + (f", nicht am {named}" if named else "")


def _is_whole(begin: datetime, end: datetime) -> bool:
    return clock.whole_days(begin.astimezone(HOME), end.astimezone(HOME))


def _weekdays(on: Sequence[int]) -> str:
    if len(on) == len(_DAYS):
        return "Täglich"
    if on[-1] - on[0] == len(on) - 1:
        return f"{_DAYS[on[0]]}–{_DAYS[on[-1]]}"
    return ", ".join(_DAYS[day] for day in on)


def _short(clock_time: str) -> str:
    hour, minute = clock_time.split(":")
    return str(int(hour)) if minute == "00" else f"{int(hour)}.{minute}"


# --- schema.org's Schedule --------------------------------------------------------------------------------------------
def calendar(said: Said, begin: datetime | None, end: datetime | None, now: datetime) -> str:
    """Return a Schedule as a calendar of one event, "" where it does not say when; what it lacks has its event.

    One that comes each week, month or year may hold since ever: it is taken from `now`. Every other week it may not.
    Source: https://schema.org/Schedule; days go by their names there or as in iCalendar.
    """
    first = _day(said, "startDate") or (clock.day(begin) if begin else None)
    if first is None and not _holds_always(said):
        return ""
    first = first or clock.day(now)
    first = _first_fitting(said, first)
    opens = _clock(said, "startTime") or (f"{begin.astimezone(HOME):%H%M00}" if begin else "")
    zone = next((name for name in said.get("scheduleTimezone", ()) if name in clock.zones()), HOME.key)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:x", "SUMMARY:x"]
    if opens:
        lines.append(f"DTSTART;TZID={zone}:{first:%Y%m%d}T{opens}")
        lines += _ending(said, first, opens, end, zone)
    else:
        lines.append(f"DTSTART;VALUE=DATE:{first:%Y%m%d}")
    until = clock.day(end) if end else first
    last = _day(said, "endDate") or (until if until > first else None)
    lines += [rule] if (rule := _rule(said, last, opens)) else []
    for one in said.get("exceptDate", ()):
        if found := _DAY.match(one):
            skipped = "".join(found.groups())
            lines.append(f"EXDATE;TZID={zone}:{skipped}T{opens}" if opens else f"EXDATE;VALUE=DATE:{skipped}")
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])


def _holds_always(said: Said) -> bool:
    """Say whether the rule of a Schedule makes the same days whenever it began."""
    days, in_month = _rule_days(said), any(map(_MONTH_DAY.fullmatch, said.get("byMonthDay", ())))
    often = _frequency(next(iter(said.get("repeatFrequency", ())), ""), days)
    of_weeks = bool(days) and often in {"FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=1"}
    of_months = (in_month or bool(days)) and often in {"FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=1"}
    return (of_weeks or of_months) and not said.get("repeatCount")


def _first_fitting(said: Said, first: date) -> date:
    """Return the first day on or after one that a Schedule means: it begins to hold then, but no date need be then."""
    days, in_month = _rule_days(said), [int(one) for one in said.get("byMonthDay", ()) if _MONTH_DAY.fullmatch(one)]
    span = (first + timedelta(days=number) for number in range(_LONGEST.days))
    return next((day for day in span if _fits(day, days, in_month)), first)


def _fits(day: date, days: Sequence[str], in_month: Sequence[int]) -> bool:
    name = _RULE_DAYS[day.weekday()]
    last = (day + timedelta(days=7)).month != day.month
    meant = {name, f"{(day.day + 6) // 7}{name}", f"+{(day.day + 6) // 7}{name}", *([f"-1{name}"] if last else [])}
    return (not days or not meant.isdisjoint(days)) and (not in_month or day.day in in_month or min(in_month) < 0)


def _ending(said: Said, first: date, opens: str, end: datetime | None, zone: str) -> Iterator[str]:
    lasts = next((one for one in said.get("duration", ()) if _LASTS.fullmatch(one)), "")
    closes = _clock(said, "endTime") or (f"{end.astimezone(HOME):%H%M00}" if end and not lasts else "")
    if closes and closes > opens:
        yield f"DTEND;TZID={zone}:{first:%Y%m%d}T{closes}"
    elif lasts:
        yield f"DURATION:{lasts}"


def _rule(said: Said, last: date | None, opens: str) -> str:
    days = _rule_days(said)
    often = _frequency(next(iter(said.get("repeatFrequency", ())), ""), days)
    if not often:
        return ""
    parts = [often, f"BYDAY={','.join(days)}"] if days else [often]
    for name, field in (("BYMONTHDAY", "byMonthDay"), ("BYMONTH", "byMonth")):
        numbers = [one for one in said.get(field, ()) if _MONTH_DAY.fullmatch(one)]
        parts += [f"{name}={','.join(numbers)}"] if numbers else []
    count = next((one for one in said.get("repeatCount", ()) if one.isdecimal()), "")
    if count:
        parts.append(f"COUNT={count}")
    elif last:
        until = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=HOME).astimezone(UTC)
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%SZ}" if opens else f"UNTIL={last:%Y%m%d}")
    return f"RRULE:{';'.join(parts)}"


def _frequency(said: str, days: Sequence[str]) -> str:
    """Return how often, as a rule says it: of "P2W" every two weeks, of "Daily" each day; days alone come weekly."""
    found = _EVERY.fullmatch(said.upper())
    if found:
        return f"FREQ={_FREQUENCIES[found[2]]};INTERVAL={max(1, int(found[1]))}"
    word = said.rpartition("/")[2].upper()
    if word in _FREQUENCIES.values():
        return f"FREQ={word}"
    if not days:
        return ""
    return "FREQ=WEEKLY" if set(days) <= set(_RULE_DAYS) else "FREQ=MONTHLY"


def _rule_days(said: Said) -> list[str]:
    """Return the days as a rule names them, those of certain weeks of a month by their number: "1WE", "3WE"."""
    days = [day for one in said.get("byDay", ()) if (day := _rule_day(one))]
    weeks = [one for one in said.get("byMonthWeek", ()) if _MONTH_WEEK.fullmatch(one)]
    return [f"{week}{day}" for week in weeks for day in days if day in _RULE_DAYS] or days


def _rule_day(said: str) -> str:
    name = said.rpartition("/")[2].strip()
    return name.upper() if _RULE_DAY.fullmatch(name.upper()) else _BY_NAME.get(name[:3].lower(), "")


def _clock(said: Said, field: str) -> str:
    found = next((match for one in said.get(field, ()) if (match := _TIME.search(one))), None)
    return f"{found[1]}{found[2]}00" if found else ""


def _day(said: Said, field: str) -> date | None:
    found = next((match for one in said.get(field, ()) if (match := _DAY.match(one))), None)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
