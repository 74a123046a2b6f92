"""The map: a search as a list beside it, what each frame holds of it, and the names of places for its background.

The list is the page; the map is drawn by a script (`static/js/karte.js`) that asks for what it shows. Nothing of it
comes from another server.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import filtering, questions, readers, results, unclear, understood, view
from fediverse_ehrenamt.discover.results import Choice
from fediverse_ehrenamt.discover.view import Card, Reader
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.maps import tiles
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.preferences.rules import Home
from fediverse_ehrenamt.search import frames, schema
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.charting import Group
from fediverse_ehrenamt.search.engine import Index, Results
from fediverse_ehrenamt.search.filters import DEFAULT_RADIUS_KM
from fediverse_ehrenamt.search.frames import GERMANY, Frame, NoFrame, Where
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import assets, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

PATH = "/karte"
OUTLINES = "© GeoBasis-DE / BKG 2017 (Daten vereinfacht)"
PLACES = "© GeoNames (CC BY 4.0)"
_POINTS, _PLACES = f"{PATH}/punkte", f"{PATH}/orte"
_LABELS = 80  # names of places that an answer has at most; a map shows those that have room
_VILLAGES = 11  # zoom from which on places are named whose population nobody knows
_WORLD = Frame(-180.0, -85.0, 180.0, 85.0)
_LOOK = 6  # zoom at which is looked where the hits are
_MARGIN = 0.02  # degrees around hits, so that one alone is no point
_POINT = 0.00002  # degrees around a point, so that a frame holds what stands at it
_KM_PER_DEGREE = 111.2
_LABELS_KEPT = 512
_A_DAY, _A_MINUTE = 86_400, 60


async def show(request: Request) -> Response:
    """Show a search as a list with its places, and the map beside it where there are scripts."""
    typed = request.query_params.multi_items()
    workshop: Workshop = request.app.state.workshop
    meant = understood.meant(typed, clock.day(workshop.now()))
    if meant:
        return RedirectResponse(moved(results.href(meant)), HTTPStatus.SEE_OTHER)
    try:
        query = searches.read(typed)
    except Invalid as invalid:
        return unclear.page(request, typed, invalid.problems, PATH)
    reader = await readers.of(request)
    return await run_in_threadpool(_page, request, query, _where(request), reader)


def _page(request: Request, query: Query, where: Where | None, reader: Reader) -> Response:
    index: Index = request.app.state.index
    found = index.find(query, reader.now, where)
    query = replace(query, text=found.corrected) if found.corrected else query
    counts = index.counts(query, reader.now, found.total)
    first = query.on_page(1)
    unplaced = index.unplaced(query, reader.now)
    return rendering.page(
        request,
        "discover/map.html",
        form=filtering.form(query.pairs(), reader.language, counts=counts, preferred=request.app.state.preferences),
        action=PATH,
        query=query,
        where=where,
        framed=isinstance(where, Frame),
        found=found,
        items=_items(query, found, reader),
        active=[_moved(choice, where) for choice in results.active(first, reader.language)],
        pages=[_moved(choice, where) for choice in results.pages(query, found.page, found.pages)],
        unplaced=unplaced.anywhere + (0 if query.spot else unplaced.nowhere),
        unplaced_href=href(query, NoFrame()),
        everywhere_href=href(query),
        undated_href=moved(results.undated(first)),
        list_href=results.href(first.pairs()),
        days=questions.rows(reader.language),
        parts=questions.columns(reader.language),
        setup=setup(reader.language, request.app.state.workshop.settings)
        | {
            "points": f"{_POINTS}?{first.params()}",
            "list": href(query),
            "frame": _sides(_beginning(index, query, where, reader, request.app.state.preferences.home)),
        },
    )


def setup(words: Language, settings: Settings) -> dict[str, object]:
    """Return what the script needs to know to draw any map: where its files are, whose the data are, its words.

    `tiles` is "" where there are none, or none that can be read: names are drawn on the outlines then. `zooms` are the
    least and the greatest that there are tiles for.
    """
    whose = _whose_tiles(settings)
    return {
        "tiles": "" if whose is None else f"{tiles.PATH}/{{z}}/{{x}}/{{y}}",
        "script": assets.href("vendor/leaflet/leaflet.js"),
        "style": assets.href("vendor/leaflet/leaflet.css"),
        "outlines": assets.href("map/umrisse.json"),
        "places": _PLACES,
        "zooms": tiles.zooms(settings) if whose is not None else (),
        "attribution": f"{OUTLINES} · {PLACES if whose is None else escape(whose)}",
        "nearest": frames.MOST_ZOOM,
        "words": {
            "nearer": words.gettext("Näher heran"),
            "further": words.gettext("Weiter weg"),
            "close": words.gettext("Schließen"),
            "show": words.gettext("Auf der Karte zeigen"),
            "failed": words.gettext("Die Karte konnte nicht geladen werden."),
        },
    }


def _whose_tiles(settings: Settings) -> str | None:
    try:
        return None if tiles.source(settings) is None else tiles.attribution(settings)
    except Invalid:  # `ehrenamt check` and `ehrenamt map show` say what is wrong with the file
        return None


def href(query: Query, where: Where | None = None) -> str:
    """Return the path of the map of a search, its list only of what is `where` a map shows it."""
    pairs = query.on_page(1).pairs()
    return _with((*pairs, (frames.NAME, str(where))) if where is not None else pairs)


def moved(path: str) -> str:
    """Return the path of a search as that of its map."""
    return PATH + path.removeprefix(results.START)


def _with(pairs: Sequence[tuple[str, str]]) -> str:
    return f"{PATH}?{urlencode(pairs, safe=',')}" if pairs else PATH


def _moved(choice: Choice, where: Where | None) -> Choice:
    """Return a change of the search that stays on the map, and in its frame."""
    if not choice.href:
        return choice
    path = moved(choice.href)
    joint = "&" if "?" in path else "?"
    return replace(choice, href=path if where is None else f"{path}{joint}{frames.NAME}={where}")


def _where(request: Request) -> Where | None:
    """Read the frame of the list; one that cannot be read is none, for nobody types it."""
    try:
        return frames.read_where(request.query_params.get(frames.NAME, ""))
    except Invalid:
        return None


def _items(query: Query, found: Results, reader: Reader) -> list[tuple[Card, str]]:
    """Return the cards of a list, each with its point as the script reads it, "" where it has none."""
    return [
        (
            replace(
                view.card(hit.document, reader, hit.distance_km, "", hit.nearly),
                silent=filtering.silent(query, hit.document, reader.language),
                image="",
            ),
            _spot(hit.document),
        )
        for hit in found.hits
    ]


def _spot(document: Document) -> str:
    here = None if document.anywhere else schema.point(document)
    return "" if here is None else f"{here[0]:.5f},{here[1]:.5f}"


def _beginning(index: Index, query: Query, where: Where | None, reader: Reader, home: Home | None) -> Frame:
    """Return what the map shows first: its frame, the circle of the search, around home, or where the hits are."""
    if isinstance(where, Frame):
        return where
    if query.spot is not None:
        return _around(query.spot, query.radius_km)
    here = _around(home, DEFAULT_RADIUS_KM) if home is not None else None
    if here is not None and index.chart(query, reader.now, here, _LOOK).total:
        return here
    groups = index.chart(query, reader.now, _WORLD, _LOOK).groups
    return frames.around((group.frame for group in groups), _MARGIN) or GERMANY


def _around(spot: Spot | Home, radius_km: float) -> Frame:
    up = radius_km / _KM_PER_DEGREE
    aside = up / math.cos(math.radians(spot.latitude))
    return Frame(spot.longitude - aside, spot.latitude - up, spot.longitude + aside, spot.latitude + up)


def _sides(frame: Frame) -> list[float]:
    return [frame.west, frame.south, frame.east, frame.north]


# --- what the script asks for -----------------------------------------------------------------------------------------
async def points(request: Request) -> Response:
    """Answer a search, a frame ("rahmen") and a zoom with what a map shows, as GeoJSON (RFC 7946).

    A feature is a group of `charting`: `count`, its `name` for those who cannot see it, the `frame` to go nearer to,
    the `list` of what it holds, and `things` where they are few. Raises `Invalid` for what cannot be read.
    """
    query = searches.read(request.query_params.multi_items())
    frame = frames.read(request.query_params.get(frames.NAME, ""))
    zoom = frames.read_zoom(request.query_params.get("zoom", ""))
    reader = await readers.of(request)
    index: Index = request.app.state.index
    chart = await run_in_threadpool(index.chart, query, reader.now, frame, zoom)
    words = reader.language
    counted = words.ngettext("%(number)s Treffer auf der Karte", "%(number)s Treffer auf der Karte", chart.total)
    body = {
        "type": "FeatureCollection",
        "features": [_feature(group, query, reader) for group in chart.groups],
        "total": chart.total,
        "words": counted % {"number": words.number(chart.total)},
    }
    return _kept(body, f"private, max-age={_A_MINUTE}")


def _feature(group: Group, query: Query, reader: Reader) -> dict[str, object]:
    words, things = reader.language, [_thing(document, reader) for document in group.documents]
    number = {"number": words.number(group.count)}
    several = words.ngettext("%(number)s Treffer, näher heran", "%(number)s Treffer, näher heran", group.count) % number
    at_one = (
        words.ngettext("%(number)s Treffer an diesem Ort", "%(number)s Treffer an diesem Ort", group.count) % number
    )
    more = words.gettext("Alle %(number)s in der Liste zeigen") % number
    around = frames.around([group.frame], _POINT)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(group.longitude, 5), round(group.latitude, 5)]},
        "properties": {
            "count": group.count,
            "label": words.number(group.count),
            "name": _name(things, at_one) if things else several,
            "frame": _sides(group.frame),
            "list": href(query, around),
            "more": more if group.count > len(things) else "",
            "things": things,
        },
    }


def _name(things: list[dict[str, str]], at_one: str) -> str:
    return at_one if len(things) > 1 else f"{things[0]['kind']}: {things[0]['title']}"


def _thing(document: Document, reader: Reader) -> dict[str, str]:
    card = view.card(document, reader)
    kind = f"{card.kind_label}, {card.status}" if card.status else card.kind_label
    return {
        "slug": card.kind,
        "kind": kind,
        "title": card.title,
        "by": card.organisation,
        "when": card.when,
        "place": card.place,
        "href": card.href,
    }


async def places(request: Request) -> Response:
    """Answer a frame and a zoom with the names of its largest places: [name, latitude, longitude, inhabitants]."""
    frame = frames.read(request.query_params.get(frames.NAME, ""))
    zoom = frames.read_zoom(request.query_params.get("zoom", ""))
    found = await run_in_threadpool(_named, frame, villages=zoom >= _VILLAGES)
    return _kept(found, f"public, max-age={_A_DAY}")


@lru_cache(_LABELS_KEPT)
def _named(frame: Frame, *, villages: bool) -> list[tuple[str, float, float, int]]:
    found = gazetteer.inside(frame.south, frame.west, frame.north, frame.east, _LABELS)
    return [
        (spot.name, spot.latitude, spot.longitude, spot.population) for spot in found if villages or spot.population
    ]


def _kept(body: object, how: str) -> Response:
    return JSONResponse(body, headers={"Cache-Control": how, "Vary": "Accept-Language, Cookie"})


ROUTES: list[BaseRoute] = [
    Route(PATH, show, name="map"),
    Route(_POINTS, points, name="map-points"),
    Route(_PLACES, places, name="map-places"),
]
