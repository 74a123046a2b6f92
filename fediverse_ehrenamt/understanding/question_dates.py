"""Days in everyday questions: "heute", "nächste Woche", "am 12. Dezember", "vom 1. bis 5.3." as first and last day."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.understanding import lexicon
from fediverse_ehrenamt.understanding.asking import Asked, Part
from fediverse_ehrenamt.understanding.marks import fold
from fediverse_ehrenamt.vocab.labels import WEEKDAY

_SURE, _LIKELY = 0.95, 0.85
_WEEK, _SATURDAY, _MOST_DAYS = 7, 5, 366
_LAST_MONTH = 12
_LEAP_YEARS = 8  # at most, from one 29th of February to the next
_JUST_BEGUN = timedelta(days=31)  # "ab 1. Dezember" means this one for so long, as of what has begun lately
_CENTURY, _SHORT_YEARS = 2000, 100  # a year below the second is meant in the first: 27 is 2027
MONTHS = (
    r"jan(?:uar)?|feb(?:ruar)?|m[äa]e?rz|apr(?:il)?|mai|juni|juli|aug(?:ust)?|sept?(?:ember)?|okt(?:ober)?"
    r"|nov(?:ember)?|dez(?:ember)?"
)
_NAMES = "|".join([*(name.lower() for name in WEEKDAY.values()), "sonnabend"])
_NUMBERS = {"zwei": 2, "drei": 3, "vier": 4, "sechs": 6}
_AHEAD_OF_TODAY = {
    "heut": 0, "heute": 0, "today": 0, "tonight": 0, "bugun": 0, "сегодня": 0, "сьогодні": 0, "اليوم": 0,
    "morgen": 1, "tomorrow": 1, "yarın": 1, "завтра": 1, "غدا": 1, "غدًا": 1, "ubermorgen": 2,
}  # fmt: skip
_NEXT = r"(?:n[äa]e?chste[nrs]?|kommende[nrs]?)"
_THIS = r"(?:diese[nrsm]?)"

Span = tuple[date, date]
Reader = Callable[["re.Match[str]", date], Span | None]


def read(asked: Asked, today: date) -> Iterator[Part]:
    """Find the first range of days of a question; a day without a year is the next one from `today` on."""
    for pattern, reader, sure in _READERS:
        for match in asked.search(pattern):
            span = _safely(reader, match, today)
            if span is not None:
                yield _part(match[0], span, asked.take_match(match), sure)
                return


def _safely(reader: Reader, match: "re.Match[str]", today: date) -> Span | None:
    """Read a date, None for the 31st of February."""
    try:
        return reader(match, today)
    except (ValueError, OverflowError):
        return None


def _part(words: str, span: Span, characters: tuple[int, int], sure: float) -> Part:
    since, until = span
    pairs = [("von", since.isoformat())] + ([("bis", until.isoformat())] if until < date.max else [])
    if words.lower().startswith("bis"):
        pairs = [("bis", until.isoformat())]
    label = f"{since:%d.%m.%Y}" if since == until else f"{since:%d.%m.}–{until:%d.%m.%Y}"
    if until == date.max:
        label = sentence("ab %(day)s", day=f"{since:%d.%m.%Y}")
    elif len(pairs) == 1:
        label = sentence("bis %(day)s", day=f"{until:%d.%m.%Y}")
    return Part(tuple(pairs), label, (characters,), sure)


# --- one reader each --------------------------------------------------------------------------------------------------
def _month(name: str) -> int:
    return int(lexicon.WORDS[fold(name)].low or 0)


def _day(day: str, month: int, year: str | None, today: date) -> date:
    if year:
        number = int(year)
        return date(number if number >= _SHORT_YEARS else _CENTURY + number, month, int(day))
    years = range(today.year, today.year + _LEAP_YEARS + 1)
    return next(found for found in _each(years, month, int(day)) if found >= today)


def _last(day: str, month: int, today: date) -> date:
    """Return the last such day that was or is today."""
    years = range(today.year, today.year - _LEAP_YEARS - 1, -1)
    return next(found for found in _each(years, month, int(day)) if found <= today)


def _each(years: Iterable[int], month: int, day: int) -> Iterator[date]:
    """Yield a day of each of some years that has it; raises ValueError at the end, as for a day that no year has."""
    for year in years:
        with suppress(ValueError):
            yield date(year, month, day)
    raise ValueError(day, month)


def _dated(match: "re.Match[str]", today: date) -> Span:
    month = _month(match["name"]) if match["name"] else int(match["month"])
    day = _day(match["day"], month, match["year"], today)
    how = (match["how"] or "").lower()
    if how.startswith("ab"):
        begun = not match["year"] and today - _last(match["day"], month, today) <= _JUST_BEGUN
        return today if begun else day, date.max
    return (today, day) if how.startswith("bis") else (day, day)


def _range(match: "re.Match[str]", today: date) -> Span | None:
    last_month = _month(match["name2"]) if match["name2"] else int(match["month2"])
    first_month = _month(match["name1"]) if match["name1"] else int(match["month1"] or last_month)
    if first_month == last_month and int(match["day1"]) > int(match["day2"]):
        return None
    # The year, said or not, is the one of the last day: "vom 28.12. bis 3.1.2027"; what is going on has begun before.
    until = _day(match["day2"], last_month, match["year"], today)
    since = _last(match["day1"], first_month, until)
    return (since if match["year"] else max(since, today)), until


def _in_month(match: "re.Match[str]", today: date) -> Span:
    return _whole_month(_month(match["name"]), match["year"], today)


def _whole_month(month: int, year: str | None, today: date) -> Span:
    number = int(year) if year else today.year + (month < today.month)
    first = date(number, month, 1)
    following = date(number + month // _LAST_MONTH, month % _LAST_MONTH + 1, 1)
    return max(first, today) if first <= today < following else first, following - timedelta(days=1)


def _word(match: "re.Match[str]", today: date) -> Span:
    return (day := today + timedelta(days=_AHEAD_OF_TODAY[fold(match["word"])])), day


def _week(match: "re.Match[str]", today: date) -> Span:
    monday = today - timedelta(days=today.weekday())
    if match["next"]:
        monday += timedelta(days=_WEEK)
    # On a Sunday hardly anything of "diese Woche" is left: people plan the one that begins.
    last = today + timedelta(days=_WEEK) if today.weekday() == _WEEK - 1 and not match["next"] else monday
    return max(monday, today), max(last, monday + timedelta(days=_WEEK - 1))


def _weekend(match: "re.Match[str]", today: date) -> Span:
    saturday = today - timedelta(days=today.weekday()) + timedelta(days=_SATURDAY)
    # On a Saturday "nächstes Wochenende" is the one after; before that people mean the coming one more often.
    if match["next"] and today >= saturday:
        saturday += timedelta(days=_WEEK)
    return max(saturday, today), saturday + timedelta(days=1)


def _weekday(match: "re.Match[str]", today: date) -> Span:
    number = lexicon.DAYS.index(lexicon.WORDS[fold(match["day"])].days[0])
    ahead = (number - today.weekday()) % _WEEK
    if match["next"] and ahead == 0:
        ahead = _WEEK
    return (day := today + timedelta(days=ahead)), day


def _this_month(match: "re.Match[str]", today: date) -> Span:
    month = today.month % _LAST_MONTH + 1 if match["next"] else today.month
    year = today.year + (1 if match["next"] and today.month == _LAST_MONTH else 0)
    return _whole_month(month, str(year), today)


def _ahead(match: "re.Match[str]", today: date) -> Span | None:
    count = match["count"]
    number = _NUMBERS.get(count.lower(), 0) or int(count) if count else _WEEK
    days = number * (_WEEK if match["unit"].lower().startswith("w") and count else 1)
    return (today, today + timedelta(days=days)) if 0 < days <= _MOST_DAYS else None


def _between_feasts(_match: "re.Match[str]", today: date) -> Span:
    """Return the days between Christmas and New Year's Eve."""
    until = _day("30", _LAST_MONTH, None, today)
    return max(today, date(until.year, until.month, 27)), until


