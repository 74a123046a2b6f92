"""When a row of a table is: days and hours as exports and people have them, in one cell or in several."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit import days as named_days
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.listings import days
from fediverse_ehrenamt.listings.record import EVENT
from fediverse_ehrenamt.publishing import dates

_UNIX = re.compile(r"\d{9,11}")
_OLDEST = 315_532_800  # 1980: smaller numbers are no Unix times that anybody writes
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d{1,12})?")  # of a day in a spreadsheet, with the part of it that has gone by
_STROKES, _MONTHS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)"), 12
_FIRST_SERIAL, _LAST_SERIAL = 29_221, 62_091  # 1980 to 2069
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=HOME)
_CLOCK = re.compile(
    r"(?:ca\.?\s|ab\s|um\s)?(\d{1,2})(?:[:.](\d{2}))?\s{0,3}(?:Uhr|h)?"
    r"(?:\s{0,3}(?:-|–|bis)\s{0,3}(\d{1,2})(?:[:.](\d{2}))?(?:\s{0,3}(?:Uhr|h))?)?(?!\d)",
    re.IGNORECASE,
)
_HOURS = re.compile(r"\d\s?(?:uhr|h\b|[:.]\d\d)", re.IGNORECASE)
_LAST_MINUTE, _MIDNIGHT = 59, 24
_LONGEST_DAY = 60  # characters of a cell that names a day beside other words
_IN_A_ROW = timedelta(days=31)  # from the first to the last day of one event
_DAYS = ("first_day", "last_day", "apply_by")
_NO_DAY = re.compile(r"\D{0,12}\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}")

Clock = tuple[int, int]


def day(text: str) -> date | None:
    """Return a day that is written in German or ISO 8601, or as a time of Unix; None of anything else."""
    found = moment(text)
    return clock.day(found) if found else None


def moment(text: str) -> datetime | None:
    """Return a moment as listings have it: "1711022400", "12.12.2026 14:00", "2026-12-12"; None of anything else.

    One without an offset is of this country's zone, a day alone its beginning. Spreadsheets that were saved carelessly
    have the number of a day ("46368") or short years ("12.12.26").
    """
    text = named_days.long_years(_with_dots(text.strip()))
    if not text:
        return None
    if (serial := _SERIAL.fullmatch(text)) and _FIRST_SERIAL <= int(serial[1]) <= _LAST_SERIAL:
        return _DAY_ZERO + timedelta(days=int(serial[1]))
    if _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC) if int(text) > _OLDEST else None
    found = dates.moment(text, HOME, dates.BEGIN)
    return datetime.fromisoformat(found) if found else None


def _with_dots(text: str) -> str:
    """Return a day that is written with strokes as one with dots: "31/12/2026", in America "12/31/2026"."""
    found = _STROKES.match(text)
    if found is None:
        return text
    first, second = (found[2], found[1]) if int(found[2]) > _MONTHS else (found[1], found[2])
    return f"{first}.{second}.{found[3]}{text[found.end() :]}"


# --- a row ------------------------------------------------------------------------------------------------------------
def wrong(texts: Mapping[str, str]) -> Sentence | None:
    """Say what is wrong with the day of an event, None where nothing is or it is no day but words ("dienstags")."""
    said = texts.get("starts_at", "")
    return _unreal(said) if moment(said) is None and not _span(said) else None


def _unreal(said: str) -> Sentence | None:
    """Say so of what is written as a day is, None of words; for who has found no day in it."""
    return sentence("„%(said)s“ ist kein Tag, den es gibt", said=said[:40]) if _NO_DAY.match(said) else None


def dated(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a Record about when: a day makes an event, words in its place those about times."""
    found: dict[str, Any] = {name: day(texts.get(name, "")) for name in _DAYS}
    strange = (texts.get(name, "") for name in _DAYS if found[name] is None)
    found["unread"] = tuple(filter(None, (_unreal(one) for one in strange if not days.named(one))))
    found["apply_by"] = found["apply_by"] or _only_day(texts.get("apply_by", ""))
    found["changed_at"] = moment(texts.get("changed_at", ""))
    said = texts.get("starts_at", "")
    begins = moment(said) or _begun(texts)
    first, last = (begins, None) if begins else _span(said) or (None, None)
    if first is None:
        known, hours = texts.get("times", ""), _clock_words(texts)
        words = known or said
        if hours and not _HOURS.search(known):  # "Mo/Mi" beside "von 9:00" and "bis 10:00"
            words = f"{words} {hours}".strip()
        return found | ({"times": words} if words and words != known else {})
    begin, end = _at_clock(first, last, texts)
    ends_at = _ended(texts, begin) or (None if moment(said) else _on_clock(texts, "last_day")) or end
    return found | {"kind": EVENT, "starts_at": begin, "ends_at": ends_at}


