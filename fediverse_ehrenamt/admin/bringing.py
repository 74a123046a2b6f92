"""The section in which whoever looks after the instance brings listings of many organisations (`bringing`)."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Endpoint
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.bringing import pages
from fediverse_ehrenamt.bringing.pages import At, Step
from fediverse_ehrenamt.bringing.rules import Desk


def _guarded(step: Step) -> Endpoint:
    @visits.needs(Permission.MANAGE_SOURCES)
    async def endpoint(request: Request, visitor: Visitor) -> Response:
        return await step(request, At(Desk(menu.BRINGING), visitor, partial(_show, request, visitor)))

    return endpoint


def _show(request: Request, visitor: Visitor, template: str, status: int, **values: object) -> Response:
    return menu.page(request, visitor, template, status, frame="admin/base.html", on_behalf=False, **values)


ROUTES = pages.routes(menu.BRINGING, _guarded, "admin-bringing")
