"""What takes place on which day of a view of the calendar, and how it stands there. Pure.

A day lasts from midnight to midnight in Germany: 23 hours on one day of the year, 25 on another.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from fediverse_ehrenamt.discover import days, view
from fediverse_ehrenamt.discover.days import View
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.kit.clock import HOME, whole_days
from fediverse_ehrenamt.search.agenda import Span
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.web.i18n import Language

PER_DAY = {days.MONTH: 3, days.WEEK: 12}
"""How many dates stand on one day of a table; a link leads to all of them."""

LISTED = 50  # dates on one page of a list
MAX_PAGE = 500
A_DAY, _A_MINUTE = timedelta(days=1), timedelta(minutes=1)
_NIGHT = 12 * 3600  # seconds: what is shorter belongs to the evening on which it begins
_CANCELLED = "abgesagt"


class Noted(NamedTuple):
    """A Document, and of which filters in use it says nothing (`filtering.silent`)."""

    document: Document
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One date as it stands on one day; all texts are plain, the link is a path of ours.

    `again`: it stands on an earlier day of the same view too.
    """

    href: str
    title: str
    language: str
    time: str
    place: str
    organisation: str
    status: str
    cancelled: bool
    faded: bool
    silent: str
    again: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `key` is its ISO date, `label` names it in full, `more` is how many dates do not stand here.

    `outside`: it belongs to another month than the one that is shown.
    """

    key: str
    number: int
    label: str
    href: str
    today: bool
    outside: bool
    entries: tuple[Entry, ...]
    more: int = 0

    @property
    def new(self) -> bool:
        """Whether something stands here that stood on no earlier day."""
        return self.more > 0 or any(not entry.again for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which dates stand where: `by_day` has, for each day, the places of those to be shown and how many there are.

    `total` counts each date of the view once, without those of days before and after a month; a list has `pages`, of
    which this is `page`.
    """

    by_day: tuple[tuple[tuple[int, ...], int], ...]
    total: int
    page: int = 1
    pages: int = 1

    @property
    def wanted(self) -> Iterator[int]:
        return (place for places, _number in self.by_day for place in places)


@dataclass(frozen=True, slots=True)
class Layout:
    """How dates are laid on the days of a view, of a list those of one page."""

    shown: View
    page: int = 1

    def __call__(self, spans: Sequence[Span]) -> Plan:
        """Return which dates, in order of beginning, stand where."""
        by_day = _by_day(spans, self.shown.days)
        if self.shown.kind in PER_DAY:
            most = PER_DAY[self.shown.kind]
            inside = zip(self.shown.days, by_day, strict=True)
            total = len(
                {place for day, places in inside if self.shown.first <= day <= self.shown.last for place in places}
            )
            return Plan(tuple((tuple(places[:most]), len(places)) for places in by_day), total)
        return _listed(by_day, self.page)


def _listed(by_day: Sequence[Sequence[int]], page: int) -> Plan:
    """Return one page of a list, in which each date stands once, on its first day."""
    first: dict[int, int] = {}
    for number, places in enumerate(by_day):
        for place in places:
            first.setdefault(place, number)
    pages = min(-(-len(first) // LISTED), MAX_PAGE) or 1
    page = min(max(page, 1), pages)
    here = list(first.items())[(page - 1) * LISTED : page * LISTED]
    days_of_page = [tuple(place for place, day in here if day == number) for number in range(len(by_day))]
    return Plan(tuple((places, len(places)) for places in days_of_page), len(first), page, pages)


def _by_day(spans: Sequence[Span], on: Sequence[date]) -> list[list[int]]:
    """Return the dates of each of some days running: those that begin on it before those that go on."""
    edges = [first_second(day) for day in (*on, on[-1] + A_DAY)]
    starts = [start for start, _end in spans]
    borders = [bisect_left(starts, edge) for edge in edges]
    by_day = [list(range(*border)) for border in pairwise(borders)]
    for place, (start, end) in enumerate(spans):
        if end - start >= _NIGHT:
            begins = bisect_right(edges, start) - 1
            ends = bisect_right(edges, end - 1) - 1
            for number in range(max(begins + 1, 0), min(ends + 1, len(on))):
                by_day[number].append(place)
    return by_day


def first_second(day: date) -> int:
    """Return when a day begins in Germany, in seconds since 1970."""
    return int(datetime.combine(day, time(), HOME).astimezone(UTC).timestamp())


# --- in words ---------------------------------------------------------------------------------------------------------
def table(
    laid: Plan, noted: Mapping[int, Noted], shown: View, reader: Reader, hrefs: Sequence[str]
) -> tuple[tuple[Day, ...], ...]:
    """Return the weeks of a view, each of seven days; `hrefs` lead to the lists of the days."""
    made = _days(laid, noted, shown, reader, hrefs)
    return tuple(made[number : number + 7] for number in range(0, len(made), 7))


def listing(
    laid: Plan, noted: Mapping[int, Noted], shown: View, reader: Reader, hrefs: Sequence[str]
) -> tuple[Day, ...]:
    """Return those days of a view on which something begins or goes on."""
    return tuple(day for day in _days(laid, noted, shown, reader, hrefs) if day.entries)


def _days(laid: Plan, noted: Mapping[int, Noted], shown: View, reader: Reader, hrefs: Sequence[str]) -> tuple[Day, ...]:
    today = clock.day(reader.now)
    seen: set[int] = set()
    made: list[Day] = []
    for day, href, (places, number) in zip(shown.days, hrefs, laid.by_day, strict=True):
        entries = tuple(
            entry(noted[place], hours(noted[place].document, day, reader.language), reader, again=place in seen)
            for place in places
            if place in noted
        )
        seen.update(places)
        made.append(
            Day(
                key=day.isoformat(),
                number=day.day,
                label=reader.language.full_day(day),
                href=href,
                today=day == today,
                outside=not shown.first <= day <= shown.last,
                entries=entries,
                more=number - len(places),
            )
        )
    return tuple(made)


def entry(noted: Noted, time: str, reader: Reader, *, again: bool = False) -> Entry:
    """Return a date as it stands on one of its days, with its `time` there in words."""
    document = noted.document
    return Entry(
        href=view.path(document),
        title=view.title(document, reader.language),
        language=document.language,
        time=time,
        place=view.place(document, reader.language),
        organisation=html.visible(document.organisation),
        status=view.status(document, reader),
        cancelled=document.status == _CANCELLED,
        faded=view.fades(document, reader),
        silent=noted.silent,
        again=again,
    )


def hours(document: Document, day: date, words: Language) -> str:
    """Return when it is on one of its days: "14:00–17:00", "ab 18:00", "bis 13. Dez.", "bis 12:00", "ganztägig"."""
    assert document.starts_at is not None
    first = document.starts_at.astimezone(HOME)
    last = max(document.ends_at or document.starts_at, document.starts_at).astimezone(HOME)
    is_whole = whole_days(first, last)
    final = (last - _A_MINUTE).date() if is_whole else last.date()
    if day < final and last - first >= timedelta(seconds=_NIGHT):
        if day == first.date() and not is_whole:
            return words.gettext("ab %(time)s") % {"time": words.clock(first)}
        return words.gettext("bis %(day)s") % {"day": words.day_of_month(final)}
    if is_whole:
        return words.gettext("ganztägig") if final == first.date() else words.gettext("letzter Tag")
    if day > first.date():
        return words.gettext("bis %(day)s") % {"day": words.clock(last)}
    return words.clock(first) if last == first else f"{words.clock(first)}–{words.clock(last)}"
