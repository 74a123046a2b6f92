"""Days that an entry names in its words: when help is wanted once ("Sa, 18.04.2026"), until when one may apply.

Only days with a year are read: "14. September" comes again. What was wanted on a day that is over is over; so whatever
may only be where it begins ("ab 1.3.2026", "nächster Termin: …") or may be a note ("Stand 12.3.2024") is left alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fediverse_ehrenamt.kit import days
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.matching import week

_I = re.IGNORECASE
_LONGEST = 4_000  # characters of a text that are looked at
_CLOSE = timedelta(days=9)  # from one weekend to the end of the next
_ONCE = timedelta(days=3)  # from the first to the last day of what is wanted once
_WITHIN_A_WEEK = timedelta(days=5)
_WEEKDAY = r"(?:(?:mo|di|mi|do|fr|sa|so)[a-z]{0,8}\.?,?\s{0,2}(?:den\s|dem\s)?)?"
_DAYS = re.compile(
    rf"(?<![\d.])(?:(?P<begins>\d{{1,2}})\.\s?(?:(?P<in_month>\d{{1,2}})\.?|(?P<in_named>{days.NAMED}))?"
    rf"\s{{0,2}}(?:[-–—/,]|bis(?:\szum)?|und|u\.)\s{{0,2}}{_WEEKDAY})?"
    rf"(?P<day>\d{{1,2}})\.\s?(?:(?P<month>\d{{1,2}})\.|(?P<named>{days.NAMED}))\s?(?P<year>20\d\d)(?!\d)",
    _I,
)
_OF_MONTHS = re.compile(
    rf"(?<!\d\.)(?<!\d\.\s)\b(?:(?P<first>{days.NAMED})\s{{0,2}}(?:[-–/]|bis|und)\s{{0,2}})?\b(?P<last>{days.NAMED})\s{{1,2}}"
    r"(?P<year>20\d\d)(?!\d)",
    _I,
)
_YEAR = re.compile(r"20\d\d|\.[2-4]\d")  # without one there is no day: most texts are not looked at more closely
_FIRST_YEAR = 20  # of this century; smaller numbers behind a day are hours
_TO = re.compile(rf"\s{{0,2}}(?:[-–—]|bis(?:\szum)?)\s{{0,2}}{_WEEKDAY}", _I)
_UNTIL = re.compile(r"\b(?:bis|endet)(?:\s\w{2,25}){0,3}\s{0,2}\(?$", _I)
_NO_DAY_OF_HELP = re.compile(
    r"\b(?:ab|seit|start\w*|beginn\w*|frühestens|erst\w{1,2}\s\w+|nächst\w{1,2}\s\w+|auftakt\w*|info\w*|kennenlern\w*|"
    r"\w*schulung\w*|\w*kurs\w*|einführung\w*|\w*bildung\w*|außer|ohne|ausgenommen|stand|geändert|aktualisiert|eingestellt|gegründet|eröffnet)"
    r"(?:\s(?:am|vom|den|dem|ab|ist|der))*:?\s{0,2}(?:(?:mo|di|mi|do|fr|sa|so)[a-z]{0,8}\.?,?\s{0,2})?$",
    _I,
)
_DEADLINE = re.compile(
    r"(?:bewerb\w*|anmeld\w*|meld\w*)[^.;:!?\n]{0,20}(?:schluss|frist|bis|ende)\w*[^.;!?\n\d]{0,20}$|"
    r"(?:bewerbungs|anmelde|melde|einsende)(?:schluss|frist|ende)\w*[^.;!?\n\d]{0,20}$",
    _I,
)
_ONLY_ONCE = re.compile(
    r"\beinmalig\w{0,3}\b(?! (?:die|pro|je|im|in der) (?:woche|monat))(?!.{0,40}\b(?:oder|bzw)\b)", _I
)
_ONE_ACTION = re.compile(r"\beinmalige[nrs]? (?:\w+ )?(?:\w*aktion|\w*einsatz|termin|hilfe|veranstaltung)\b", _I)
_OFTEN = re.compile(
    r"regelmä|öfter|mehrmal|wöchentl|monatl|jährl|tägig|\bjed\w{1,2}\b|\b(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)s\b|"
    r"\bmittwochs\b|(?:\b(?:pro|im)\s|/\s?)(?:woche|monat|jahr)",
    _I,
)
_AT_ONCE = re.compile(r"\bsofort\b|\bdringend\b|\bschnellstmöglich\b", _I)
_EARLIER = re.compile(r"(?<![\d.])(\d{1,2})\.(?:\s?(?:[/,+–-]|und|u\.)\s?\d{1,2}\.){0,6}\s?(?:[/,+]|und|u\.)\s?$")
_DAY_NUMBER = re.compile(r"\d{1,2}")
_NAMES = ("montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags")
_WEEKDAYS = re.compile(
    r"\b(?:mo|di|mi|do|fr|sa|so)(?:\.|,|\b)|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|sams|sonn)", _I
)
_BEFORE = 45  # characters before a day that say what it is


@dataclass(frozen=True, slots=True)
class Days:
    """The first and last day of help, the last one to apply; `once` says that help is wanted at no other time.

    `on` are the weekdays of all that are named.
    """

    first: date | None = None
    last: date | None = None
    apply_by: date | None = None
    once: bool = False
    on: tuple[str, ...] = field(default=(), compare=False)

    @property
    def weekdays(self) -> tuple[str, ...]:
        """The weekdays of what is wanted once or lasts less than a week, none of all else."""
        return self.on if self.once else weekdays(self.first, self.last, _WITHIN_A_WEEK)


def weekdays(first: date | None, last: date | None, most: timedelta = _ONCE) -> tuple[str, ...]:
    """Return the weekdays of what lasts some days, from the first to the last `most`; none where it lasts longer."""
    if first is None or last is None or not timedelta() <= last - first <= most:
        return ()
    length = (last - first).days + 1
    return tuple(week.DAYS[(first.weekday() + number) % len(week.DAYS)] for number in range(length))


def read(record: Record) -> Days:
    """Return the days in an entry's words, none of which its source has a field of its own for."""
    apply_by = None if record.apply_by else _deadline(record)
    if record.first_day or record.last_day:
        return Days(apply_by=apply_by)
    for words in (record.times, record.title):
        first, last = _of_help(words)
        often = bool(_OFTEN.search(record.times))
        if last is not None and not (often and first == last):  # "jeden Dienstag, Sommerfest am 12.6.2026"
            on = weekdays(first, last) or _of_weekends(words, first, last)
            return Days(first, last, apply_by, bool(on) and not often, on)
    is_once = _ONLY_ONCE.search(record.times) or (not record.times and _ONE_ACTION.search(record.text[:_LONGEST]))
    return _of_text(record, apply_by) if is_once else Days(apply_by=apply_by)