def _ended(texts: Mapping[str, str], begin: datetime) -> datetime | None:
    """Return when it ends as a field of its own says: with the last day, of the first one none needs to be said."""
    said = texts.get("ends_at", "")
    found = moment(said)
    here = found.astimezone(HOME) if found else None
    if here is None or (here.hour, here.minute) != (0, 0) or _HOURS.search(said):
        return found
    return here.replace(hour=23, minute=59, second=59) if here.date() > clock.day(begin) else None


def _begun(texts: Mapping[str, str]) -> datetime | None:
    """Return when it begins if the day stands beside its clock time: "start_date" with hours, or beside "start_time".

    An offer that holds for long has such days, too.
    """
    first, last = moment(texts.get("first_day", "")), moment(texts.get("last_day", ""))
    if first is None or (last is not None and not timedelta() <= last - first <= _IN_A_ROW):
        return None
    if _whole_clock(texts.get("starts_at", "")):
        return first
    return _on_clock(texts, "first_day") if last is not None and not texts.get("starts_at") else None


def _on_clock(texts: Mapping[str, str], name: str) -> datetime | None:
    """Return the moment that a field for a day says, None where it says no hour, or midnight."""
    found = moment(texts.get(name, ""))
    here = found.astimezone(HOME) if found else None
    return found if here and (here.hour, here.minute) != (0, 0) else None


def _only_day(said: str) -> date | None:
    """Return the one day that a cell names beside other words: "Bewerbung bis 31.12.2026"."""
    named = days.named(said)
    return named[0][1] if len(named) == 1 else None


def _span(said: str) -> tuple[datetime, datetime | None] | None:
    """Return the beginnings of the first and the last day that a cell names: "Sa 13.2.2027", "17./18. April 2027"."""
    spans = days.named(said) if len(said) <= _LONGEST_DAY else []
    if not spans:
        return None
    first, last = min(one for one, _ in spans), max(one for _, one in spans)
    if last - first > _IN_A_ROW:
        return None
    begins, ends = (datetime(one.year, one.month, one.day, tzinfo=HOME) for one in (first, last))
    return begins, (ends if last > first else None)


def _at_clock(first: datetime, last: datetime | None, texts: Mapping[str, str]) -> tuple[datetime, datetime | None]:
    """Return beginning and end of days whose clock times stand in columns of their own ("14–17 Uhr")."""
    whole = None if last is None else last + timedelta(hours=23, minutes=59, seconds=59)
    clocks = _clocks(texts)
    if clocks is None or (first.hour, first.minute) != (0, 0):
        return first, whole
    (hour, minute), until = clocks
    begin = first.replace(hour=hour, minute=minute)
    end = (last or first) + timedelta(hours=until[0], minutes=until[1]) if until else whole
    return begin, end if end and end > begin else None


def _clocks(texts: Mapping[str, str]) -> tuple[Clock, Clock | None] | None:
    """Return when it begins and, where that is said, ends: of a column for both, or of two ("von", "bis")."""
    for words in (texts.get("clock"), texts.get("times")):
        if words and (found := _clock(words.strip())):
            return found
    begin = _whole_clock(texts.get("first_day", "")) or _whole_clock(texts.get("starts_at", ""))
    if begin is None:
        return None
    end = _whole_clock(texts.get("last_day", "")) or _whole_clock(texts.get("ends_at", ""))
    return begin[0], begin[1] or (end[0] if end else None)


def _clock_words(texts: Mapping[str, str]) -> str:
    """Return the hours of a row as words: "16.30–18 Uhr"."""
    said = [texts[name] for name in ("first_day", "last_day") if _whole_clock(texts.get(name, ""))]
    bare = "–".join(one.removesuffix("Uhr").strip() for one in said)
    return texts.get("clock", "") or (f"{bare} Uhr" if bare else "")


def _whole_clock(text: str) -> tuple[Clock, Clock | None] | None:
    """Return the hours of a cell in which nothing else stands."""
    bare = text.strip()
    found = _CLOCK.fullmatch(bare)
    return _clock(bare) if found else None


def _clock(text: str) -> tuple[Clock, Clock | None] | None:
    found = _CLOCK.match(text)
    if found is None:
        return None
    begin, end = ((int(hour or 0), int(minute or 0)) for hour, minute in (found.group(1, 2), found.group(3, 4)))
    if max(begin, end) > (_MIDNIGHT, 0) or max(begin[1], end[1]) > _LAST_MINUTE:
        return None
    return begin, end if found[3] else None
