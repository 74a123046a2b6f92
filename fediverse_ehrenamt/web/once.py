"""What was just done is said once: an address that carries such a sentence leads on to itself without it.

A cookie holds which of these addresses was shown last. Whoever keeps no cookies reads the sentence again when they load
the page again; nothing else depends on it.
"""

import hashlib
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fediverse_ehrenamt.web import rendering

COOKIE: Final = "gezeigt"
DONE: Final = "getan"
CARRIERS: Final = frozenset({DONE, "erledigt", "fertig", rendering.SIGNED_OUT})
"""Query parameters that say what was just done."""
WELCOME: Final = "willkommen"
"""What DONE says to whoever has just taken an invitation."""
_MARK_BYTES = 8


class SaidOnce:
    """ASGI middleware that shows a page with such a sentence once after each form that led to it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        mark = _mark(request) if request.method == "GET" else ""
        seen = request.cookies.get(COOKIE, "")
        if mark and mark == seen:
            await RedirectResponse(_without(request), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})(
                scope, receive, send
            )
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                if mark and message["status"] == HTTPStatus.OK:
                    _keep(request, message, mark)
                elif seen and request.method == "POST" and message["status"] == HTTPStatus.SEE_OTHER:
                    _keep(request, message, "")  # the same may be done again, and is then said again
            await send(message)

        await self.app(scope, receive, send_marked if mark or seen else send)


def told(request: Request, path: str) -> str:
    """Return a path that says what the address of a request says: whoever is led on hears it there."""
    said = request.query_params.get(DONE, "")
    return f"{path}?{urlencode({DONE: said})}" if said else path


def _mark(request: Request) -> str:
    """Return a short digest of an address that carries a sentence, "" for any other."""
    query = request.url.query
    if not any(name in query for name in CARRIERS) or CARRIERS.isdisjoint(request.query_params):
        return ""
    return hashlib.blake2b(f"{request.url.path}?{query}".encode(), digest_size=_MARK_BYTES).hexdigest()


def _without(request: Request) -> str:
    """Return the address without what carries the sentence; it never leads to another host."""
    kept = [pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] not in CARRIERS]
    path = f"/{request.url.path.lstrip('/')}"
    return f"{path}?{urlencode(kept)}" if kept else path


def _keep(request: Request, message: Message, mark: str) -> None:
    """Add the cookie to an answer; an empty mark has the browser forget it."""
    held = Response()
    secure = request.url.scheme == "https"
    if mark:
        held.set_cookie(COOKIE, mark, httponly=True, samesite="lax", secure=secure)
    else:
        held.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure)
    MutableHeaders(raw=message.setdefault("headers", [])).append("set-cookie", held.headers["set-cookie"])