def _of_text(record: Record, apply_by: date | None) -> Days:
    """Return the one day, or the few in a row, that the text of something names that is wanted "einmalig"."""
    texts = (record.summary, record.text, record.tasks)
    said = {span for text in texts for span, before in _found(text) if not _DEADLINE.search(before)}
    first, last = said.pop() if len(said) == 1 else (None, None)
    on = weekdays(first, last)
    if not on:
        return Days(apply_by=apply_by)
    return Days(first, last, apply_by, once=True, on=on)


def _of_weekends(words: str, first: date | None, last: date) -> tuple[str, ...]:
    """Return the weekdays of some days that follow each other closely: "12./13. und 19./20. Dezember 2026"."""
    if first is None or last - first > _CLOSE:
        return ()
    each = [weekdays(*span) for span in named(words)]
    return tuple(dict.fromkeys(day for some in each for day in some)) if each and all(map(_several, each)) else ()


def _several(weekdays: Sequence[str]) -> bool:
    return len(weekdays) > 1


def _of_help(words: str) -> tuple[date | None, date | None]:
    """Return the first and last day of all that are named; no first one where only the last is said."""
    spans = [span for span, before in _found(words) if not _NO_DAY_OF_HELP.search(before)] or list(_months(words))
    if not spans or any(_DEADLINE.search(before) for _, before in _found(words)):
        return None, None
    ends_only = any(_UNTIL.search(before) for _, before in _found(words))
    return None if ends_only else min(first for first, _ in spans), max(last for _, last in spans)


