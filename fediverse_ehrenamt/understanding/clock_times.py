"""Clock times: "9-12 Uhr", "ab 15 Uhr", "Di 16.30 bis 18" become marks C with hours of the day, and these dayparts."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from fediverse_ehrenamt.understanding.lexicon import PARTS
from fediverse_ehrenamt.understanding.marks import Mark, Marks, joined, rewrite, tags

OPEN_END = 2.0  # hours that a time without an end is taken for
_STARTS = (6.0, 9.0, 12.0, 14.0, 18.0, 22.0, 30.0)  # of the dayparts in vocab/labels.py, nachts until 6
_DAY = 24.0
_EARLIEST = 6.0  # no hour before it is meant without "Uhr"
_WIDEST = 13.0  # hours of a bare "9-17"; "Mo 1-20" is no time
_NOON = 12.0
_WIDEST_AMOUNT = 5.0  # hours between the ends of an amount
_TOUCHED = 1.0  # hours in a daypart that count
_MINUTES = 60
_WRITTEN_OUT, _BESIDE_ONE, _BARE, _NIGHT = 0.95, 0.9, 0.8, 0.6

_DATE_OF_YEAR = re.compile(r"N\.(?:N\.N|O\.?N)")
_DATE = re.compile(r"N\.(?:N\.|O\.?)")
_POINT = r"N(?:[:.h]N)?"
_RANGE = re.compile(rf"v?(?P<a>{_POINT})(?P<ua>[Uh]?)\.?(?:-{{1,2}}(?:c\.?)?|A-)(?P<b>{_POINT})(?P<ub>[Uh]?)")
_BETWEEN = re.compile(rf"v\.?(?P<a>{_POINT})(?P<ua>[Uh]?)\|\.?(?P<b>{_POINT})(?P<ub>[Uh]?)")
_SINGLE = re.compile(rf"(?P<how>[AuB-]?)c?(?P<a>{_POINT})(?P<ua>[Uh]?)")
_IN_WORDS = re.compile(r"(?:[VN]U?(?:-|\|))?VU")
_LESSONS = re.compile(r"(?P<first>N)\.(?:[|/,-]c?(?P<last>N)\.)?H(?![.]?[pw/LWmYt])")
_LESSONS_BEGIN = (8.0, 8.75, 9.75, 10.5, 11.5, 12.25, 13.5, 14.25, 15.0, 15.75)  # of a school, as most have them
_LESSON, _LESSONS_SURE = 0.75, 0.85  # hours
_MOST_DAYS, _MOST_MONTHS = 31, 12
_FIRST_YEAR = 1900
_PERIOD = re.compile(r"(?<![xz])(?<![xz][p/])[WmYTtwL]")  # "2x im Monat, 11-17 h" says how often, not how much
_LIST_GOES_ON = frozenset(",;|/")


def read(marks: Marks) -> Marks:
    """Put marks d (dates), C (clock times) and R (other ranges of numbers) in the place of numbers."""
    marks = rewrite(marks, _DATE_OF_YEAR, _date_of_year)
    marks = rewrite(marks, _DATE, _date)
    marks = _figures(marks)
    marks = rewrite(marks, _LESSONS, _lessons)
    marks = rewrite(marks, _BETWEEN, _between)
    marks = rewrite(marks, _RANGE, _range)
    marks = rewrite(marks, _SINGLE, _single)
    return _beside(marks)


def dayparts(low: float, high: float) -> tuple[str, ...]:
    """Return the dayparts in which a span of hours lies for an hour or half of its length."""
    if high <= low:
        high += _DAY
    least = min(_TOUCHED, (high - low) / 2)
    found: set[str] = set()
    for shift in (-_DAY, 0.0, _DAY):
        for part, start, end in zip(PARTS, _STARTS, _STARTS[1:], strict=False):
            if min(high, end + shift) - max(low, start + shift) >= least:
                found.add(part)
    return tuple(part for part in PARTS if part in found)


def _figures(marks: Marks) -> Marks:
    """Take "von neun bis dreizehn Uhr" and "um zwölf" for figures."""
    made = list(marks)
    for match in _IN_WORDS.finditer(tags(marks)):
        for number in range(match.start(), match.end()):
            mark = made[number]
            if mark.tag == "V" and mark.low is not None and mark.low == int(mark.low):
                made[number] = replace(mark, tag="N", high=None)
    return made


# --- one pattern each -------------------------------------------------------------------------------------------------
def _date(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    found = marks[match.start() : match.end()]
    day, second = found[0].low or 0, found[2]
    month = second.low or 0
    if not 1 <= day <= _MOST_DAYS or not 1 <= month <= _MOST_MONTHS or not _adjacent(found[:2]):
        return None
    start, end = joined(marks, match)
    return Mark(tag="d", start=start, end=end, low=month, high=day)


def _date_of_year(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "11.10.2026" and "11.10.26"; the number behind "11.10. 7-15 Uhr" is an hour."""
    date, last = _date(marks, match), marks[match.end() - 1]
    year = int(last.low or 0)
    close = marks[match.end() - 2].end == last.start and last.end - last.start == len("26")
    return replace(date, key=str(year)) if date and (year >= _FIRST_YEAR or close) else None


