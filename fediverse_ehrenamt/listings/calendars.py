"""Reads iCalendar (RFC 5545): each date that is to come becomes an entry, those of a recurring event one by one.

Every UID is read by itself, so that a broken event costs no other. Recurrences are unfolded for a bounded time ahead;
rules that repeat more than daily are refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import addresses, calendar_lines, calendar_zones, columns, schedules
from fediverse_ehrenamt.listings.calendar_lines import Line
from fediverse_ehrenamt.listings.calendar_zones import FAULTS, Zones
from fediverse_ehrenamt.listings.decoding import decode
from fediverse_ehrenamt.listings.record import EVENT, MAX_CELL, MAX_LIST, Fault, Read, Record

HORIZON = timedelta(days=365)
MAX_DATES = 60  # of one recurring event; weekly for more than a year
_MAX_EVENTS = 50_000
_MAX_OF_ONE = 2_000  # components under one UID
_MAX_LINES = 2_000_000
_FREQUENCIES = {"DAILY": 365, "WEEKLY": 53, "MONTHLY": 12, "YEARLY": 1}  # and how many steps a year has
_MAX_STEPS = 20_000  # from the beginning of a rule until now, each of which is looked at; daily since 1972
_MONTHS = range(1, 13)
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
# Day by day these may never fit ("30 February"), and the search for such a day goes on to the year 9999.
_STEPS, _OF_DAYS = frozenset({"DAILY", "WEEKLY"}), frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
_MAX_COUNT = 5_000
_LONGEST_DATE = timedelta(days=366)  # that began before and may still go on
_DAYS_OF_A_ROW = 4  # of each week
_LONGEST_ID = 150
_LONGEST_TITLE = 80  # characters of one that a fault names
_UID = re.compile(r"^UID(?:;[^:\r\n]{0,200})?:(.*)$", re.IGNORECASE)
_SUMMARY = re.compile(r"^SUMMARY(?:;[^:\r\n]{0,200})?:(.*)$", re.IGNORECASE)
_BEGINS = re.compile(r"^DTSTART[:;](.*)$", re.IGNORECASE)
_DATE_LISTS = re.compile(r"^((?:RDATE|EXDATE)[;:][^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_RECURS = re.compile(r"^(?:RRULE|RDATE)[;:]", re.IGNORECASE | re.MULTILINE)
_GOES_ON = re.compile(r"^RRULE[;:](?!.*(?:COUNT|UNTIL)=)", re.IGNORECASE | re.MULTILINE)  # maybe beyond the horizon
_CONFERENCE = re.compile(r"_{20,}\s.{0,200}?(?:Teams|Zoom|Webex).*?(?:_{20,}|\Z)", re.DOTALL)  # how to dial in
_UNREAD = {
    "DTSTART": sentence("der Beginn (DTSTART) ist kein gültiger Zeitpunkt"),
    "RRULE": sentence("die Wiederholung (RRULE) ist nicht zu lesen"),
    "RECURRENCE-ID": sentence("welcher Termin der Reihe gemeint ist (RECURRENCE-ID), ist nicht zu lesen"),
    "RDATE": sentence("die einzelnen Termine (RDATE) sind nicht zu lesen"),
    "EXDATE": sentence("welche Termine ausfallen (EXDATE), ist nicht zu lesen"),
}
_ONCE_ONLY = ("DTSTART", "RECURRENCE-ID")
_RULE_PARTS = frozenset({
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST",
})  # fmt: skip
_NAMED = re.compile(r"^(?:X-WR-CALNAME|NAME)(?:;[^:\r\n]{0,200})?:(.{1,200})$", re.IGNORECASE)
_NAMED_ZONE = re.compile(r"^X-WR-TIMEZONE(?:;[^:\r\n]{0,200})?:(.{1,80})$", re.IGNORECASE)


class _UnreadError(Exception):
    """An event that cannot be taken, and why."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(slots=True)
