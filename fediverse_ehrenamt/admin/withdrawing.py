"""The page on which something is taken down, with a reason for its organisation; each queue has its own."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu, shown
from fediverse_ehrenamt.admin.shown import Item
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.moderation import actions, rules, wire
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.work import Work, Workshop

_GROUND, _TEXT = "grund", "text"
_LONGEST_BODY, _MOST_FIELDS = 40_000, 5


def pages(permission: Permission, path: str, back: str, ground: Ground = Ground.RULES) -> list[BaseRoute]:
    """Return the routes `path`/{page}: a form that asks for the reason, and what does it; then `back` is shown."""

    @visits.needs(permission)
    async def ask(request: Request, visitor: Visitor) -> Response:
        workshop: Workshop = request.app.state.workshop
        item, reached = await workshop.read(_find, request.path_params["page"])
        return _form(request, visitor, item, {_GROUND: str(ground)}, {}, reached=reached)

    @visits.needs(permission)
    async def do(request: Request, visitor: Visitor) -> Response:
        typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
        workshop: Workshop = request.app.state.workshop
        words = rendering.language_of(request)
        try:
            item, reached = await workshop.read(_find, request.path_params["page"])
        except (Gone, NotFound):  # it is gone already
            return RedirectResponse(back, HTTPStatus.SEE_OTHER)
        text = typed.get(_TEXT, "").strip()
        problem = ""
        if len(text) < rules.MIN_REASON:
            problem = words.gettext("Bitte schreiben Sie in einem Satz, warum. Betroffene haben ein Recht darauf.")
        elif len(text) > rules.MAX_DECISION:
            problem = words.gettext("Das ist zu lang; richtig wären höchstens %(number)s Zeichen.") % {
                "number": words.number(rules.MAX_DECISION)
            }
        if problem:
            return _form(request, visitor, item, typed, {_TEXT: problem}, reached=reached)
        said = typed.get(_GROUND, "")
        reasons = Reasons(Ground(said) if said in list(Ground) else ground, text)
        await workshop.write(_take_down, item, reasons, visits.by(visitor))
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
            typed={_TEXT: "", _GROUND: str(ground), **typed},
            problems=problems,
            grounds=[(value, words.gettext(wire.GROUNDS[value])) for value in Ground],
            longest=rules.MAX_DECISION,
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
    return item, item.local and bool(actions.addresses_of(work, item.organisation_uri))


def _take_down(work: Work, item: Item, reasons: Reasons, by: By) -> None:
    try:
        taken = actions.take_down(work, item.uri, reasons)
    except (Gone, NotFound):  # somebody else was quicker
        return
    audit.note(work, by, Did.WITHDRAWN, About(taken.title, taken.uri, taken.organisation), reasons.text)
