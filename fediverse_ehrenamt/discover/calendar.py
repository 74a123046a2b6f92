"""The calendar: the dates of a search by month, by week, as a list, and all of one day. It needs no JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import (
    days,
    filtering,
    periods,
    questions,
    readers,
    results,
    subscriptions,
    timetable,
    unclear,
)
from fediverse_ehrenamt.discover.days import View
from fediverse_ehrenamt.discover.periods import Chosen, Listed
from fediverse_ehrenamt.discover.results import Choice
from fediverse_ehrenamt.discover.subscriptions import Links
from fediverse_ehrenamt.discover.timetable import Layout, Noted, Plan
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.agenda import Agenda
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import BY_START
from fediverse_ehrenamt.search.model import EVENT
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language

_A_DAY = timedelta(days=1)
_NO_CHOICE = frozenset({"art", "sortierung"})  # a calendar holds dates, in their order


@dataclass(frozen=True, slots=True)
class Found:
    """What there is in a view, the offers of its days, and where the first date after an empty one leads."""

    agenda: Agenda[Plan]
    offers: Agenda[Chosen]
    asked: Query
    following: Choice | None = None

    @property
    def plan(self) -> Plan:
        return self.agenda.laid


async def show(request: Request) -> Response:
    """Show the dates that match a search; what is no search comes back with what would be right.

    Raises `Invalid` for a month, a week or a day that there is not.
    """
    typed = request.query_params.multi_items()
    reader = await readers.of(request)
    try:
        query = replace(searches.read(typed), kinds=(), sort="")
    except Invalid as invalid:
        return unclear.page(request, typed, invalid.problems, days.PATH)
    shown = days.read(typed, _today(reader), query.since)
    index: Index = request.app.state.index
    found = await run_in_threadpool(_find, index, query, shown, reader)
    lay = timetable.table if shown.kind in timetable.PER_DAY else timetable.listing
    return rendering.page(
        request,
        "discover/calendar.html",
        title=shown.title(reader.language),
        shown=shown,
        laid=lay(found.plan, _noted(found.agenda, query, reader), shown, reader, _to_days(query, shown)),
        found=found,
        periods=_periods(found, reader),
        weekdays=reader.language.weekdays(),
        around=_around(query, shown, _today(reader)),
        views=_views(query, shown, reader),
        pages=results.pages(query, found.plan.page, found.plan.pages, partial(days.path_of, view=shown)),
        active=results.active(query, reader.language, to=partial(days.path_of, view=shown)),
        over=shown.last < _today(reader),
        unfiltered_href=days.path(Query(), shown),
        hits_href=results.href(replace(query.on_page(1), kinds=(EVENT,)).pairs()),
        subscribe=_subscribed(query, reader),
        form=_form(query, reader.language, request.app.state.preferences),
        days=questions.rows(reader.language),
        parts=questions.columns(reader.language),
    )


def _subscribed(query: Query, reader: Reader) -> Links:
    """Return where what the page shows is to be had: a calendar with its periods, and a feed of its dates alone."""
    shown, dates = (
        subscriptions.of_search(one, reader.home, reader.language.code)
        for one in (query, replace(query, kinds=(EVENT,)))
    )
    return replace(shown, atom=dates.atom)


def _today(reader: Reader) -> date:
    return clock.day(reader.now)


# --- what there is ----------------------------------------------------------------------------------------------------
def _find(index: Index, query: Query, shown: View, reader: Reader) -> Found:
    """Ask for the days that are seen, and of those only for the days that the search itself is about."""
    first, last = shown.shown
    since, until = max(first, query.since or first), min(last, query.until or last)
    lay = Layout(shown, query.page)
    if since <= until:
        asked = replace(query.on_page(1), kinds=(EVENT,), since=since, until=until)
        agenda = index.agenda(asked, reader.now, lay)
    else:
        agenda = Agenda(lay(()))
    offers = periods.asked(query, since, until)
    return Found(
        agenda,
        _offers(index, offers, shown, reader) if since <= until and query.page == 1 else Agenda(Chosen()),
        offers,
        None if agenda.laid.total else _following(index, query, shown, reader),
    )


def _offers(index: Index, asked: Query, shown: View, reader: Reader) -> Agenda[Chosen]:
    """Ask for the offers of those days of a view that are to come, without the days before and after a month."""
    assert asked.since is not None
    assert asked.until is not None
    since = max(asked.since, shown.first, _today(reader))
    until = min(asked.until, shown.last)
    if since > until:
        return Agenda(Chosen())
    return index.agenda(replace(asked, since=since, until=until), reader.now, periods.Layout(since, until))


def _periods(found: Found, reader: Reader) -> Listed:
    return periods.listed(found.offers.laid, _noted(found.offers, found.asked, reader), found.asked, reader)


def _following(index: Index, query: Query, shown: View, reader: Reader) -> Choice | None:
    """Return the way to the first date after an empty view, None where there is none that would be shown."""
    since = max(shown.last + _A_DAY, query.since or date.min)
    if query.until is not None and query.until < since:
        return None
    asked = replace(query.on_page(1), kinds=(EVENT,), since=since, sort=BY_START)
    hits = index.best(asked, reader.now, 1).hits
    starts_at: datetime | None = hits[0].document.starts_at if hits else None
    if starts_at is None:
        return None
    day = max(clock.day(starts_at), since)
    if not days.reaches(day, _today(reader)):
        return None
    return Choice(reader.language.long_day(day), days.path(query, days.of(shown.kind, day)))


def _noted(agenda: Agenda[Plan] | Agenda[Chosen], query: Query, reader: Reader) -> Mapping[int, Noted]:
    return {
        place: Noted(document, filtering.silent(query, document, reader.language))
        for place, document in agenda.documents.items()
    }


# --- where to go from here --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Around:
    """Where one gets from a view: to the one before, to today, to the one after; "" where there is none."""

    before: str
    today: str
    after: str


def _around(query: Query, shown: View, today: date) -> Around:
    before, after = days.before(shown, today), days.after(shown, today)
    return Around(
        before=days.path(query, before) if before else "",
        today=days.path(query, days.of(shown.kind, today)),
        after=days.path(query, after) if after else "",
    )


def _views(query: Query, shown: View, reader: Reader) -> tuple[Choice, ...]:
    """List the other ways to look at the same time; all of one day is reached from them alone."""
    words = reader.language
    named = {days.MONTH: words.gettext("Monat"), days.WEEK: words.gettext("Woche"), days.LIST: words.gettext("Liste")}
    return tuple(
        Choice(name, days.path(query, days.as_kind(shown, kind, _today(reader))), current=kind == shown.kind)
        for kind, name in named.items()
    )


def _to_days(query: Query, shown: View) -> Sequence[str]:
    return [days.path(query, days.of(days.DAY, day)) for day in shown.days]


# --- the form ---------------------------------------------------------------------------------------------------------
def _form(query: Query, words: Language, preferred: Preferences) -> filtering.Form:
    made = filtering.form(query.pairs(), words, preferred=preferred)
    return replace(made, open=tuple(field for field in made.open if field.filter.name not in _NO_CHOICE))


ROUTES: list[BaseRoute] = [Route(days.PATH, show, name="calendar")]