class _Event:
    """The components of one UID as they stand in the file; `line` is where the first begins, `title` what it says."""

    line: int
    title: str
    components: list[Sequence[str]] = field(default_factory=list)


@dataclass(slots=True)
class _Feed:
    zones: Zones = field(default_factory=Zones)
    events: dict[str, _Event] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    zone: tzinfo = HOME
    name: str = ""


def read(data: bytes, now: datetime) -> Read:
    """Yield the dates of a calendar that end after `now`; raises `Invalid` where it is none.

    Of what has no such date the first one is yielded, so that a report can say that it is over.
    """
    text = decode(data)
    if not is_calendar(text[:10_000]):
        raise Invalid([Problem("Datei", "ist kein Kalender (BEGIN:VCALENDAR fehlt)")])
    return _read(_split(text), now)


def is_calendar(head: str) -> bool:
    """Say whether a file that begins so is a calendar, or an event that was cut out of one."""
    upper = head.upper()
    return "BEGIN:VCALENDAR" in upper or upper.lstrip().startswith("BEGIN:VEVENT")


def _read(feed: _Feed, now: datetime) -> Iterator[Record | Fault]:
    yield from feed.faults
    for uid, event in feed.events.items():
        line = f"Zeile {event.line}"
        where = f"{line}, „{event.title}“" if event.title else line
        try:
            yield from _dates(uid, event, feed, line, now)
        except _UnreadError as error:
            yield Fault(where, error.said, uid[:_LONGEST_ID])
        except FAULTS as error:
            reason = " ".join(str(error).split())[:200]
            yield Fault(
                where,
                sentence(
                    "dieser Termin ist nicht zu lesen (%(name)s: %(reason)s)", name=type(error).__name__, reason=reason
                ),
                uid[:_LONGEST_ID],
            )


# --- the file ---------------------------------------------------------------------------------------------------------
def _split(text: str) -> _Feed:
    """Return the components of a calendar by their UIDs, and its own time zones."""
    feed = _Feed()
    if text.count("\n") > _MAX_LINES:
        raise Invalid([Problem("Datei", sentence("hat mehr als %(most)s Zeilen", most=_MAX_LINES))])
    lines = list(calendar_lines.unfolded(text))
    begun, kind = -1, ""
    for at, (_number, line) in enumerate(lines):
        word = line.strip().upper()
        if not kind and word in {"BEGIN:VEVENT", "BEGIN:VTIMEZONE"}:
            begun, kind = at, word.partition(":")[2]
        elif kind and word == f"END:{kind}":
            _keep(feed, kind, lines[begun : at + 1])
            kind = ""
        elif kind and word == f"BEGIN:{kind}":
            feed.faults.append(Fault(f"Zeile {lines[begun][0]}", sentence("ein %(kind)s ohne Ende", kind=kind)))
            begun = at
        elif not kind:
            _of_feed(feed, line.strip())
    if kind or not any(line.strip().upper() == "END:VCALENDAR" for _, line in lines[-20:]):
        last = lines[-1][0] if lines else 1
        feed.faults.append(Fault(f"Zeile {last}", "die Datei endet mitten im Kalender", ends=True))
    return feed


def _of_feed(feed: _Feed, line: str) -> None:
    """Take from a line that stands over all events which zone the calendar is of, or what it is called."""
    if (zone := _NAMED_ZONE.match(line)) and (known := calendar_zones.known(zone[1].strip().strip('"'))):
        feed.zone = ZoneInfo(known)
    elif named := _NAMED.match(line):
        feed.name = html.first_line(named[1].replace("\\", ""), _LONGEST_TITLE)


