"""Counts how often pages are opened and searches are in vain; nothing of who does it, or of what, is looked at."""

from starlette.requests import Request

from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.views import rules
from fediverse_ehrenamt.views.rules import Seen, Tally
from fediverse_ehrenamt.work import Workshop


def opened(request: Request, document: Document) -> None:
    """Count that the page of a thing was opened, unless by those who look after it."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    owner = document.organisation_uri if document.local else ""
    mine = visitor is not None and (visitor.for_instance or owner in visitor.organisations)
    if not mine:
        _count(request, Seen(document.id, owner))


def searched(request: Request, total: int) -> None:
    """Count that somebody searched, and that nothing was found; not what for."""
    _count(request, Seen(rules.SEARCHES))
    if not total:
        _count(request, Seen(rules.EMPTY_SEARCHES))


def _count(request: Request, seen: Seen) -> None:
    workshop: Workshop = request.app.state.workshop
    tally: Tally = request.app.state.views
    if rules.by_a_person(request.method, request.headers):
        tally.add(clock.day(workshop.now()), seen)
