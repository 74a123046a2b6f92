"""The notice of an offer or a date for a board on a wall: one sheet of paper with a code that leads to its page."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import detail, pages, readers, view
from fediverse_ehrenamt.discover.facts import Fact, Section
from fediverse_ehrenamt.discover.view import Detail
from fediverse_ehrenamt.kit import html, qr
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.things import writing
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.work import Workshop

_TEXT = 330  # characters: with the longest title, five facts and the strips that still is one page
_STRIPS = 8
_VALUES = 3  # of one fact
_SECTIONS = ("teilnahme", "voraussetzungen", "unterstuetzung")  # who it is for, and what one gets
_FACTS = 4
_SCHEME = re.compile(r"https?://")
_CODE_KEPT = {"Cache-Control": "public, max-age=86400"}
_MODULE, _QUIET = 4, 2  # pixels of a module, modules of white around: the sheet has more


async def show(request: Request) -> Response:
    """Show the sheet as it will be printed."""
    found = await _read(request)
    reader = await readers.of(request)
    page = detail.page(found, reader, request.query_params.get(rendering.LANGUAGE_PARAMETER, ""))
    return rendering.page(
        request,
        "discover/sheet.html",
        page=page,
        path=view.path(found.document),
        text=html.shorten(_said(page.content), _TEXT),
        facts=_facts(page.sections),
        code_href=f"{_short(found)}/code.svg",
        address=_SCHEME.sub("", reader.home + _short(found)),
        strips=range(_STRIPS),
    )


def _said(content: str) -> str:
    """Return a content as it is read on paper: the link that it ends in leads nowhere there."""
    return writing.without_end(f"{html.text(content)}\n\n").strip()


async def code(request: Request) -> Response:
    """Show the address of the page as a QR code: our own page also of what came from elsewhere, which may move."""
    found = await _read(request)
    workshop: Workshop = request.app.state.workshop
    address = workshop.settings.url + _short(found)
    drawing = qr.svg(address, light="#fff", xmldecl=False, border=_QUIET, scale=_MODULE, svgclass=None)
    return Response(drawing, headers=_CODE_KEPT, media_type="image/svg+xml")


async def _read(request: Request) -> Detail:
    workshop: Workshop = request.app.state.workshop
    page_id = view.page_id(request.path_params["page"])
    return await workshop.read(pages.read, request.app.state.lookups, pages.kind_of(request), page_id)


def _short(found: Detail) -> str:
    """Return the path of a page without the words in it: a smaller code, and less to type."""
    return f"{view.PATHS[found.document.kind]}/{found.document.id}"


def _facts(sections: tuple[Section, ...]) -> list[Fact]:
    """Choose what somebody has to know before they tear off a strip, of each fact the first values."""
    said = [
        Fact(fact.label, fact.values[:_VALUES])
        for section in sections
        if section.key in _SECTIONS
        for fact in section.facts
        if not fact.missing
    ]
    return said[:_FACTS]


_KINDS = (OPPORTUNITY, EVENT)
ROUTES: list[BaseRoute] = [
    *(Route(f"{view.PATHS[kind]}/{{page}}/aushang", show, name=f"{kind}-sheet") for kind in _KINDS),
    *(Route(f"{view.PATHS[kind]}/{{page}}/code.svg", code, name=f"{kind}-code") for kind in _KINDS),
]