def _keep(feed: _Feed, kind: str, numbered: Sequence[Line]) -> None:
    line, lines = numbered[0][0], [text for _, text in numbered]
    if kind == "VTIMEZONE":
        feed.zones.keep(lines)
        return
    title = html.first_line(_value(_SUMMARY, lines).replace("\\", ""), _LONGEST_TITLE)
    uid = _value(_UID, lines)
    if not uid and title:
        uid = columns.foreign_id({"street": _value(_BEGINS, lines)}, title)
        feed.events.pop(uid, None)  # one that is there twice in all it says
    if not uid:
        feed.faults.append(Fault(f"Zeile {line}", sentence("ein Termin ohne Titel (SUMMARY) und ohne Nummer (UID)")))
        return
    event = feed.events.setdefault(uid, _Event(line, title))
    if len(feed.events) > _MAX_EVENTS or len(event.components) >= _MAX_OF_ONE:
        raise Invalid(
            [Problem("Datei", sentence("hat mehr als %(most)s Termine; bitte auf mehrere verteilen", most=_MAX_EVENTS))]
        )
    event.components.append(lines)


def _value(pattern: re.Pattern[str], lines: Sequence[str]) -> str:
    return next((found[1].strip() for one in lines if (found := pattern.match(one))), "")


# --- one event --------------------------------------------------------------------------------------------------------
def _dates(uid: str, event: _Event, feed: _Feed, where: str, now: datetime) -> Iterator[Record | Fault]:
    mended = (line for one in event.components for line in calendar_lines.mended(one, feed.zones.name))
    whole = "\r\n".join(mended)
    recurring = _RECURS.search(whole) is not None
    calendar = _parsed(whole, feed, now)
    parts = calendar.walk("VEVENT")
    if all(map(_is_private, parts)):
        yield Fault(where, sentence("ist als privat gekennzeichnet (CLASS) und erscheint nicht"))
        return
    in_a_row = len(parts) == 1 and _may_be_in_a_row(parts[0])
    for part in parts:
        _check(part, now)
    found = recurring_ical_events.of(calendar).between(now - timedelta(days=1), now + HORIZON)
    ahead = [record for one in found if (record := _record(one, uid, where, feed, recurring=recurring))]
    row = _in_a_row(calendar, parts[0], uid, where, feed) if in_a_row else None
    live = [one for one in ([row] if row else ahead) if one.ends_at and one.ends_at > now]
    yield from sorted(live, key=lambda one: str(one.starts_at))[:MAX_DATES]
    first = None if live or _GOES_ON.search(whole) else _record(parts[0], uid, where, feed, recurring=recurring)
    if first is not None and first.ends_at and first.ends_at <= now:
        yield first


def _parsed(whole: str, feed: _Feed, now: datetime) -> icalendar.Calendar:
    """Return the components of one UID as a calendar of their own, without what people would not go by."""
    whole = _without_old_dates(whole, now)
    calendar = icalendar.Calendar.from_ical(
        "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", *feed.zones.used(whole), whole, "END:VCALENDAR", ""])
    )
    if any("DTSTART" in part for part in calendar.walk("VEVENT")):  # an answer to an invitation may have none
        calendar.subcomponents = [one for one in calendar.subcomponents if one.name != "VEVENT" or "DTSTART" in one]
    parts = calendar.walk("VEVENT")
    for part in parts:
        _check_moments(part)
    if not any(_text(part, "SUMMARY") for part in parts):
        raise _UnreadError(sentence("der Titel fehlt (SUMMARY)"))
    return calendar


def _check_moments(part: icalendar.Component) -> None:
    """Refuse an event of which it is unclear when it is; what else is broken in it is no reason to lose the date."""
    broken = {str(name) for name, _ in part.errors if name}
    if unread := next((said for name, said in _UNREAD.items() if name in broken), ""):
        raise _UnreadError(unread)
    if "DTSTART" not in part:
        raise _UnreadError(sentence("der Beginn fehlt (DTSTART)"))
    for name in _ONCE_ONLY:
        if isinstance(part.get(name), list):
            raise _UnreadError(sentence("%(name)s steht mehrmals da", name=name))
    for name in [one for one in ("DTEND", "DURATION") if isinstance(part.get(one), list)] + sorted(broken & set(part)):
        del part[name]
    if "DTEND" in part and _is_before(part.decoded("DTEND"), part.decoded("DTSTART")):
        del part["DTEND"]  # people go by the beginning


