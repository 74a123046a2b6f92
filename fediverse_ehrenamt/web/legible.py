"""What pages are asked without NUL, which no text of PostgreSQL may hold: it is read as U+FFFD, as browsers read it."""

from starlette.types import ASGIApp, Receive, Scope, Send

_NUL, _WRITTEN = "\0", b"%00"
_UNREADABLE, _WRITTEN_UNREADABLE = "\ufffd", b"%EF%BF%BD"


def text(said: str) -> str:
    """Return a text that can be kept and searched for."""
    return said.replace(_NUL, _UNREADABLE)


class Legible:
    """ASGI middleware over paths and queries; `web.forms` does the same with what is posted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (_NUL in scope["path"] or _WRITTEN in scope["query_string"]):
            query = scope["query_string"].replace(_WRITTEN, _WRITTEN_UNREADABLE)
            scope = {**scope, "path": text(scope["path"]), "query_string": query}
        await self.app(scope, receive, send)
