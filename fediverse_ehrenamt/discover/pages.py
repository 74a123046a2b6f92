"""Pages for visitors: the search, one page for each thing, what this instance is. Nothing here needs JavaScript.

`app.state` holds `workshop`, `index`, `instance_name`, and `lookups`, which wiring fills with the capabilities' stores.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission
from fediverse_ehrenamt.discover import (
    calendar,
    days,
    detail,
    drawing,
    feeds,
    filtering,
    fit,
    following,
    gone,
    mapping,
    matching,
    organisations,
    pasted,
    questions,
    readers,
    results,
    series,
    subscriptions,
    unclear,
    understood,
    view,
    viewing,
)
from fediverse_ehrenamt.discover import profile as profiles
from fediverse_ehrenamt.discover.filtering import Own
from fediverse_ehrenamt.discover.fit import Fitting
from fediverse_ehrenamt.discover.view import Card, Detail, OrganisationPage, Publisher, Reader, Source
from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.feeds import actions as accounts
from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.kit.errors import Gone, Invalid, NotFound
from fediverse_ehrenamt.places import data as places
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.preferences.rules import Preferences, offered
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.counting import Counts
from fediverse_ehrenamt.search.engine import PAGE_SIZE, Hit, Index, Results
from fediverse_ehrenamt.search.filters import BY_FIT, BY_HITS
from fediverse_ehrenamt.search.further import Further
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, POST, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.texts import pages as texts
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Event, Note, Opportunity
from fediverse_ehrenamt.web import assets, errors, headers, negotiation, rendering
from fediverse_ehrenamt.work import Work, Workshop

_NEWEST = 6  # cards on the start page


@dataclass(frozen=True, slots=True)
class Lookups:
    """What these pages ask of the capabilities.

    `things` has one function for each `Document.kind`, given the thing's URI, that raises `NotFound` or `Gone`.
    `publisher` is given an actor's URI. `sources` lists what this instance follows. `organisation` is given a handle
    of ours, and which pages of its offers and of its dates are wanted; `published` a handle, a kind ("" for all) and
    how many are wanted, the next dates or else the newest. Both raise `NotFound`. `answer_days` is given an
    organisation's URI.
    """

    things: Mapping[str, Callable[[Work, str], Opportunity | Event | Note]]
    publisher: Callable[[Work, str], Publisher | None]
    sources: Callable[[Work], tuple[Source, ...]]
    organisation: Callable[[Work, str, int, int], OrganisationPage]
    published: Callable[[Work, str, str, int], tuple[OrganisationPage, tuple[Document, ...]]]
    answer_days: Callable[[Work, str], int | None]


async def start(request: Request) -> Response:
    """Show the search, a typed question as the search that it means; without a query, a page with the newest offers.

    Whoever asks for an actor here is sent to the instance's: people type the address of a site into their Mastodon.
    """
    if not request.url.query and negotiation.wants_object(request):
        return _to_the_instance(request)
    response = await _found(request)
    profiles.follow_search(request, response)
    return response


def _to_the_instance(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    return negotiation.elsewhere(addresses.instance_actor(workshop.settings))


async def _found(request: Request) -> Response:
    typed = request.query_params.multi_items()
    if pasted.is_address(address := request.query_params.get("q", "").strip()):
        workshop: Workshop = request.app.state.workshop
        if there := await workshop.read(pasted.find, address):
            return RedirectResponse(there, HTTPStatus.SEE_OTHER)
    elif meant := understood.meant(typed, _today(request)):  # of an address a number could pass for a postcode
        return RedirectResponse(results.href(meant), HTTPStatus.SEE_OTHER)
    try:
        query = searches.read(typed)
    except Invalid as invalid:
        return unclear.page(request, typed, invalid.problems, results.START)
    return await (_front(request) if query == Query() else _results(request, query))


async def _results(request: Request, query: Query) -> Response:
    """Show what matches a search, ordered for the visitor who told of themselves.

    Each way to a thread and back takes as long as a tenth of the page, so there are two: to the index and the database.
    """
    index: Index = request.app.state.index
    workshop: Workshop = request.app.state.workshop
    language, now = rendering.language_of(request), workshop.now()
    profile = profiles.find(request)
    own, suggested = fit.counts(profile), profiles.place_for_search(request, profile)
    fitted = own and query.sort in {"", BY_FIT}
    order = partial(fit.find, profile=profile, weights=profiles.weights(request), words=language) if fitted else None
    answer = await run_in_threadpool(_find, index, query, now, order)
    found, fitting, answered, counts, further = answer
    plain = saved.plain(answered)
    sources, account = await workshop.read(_beside, request.app.state.lookups, plain)
    reader = readers.made(request, sources)
    reader = await readers.with_pictures(request, reader, [hit.document for hit in (*found.hits, *found.beside)])
    asked = understood.understood(query.pairs(), _today(request))
    if query.page == 1:
        viewing.searched(request, found.total)
    sentences = fitting.sentences if fitting else {}
    sure = len(found.hits) if fitting else max(found.total - found.unsure - (found.page - 1) * PAGE_SIZE, 0)
    count = partial(_total, index, now=now)
    advice = () if found.hits else await run_in_threadpool(results.advice, query, reader.language, count)
    bare = not (found.hits or advice) and await run_in_threadpool(count, results.EVERYTHING) == 0
    dated = EVENT in query.kinds or not query.kinds
    preferred, edition = request.app.state.preferences, places.edition()

    def values() -> dict[str, object]:
        return {
            "form": filtering.form(
                query.pairs(), reader.language, own=Own(own, suggested), counts=counts, preferred=preferred
            ),
            "suggested": suggested,
            "without_place_href": results.without_place(query),
            "query": query,
            "found": found,
            "cards": _cards(answer, found.hits[:sure], reader, sentences),
            "behind": _cards(answer, found.hits[sure:], reader, sentences),
            "beside": _cards(answer, found.beside, reader, {}),
            "shortened": query.text if results.is_shortened(request.query_params.get("q", ""), query) else "",
            "understood": results.understood(asked, reader.language),
            "active": results.active(query, reader.language, asked.filters if asked else ()),
            "namesakes": results.namesakes(query),
            "advice": advice,
            "bare": bare,
            "left": filtering.left(query, counts),
            "sure": found.total - found.unsure,
            "exactly_href": results.exactly(query),
            "without_area_href": results.without_area(query),
            "without_district_href": results.without_district(query),
            "days": questions.rows(reader.language),
            "parts": questions.columns(reader.language),
            "pages": results.pages(query, found.page, found.pages),
            "undated_href": results.undated(query),
            "everywhere_href": results.everywhere(query),
            "map_href": mapping.href(answered),
            "fitting": fitting,
            "changeable": fit.CHANGEABLE,
            "own": own,
            "by_hits_href": results.sorted_by(query, BY_HITS),
            "by_fit_href": results.sorted_by(query, ""),
            "meant_href": results.meant(query, found.meant),
            "save_params": replace(query.on_page(1), text=found.corrected or query.text, sort="").params(),
            "dated": dated,
            "calendar_href": days.path(answered) if dated and counts.of("art", ("termin",)) else "",
            "subscribe": subscriptions.of_search(plain, reader.home, reader.language.code),
            "account": f"/abos/{account}" if account else "/ueber#folgen",
        }

    shown = query, found, answered, counts, further, asked, advice, bare, account, preferred, edition, _lasting(reader)
    response = drawing.page(request, "discover/results.html", shown, values, alone=bool(own or suggested))
    if own or suggested:  # it says what somebody told of themselves
        response.headers["Cache-Control"] = profiles.PRIVATE
    return response


def _lasting(reader: Reader) -> tuple[object, ...]:
    """Return what cards show of a reader beside the moment."""
    return reader.home, reader.portals, reader.pictures


class _Answer(NamedTuple):
    """What a search found: `answered` is the query as it was understood in the end, counted in `counts`.

    `further` are the dates of series of which `found` has the first.
    """

    found: Results
    fitting: Fitting | None
    answered: Query
    counts: Counts
    further: Mapping[str, Further]


def _find(index: Index, query: Query, now: datetime, order: Callable[..., Fitting] | None) -> _Answer:
    """Find a page of hits and count the filters; `order` is `fit.find` for somebody who told of themselves."""
    fitting = order(index, query, now=now) if order else None
    found = fitting.results if fitting else index.find(query, now)
    answered = replace(query, text=found.corrected) if found.corrected else query
    further = index.further(answered, now, series.dated(answered, (*found.hits, *found.beside)))
    return _Answer(found, fitting, answered, index.counts(answered, now, found.total), further)


def _beside(work: Work, lookups: Lookups, query: Query) -> tuple[tuple[Source, ...], str]:
    """Return what this instance follows, and the handle of the account that shares what is new in a search, or ""."""
    return lookups.sources(work), accounts.of_search(work, query.params())


async def event_calendar(request: Request) -> Response:
    """Give one date to be kept in a calendar."""
    workshop: Workshop = request.app.state.workshop
    page_id = view.page_id(request.path_params["page"])
    return await subscriptions.one_date(request, await workshop.read(read, request.app.state.lookups, EVENT, page_id))


def _today(request: Request) -> date:
    workshop: Workshop = request.app.state.workshop
    return clock.day(workshop.now())


def _cards(answer: "_Answer", hits: Iterable[Hit], reader: Reader, sentences: Mapping[str, str]) -> list[Card]:
    return [
        replace(
            view.card(hit.document, reader, hit.distance_km, sentences.get(hit.document.uri, ""), hit.nearly),
            silent=filtering.silent(answer.answered, hit.document, reader.language),
            met=filtering.met(answer.answered, hit.document, reader.language),
            dates=view.dates(one.further.dates, reader),
            further=one.further.total - len(one.further.dates),
            further_href=results.dates_of(hit.document) if one.further.total else "",
        )
        for one in series.grouped(answer.answered, hits, answer.further)
        for hit in (one.hit,)
    ]


def _total(index: Index, query: Query, now: datetime) -> int:
    return index.find(query, now).total


async def suggestions(request: Request) -> Response:
    """Answer `?q=` with what it may become, as OpenSearch suggestions: `["vorl", ["Vorlesen", …]]`."""
    text = request.query_params.get("q", "")[: searches.MAX_CHARACTERS]
    workshop: Workshop = request.app.state.workshop
    index: Index = request.app.state.index
    found = await run_in_threadpool(index.suggest, text, workshop.now())
    shown = text.encode("utf-8", "replace").decode()
    return JSONResponse([shown, list(found)], headers={"Cache-Control": "public, max-age=60"})


async def thing(request: Request) -> Response:
    """Show one thing with all its facts; the words after its id in the path are for people only.

    Whoever asks for the object is sent to its id: people paste the page that they look at into their Mastodon.
    """
    page_id = view.page_id(request.path_params["page"])
    kind = kind_of(request)
    workshop: Workshop = request.app.state.workshop
    try:
        found = await workshop.read(read, request.app.state.lookups, kind, page_id)
    except Gone:
        if not errors.wants_html(request):
            raise
        return await gone.page(request, kind)
    if negotiation.wants_object(request) and (there := html.web_url(found.document.uri)):
        return negotiation.elsewhere(there)  # also to another origin, which the peer asks then
    wanted = request.query_params.get(rendering.LANGUAGE_PARAMETER, "")
    reader = await readers.with_pictures(request, await readers.of(request), [found.document])
    page = detail.page(found, reader, wanted)
    drawn = mapping.setup(reader.language, workshop.settings) if page.where and page.where.spot else None
    viewing.opened(request, found.document)
    borrow = await _borrow(request, found)
    response = rendering.page(request, "discover/detail.html", page=page, map=drawn, borrow=borrow)
    return headers.with_form_elsewhere(request, response) if page.publisher else response


async def _borrow(request: Request, found: Detail) -> str:
    """Return where somebody who writes offers takes this one of others as a template, "" for all others."""
    visitor = await visits.visitor(request)
    if visitor is None or found.document.kind == POST or found.document.organisation_uri in visitor.organisations:
        return ""
    return f"{view.TEMPLATES}/{found.document.id}" if visitor.may_somewhere(Permission.EDIT_OFFERS) else ""


async def about(request: Request) -> Response:
    """Say what this instance is, where its offers come from, and how to follow it; peers are sent to its actor."""
    if negotiation.wants_object(request):
        return _to_the_instance(request)
    workshop: Workshop = request.app.state.workshop
    lookups: Lookups = request.app.state.lookups
    settings = workshop.settings
    response = rendering.page(
        request,
        "discover/about.html",
        own=await texts.about(request),
        sources=await workshop.read(lookups.sources),
        total=await workshop.read(documents.count),
        address=f"@relay@{settings.handle_domain}",
        home=settings.url,
        attribution=rendering.language_of(request).gettext(gazetteer.ATTRIBUTION),
    )
    return headers.with_form_elsewhere(request, response)


def kind_of(request: Request) -> str:
    """Return the kind of the thing whose page, or a page of whose, is asked for."""
    return _KIND_OF_PATH["/" + request.url.path.split("/")[1]]


def read(work: Work, lookups: Lookups, kind: str, page_id: str) -> Detail:
    """Return one thing by its page's id; raises `NotFound`, or `Gone` where it expired or was withdrawn."""
    document = documents.find(work, page_id)
    if document is None and documents.is_gone(work, page_id):
        raise Gone("Das ist abgelaufen oder wurde zurückgezogen.")
    if document is None or document.kind != kind:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return Detail(
        document,
        lookups.things[kind](work, document.uri),
        lookups.publisher(work, document.organisation_uri),
        lookups.answer_days(work, document.organisation_uri) if document.local else None,
    )


