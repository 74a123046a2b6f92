"""The process of the first run: it serves the page for setting up, and then becomes one that serves the instance."""

import asyncio
import logging
import sys
from pathlib import Path

import uvicorn

from fediverse_ehrenamt import server, setup
from fediverse_ehrenamt.first_run import pages
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.settings import ENV_FILE, Settings

_log = logging.getLogger(__name__)


def run(host: str, port: int) -> None:
    """Wait until somebody has set up, and serve then. Never returns.

    Raises `Conflict` where the port cannot be had, and as `setup.require` where an instance of elsewhere does not fit.
    """
    settings = Settings.from_environment()
    server.start_log(settings)
    for obstacle in setup.obstacles(settings, Path(ENV_FILE)):
        _log.error("%s", obstacle)
    listener = server.listening(host, port)
    kept = listener.dup()  # uvicorn closes its own; who comes meanwhile waits in this one
    serving: list[uvicorn.Server] = []

    def leave() -> None:
        serving[0].should_exit = True

    address = settings.url if Settings.is_given("url") else server.address(host, listener)
    app = pages.build(open_instance(settings), address, leave)
    serving.append(uvicorn.Server(server.configured(app, access_log=settings.debugs)))
    serving[0].run(sockets=[listener])
    if not app.state.door.done:  # uvicorn has said why
        sys.exit(1)
    _require(open_instance(Settings.from_environment()))
    server.become(host, port, kept)


def _require(instance: Instance) -> None:
    try:
        setup.require(instance)
    finally:
        asyncio.run(instance.close())
