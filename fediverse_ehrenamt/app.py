"""The web process: builds the ASGI app around one instance and, without Redis, runs its background loops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from fediverse_ehrenamt import background, wiring
from fediverse_ehrenamt.accounts.visits import Visits
from fediverse_ehrenamt.districts import tasks as districts
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.federation.door import Inbox
from fediverse_ehrenamt.federation.keyring import Keyring
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.jobs.pump import Step, every
from fediverse_ehrenamt.look import actions as look
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.views import tasks as views
from fediverse_ehrenamt.views.rules import Tally
from fediverse_ehrenamt.web import errors
from fediverse_ehrenamt.web.compression import Compression
from fediverse_ehrenamt.web.cross_origin import CrossOrigin
from fediverse_ehrenamt.web.headers import SecurityHeaders
from fediverse_ehrenamt.web.legible import Legible
from fediverse_ehrenamt.web.once import SaidOnce
from fediverse_ehrenamt.web.rendering import Look
from fediverse_ehrenamt.web.throttle import Throttle
from fediverse_ehrenamt.work import Work, Workshop

_INBOX = "/inbox"
_ACTORS = "/ap/actor/"
_LOOK_SECONDS = 1.0


def create() -> ASGIApp:
    """Return the app as the environment configures it; what `ehrenamt serve` hands to uvicorn."""
    return build(open_instance(Settings.from_environment()))


class _Front:
    """Sends inbox requests past everything that only pages need."""

    def __init__(self, pages: Starlette, inbox: ASGIApp) -> None:
        self._pages = pages
        self._inbox = inbox
        self.state = pages.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        to_inbox = path == _INBOX or (path.endswith(_INBOX) and path.startswith(_ACTORS))
        await (self._inbox if scope["type"] == "http" and to_inbox else self._pages)(scope, receive, send)


def build(instance: Instance) -> _Front:
    """Return the app of an instance; its lifespan starts and ends all that runs beside requests."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        follow, learn = _follow_choices(app.state, instance.workshop), districts.follow(instance.workshop)
        await follow()
        await learn()
        stop = asyncio.Event()
        loops = background.beside_web(instance, stop)
        loops.append(every(_LOOK_SECONDS, follow, stop))
        loops.append(every(districts.SECONDS, learn, stop))
        flush = views.flush(app.state.views, instance.workshop)
        loops.append(every(views.FLUSH_SECONDS, flush, stop))
        async with asyncio.TaskGroup() as tasks:
            for loop in loops:
                tasks.create_task(loop)
            yield
            stop.set()
            instance.workshop.bell.ring()
        await flush()
        await instance.close()

    pages = Starlette(
        routes=wiring.ROUTES,
        middleware=[
            Middleware(ProxyHeadersMiddleware, trusted_hosts=instance.workshop.settings.proxies),
            *(Middleware(one) for one in (Legible, SecurityHeaders, CrossOrigin, Compression, SaidOnce, Visits)),
        ],
        exception_handlers=dict(errors.HANDLERS),
        lifespan=lifespan,
    )
    pages.state.workshop = instance.workshop
    pages.state.look, pages.state.preferences = Look(), Preferences()
    pages.state.index = instance.index
    pages.state.lookups = wiring.LOOKUPS
    pages.state.own_data = wiring.OWN_DATA
    pages.state.throttle = Throttle()
    pages.state.views = Tally()
    pages.state.count_documents = things.count_own
    pages.state.keys = Keyring(instance.workshop)
    return _Front(pages, Inbox(instance.workshop, pages.state.keys))


def _follow_choices(state: State, workshop: Workshop) -> Step:
    """Return the step that takes over what was chosen elsewhere, by a command or in another process: name, look, …"""

    async def step() -> int:
        before = state.preferences.home
        state.instance_name, state.look, state.preferences = await workshop.read(_choices)
        if state.preferences.home != before:
            await workshop.read(preferences.settle)
        return 0

    return step


def _choices(work: Work) -> tuple[str, Look, Preferences]:
    preferred = preferences.current(work)
    return actors.instance(work).name, replace(look.current(work), languages=preferred.languages), preferred