def called_for(record: Record) -> date | None:
    """Return the last day that the text of something names which is wanted at once: "sofort! (3.6.2013)"."""
    if not _AT_ONCE.search(record.times):
        return None
    texts = (record.summary, record.text, record.tasks)
    said = [last for text in texts for (_, last), before in _found(text) if not _NO_DAY_OF_HELP.search(before)]
    return max(said, default=None)


def _deadline(record: Record) -> date | None:
    """Return the day until which people may apply, where the words name one alone."""
    texts = (record.times, record.summary, record.text, record.requirements)
    found = {last for text in texts for (_, last), before in _found(text) if _DEADLINE.search(before)}
    return found.pop() if len(found) == 1 else None


def named(words: str) -> list[tuple[date, date]]:
    """Return first and last day of all that words name with their year."""
    return [span for span, _ in _found(words)]


def with_weekdays(words: str) -> str:
    """Return words in which the one day that they name with its year is a weekday: "einmalig 17.4.2027, 9-15 Uhr"."""
    spans = list(_DAYS.finditer(words)) if _YEAR.search(words) and len(words) <= _LONGEST else []
    span = _span(spans[0]) if len(spans) == 1 else None
    if span is None or span[0] != span[1] or _WEEKDAYS.search(words):
        return words
    return f"{words[: spans[0].start()]}{_NAMES[span[0].weekday()]}{words[spans[0].end() :]}"


def _found(words: str) -> Iterator[tuple[tuple[date, date], str]]:
    """Yield first and last day of all that are named, and what stands before them."""
    if not _YEAR.search(words):
        return
    text = days.long_years(words[:_LONGEST], _FIRST_YEAR)
    matches = list(_DAYS.finditer(text))
    at = 0
    while at < len(matches):
        match = matches[at]
        span, until = _span(match), match.end()
        if span and at + 1 < len(matches) and _TO.fullmatch(text[until : matches[at + 1].start()]):
            at += 1
            further = _span(matches[at])
            span = (span[0], further[1]) if further else span
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if span and span[0] <= span[1]:
            yield from ((earlier, "") for earlier in _earlier(span, before))
            yield span, before
        at += 1


def _earlier(span: tuple[date, date], before: str) -> Iterator[tuple[date, date]]:
    """Yield the days of the same month that stand before others: "12./13." of "12./13. und 19./20. Dezember 2026"."""
    found = _EARLIER.search(before)
    numbers = [int(one) for one in _DAY_NUMBER.findall(found[0])] if found else []
    if numbers and numbers == sorted(numbers) and numbers[0] > 0 and numbers[-1] < span[0].day:
        yield span[0].replace(day=numbers[0]), span[0].replace(day=numbers[-1])


def _months(words: str) -> Iterator[tuple[date, date]]:
    """Yield first and last day of months that are named with their year: "Juli-August 2021"."""
    for match in _OF_MONTHS.finditer(words[:_LONGEST]):
        if not _NO_DAY_OF_HELP.search(words[max(0, match.start() - _BEFORE) : match.start()]):
            year, last = int(match["year"]), days.month(match["last"])
            first = days.month(match["first"]) if match["first"] else last
            begin = date(year - (first > last), first, 1)
            yield begin, date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)


def _span(match: "re.Match[str]") -> tuple[date, date] | None:
    last = _date(match["day"], match["month"], match["named"], match["year"])
    if last is None or not match["begins"]:
        return (last, last) if last else None
    month = match["in_month"] or (None if match["in_named"] else match["month"])
    first = _date(match["begins"], month, match["in_named"] or match["named"], match["year"])
    if first is not None and first > last:  # "28.12. bis 3.1.2027"
        first = _date(match["begins"], month, match["in_named"] or match["named"], str(last.year - 1))
    return (first or last, last)


def _date(day: str, month: str | None, named: str | None, year: str) -> date | None:
    number = int(month) if month else days.month(named or "")
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def of_weekdays(cells: Sequence[str], weekdays: Sequence[str]) -> tuple[str, ...]:
    """Return those cells that lie on weekdays, all where none does or no weekday is meant."""
    return tuple(cell for cell in cells if cell.partition("-")[0] in weekdays) or tuple(cells)
