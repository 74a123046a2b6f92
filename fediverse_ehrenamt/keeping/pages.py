"""The pages of the Merkliste: looking at one's own or a shared one, putting on, taking off with a way back.

Everything is a form that posts and is sent back to where it was; scripts ask for JSON and change the page in place.
"""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import readers, view
from fediverse_ehrenamt.discover.view import Card, Reader
from fediverse_ehrenamt.keeping import store
from fediverse_ehrenamt.keeping.store import Item
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.web import forms, rendering, shortlist
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.web.shortlist import Ids
from fediverse_ehrenamt.work import Workshop

PATH = "/merkliste"
_TAKE = f"{PATH}/uebernehmen"
_PUT, _OFF, _ALL = "merken", "weg", "alles"  # what the buttons post
_SHARED, _BACK, _PLACE, _FULL, _CLEARED = "a", "zurueck", "stelle", "voll", "geleert"  # of addresses
_LONGEST_BODY, _MOST_FIELDS, _LONGEST_PATH = 4_096, 5, 4_000
_PRIVATE = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: a card, or the words for what is gone; `url` is its whole address, for paper."""

    id: str
    card: Card | None
    url: str = ""
    title: str = ""
    since: str = ""


async def show(request: Request) -> Response:
    """Show the visitor's own list, or the one that a link holds (`?a=`)."""
    own = shortlist.read(request)
    shared = shortlist.parse(request.query_params.get(_SHARED, ""))
    workshop: Workshop = request.app.state.workshop
    given = await workshop.read(store.known, shared)
    foreign = bool(given) and given != own
    shown = given if foreign else own
    found = await workshop.read(store.items, shown)
    reader = await readers.of(request)
    reader = await readers.with_pictures(request, reader, [one for one in found if isinstance(one, Document)])
    removed = _one(request.query_params.get(_OFF, ""))
    home = workshop.settings.url
    response = rendering.page(
        request,
        "keeping/list.html",
        lines=[_line(one, reader) for one in found],
        foreign=foreign,
        broken=bool(request.query_params.get(_SHARED)) and not given,
        fresh=len([page for page in shown if page not in own]),
        take_href=f"{_TAKE}?{_SHARED}={shortlist.write(shown)}",
        share_url=f"{home}{PATH}?{_SHARED}={shortlist.write(shown)}",
        removed=removed if removed not in own else "",
        removed_title=await workshop.read(store.title, removed) if removed else "",
        place=_number(request.query_params.get(_PLACE, "")),
        cleared=shortlist.write(shortlist.parse(request.query_params.get(_CLEARED, ""))) if not own else "",
        full=_FULL in request.query_params,
        most=shortlist.MOST,
        home=home,
    )
    response.headers.update(_PRIVATE)
    return response


def _line(item: Item, reader: Reader) -> Line:
    if isinstance(item, Document):
        return Line(item.id, view.card(item, reader), reader.home + view.path(item))
    return Line(item.page, None, title=item.title, since=reader.language.long_day(item.came_at) if item.came_at else "")


async def change(request: Request) -> Response:
    """Put one page on the list, take one off, or all; then back to where the button was."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    before = shortlist.read(request)
    if _ALL in typed:
        return _changed(request, (), f"{PATH}?{_CLEARED}={shortlist.write(before)}" if before else PATH)
    page, putting = _one(typed.get(_PUT) or typed.get(_OFF, "")), _PUT in typed
    workshop: Workshop = request.app.state.workshop
    if putting and not await workshop.read(store.known, [page]):
        raise NotFound("Diese Seite gibt es hier nicht.")
    place = _number(request.query_params.get(_PLACE, str(shortlist.MOST)))
    after = shortlist.put(before, page, place) if putting else tuple(one for one in before if one != page)
    if putting and page not in after:
        return _told(request, before, page) if _wants_json(request) else _changed(request, before, f"{PATH}?{_FULL}=1")
    if _wants_json(request):
        response = _told(request, after, page)
        shortlist.keep(request, response, after)
        return response
    back = _back(request)
    if not putting and _is_own_list(back):
        back = f"{PATH}?{_OFF}={page}&{_PLACE}={before.index(page) if page in before else 0}"
    return _changed(request, after, back if back == PATH or _OFF in back else f"{back}#m-{page}")


async def take(request: Request) -> Response:
    """Put what a link holds after what is on the visitor's own list."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    given = await workshop.read(store.known, shortlist.parse(request.query_params.get(_SHARED, "")))
    own = shortlist.read(request)
    after = tuple(dict.fromkeys((*own, *given)))
    fits = after[: shortlist.MOST]
    return _changed(request, fits, PATH if fits == after else f"{PATH}?{_FULL}=1")


def _changed(request: Request, ids: Ids, where: str) -> Response:
    response = RedirectResponse(where, HTTPStatus.SEE_OTHER)
    shortlist.keep(request, response, ids)
    return response


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "") == "application/json"


def _told(request: Request, ids: Ids, page: str) -> JSONResponse:
    """Say what the page then shows: the button's words, the menu's, and a sentence for those who do not see it."""
    words = rendering.language_of(request)
    kept = page in ids
    return JSONResponse(
        {
            "kept": kept,
            "name": _OFF if kept else _PUT,
            "words": words.gettext("Gemerkt") if kept else words.gettext("Merken"),
            "hint": " ({})".format(words.gettext("von der Merkliste nehmen")),
            "menu": words.gettext("Merkliste"),
            "count": len(ids),
            "said": _said(words, ids, kept=kept),
        },
        headers=_PRIVATE,
    )


def _said(words: Language, ids: Ids, *, kept: bool) -> str:
    if not kept and len(ids) >= shortlist.MOST:
        return words.gettext("Die Merkliste ist voll. Bitte nehmen Sie zuerst etwas herunter.")
    count = words.ngettext("%(number)s Eintrag", "%(number)s Einträge", len(ids)) % {"number": words.number(len(ids))}
    if kept:
        return words.gettext("Gemerkt. Auf der Merkliste: %(count)s") % {"count": count}
    return words.gettext("Heruntergenommen. Auf der Merkliste: %(count)s") % {"count": count}


def _one(text: str) -> str:
    """Return the id that a text begins with, "" for none."""
    return next(iter(shortlist.parse(text)), "")


def _number(text: str) -> int:
    return min(int(text), shortlist.MOST) if text.isascii() and text.isdigit() and len(text) <= len("50") else 0


def _back(request: Request) -> str:
    """Return the page of ours that a button was on: never one elsewhere, never a part of one."""
    said = request.query_params.get(_BACK, "")
    ours = said.startswith("/") and not said.startswith(("//", "/\\")) and said.isprintable()
    if not ours or len(said) > _LONGEST_PATH:
        return PATH
    path, _, query = said.partition("#")[0].partition("?")
    return quote(path, safe="/%-._~") + (f"?{quote(query, safe='=&%+-._~:,@*()!')}" if query else "")


def _is_own_list(back: str) -> bool:
    parts = urlsplit(back)
    return parts.path == PATH and _SHARED not in parse_qs(parts.query)


ROUTES: list[BaseRoute] = [
    Route(PATH, show, name="shortlist"),
    Route(PATH, change, methods=["POST"], name="shortlist-change"),
    Route(_TAKE, take, methods=["POST"], name="shortlist-take"),
]
