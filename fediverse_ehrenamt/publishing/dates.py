"""Days and times as people write them, ISO 8601 or German ("12.12.2026, 14 Uhr"), to the forms of RFC 3339."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from fediverse_ehrenamt.kit.clock import HOME

BEGIN, END = time(0, 0), time(23, 59, 59)
_LONGEST = 60  # characters; the expressions below take quadratic time
_YEARS = range(1901, 2200)  # inside those of kit.clock in any zone
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt]|,?\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"\s*(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?(?:\s*Uhr)?)?"
)
_GERMAN = re.compile(
    r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[0-9]{4})"
    r"(?:,?\s+(?:um\s+)?(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?P<second>)(?P<offset>)(?:\s*Uhr)?|\s*Uhr))?"
)


def day(text: str) -> str | None:
    """Return "2026-12-12" of a day, None of anything else."""
    match = _match(text)
    found = _day(match) if match and match["hour"] is None else None
    return found.isoformat() if found else None


def moment(text: str, zone: tzinfo, otherwise: time | None = None) -> str | None:
    """Return a time as RFC 3339 with its offset, None of anything else.

    A time without an offset is one of `zone`; a day alone is taken at `otherwise`, where that is given.
    """
    match = _match(text)
    found = _day(match) if match else None
    if match is None or found is None:
        return None
    if match["hour"] is None:
        return None if otherwise is None else datetime.combine(found, otherwise, zone).isoformat()
    try:
        clock = time(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0))
        return datetime.combine(found, clock, _offset(match["offset"]) or zone).isoformat()
    except ValueError:
        return None


def is_day(text: str) -> bool:
    return day(text) == text


def is_moment(text: str) -> bool:
    """Return whether a text is what `moment` returns; the zone of one with an offset does not matter."""
    return moment(text, UTC) == text and moment(text, HOME) == text


def _match(text: str) -> re.Match[str] | None:
    if len(text) > _LONGEST:
        return None
    return _ISO.fullmatch(text.strip()) or _GERMAN.fullmatch(text.strip())


def _day(match: re.Match[str]) -> date | None:
    try:
        found = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
