"""The page of a first offer that waits: shown as it would look, then published or given back with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, menu, reasons, shown
from fediverse_ehrenamt.audit.rules import By
from fediverse_ehrenamt.desk import holding, store
from fediverse_ehrenamt.desk.preview import Publisher, preview
from fediverse_ehrenamt.desk.store import Held
from fediverse_ehrenamt.discover import readers
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.moderation import actions
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = f"{menu.FIRST_POSTS}/pruefen"
PUBLISHED, RETURNED = "veroeffentlicht", "zurueckgegeben"
_SEEN, _TEXT = "stand", reasons.TEXT


@dataclass(frozen=True, slots=True)
class Line:
    """What waits, in the list; `since` is when it was handed in, in words."""

    title: str
    kind: str
    organisation: str
    since: str
    href: str


@dataclass(frozen=True, slots=True)
class _Found:
    held: Held
    organisation: LocalActorRow
    reached: bool


def waiting(work: Work, most: int) -> list[tuple[Held, str]]:
    """Return what waits with the names of its organisations, the oldest first."""
    found = store.queue(work)[:most]
    names = shown.items(work, (one.actor for one in found))
    return [(one, names[one.actor].title) for one in found]


def line(one: Held, organisation: str, since: str) -> Line:
    """Return what waits as the list shows it."""
    return Line(one.title, one.written.kind, organisation, since, f"{PATH}/{one.id}")


@visits.needs(Permission.MODERATE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show what waits as it would look."""
    workshop: Workshop = request.app.state.workshop
    return await _page(request, visitor, await workshop.read(_find, _number(request)))


def _number(request: Request) -> int:
    return shown.number(request, "number")


def _find(work: Work, number: int) -> _Found:
    held = store.get_held(work, number)
    return _Found(held, actors.by_uri(work, held.actor), bool(actions.recipients(work, held.actor)))


async def _page(
    request: Request, visitor: Visitor, found: _Found, text: str = "", problem: str = "", hindrance: str = ""
) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    held, row = found.held, found.organisation
    publisher = Publisher(row.uri, row.name, f"@{row.handle}@{workshop.settings.handle_domain}")
    reader = await readers.of(request)
    looks = await run_in_threadpool(preview, held.written, publisher, workshop.settings, reader)
    return menu.page(
        request,
        visitor,
        "admin/held.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem or hindrance else HTTPStatus.OK,
        held=held,
        organisation=row,
        portrait=f"/organisationen/{row.handle}",
        since=words.span(held.handed_in_at, None),
        seen=held.handed_in_at.isoformat(),
        looks=looks,
        reached=found.reached,
        typed={_TEXT: text},
        problems={_TEXT: problem} if problem else {},
        hindrance=hindrance,
        longest=reasons.LONGEST,
        base=f"{PATH}/{held.id}",
        back=menu.FIRST_POSTS,
    )


@visits.needs(Permission.MODERATE)
async def publish(request: Request, visitor: Visitor) -> Response:
    """Publish what waits as it was looked at; what was decided meanwhile is as it is."""
    typed = await asking.typed(request)
    return await _decide(request, visitor, typed, PUBLISHED)


@visits.needs(Permission.MODERATE)
async def give_back(request: Request, visitor: Visitor) -> Response:
    """Give what waits back with a reason."""
    typed = await asking.typed(request)
    return await _decide(request, visitor, typed, RETURNED)


async def _decide(request: Request, visitor: Visitor, typed: Mapping[str, str], done: str) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    number, by = _number(request), visits.by(visitor)
    seen = clock.parse(typed.get(_SEEN)) or workshop.now()
    text = typed.get(_TEXT, "").replace("\r\n", "\n")
    problem = reasons.problem(text, words) if done == RETURNED else ""
    try:
        found = await workshop.read(_find, number)
        if problem:
            return await _page(request, visitor, found, text, problem)
        await workshop.write(_carry_out, number, seen, text, by, done)
    except NotFound:  # it was decided meanwhile, or sent twice
        return RedirectResponse(menu.FIRST_POSTS, HTTPStatus.SEE_OTHER)
    except (Conflict, Invalid) as error:
        said = error.problems[0].message if isinstance(error, Invalid) else error.public
        return await _page(request, visitor, await workshop.read(_find, number), text, hindrance=words.gettext(said))
    return asking.back(menu.FIRST_POSTS, done)


def _carry_out(work: Work, number: int, seen: datetime, text: str, by: By, done: str) -> None:
    if done == PUBLISHED:
        holding.let_out(work, number, seen, by)
    else:
        holding.give_back(work, number, seen, text, by)


_ONE: Final = f"{PATH}/{{number}}"
ROUTES: list[BaseRoute] = [
    Route(_ONE, show, name="admin-held"),
    Route(f"{_ONE}/veroeffentlichen", publish, methods=["POST"], name="admin-held-publish"),
    Route(f"{_ONE}/zurueckgeben", give_back, methods=["POST"], name="admin-held-give-back"),
]