def _hours(marks: Sequence[Mark]) -> tuple[float, bool] | None:
    """Read "9", "9:30", "9.30"; the second value says whether there are minutes. None where it is no time of day."""
    hour = marks[0].low or 0.0
    if len(marks) == 1:
        return (hour, False) if hour <= _DAY else None
    minutes = marks[2].low or 0.0
    two = marks[2].end - marks[2].start == len("30")
    if not _adjacent(marks) or not two or minutes >= _MINUTES or hour + minutes / _MINUTES > _DAY:
        return None
    return hour + minutes / _MINUTES, True


def _adjacent(marks: Sequence[Mark]) -> bool:
    return all(one.end == other.start for one, other in pairwise(marks))


def _lessons(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "Mi 4. Stunde", "3./4. Std." and "1. bis 4. Stunde" of a school, where a day is named.

    "3. Std. pro Woche" has a point too many, and the first hour of anything may cost nothing.
    """
    if not any(mark.tag in "DX" for mark in marks):
        return None
    first = marks[match.start("first")]
    last = first if match["last"] is None else marks[match.start("last")]
    numbers = [int(one.low or 0) for one in (first, last)]
    if not 1 <= numbers[0] <= numbers[1] <= len(_LESSONS_BEGIN) or not _adjacent(marks[match.start() :][:2]):
        return None
    begins, ends = (_LESSONS_BEGIN[number - 1] for number in numbers)
    start, end = joined(marks, match)
    return Mark(tag="C", start=start, end=end, low=begins, high=ends + _LESSON, sure=_LESSONS_SURE)


def _between(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "zwischen 10 und 18 Uhr"; "von 10 und mehr" is none."""
    mark = _range(marks, match)
    return mark if mark is not None and mark.tag == "C" else None


def _range(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    first, second = (_hours(marks[slice(*match.span(name))]) for name in ("a", "b"))
    start, end = joined(marks, match)
    if first is None or second is None:
        return None
    mark = Mark(tag="R", start=start, end=end, low=first[0], high=second[0], unit=match["ub"], sure=_BARE)
    # "9.00" is a clock time as well as "9 Uhr"; "1.30-2 Stunden" isn't, and "8-12 h" only beside a day.
    minutes = first[1] or second[1]
    sure = _WRITTEN_OUT if first[0] >= _EARLIEST else _NIGHT
    following = _letter(marks, match.end())
    if "U" in (match["ua"], match["ub"]) or (minutes and following not in "HM"):
        return replace(mark, tag="C", unit="", sure=sure)
    if match["ub"] == "h":
        return _french(marks, match, mark)
    return replace(mark, tag="C") if _bare(marks, match, mark, following) else mark


def _french(marks: Sequence[Mark], match: "re.Match[str]", mark: Mark) -> Mark:
    """Tell "Mi 9h–12h" from "8-10 h pro Woche"."""
    beside = match["ua"] == "h" or _is_behind_day(marks, match.start()) or _is_wide(marks, mark)
    is_clock = beside and (mark.low or 0) >= _EARLIEST and _letter(marks, match.end()) not in "pw/"
    return replace(mark, tag="C", unit="") if is_clock else mark


def _is_wide(marks: Sequence[Mark], mark: Mark) -> bool:
    """Say whether "8 - 20 h" spans more than anybody says of an amount, and no period is named that it may be of."""
    return (mark.high or 0) - (mark.low or 0) > _WIDEST_AMOUNT and not _names_period(marks)


def _names_period(marks: Sequence[Mark]) -> bool:
    return bool(_PERIOD.search(tags(marks)))


def _is_behind_day(marks: Sequence[Mark], at: int) -> bool:
    """Say whether a place is behind a day, also in "jeden letzten Samstag im Monat 11-15 h"."""
    before = at - 1
    while _letter(marks, before) in ".,:(Z":
        before -= 1
    if _letter(marks, before) in "mWt" and _letter(marks, before - 1) == "p":
        before -= 2
    elif _letter(marks, before) == "L":
        before -= 1
    while _letter(marks, before) == ".":
        before -= 1
    return _letter(marks, before) in "DPXd"


def _bare(marks: Sequence[Mark], match: "re.Match[str]", mark: Mark, following: str) -> bool:
    """Say whether "9-12" is a clock time because it stands behind a day, or behind a date with its year."""
    low, high = mark.low or 0, mark.high or 0
    at = match.start() - 1
    while _letter(marks, at) in ":.,v(":
        at -= 1
        if match.start() - at > len(":.v("):
            return False
    return (
        (_letter(marks, at) in "DPX" or (_letter(marks, at) == "d" and marks[at].key != ""))
        and _EARLIEST <= low < high
        and high - low <= _WIDEST
        and (following not in "kYTWmHMxEw" or (following == "w" and _letter(marks, at) == "D"))  # "Mo 17-19 wöchentl."
    )


def _letter(marks: Sequence[Mark], at: int) -> str:
    """Return the tag of a mark; beyond the ends a sign that stands in no set."""
    return marks[at].tag if 0 <= at < len(marks) else "$"


def _single(marks: Sequence[Mark], match: "re.Match[str]") -> Mark | None:
    """Read "ab 15 Uhr", "bis 12:00", "um 19.30", "9:15"; a bare number and "ab 16" are none."""
    read = _hours(marks[slice(*match.span("a"))])
    if read is None or (match["how"] == "" and _letter(marks, match.start() - 1) == "-"):
        return None
    hour, minutes = read
    if not _is_point(marks, match, minutes=minutes):
        return None
    start, end = joined(marks, match)
    sure = _WRITTEN_OUT if hour >= _EARLIEST else _NIGHT
    until = match["how"] in ("-", "B")
    low, high = (hour - OPEN_END, hour) if until else (hour, hour + OPEN_END)
    return Mark(tag="C", start=start, end=end, low=low % _DAY, high=high, sure=sure)


def _is_point(marks: Sequence[Mark], match: "re.Match[str]", *, minutes: bool) -> bool:
    if match["ua"] == "U":
        return True
    following = _letter(marks, match.end())
    if minutes:
        colon = marks[match.start("a") + 1].tag == ":"
        beside = _is_behind_day(marks, match.start()) and not _may_be_date(marks[match.end() - 1])
        return following not in "HMkWmY" and (colon or match["how"] != "" or match["ua"] == "h" or beside)
    before = _is_behind_day(marks, match.start()) and following not in "pw/"
    hour = marks[match.start("a")].low or 0
    until = match["how"] == "-" and hour >= _NOON and not _names_period(marks)
    named = match["how"] in ("A", "u", "B")
    if match["ua"] == "" and named and _letter(marks, match.start() - 1) in "DX" and following in _LIST_GOES_ON:
        return hour >= _EARLIEST and any(mark.tag == "U" for mark in marks)  # "Mo ab 9, Mi ab 15 Uhr"
    return match["ua"] == "h" and hour >= _EARLIEST and (named or before or until)


def _may_be_date(minutes: Mark) -> bool:
    """Say whether "Sa 15.10" may be a day of October."""
    return 1 <= (minutes.low or 0) <= _MOST_MONTHS


def _beside(marks: Marks) -> Marks:
    """Take the "9-12" of "9-12 und 14-17 Uhr" for a clock time too, and shifts: "8-12 oder 12-16 h"."""
    made = list(marks)
    for number, mark in enumerate(marks):
        if mark.tag != "R" or (mark.low or 0) < _EARLIEST:
            continue
        for link, other in ((number - 1, number - 2), (number + 1, number + 2)):
            if _letter(marks, link) not in ",|/":
                continue
            if _letter(made, other) == "C" or (_letter(made, other) == "R" and _follow(made[other], mark)):
                made[number] = replace(mark, tag="C", unit="")
    if not any(mark.tag == "C" and mark.sure >= _WRITTEN_OUT for mark in made):
        return made
    # "Frühdienst 6-10 oder Spätdienst 14-18 Uhr": what is said of one is meant of all
    return [replace(one, sure=_BESIDE_ONE) if one.tag == "C" and one.sure == _BARE else one for one in made]


def _follow(one: Mark, other: Mark) -> bool:
    """Say whether one of two spans of hours begins when the other ends, or later."""
    first, second = sorted((one, other), key=lambda mark: mark.low or 0)
    return (first.low or 0) >= _EARLIEST and (first.high or 0) <= (second.low or 0)
