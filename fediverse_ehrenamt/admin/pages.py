"""The first page of the administration, and the routes of all its sections."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import (
    allowed,
    appearance,
    applications,
    asking,
    beginning,
    block_lists,
    blocks,
    bringing,
    choices,
    district,
    districts,
    duplicates,
    enquiries,
    entered,
    entering,
    feeds,
    first_posts,
    jobs,
    log,
    menu,
    network,
    organisations,
    people,
    person,
    queues,
    reports,
    reviews,
    source,
    sources,
    stale,
    statistics,
    texts,
)
from fediverse_ehrenamt.desk import pages as desk
from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.web import once, rendering
from fediverse_ehrenamt.work import Workshop


@visits.signed_in
async def overview(request: Request, visitor: Visitor) -> Response:
    """Show what waits to be decided, and all sections.

    Who has no role of the instance goes on to the desk, who has none at all to their account.
    """
    if not visitor.for_instance:
        path = once.told(request, desk.PATH) if visitor.organisations else accounts.HOME
        return RedirectResponse(path, HTTPStatus.SEE_OTHER)
    workshop: Workshop = request.app.state.workshop
    numbers = await workshop.read(queues.waiting, [section.path for section in menu.sections(visitor)])
    steps = await workshop.read(beginning.left) if visitor.may(Permission.EDIT_INSTANCE) else []
    unsent = folder.is_lost_on_people(workshop.settings) and visitor.may(Permission.EDIT_INSTANCE)
    words = rendering.language_of(request)
    notice = {
        once.WELCOME: words.gettext("Willkommen! Sie haben jetzt eine Rolle für dieses Portal."),
        menu.SET_UP: words.gettext("Ihr Portal ist eingerichtet und läuft. Sie sind angemeldet und betreiben es."),
    }.get(request.query_params.get(asking.DONE, ""), "")
    last = folder.KEPT.days if unsent else 0
    return menu.page(
        request, visitor, "admin/overview.html", numbers=numbers, steps=steps, notice=notice, letters_last=last
    )


ROUTES: list[BaseRoute] = [
    Route(menu.PATH, overview, name="admin"),
    *applications.ROUTES,
    *enquiries.ROUTES,
    *entering.ROUTES,
    *entered.ROUTES,
    *reports.ROUTES,
    *first_posts.ROUTES,
    *reviews.ROUTES,
    *organisations.ROUTES,
    *people.ROUTES,
    *person.ROUTES,
    *sources.ROUTES,
    *source.ROUTES,
    *feeds.ROUTES,
    *network.ROUTES,
    *jobs.ROUTES,
    *bringing.ROUTES,
    *statistics.ROUTES,
    *duplicates.ROUTES,
    *stale.ROUTES,
    *allowed.ROUTES,
    *blocks.ROUTES,
    *block_lists.ROUTES,
    *texts.ROUTES,
    *appearance.ROUTES,
    *choices.ROUTES,
    *districts.ROUTES,
    *district.ROUTES,
    *log.ROUTES,
]
