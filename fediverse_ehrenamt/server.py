"""The process that `ehrenamt serve` becomes: uvicorn around the app, without what only the command line needs.

A process of its own and not a call, because a server that runs for months on a small machine need not hold migrations,
schemas and demo texts in memory (some 25 MB), and the allocator reads its settings when a process begins.
"""

import logging
import os
import re
import socket
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.parse import quote_from_bytes

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from fediverse_ehrenamt.kit import collector, reasons
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.settings import Settings

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_STOP_SECONDS = 10
_BACKLOG = 2048
_HEAD_LIMIT = 65_536  # bytes of headers; uvicorn's fast parser has no limit of its own
_ADDRESS_KEPT = 60_000  # bytes; httptools takes apart at most 65,535, and pages read less of what is searched
_ADDRESS_LIMIT = 1_000_000
_ASCII = "".join(map(chr, range(128)))
_REFUSED = """<!DOCTYPE html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Das geht so nicht</title></head>
<body style="font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem">
<h1>Das geht so nicht</h1>
<p>Die Adresse ist zu lang, oder Ihr Browser hat etwas geschickt, das wir nicht lesen können.</p>
<p><a href="/">Zur Startseite</a></p>
<p lang="en">This address is too long, or your browser sent something that we cannot read.
<a href="/">To the first page</a></p>
</body>
</html>
"""
_JUST_COME_SECONDS = 0.3
_END_OF_HEAD = b"\r\n\r\n"
_UPGRADE = re.compile(rb"\r\nupgrade(?=:)", re.IGNORECASE)
# glibc keeps what threads give back, for each of them apart; most of ours wait, and would hold 5 MB for nothing.
_ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


class BoundedHead(HttpToolsProtocol):
    """HTTP with a limit to what a request may say before its body: memory is not for whoever sends most headers.

    Of a long address the beginning counts, and it may hold letters of any script as they are: whoever pastes a whole
    letter into a search gets a page that says so. Nobody is offered another protocol, and who asks for one (Java's
    client, for HTTP/2) is answered in this one (RFC 9110 §7.8): the parser would end at the head, and lose the body.
    """

    _in_line = _in_head = True
    _has_asked = False
    _head = _address = 0

    def data_received(self, data: bytes) -> None:
        if self._in_line or self._in_head:
            data = self._readable(data)
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            too_long = self._head - self._address > _HEAD_LIMIT or self._address > _ADDRESS_LIMIT
            if too_long and not self.transport.is_closing():
                self.send_400_response("The address or the headers are too long.")

    def _readable(self, data: bytes) -> bytes:
        """Return what the parser reads as it is meant; the body behind a head is neither looked through nor copied."""
        if self._in_line:
            end = data.find(b"\n")
            line = data if end < 0 else data[:end]
            if not line.isascii():
                # Browsers write "ü" as %C3%BC; other programs send its bytes, which the parser takes for no address.
                data = quote_from_bytes(line, _ASCII).encode() + data[len(line) :]
            self._in_line = end < 0
        end = data.find(_END_OF_HEAD)
        end = len(data) if end < 0 else end
        if _UPGRADE.search(data, 0, end):
            data = _UPGRADE.sub(b"\r\nx-upgrade-ignored", data[:end]) + data[end:]
        return data

    def send_400_response(self, msg: str) -> None:
        """Refuse a request in words for people, and close the connection; `msg` is for the log alone."""
        logging.getLogger(__name__).debug("a request was refused: %s", msg)
        page = _REFUSED.encode()
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: text/html; charset=utf-8\r\n"
            f"content-length: {len(page)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + page)
        self.transport.close()

    def on_message_begin(self) -> None:
        self._in_head, self._head, self._address = True, 0, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._address += len(url)
        super().on_url(url[: max(0, _ADDRESS_KEPT - len(self.url))])

    def on_headers_complete(self) -> None:
        self._in_head, self._has_asked = False, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_line = True
        super().on_message_complete()

    def shutdown(self) -> None:
        """End the connection after what is under way; one that has just been made may still ask.

        Closed at once, it would be reset with the request that is on its way: a browser then shows an error.
        """
        if self._has_asked:
            super().shutdown()
        else:
            self.loop.call_later(_JUST_COME_SECONDS, super().shutdown)


def become(host: str, port: int, listener: socket.socket | None = None) -> None:
    """Replace this process by a serving one; raises `Conflict` where the port cannot be had. Never returns.

    A `listener` is served on: whoever comes meanwhile waits in it.
    """
    words = [sys.executable, "-m", __name__, host, str(port)]
    if listener is None:
        listening(host, port).close()
    else:
        listener.set_inheritable(True)
        words.append(str(listener.fileno()))
    for name, value in _ALLOCATOR.items():
        os.putenv(name, value)
    os.execv(sys.executable, words)  # noqa: S606 - our own program


def start_log(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level.upper(), format=_LOG_FORMAT, force=True)
    for noisy in ("httpx", "asyncio", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises `Conflict` where the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Conflict(
            f"Auf {host}:{port} kann nicht gehört werden ({reasons.of(error)}). Mit --port einen anderen Port wählen."
        ) from error
    listener.listen(_BACKLOG)
    return listener


def configured(asgi: Callable[..., Any] | str, *, access_log: bool = False, factory: bool = False) -> uvicorn.Config:
    """Return how uvicorn serves an app, or what the name of a `factory` makes."""
    return uvicorn.Config(
        asgi,
        factory=factory,
        http=BoundedHead,
        log_config=None,
        access_log=access_log,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        proxy_headers=False,  # only pages ask who called, see app.py
        lifespan="on",
    )


def address(host: str, listener: socket.socket) -> str:
    """Return where a socket is reached that listens on a host."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


def _run(host: str, port: int, descriptor: int | None = None) -> None:
    settings = Settings.from_environment()
    start_log(settings)
    listener = listening(host, port) if descriptor is None else socket.socket(fileno=descriptor)
    config = configured("fediverse_ehrenamt.app:create", access_log=settings.debugs, factory=True)
    logging.getLogger(__name__).info("serving %s on %s", settings.url, address(host, listener))
    # httpx loads its command line with 3 MB of other packages wherever they happen to lie, as among a developer's.
    sys.modules["httpx._main"] = ModuleType("httpx._main")
    config.load()
    collector.spare()
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:]))