def _may_be_in_a_row(part: icalendar.Component) -> bool:
    """Say whether an event repeats by one rule that comes to an end, on some days of each week."""
    rule = part.get("RRULE")
    if rule is None or isinstance(rule, list):
        return False
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    often = frequency == "DAILY" or (frequency == "WEEKLY" and len(rule.get("BYDAY", [])) >= _DAYS_OF_A_ROW)
    return often and ("COUNT" in rule or "UNTIL" in rule)


def _in_a_row(
    calendar: icalendar.Calendar, part: icalendar.Component, uid: str, where: str, feed: _Feed
) -> Record | None:
    """Return an event that takes place on most days of up to a year as one that lasts, None of any other."""
    begin, _ = _moment(part.decoded("DTSTART"), feed.zone)
    found = recurring_ical_events.of(calendar).between(begin, begin + HORIZON + timedelta(days=10))
    dates = [record for one in found if (record := _record(one, uid, where, feed, recurring=True))]
    return schedules.as_one(sorted(dates, key=lambda one: str(one.starts_at)))


def _without_old_dates(whole: str, now: datetime) -> str:
    """Return an event without the single dates (RDATE, EXDATE) that nobody asks for: reading one costs 0.1 ms."""
    if "RDATE" not in whole and "EXDATE" not in whole:
        return whole
    first, last = (f"{day:%Y%m%d}" for day in (now - _LONGEST_DATE, now + HORIZON))
    left = 0

    def live(found: re.Match[str]) -> str:
        nonlocal left
        name, _, dates = found[1].rpartition(":")
        kept = [one for one in dates.split(",") if first <= one[:8] <= last or not one[:8].isdecimal()]
        left += len(kept)
        return f"{name}:{','.join(kept)}" if kept else ""

    shorter = _DATE_LISTS.sub(live, whole)
    if left > _MAX_COUNT:
        raise _UnreadError(sentence("nennt mehr als %(most)s einzelne Termine für ein Jahr", most=_MAX_COUNT))
    return "\r\n".join(line for line in shorter.split("\r\n") if line)


def _check(part: icalendar.Component, now: datetime) -> None:
    """Refuse rules that make more dates than anybody plans, and let endless ones end at the horizon."""
    rules = part.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        frequency = str(rule.get("FREQ", [""])[0]).upper()
        if frequency not in _FREQUENCIES or any(len(rule.get(name, [])) > 1 for name in _WITHIN_A_DAY):
            raise _UnreadError(sentence("wiederholt sich öfter als täglich"))
        if frequency in _STEPS and _OF_DAYS & {name.upper() for name in rule}:
            raise _UnreadError(
                sentence(
                    "Wiederholung %(frequency)s nur an bestimmten Tagen; üblich wäre MONTHLY oder YEARLY",
                    frequency=frequency,
                )
            )
        if _is_endless(rule) or not {name.upper() for name in rule} <= _RULE_PARTS:
            raise _UnreadError(_UNREAD["RRULE"])
        if (now.year - part.decoded("DTSTART").year) * _FREQUENCIES[frequency] > _MAX_STEPS:
            raise _UnreadError(sentence("wiederholt sich seit zu vielen Jahren"))
        if any(count > _MAX_COUNT for count in rule.get("COUNT", [])):
            raise _UnreadError(sentence("hat mehr als %(most)s Wiederholungen", most=_MAX_COUNT))
        if "COUNT" not in rule and "UNTIL" not in rule:
            rule["UNTIL"] = [_like(part.decoded("DTSTART"), now + HORIZON)]


def _is_endless(rule: Mapping[str, Sequence[int]]) -> bool:
    """Say whether a rule never goes on, or waits for a month that never comes: it would be followed without end."""
    stands_still = any(step < 1 for step in rule.get("INTERVAL", ()))
    return stands_still or any(int(month) not in _MONTHS for month in rule.get("BYMONTH", ()))


