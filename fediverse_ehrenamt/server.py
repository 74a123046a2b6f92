"""The process that `ehrenamt serve` becomes: uvicorn around the app, without what only the command line needs.

A process of its own and not a call, because a server that runs for months on a small machine need not hold migrations,
schemas and demo texts in memory (some 25 MB), and the allocator reads its settings when a process begins.
"""

import gc
import logging
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.settings import Settings

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_STOP_SECONDS = 10
_BACKLOG = 2048
_HEAD_LIMIT = 65_536  # bytes of request line and headers; uvicorn's fast parser has no limit of its own
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
# glibc keeps what threads give back, for each of them apart; most of ours wait, and would hold 5 MB for nothing.
_ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


class BoundedHead(HttpToolsProtocol):
    """HTTP with a limit to what a request may say before its body: memory is not for whoever sends most headers."""

    _in_head = True
    _head = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > _HEAD_LIMIT and not self.transport.is_closing():
                self.send_400_response("The request line and the headers are too long.")

    def on_message_begin(self) -> None:
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()


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
            f"Auf {host}:{port} kann nicht gehört werden ({error.strerror}). Mit --port einen anderen Port wählen."
        ) from error
    listener.listen(_BACKLOG)
    return listener


def configured(asgi: Callable[..., Any] | str, settings: Settings, *, factory: bool = False) -> uvicorn.Config:
    """Return how uvicorn serves an app, or what the name of a `factory` makes."""
    return uvicorn.Config(
        asgi,
        factory=factory,
        http=BoundedHead,
        log_config=None,
        access_log=settings.log_level == "debug",
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
    config = configured("fediverse_ehrenamt.app:create", settings, factory=True)
    logging.getLogger(__name__).info("serving %s on %s", settings.url, address(host, listener))
    config.load()
    _spare_the_collector()
    uvicorn.Server(config).run(sockets=[listener])


def _spare_the_collector() -> None:
    """Let the collector of cycles leave alone what was loaded and stays, and look at the rest less often.

    It took a tenth of the time of a busy inbox: requests make many short-lived objects and hardly a cycle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:]))
