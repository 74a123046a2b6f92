"""Every search, every organisation and every date as iCalendar, and the first two as Atom: to be subscribed to.

Paths end in what they give: "/suche.ics?ort=Hagen", "/suche.atom", "/organisationen/<handle>.ics", "/termine/<id>.ics".
Words are in the language of "?sprache=", else German: programs that fetch have no wish of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import atom, days, results, timetable, view
from fediverse_ehrenamt.discover.view import Detail, OrganisationPage, Reader
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search.agenda import Span
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import BY_DATE
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.search.schema import FOREVER
from fediverse_ehrenamt.web import conditional, i18n, rendering
from fediverse_ehrenamt.work import Workshop

DATES, OFFERS = 200, 100  # of a calendar: the next ones
ENTRIES = 50  # of a feed: the newest
_A_DAY = timedelta(days=1)
_SEARCH, _LANGUAGE = "/suche", rendering.LANGUAGE_PARAMETER


# --- where they are ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Links:
    """Addresses to subscribe to: `webcal` opens the program for calendars, `ics` is the same as a file."""

    atom: str
    ics: str
    webcal: str


def of_search(query: Query, home: str, language: str) -> Links:
    """Return the addresses of a search; its order and page do not count."""
    return _links(_SEARCH, saved.plain(query).pairs(), home, language)


def of_organisation(handle: str, home: str, language: str) -> Links:
    return _links(f"/organisationen/{handle}", (), home, language)


def _links(path: str, pairs: Sequence[tuple[str, str]], home: str, language: str) -> Links:
    spoken = [(_LANGUAGE, language)] if language != i18n.DEFAULT else []
    query = f"?{urlencode([*pairs, *spoken])}" if pairs or spoken else ""
    host = home.partition("://")[2]
    return Links(f"{path}.atom{query}", f"{path}.ics{query}", f"webcal://{host}{path}.ics{query}")


# --- searches ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Subject:
    """What is subscribed to: its name, its own address here, and the page that shows the same; both are paths."""

    name: str
    source: str
    page: str


async def search_calendar(request: Request) -> Response:
    """Give the next dates of a search; raises `Invalid` for what is no search."""
    query, reader = _query(request), _reader(request)
    index: Index = request.app.state.index
    documents = await run_in_threadpool(_noted, index, query, reader.now)
    source = of_search(query, reader.home, reader.language.code).ics
    page = days.path(query)
    return await _calendar(request, reader, _Subject(_name(request, query, reader), source, page), documents)


def _noted(index: Index, query: Query, now: datetime) -> list[Document]:
    """Return the next dates that match, and the offers that name a day which is to come."""
    yesterday = clock.day(now) - _A_DAY
    since = max(yesterday, query.since or yesterday)
    if query.until is not None and query.until < since:
        return []
    found: list[Document] = []
    for kind, lay in ((EVENT, _Next.of), (OPPORTUNITY, _Named(since))):
        if not query.kinds or kind in query.kinds:
            noted = index.agenda(replace(query, kinds=(kind,), since=since), now, lay)
            found += (noted.documents[place] for place in noted.laid.wanted if place in noted.documents)
    return found


@dataclass(frozen=True, slots=True)
class _Next:
    """The next dates, or those offers of which a day comes next."""

    wanted: Sequence[int]

    @classmethod
    def of(cls, spans: Sequence[Span]) -> "_Next":
        return cls(range(min(len(spans), DATES)))


@dataclass(frozen=True, slots=True)
class _Named:
    """Chooses those offers of which the first or else the last day is the next to come from `since` on."""

    since: date

    def __call__(self, spans: Sequence[Span]) -> _Next:
        begins = timetable.first_second(self.since)
        coming = sorted((start if start >= begins else end, place) for place, (start, end) in enumerate(spans))
        return _Next([place for second, place in coming[:OFFERS] if second < FOREVER])


async def search_feed(request: Request) -> Response:
    """Give what is newest in a search; raises `Invalid` for what is no search."""
    query, reader = _query(request), _reader(request)
    index: Index = request.app.state.index
    found = await run_in_threadpool(index.best, saved.in_order(query, BY_DATE), reader.now, ENTRIES)
    documents = () if found.corrected else [hit.document for hit in found.hits]
    source = of_search(query, reader.home, reader.language.code).atom
    page = results.href(query.pairs())
    return await _feed(request, reader, _Subject(_name(request, query, reader), source, page), documents)


def _query(request: Request) -> Query:
    return saved.plain(searches.read(request.query_params.multi_items()))


def _name(request: Request, query: Query, reader: Reader) -> str:
    """Name a search: "Ehrenamt Hagen: „vorlesen“, 20 km um Hagen"."""
    asked = ", ".join(choice.label for choice in results.active(query, reader.language))
    name: str = request.app.state.instance_name
    return f"{name}: {asked}" if asked else name


# --- organisations and single dates -----------------------------------------------------------------------------------
async def organisation_calendar(request: Request) -> Response:
    """Give the next dates of an organisation of ours, and its offers that name days; raises `NotFound`."""
    reader, page, documents = await _of_organisation(request, EVENT, DATES)
    _, _, offers = await _of_organisation(request, OPPORTUNITY, DATES)
    source = of_organisation(page.handle, reader.home, reader.language.code).ics
    return await _calendar(request, reader, _Subject(page.name, source, page.path), [*documents, *offers])


async def organisation_feed(request: Request) -> Response:
    """Give what an organisation of ours published or confirmed last; raises `NotFound`."""
    reader, page, documents = await _of_organisation(request, "", ENTRIES)
    source = of_organisation(page.handle, reader.home, reader.language.code).atom
    return await _feed(request, reader, _Subject(page.name, source, page.path), documents)


async def _of_organisation(
    request: Request, kind: str, most: int
) -> tuple[Reader, OrganisationPage, Sequence[Document]]:
    workshop: Workshop = request.app.state.workshop
    look = request.app.state.lookups.published
    page, documents = await workshop.read(look, request.path_params["handle"], kind, most)
    return _reader(request), page, documents


async def one_date(request: Request, found: Detail) -> Response:
    """Give one date, with its whole address."""
    reader, document = _reader(request), _placed(found)
    path = view.path(document)
    name = {"Content-Disposition": f'attachment; filename="{view.slug(document.title) or "termin"}.ics"'}
    return await _calendar(request, reader, _Subject(document.title, f"{path}.ics", path), [document], name)


def _placed(found: Detail) -> Document:
    """Return a Document whose place is the whole address, for whoever has to find there."""
    place = found.thing.place
    if place is None:
        return found.document
    town = f"{place.postcode} {place.locality}".strip()
    parts = dict.fromkeys(part for part in (place.name, place.street, town) if part)
    return replace(found.document, place=", ".join(parts) or found.document.place)


# --- answers ----------------------------------------------------------------------------------------------------------
def _reader(request: Request) -> Reader:
    workshop: Workshop = request.app.state.workshop
    asked = request.query_params.get(_LANGUAGE, i18n.DEFAULT)
    language = i18n.language(asked if asked in i18n.LOCALES else i18n.DEFAULT)
    return Reader(language, workshop.now(), workshop.settings.url)


async def _calendar(
    request: Request,
    reader: Reader,
    subject: _Subject,
    documents: Sequence[Document],
    more: dict[str, str] | None = None,
) -> Response:
    from fediverse_ehrenamt.discover import ics

    heading = ics.Heading(subject.name, reader.home + subject.source, reader.home + subject.page)
    body = await run_in_threadpool(ics.write, heading, documents, reader.home, reader.language.code)
    return conditional.answer(request, body, ics.MEDIA_TYPE, _modified(documents, reader.now), more)


async def _feed(request: Request, reader: Reader, subject: _Subject, documents: Sequence[Document]) -> Response:
    subtitle = reader.language.gettext("Neue und bestätigte Angebote und Termine")
    author: str = request.app.state.instance_name
    source, page = reader.home + subject.source, reader.home + subject.page
    heading = atom.Heading(subject.name, subtitle, source, page, author)
    body = await run_in_threadpool(atom.write, heading, documents, reader)
    return conditional.answer(request, body, atom.MEDIA_TYPE, _modified(documents, reader.now))


def _modified(documents: Iterable[Document], now: datetime) -> datetime:
    """Return when this may have changed last: with a Document, or at the full hour, for those that left meanwhile."""
    present = now.astimezone(UTC)
    hour = present.replace(minute=0, second=0, microsecond=0)
    newest = max(map(atom.updated, documents), default=hour)
    return min(max(newest, hour), present).replace(microsecond=0)


ROUTES: list[BaseRoute] = [
    Route(f"{_SEARCH}.ics", search_calendar, name="search-calendar"),
    Route(f"{_SEARCH}.atom", search_feed, name="search-feed"),
    Route("/organisationen/{handle}.ics", organisation_calendar, name="organisation-calendar"),
    Route("/organisationen/{handle}.atom", organisation_feed, name="organisation-feed"),
]
