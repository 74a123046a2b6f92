"""Which days a view of the calendar shows, how it stands in a URL, and what lies before and after it. Pure.

A week begins on Monday (ISO 8601). Days are those in Germany.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web.i18n import Language

MONTH, WEEK, LIST, DAY = "monat", "woche", "liste", "tag"
VIEWS = (MONTH, WEEK, LIST, DAY)
"""The kinds of views; each is the name of a URL parameter too: "monat=2026-12", "woche=2026-W50", "tag=2026-12-12"."""

PATH = "/kalender"
MONTHS_BACK, MONTHS_AHEAD = 12, 24  # that are shown, from the present one
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_MONTHS = 12
_SHOWN = 40  # characters of what is not understood
_MONTH_KEY = re.compile(r"([0-9]{4})-([0-9]{2})")
_WEEK_KEY = re.compile(r"([0-9]{4})-W([0-9]{2})")
_DAY_KEY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class View:
    """The days from `first` to `last` as a month, a week, a list of a month or a list of one day."""

    kind: str
    first: date
    last: date

    @property
    def pair(self) -> tuple[str, str]:
        """The URL parameter that stands for it."""
        if self.kind == WEEK:
            year, week, _ = self.first.isocalendar()
            return self.kind, f"{year:04}-W{week:02}"
        return self.kind, self.first.isoformat() if self.kind == DAY else f"{self.first:%Y-%m}"

    @property
    def shown(self) -> tuple[date, date]:
        """The first and the last day that are seen: a month is shown in whole weeks."""
        if self.kind != MONTH:
            return self.first, self.last
        return _monday(self.first), _monday(self.last) + _A_WEEK - _A_DAY

    @property
    def days(self) -> tuple[date, ...]:
        first, last = self.shown
        return tuple(first + number * _A_DAY for number in range((last - first).days + 1))

    def title(self, words: Language) -> str:
        """Name the view: "Dezember 2026", "Woche 50: 7.–13. Dez. 2026", "Samstag, 12. Dezember 2026"."""
        if self.kind == WEEK:
            spoken = {"number": self.first.isocalendar()[1], "days": words.days(self.first, self.last)}
            return words.gettext("Woche %(number)s: %(days)s") % spoken
        return words.full_day(self.first) if self.kind == DAY else words.month(self.first)


def path(query: Query, view: View | None = None) -> str:
    """Return the path of the calendar of a search, in a view; all that it holds are dates, in their order."""
    plain = replace(query.on_page(1), kinds=(), sort="", asked="", literal=False)
    return path_of(plain.pairs(), view)


def path_of(pairs: Iterable[tuple[str, str]], view: View | None = None) -> str:
    """Return the path of the calendar for the parameters of a search."""
    given = [*pairs, *((view.pair,) if view else ())]
    return f"{PATH}?{urlencode(given)}" if given else PATH


def of(kind: str, day: date) -> View:
    """Return the view of a kind that a day is in."""
    if kind == DAY:
        return View(kind, day, day)
    if kind == WEEK:
        return View(kind, _monday(day), _monday(day) + _A_WEEK - _A_DAY)
    first = day.replace(day=1)
    return View(kind, first, _month(first, 1) - _A_DAY)


def before(view: View, today: date) -> View | None:
    """Return the view before one, None where nothing is shown any more."""
    return _within(of(view.kind, view.first - _A_DAY), today)


def after(view: View, today: date) -> View | None:
    """Return the view after one, None where nothing is shown yet."""
    return _within(of(view.kind, view.last + _A_DAY), today)


def as_kind(view: View, kind: str, today: date) -> View:
    """Return a view of another kind at the same time, if possible at today."""
    return of(kind, today if view.first <= today <= view.last else view.first)


def read(params: Iterable[tuple[str, str]], today: date, since: date | None = None) -> View:
    """Return the view that is asked for, else the month of the day from which on is searched, else the present one.

    Raises `Invalid` for what is no month, week or day, and for what lies beyond all that is shown.
    """
    given = next(((name, value.strip()) for name, value in params if name in _READERS and value.strip()), None)
    if given is None:
        wished = of(MONTH, since) if since else None
        return (wished and _within(wished, today)) or of(MONTH, today)
    name, value = given
    reader, example = _READERS[name]
    day = reader(value)
    if day is None:
        said = {"said": value[:_SHOWN], "example": example}
        message = sentence("„%(said)s“ verstehen wir nicht; richtig wäre zum Beispiel %(example)s", **said)
        raise Invalid([Problem(name, message)])
    view = _within(of(name, day), today) if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
    if view is None:
        earliest, latest = _bounds(today)
        message = sentence(
            "„%(said)s“ liegt zu weit weg; der Kalender reicht von %(first)s bis %(last)s",
            said=value[:_SHOWN],
            first=f"{earliest:%m/%Y}",
            last=f"{latest:%m/%Y}",
        )
        raise Invalid([Problem(name, message)])
    return view


def reaches(day: date, today: date) -> bool:
    """Say whether the calendar shows a day."""
    return _within(of(DAY, day), today) is not None


def _within(view: View, today: date) -> View | None:
    earliest, latest = _bounds(today)
    return view if view.last >= earliest and view.first <= latest else None


def _bounds(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    return _month(first, -MONTHS_BACK), _month(first, MONTHS_AHEAD + 1) - _A_DAY


def _month(first: date, step: int) -> date:
    """Return the first day of the month that is `step` months after the one of `first`."""
    months = first.year * _MONTHS + first.month - 1 + step
    return date(months // _MONTHS, months % _MONTHS + 1, 1)


def _monday(day: date) -> date:
    return day - day.weekday() * _A_DAY


def _reader(pattern: re.Pattern[str], make: Callable[..., date]) -> Callable[[str], date | None]:
    def read_key(text: str) -> date | None:
        found = pattern.fullmatch(text)
        try:
            return make(*map(int, found.groups())) if found else None
        except ValueError:
            return None

    return read_key


_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # so that no reckoning leaves what a date can be
_month_key = _reader(_MONTH_KEY, lambda year, month: date(year, month, 1))
_READERS: dict[str, tuple[Callable[[str], date | None], str]] = {
    MONTH: (_month_key, "2026-12"),
    LIST: (_month_key, "2026-12"),
    WEEK: (_reader(_WEEK_KEY, lambda year, week: date.fromisocalendar(year, week, 1)), "2026-W50"),
    DAY: (_reader(_DAY_KEY, date), "2026-12-12"),
}