def _is_before(end: object, begin: object) -> bool:
    """Say whether an end lies before its beginning; of two kinds of time that cannot be said."""
    if isinstance(end, datetime) and isinstance(begin, datetime):
        return (end.tzinfo is None) == (begin.tzinfo is None) and end < begin
    one_kind = not isinstance(end, datetime) and not isinstance(begin, datetime)
    return one_kind and isinstance(end, date) and isinstance(begin, date) and end < begin


def _like(begin: date, until: datetime) -> date:
    """Return an end of the kind that RFC 5545 wants beside a DTSTART: a day, a local time, or one in UTC."""
    if not isinstance(begin, datetime):
        return until.date()
    return until.replace(tzinfo=None) if begin.tzinfo is None else until


def _record(part: icalendar.Component, uid: str, where: str, feed: _Feed, *, recurring: bool) -> Record | None:
    begin = part.decoded("DTSTART")
    starts_at, zone = _moment(begin, feed.zone)
    ends_at, _ = _moment(part.decoded("DTEND", begin), feed.zone)
    if not isinstance(begin, datetime):
        # The end of days is the day after the last one (3.6.1).
        ends_at = max(ends_at - timedelta(seconds=1), starts_at + timedelta(hours=23, minutes=59, seconds=59))
    title = " ".join(_text(part, "SUMMARY").split())
    if not title or _is_private(part):
        return None
    text = _CONFERENCE.sub("", _text(part, "X-ALT-DESC") or _text(part, "DESCRIPTION"))
    place = addresses.read(_text(part, "LOCATION"))
    latitude, longitude = _geo(part)
    return Record(
        id=_id(part, uid, feed.zone, recurring=recurring),
        where=where,
        kind=EVENT,
        title=title,
        text=text,
        categories=_categories(part),
        venue=place["venue"],
        street=place["street"],
        postcode=place["postcode"],
        locality=place["locality"],
        latitude=latitude,
        longitude=longitude,
        url=_text(part, "URL"),
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=zone,
        series=uid if recurring else "",
        feed=feed.name,
        cancelled=str(part.get("STATUS", "")).upper() == "CANCELLED",
    )


def _is_private(part: icalendar.Component) -> bool:
    return str(part.get("CLASS", "")).upper() in {"PRIVATE", "CONFIDENTIAL"}


def _id(part: icalendar.Component, uid: str, zone: tzinfo, *, recurring: bool) -> str:
    """Return the id of a date: the UID, of a recurring one with when it was planned, which stays when it is moved."""
    short = uid[: _LONGEST_ID - 20]
    if not recurring:
        return short
    planned = part.decoded("RECURRENCE-ID", part.decoded("DTSTART"))
    moment, _ = _moment(planned, zone)
    return f"{short}/{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _moment(value: object, floating: tzinfo) -> tuple[datetime, str]:
    """Return an aware moment and the name of its zone; days and floating times are of the calendar's zone."""
    if not isinstance(value, date):
        raise TypeError(sentence("%(value)s ist kein Zeitpunkt", value=value))
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0, 0), floating)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=floating)
    name = getattr(value.tzinfo, "key", "") or str(value.tzinfo)
    return value, name if name in clock.zones() and name != "UTC" else HOME.key


def _text(part: icalendar.Component, name: str) -> str:
    value = part.get(name, "")
    first = value[0] if isinstance(value, list) and value else value
    return str(first or "")[:MAX_CELL].strip()


def _categories(part: icalendar.Component) -> tuple[str, ...]:
    value = part.get("CATEGORIES", [])
    lists = value if isinstance(value, list) else [value]
    names = (str(name).strip() for one in lists[:MAX_LIST] for name in getattr(one, "cats", [one])[:MAX_LIST])
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_LIST]


def _geo(part: icalendar.Component) -> tuple[float | None, float | None]:
    geo: object = part.get("GEO")
    latitude, longitude = getattr(geo, "latitude", None), getattr(geo, "longitude", None)
    if isinstance(latitude, int | float) and isinstance(longitude, int | float) and (latitude or longitude):
        return float(latitude), float(longitude)
    return None, None