def _feast(match: "re.Match[str]", today: date) -> Span:
    day = _day("24" if fold(match["feast"]) == "heiligabend" else "31", _LAST_MONTH, None, today)
    return day, day


def _compiled(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern, re.IGNORECASE)


_RANGE = _compiled(
    r"(?:\b(?:vom|von|zwischen(?: dem)?) )?\b(?P<day1>\d{1,2})\."
    rf"(?: ?(?P<month1>\d{{1,2}})\.| ?(?P<name1>{MONTHS}))?"
    rf" ?(?:bis(?: zum)?|-|–|und(?: dem)?) ?(?P<day2>\d{{1,2}})\. ?(?:(?P<month2>\d{{1,2}})\.|(?P<name2>{MONTHS})\b)"
    r" ?(?P<year>\d{4})?"
)
_DATE = _compiled(
    r"(?:\b(?P<how>am|ab(?: dem)?|bis(?: zum)?|zum|vom) )?\b(?P<day>\d{1,2})\. ?"
    rf"(?:(?P<month>\d{{1,2}})\.|(?P<name>{MONTHS})\b) ?(?P<year>\d{{4}}|\d{{2}}(?!\d|\.|:| ?uhr))?"
)
_AHEAD = _compiled(r"\bin den n[äa]e?chsten (?:(?P<count>\d{1,2}|zwei|drei|vier|sechs) )?(?P<unit>tagen?|wochen)\b")
_BETWEEN_FEASTS = (
    r"\b(?:zwischen|zw\.?) (?:weihnachten|weihn\.?|den feiertagen) (?:und|u\.?|&) (?:neujahr|silvester)\b"
    r"|\bzwischen den jahren\b"
)
# "Social Day in Hagen, Mai": behind an article and the like it is part of something else ("Tanz in den Mai").
_MONTH_ALONE = (
    r"(?<=[^\W\d_] |[^\W\d_],|, )(?<!den )(?<!der )(?<!dem )(?<!am )(?<!mit )(?<!für )"
    r"(?<!bis )(?<!ab )(?<!von )(?<!und )(?<!oder )"
    r"\b(?P<name>januar|februar|märz|april|mai|juni|juli|september|oktober|november|dezember)\b"
    r"(?: (?P<year>\d{4}))?(?=\s*(?:$|[,;!?]))"
)
# As people say it in English, Turkish, Arabic, Russian and Ukrainian.
_WEEKS = (
    r"\b(?:this week|bu hafta(?! son)|на этой неделе|цього тижня"
    r"|(?P<next>next week|(?:gelecek|önümüzdeki) hafta(?! son)|на следующей неделе|наступного тижня))\b"
)
_WEEKENDS = (
    r"\b(?:(?:this|coming) weekend|bu hafta son\w{1,6}|(?:в|на) (?:эти|этих|ближайшие) выходн\w{1,3}|цими вихідними"
    r"|(?P<next>next weekend|(?:gelecek|önümüzdeki) hafta son\w{1,6}|(?:в|на) следующ\w{2} выходн\w{1,3}"
    r"|наступними вихідними))\b"
)
_WORDS = "|".join(["(?:ü|ue)bermorgen", "bugün", *_AHEAD_OF_TODAY])
_READERS: tuple[tuple["re.Pattern[str]", Reader, float], ...] = (
    (_RANGE, _range, _SURE),
    (_DATE, _dated, _SURE),
    (_compiled(rf"\b(?:(?:in|an) )?(?:der )?(?:{_THIS}|(?P<next>{_NEXT})) woche\b"), _week, _SURE),
    (_compiled(_WEEKS), _week, _SURE),
    (_compiled(rf"\b(?:(?:an|am) )?(?:{_THIS}|(?P<next>{_NEXT})) wochenende\b"), _weekend, _LIKELY),
    (_compiled(_WEEKENDS), _weekend, _LIKELY),
    (_compiled(rf"\b(?:am )?(?:{_THIS}|(?P<next>{_NEXT})) (?P<day>{_NAMES})\b"), _weekday, _LIKELY),
    (_compiled(rf"\b(?:(?:in|im) )?(?:{_THIS}|(?P<next>{_NEXT})) monat\b"), _this_month, _SURE),
    (_AHEAD, _ahead, _LIKELY),
    (_compiled(_BETWEEN_FEASTS), _between_feasts, _LIKELY),
    (_compiled(r"\b(?:an |am )?(?P<feast>heiligabend|silvester)\b"), _feast, _LIKELY),
    (_compiled(rf"\bim (?P<name>{MONTHS})\b(?: (?P<year>\d{{4}}))?"), _in_month, _SURE),
    (_compiled(_MONTH_ALONE), _in_month, _LIKELY),
    (_compiled(rf"(?<!am )(?<!jeden )(?<!guten )\b(?P<word>{_WORDS})\b"), _word, _SURE),
)
