"""Text answers made small on their way (gzip), except those that are for one reader alone.

Whoever can put guesses into a page and count its bytes learns what else is in it (BREACH, Gluck et al. 2013). So what
holds secrets or says something of a person, which is marked `no-store` or `private`, is sent as it is.
"""

import gzip
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEVEL: Final = 5  # a page of results becomes a seventh in a millisecond; level 9 takes twice as long for 1 % less
LEAST: Final = 1_000  # bytes; less fits into one packet anyway
_KINDS = ("text/", "application/atom+xml", "application/problem+json", "image/svg+xml")
_ALONE = ("no-store", "private")


def accepts(headers: Headers) -> bool:
    """Say whether a request takes gzip; one that refuses it by a weight of 0 (RFC 9110 §12.5.3) does not."""
    for coding in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


class Compression:
    """ASGI middleware that compresses answers which come in one piece."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = accepts(Headers(scope=scope))
        held: Message | None = None

        async def send_small(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                if not _may(headers):
                    await send(message)
                    return
                headers.add_vary_header("Accept-Encoding")
                if wanted:
                    held = message  # until it is known whether there is more to come
                else:
                    await send(message)
                return
            if held is not None:
                start, held = held, None
                _squeeze(start, message)
                await send(start)
            await send(message)

        await self.app(scope, receive, send_small)


def _may(headers: Headers) -> bool:
    kind, kept = headers.get("content-type", ""), headers.get("cache-control", "")
    alone = any(word in kept for word in _ALONE)
    return kind.startswith(_KINDS) and not alone and "content-encoding" not in headers


def _squeeze(start: Message, message: Message) -> None:
    """Compress the body of an answer, if this is all of it and worth it."""
    body: bytes = message.get("body", b"")
    if message.get("more_body") or len(body) < LEAST:
        return
    message["body"] = gzip.compress(body, LEVEL, mtime=0)
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(message["body"]))
