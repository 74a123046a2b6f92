"""The page on which something is taken down, with a reason for its organisation; each queue has its own."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu, reasons, shown
from fediverse_ehrenamt.admin.shown import Item
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.moderation import actions
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.work import Work, Workshop

_LONGEST_BODY, _MOST_FIELDS = 40_000, 5


def pages(permission: Permission, path: str, back: str, ground: Ground = Ground.RULES) -> list[BaseRoute]:
    """Return the routes `path`/{page}: a form that asks for the reason, and what does it; then `back` is shown."""

    @visits.needs(permission)
    async def ask(request: Request, visitor: Visitor) -> Response:
        workshop: Workshop = request.app.state.workshop
        item, reached = await workshop.read(_find, request.path_params["page"])
        return _form(request, visitor, item, {reasons.GROUND: str(ground)}, {}, reached=reached)

    @visits.needs(permission)
    async def do(request: Request, visitor: Visitor) -> Response:
        typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
        workshop: Workshop = request.app.state.workshop
        words = rendering.language_of(request)
        try:
            item, reached = await workshop.read(_find, request.path_params["page"])
        except (Gone, NotFound):  # it is gone already
            return RedirectResponse(back, HTTPStatus.SEE_OTHER)
        problem = reasons.problem(typed.get(reasons.TEXT, ""), words)
        if problem:
            return _form(request, visitor, item, typed, {reasons.TEXT: problem}, reached=reached)
        by = visits.by(visitor)
        said = reasons.read(typed, by, ground)
        await workshop.write(_take_down, item, said, by)
        return RedirectResponse(back, HTTPStatus.SEE_OTHER)

    def _form(
        request: Request,
        visitor: Visitor,
        item: Item,
        typed: Mapping[str, str],
        problems: Mapping[str, str],
        *,
        reached: bool,
    ) -> Response:
        words = rendering.language_of(request)
        return menu.page(
            request,
            visitor,
            "admin/withdraw.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
            one=item,
            reached=reached,
            typed={reasons.TEXT: "", reasons.GROUND: str(ground), **typed},
            problems=problems,
            grounds=reasons.grounds(words),
            longest=reasons.LONGEST,
            action=f"{path}/{item.page}",
            back=back,
        )

    return [Route(f"{path}/{{page}}", ask), Route(f"{path}/{{page}}", do, methods=["POST"])]


def _find(work: Work, page: str) -> tuple[Item, bool]:
    """Return what is on a page, and whether its organisation can be written to."""
    document = documents.find(work, page)
    if document is None:
        raise NotFound("Das gibt es hier nicht mehr.")
    item = shown.item(document)
    return item, item.local and bool(actions.recipients(work, item.organisation_uri))


def _take_down(work: Work, item: Item, why: Reasons, by: By) -> None:
    try:
        taken = actions.take_down(work, item.uri, why)
    except (Gone, NotFound):  # somebody else was quicker
        return
    audit.note(work, by, Did.WITHDRAWN, About(taken.title, taken.uri, taken.organisation), why.text)