async def _front(request: Request) -> Response:
    index: Index = request.app.state.index
    reader = await readers.of(request)
    found = await run_in_threadpool(index.find, Query(kinds=(OPPORTUNITY, EVENT)), reader.now)
    newest = [one.hit.document for one in series.grouped(Query(), found.hits, {})[:_NEWEST]]
    reader = await readers.with_pictures(request, reader, newest)
    suggested = profiles.place_for_search(request, profiles.find(request))
    preferred = request.app.state.preferences

    def values() -> dict[str, object]:
        return {
            "form": filtering.form((), reader.language, own=Own(place=suggested), preferred=preferred),
            "suggested": suggested,
            "without_place_href": results.without_place(Query()),
            "cards": [view.card(document, reader) for document in newest],
            "found": found,
            "areas": _areas(reader, preferred),
            "signed_out": rendering.SIGNED_OUT in request.query_params,
        }

    shown = found, preferred, _lasting(reader)
    response = drawing.page(request, "discover/start.html", shown, values, alone=bool(suggested))
    if suggested:
        response.headers["Cache-Control"] = profiles.PRIVATE
    return response


def _areas(reader: Reader, preferred: Preferences) -> list[results.Choice]:
    return [
        results.Choice(reader.language.gettext(label), results.href((("bereich", slug),)))
        for slug, label in offered(labels.AREA_SHORT.items(), preferred)
    ]


_KIND_OF_PATH = {path: kind for kind, path in view.PATHS.items()}

ROUTES: list[BaseRoute] = [
    Route("/", start, name="start"),
    Route("/vorschlaege", suggestions, name="suggestions"),
    Route(f"{view.PATHS[EVENT]}/{{page}}.ics", event_calendar, name="event-calendar"),
    Route(f"{view.PATHS[OPPORTUNITY]}/{{page}}", thing, name="opportunity"),
    Route(f"{view.PATHS[EVENT]}/{{page}}", thing, name="event"),
    Route(f"{view.PATHS[POST]}/{{page}}", thing, name="post"),
    *subscriptions.ROUTES,  # before what takes any path of one segment
    *organisations.ROUTES,
    Route("/ueber", about, name="about"),
    *calendar.ROUTES,
    *feeds.ROUTES,
    *following.ROUTES,
    *matching.ROUTES,
    *mapping.ROUTES,
    assets.MOUNT,
]
