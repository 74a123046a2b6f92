"""The queue of what came from sources that are reviewed first: let in or refused, some at once."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.things import review
from fediverse_ehrenamt.things.review import Waiting
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = menu.REVIEWS
_PAGE = 50
_LONGEST_BODY, _MOST_FIELDS = 200_000, 60
_URI, _VERDICT, _ACCEPT, _REJECT, _DONE = "eintrag", "was", "aufnehmen", "ablehnen", "getan"


@dataclass(frozen=True, slots=True)
class _Line:
    """Something that waits, in the reader's language; `ticked` where somebody has just tried to decide about it."""

    thing: Waiting
    host: str
    since: str
    ticked: bool


@visits.needs(Permission.REVIEW_OFFERS)
async def overview(request: Request, visitor: Visitor) -> Response:
    """Show what waits, the oldest first; what was decided makes room for the next."""
    return await _page(request, visitor)


async def _page(request: Request, visitor: Visitor, ticked: Collection[str] = (), refused: str = "") -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(review.waiting)
    done = request.query_params.get(_DONE, "")
    return menu.page(
        request,
        visitor,
        "admin/reviews.html",
        lines=[
            _Line(
                replace(one, title=html.visible(one.title), organisation=html.visible(one.organisation)),
                ids.host(one.source),
                words.ago(one.came_at, workshop.now()),
                one.uri in ticked,
            )
            for one in found[:_PAGE]
        ],
        more=max(0, len(found) - _PAGE),
        done=done if done in {_ACCEPT, _REJECT} and not refused else "",
        refused=words.gettext(refused) if refused else "",
        action=PATH,
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )


@visits.needs(Permission.REVIEW_OFFERS)
async def decide(request: Request, visitor: Visitor) -> Response:
    """Let in or refuse all that is ticked; what somebody else decided meanwhile stays so.

    What is by an account that its own server has suspended cannot be let in: then nothing is, and the ticks stay.
    """
    fields = await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    uris = list(dict.fromkeys(value for name, value in fields if name == _URI))[:_PAGE]
    verdict = dict(fields).get(_VERDICT, "")
    workshop: Workshop = request.app.state.workshop
    if not uris or verdict not in {_ACCEPT, _REJECT}:
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)
    try:
        await workshop.write(_decide, uris, verdict, visits.by(visitor))
    except Conflict as error:
        return await _page(request, visitor, uris, error.public)
    return RedirectResponse(f"{PATH}?{_DONE}={verdict}", HTTPStatus.SEE_OTHER)


def _decide(work: Work, uris: list[str], verdict: str, by: By) -> None:
    known = {one.uri: one for one in review.waiting(work)}
    waiting = [uri for uri in uris if uri in known]
    (review.accept if verdict == _ACCEPT else review.reject)(work, waiting)
    did = Did.POST_LET_IN if verdict == _ACCEPT else Did.POST_KEPT_OUT
    for uri in waiting:
        audit.note(work, by, did, About(html.visible(known[uri].title), uri), ids.host(known[uri].source))


def count(work: Work) -> int:
    """Count what waits in this queue."""
    return sum(review.count(work).values())


ROUTES: list[BaseRoute] = [
    Route(PATH, overview, name="admin-reviews"),
    Route(PATH, decide, methods=["POST"], name="admin-reviews-decide"),
]
