"""For which organisation somebody works now: those who work for one go there at once, all others choose."""

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.desk import team, writing
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import once, rendering
from fediverse_ehrenamt.work import Work, Workshop

_ADD = f"{accounts.START}/antraege/neu"  # where coordinators add an organisation (admin)


@visits.signed_in
async def choose(request: Request, visitor: Visitor) -> Response:
    """Show the organisations that somebody works for; who works for one goes there at once."""
    workshop: Workshop = request.app.state.workshop
    found = await workshop.read(_mine, visitor)
    if len(found) == 1 and not visitor.for_instance:
        return RedirectResponse(once.told(request, f"{writing.PATH}/{found[0].handle}"), HTTPStatus.SEE_OTHER)
    welcome = request.query_params.get(once.DONE) == once.WELCOME
    left = request.query_params.get(once.DONE) == team.LEAVE
    return _choices(request, visitor, found, welcome=welcome, left=left)


def _choices(
    request: Request,
    visitor: Visitor,
    found: list[organisations.Organisation],
    onward: str = "",
    *,
    welcome: bool = False,
    left: bool = False,
) -> Response:
    add = _ADD if visitor.may(Permission.APPROVE_ORGANISATIONS) else ""
    return rendering.page(
        request,
        "desk/choose.html",
        organisations=found,
        base=writing.PATH,
        onward=onward,
        welcome=welcome,
        left=left,
        add=add,
    )


def _mine(work: Work, visitor: Visitor) -> list[organisations.Organisation]:
    return [one for one in organisations.listing(work) if visitor.may(Permission.EDIT_OFFERS, one.uri)]


@visits.signed_in
async def choose_for_template(request: Request, visitor: Visitor) -> Response:
    """Ask for which organisation something of others is to be a template; who works for one goes on at once."""
    workshop: Workshop = request.app.state.workshop
    found = await workshop.read(_mine, visitor)
    query = urlencode({writing.TEMPLATE: view.page_id(request.path_params["page"])})
    onward = f"/{next(iter(writing.KINDS))}/neu?{query}"
    if len(found) == 1:
        return RedirectResponse(f"{writing.PATH}/{found[0].handle}{onward}", HTTPStatus.SEE_OTHER)
    return _choices(request, visitor, found, onward)


ROUTES: list[BaseRoute] = [
    Route(writing.PATH, choose, name="desk"),
    Route(f"{view.TEMPLATES}/{{page}}", choose_for_template, name="desk-choose-for-template"),
]
