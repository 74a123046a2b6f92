"""Times: always aware, always UTC inside, written as RFC 3339. Reading the clock happens here only."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

HOME = ZoneInfo("Europe/Berlin")
"""Where the volunteers are: "from Saturday" is meant there, wherever a server stands."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_OFFSET_AND_Z = re.compile(r"[+-]\d\d:\d\dZ\Z")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})(?:\.\d{1,9})?S)?)?",
    re.ASCII,
)
_SHORTEST, _LONGEST = len("2026-12-12"), 40  # characters of a time


def now() -> datetime:
    """Return the present moment in UTC, to the microsecond."""
    return datetime.now(UTC)


def day(moment: datetime) -> date:
    """Return the day of a moment where the volunteers are: their first hours are still the day before in UTC."""
    return moment.astimezone(HOME).date()


def parse(text: object) -> datetime | None:
    """Read an RFC 3339 or ISO 8601 time as UTC; None where it is none, or absurdly far away.

    A time without an offset is read as UTC: the peers that send such times mean that. A "Z" behind an offset, the slip
    of many a script, means nothing.
    """
    if not isinstance(text, str) or not _SHORTEST <= len(text) <= _LONGEST:
        return None
    try:
        moment = _written(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def duration(text: object) -> timedelta | None:
    """Read an ISO 8601 duration ("PT2H30M"); None where it is none, or of years and months, which differ in length."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    parts = {name: int(value) for name, value in found.groupdict().items() if value} if found else {}
    return timedelta(**parts) if parts else None


def offset(text: object) -> tzinfo | None:
    """Return the UTC offset that a time was written with; None where it has none, or `parse` does not read it."""
    return _written(text).tzinfo if isinstance(text, str) and parse(text) else None


def _written(text: str) -> datetime:
    text = text.strip()
    return datetime.fromisoformat(text[:-1] if _OFFSET_AND_Z.search(text) else text)


def write(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC with whole seconds: "2026-12-12T13:00:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones. The system is asked once: it reads a directory tree, which takes 10 ms."""
    return frozenset(available_timezones())


def whole_days(first: datetime, last: datetime) -> bool:
    """Say whether a span is of whole days, where it takes place: from one midnight to another, or to just before it."""
    starts = (first.hour, first.minute) == (0, 0)
    return starts and last > first and (last.hour, last.minute) in {(0, 0), (23, 59)}
