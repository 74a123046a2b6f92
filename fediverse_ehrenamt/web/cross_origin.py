"""Which answers programs in other sites' pages may read (CORS): public documents, and none that knows of a session.

These are what stands below some paths. A browser asks first (preflight) where a request has an Accept with a profile.
"""

from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOWED: Final = {"Access-Control-Allow-Origin": "*"}
_BELOW = ("/.well-known/", "/nodeinfo/", "/ap/")
_ENDS = (".atom", ".ics")
_METHODS = ("GET", "HEAD")
_PREFLIGHT = {
    **ALLOWED,
    "Access-Control-Allow-Methods": ", ".join(_METHODS),
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def is_open(path: str) -> bool:
    """Say whether a path is one of public documents, which look the same to everybody."""
    return path.startswith(_BELOW) or path.endswith(_ENDS)


class CrossOrigin:
    """ASGI middleware that answers what browsers ask first (preflight), and lets errors of public documents be read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("access-control-request-method")
        if scope["method"] == "OPTIONS" and asked in _METHODS:
            await Response(status_code=HTTPStatus.NO_CONTENT, headers=_PREFLIGHT)(scope, receive, send)
            return

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["method"] in _METHODS:
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                if not headers.get("content-type", "").startswith("text/html") and "set-cookie" not in headers:
                    for name, value in ALLOWED.items():
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_readable)
