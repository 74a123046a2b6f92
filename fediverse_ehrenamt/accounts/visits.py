"""Who asks, and whether they may: for endpoints. Whoever sends no cookie costs no query.

An endpoint that is not for everybody says so itself, by `signed_in`, `needs` or `needs_for_organisation`; a test walks
all routes and asks for each what it says.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlsplit

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fediverse_ehrenamt.accounts import entering, rules, store
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.audit.rules import By
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import EhrenamtError, Forbidden, NotFound, SecondStepNeeded, SignInNeeded
from fediverse_ehrenamt.web import sessions
from fediverse_ehrenamt.work import Work, Workshop

ADMINISTRATION = rules.START
"""Below this path are the pages for which operators and coordinators need a second step."""
HANDLE = "handle"
"""The path parameter that names an organisation."""
_NO_PAGES = ("/static/", "/media/", "/ap/", "/.well-known/", "/nodeinfo/")
_log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]
ForVisitor = Callable[[Request, Visitor], Awaitable[Response]]
ForOrganisation = Callable[[Request, Visitor, "Organisation"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation of ours that a page is about; `uri` is its actor's."""

    uri: str
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Need:
    """What an endpoint asks of its visitor: to be signed in, and a permission where there is one."""

    permission: Permission | None = None


# --- asking -----------------------------------------------------------------------------------------------------------
async def visitor(request: Request) -> Visitor | None:
    """Return who is signed in, None for nobody; asks the database at most once a request."""
    if not hasattr(request.state, "visitor"):
        request.state.visitor = await _look(request.app.state.workshop, sessions.token(request))
    found: Visitor | None = request.state.visitor
    return found


async def require(request: Request, permission: Permission | None = None, organisation: str = "") -> Visitor:
    """Return who is signed in if they may do something (None: anything of their own), for the URI of an organisation.

    Raises `SignInNeeded` where nobody is (a browser is sent to sign in and comes back), `Forbidden` where they may not,
    `SecondStepNeeded` where they may not yet (a browser is sent to show or set up a second step).
    """
    found = await visitor(request)
    if found is None:
        raise SignInNeeded(_way_back(request))
    if permission is not None and not found.may(permission, organisation):
        raise Forbidden("Das dürfen Sie mit Ihrem Konto nicht.")
    administrative = permission is not None or request.url.path.startswith(ADMINISTRATION)
    if administrative and must_show_second(request, found):
        raise SecondStepNeeded(_way_back(request))
    return found


def must_show_second(request: Request, known: Visitor) -> bool:
    """Say whether somebody has to show or set up a second step before anything of the administration opens to them."""
    workshop: Workshop = request.app.state.workshop
    return rules.must_show_second(known, required=workshop.settings.second_factor_required)


async def require_for_ways(request: Request, known: Visitor) -> None:
    """Raise `SecondStepNeeded` where somebody may not change how they sign in."""
    workshop: Workshop = request.app.state.workshop
    required = workshop.settings.second_factor_required
    has_second = await workshop.read(store.has_second_step, known.id)
    if not rules.may_change_ways(known, required=required, has_second=has_second):
        raise SecondStepNeeded(_way_back(request))


async def _look(workshop: Workshop, token: str) -> Visitor | None:
    found = await workshop.read(entering.find, token) if token else None
    if found is None:
        return None
    known, touch_due = found
    if touch_due:
        await workshop.write(entering.touch, token)
    return known


def _way_back(request: Request) -> str:
    """Return where to go on to after signing in: this page, or the one on which a form was that came too late."""
    if request.method in {"GET", "HEAD"}:
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    said = request.headers.get("referer", "")
    page = urlsplit(said if ids.origin(said) else "")
    return page.path if page.netloc == request.url.netloc else ""


def by(visitor: Visitor, organisation: str = "") -> By:
    """Return somebody as the audit log names them, who does something for the instance or an organisation (a URI)."""
    return By(visitor.id, bool(organisation) and rules.on_behalf(visitor.grants, organisation))


# --- declaring --------------------------------------------------------------------------------------------------------
def signed_in(endpoint: ForVisitor) -> Endpoint:
    """Let only people in who are signed in, whatever their roles; the endpoint is given the visitor."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        return _unkept(await endpoint(request, await require(request)))

    return _declared(guarded, Need())


def needs(permission: Permission) -> Callable[[ForVisitor], Endpoint]:
    """Let only people in who may do something for the instance; the endpoint is given the visitor."""

    def guard(endpoint: ForVisitor) -> Endpoint:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response:
            return _unkept(await endpoint(request, await require(request, permission)))

        return _declared(guarded, Need(permission))

    return guard


def needs_for_organisation(permission: Permission) -> Callable[[ForOrganisation], Endpoint]:
    """Let only people in who may do something for the organisation whose handle is in the path (`{handle}`).

    The endpoint is given the visitor and the organisation.
    """

    def guard(endpoint: ForOrganisation) -> Endpoint:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response:
            await require(request)
            workshop: Workshop = request.app.state.workshop
            organisation = await workshop.read(_organisation, request.path_params[HANDLE])
            known = await require(request, permission, organisation.uri)
            return _unkept(await endpoint(request, known, organisation))

        return _declared(guarded, Need(permission))

    return guard


def need_of(route: BaseRoute) -> Need | None:
    """Return what a route has declared, None for one that is open to everybody."""
    need = vars(route.endpoint).get(_MARK) if isinstance(route, Route) else None
    return need if isinstance(need, Need) else None


_MARK = "need"


def _declared(endpoint: Endpoint, need: Need) -> Endpoint:
    vars(endpoint)[_MARK] = need
    return endpoint


def _unkept(response: Response) -> Response:
    """Keep a page out of every cache: the next at this computer may not be the same person."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _organisation(work: Work, handle: str) -> Organisation:
    here = select(LocalActorRow).where(LocalActorRow.handle == handle, LocalActorRow.type == "Organization")
    row = work.db.scalar(here)
    if row is None:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return Organisation(row.uri, row.handle, row.name)


# --- for menus --------------------------------------------------------------------------------------------------------
class Visits:
    """ASGI middleware that looks up, before a page is made, who sends a cookie: the head of every page names them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(_NO_PAGES):
            request = Request(scope)
            if sessions.token(request):
                try:
                    await visitor(request)
                except EhrenamtError as error:  # whoever needs to know asks again, and answers for it
                    _log.warning("who asks is not known: %s", error.public)
        await self.app(scope, receive, send)
