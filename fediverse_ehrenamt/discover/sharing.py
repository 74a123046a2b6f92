"""Telling others: visitors name their server in the fediverse and are sent to the page where they write a post there.

Nobody has an account here to share with, and no page of ours asks another server for a button. What is typed is used
for one redirect and neither stored nor logged.
"""

import re
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import pages, readers, view
from fediverse_ehrenamt.federation import remote_follow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search.model import KINDS, Document
from fediverse_ehrenamt.web import forms, headers, rendering
from fediverse_ehrenamt.work import Workshop

_SERVER = "server"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10
_NEW_POST = "share"  # Mastodon, Pleroma, Akkoma, Misskey, Sharkey and others write a new post there
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"  # of letters of any script
_HOST = re.compile(rf"(?:https?://)?(?P<host>{_LABEL}(?:\.{_LABEL})+(?::[0-9]{{1,5}})?)/?")
_LONGEST = 253
_TITLE = 200


async def ask(request: Request) -> Response:
    """Ask for the visitor's server."""
    return await _page(request)


async def send(request: Request) -> Response:
    """Send the visitor on, or say on the page what is wrong with what they typed."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    said = typed.get(_SERVER, "").strip()
    server = host(said)
    if not server:
        words = rendering.language_of(request)
        wrong = words.gettext(
            "Das ist kein Server; richtig wäre zum Beispiel mastodon.social oder @name@mastodon.social."
        )
        return await _page(request, said, wrong)
    document = await _read(request)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    text = f"{view.title(document, words)[:_TITLE]}\n{workshop.settings.url}{view.path(document)}"
    where = f"https://{server}/{_NEW_POST}?{urlencode({'text': text})}"
    return RedirectResponse(where, HTTPStatus.SEE_OTHER, {"Referrer-Policy": "no-referrer"})


def host(said: str) -> str:
    """Read the server in "@name@host", "host" or an address; "" for anything else."""
    account = remote_follow.account(said)
    named = account.host if account else said.lower()
    found = _HOST.fullmatch(named) if len(named) <= _LONGEST else None
    return ids.host(f"https://{found['host']}") if found else ""


async def _read(request: Request) -> Document:
    workshop: Workshop = request.app.state.workshop
    page_id = view.page_id(request.path_params["page"])
    found = await workshop.read(pages.read, request.app.state.lookups, pages.kind_of(request), page_id)
    return found.document


async def _page(request: Request, typed: str = "", problem: str = "") -> Response:
    document = await _read(request)
    reader = await readers.of(request)
    response = rendering.page(
        request,
        "discover/share_form.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        title=view.title(document, reader.language),
        path=view.path(document),
        typed=typed,
        problem=problem,
    )
    return headers.with_form_elsewhere(request, response)


_PATHS = [(kind, f"{view.PATHS[kind]}/{{page}}/teilen") for kind in KINDS]
ROUTES: list[BaseRoute] = [
    *(Route(path, ask, name=f"{kind}-share") for kind, path in _PATHS),
    *(Route(path, send, methods=["POST"], name=f"{kind}-share-send") for kind, path in _PATHS),
]
