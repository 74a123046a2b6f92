"""A quote or a collection in an organisation's inbox: who shows what is its own, and that they may no longer."""

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import inbox, inbox_pages, message_pages, writing
from fediverse_ehrenamt.desk.inbox_pages import DONE, INBOX, LONGEST_BODY, MOST_FIELDS
from fediverse_ehrenamt.desk.message_pages import Speaker, Subject
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.quotes import actions, rules, store
from fediverse_ehrenamt.quotes.store import Quote
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

REVOKE: Final = "widerrufen"


@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show it; who works for the organisation has thereby seen it, a coordinator only looks."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    number = inbox_pages.number(request)
    quote, about = await workshop.read(_find, organisation.uri, number)
    on_behalf = inbox_pages.is_on_behalf(visitor, organisation)
    if not quote.seen and not on_behalf and inbox_pages.is_looking(request):
        await workshop.write(actions.see, organisation.uri, number)
    is_done = request.query_params.get(DONE) and quote.state == rules.REVOKED
    return rendering.page(
        request,
        "desk/collection.html" if quote.is_collection else "desk/quote.html",
        organisation=organisation,
        back=inbox_pages.home(organisation),
        on_behalf=on_behalf,
        action=request.url.path,
        speaker=Speaker(quote.author_name, quote.author, quote.author_uri),
        quote=quote,
        about=about,
        when=f"{words.long_day(quote.published_at)}, {words.clock(quote.published_at)}",
        notice=_revoked(quote, words) if is_done else "",
    )


def _revoked(quote: Quote, words: Language) -> str:
    if quote.is_collection:
        return words.gettext("Diese Sammlung darf Sie nicht mehr zeigen.")
    return words.gettext("Das Zitat ist nicht mehr erlaubt.")


@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def revoke(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Allow it no longer; twice is once."""
    await forms.posted(request, LONGEST_BODY, MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    by = visits.by(visitor, organisation.uri)
    await workshop.write(_revoke, organisation.uri, inbox_pages.number(request), by)
    back = request.url.path.removesuffix(f"/{REVOKE}")
    return RedirectResponse(f"{back}?{DONE}=1", HTTPStatus.SEE_OTHER)


def _find(work: Work, organisation: str, number: int) -> tuple[Quote, Subject]:
    found = store.quotes(work, organisation, [number])
    if not found:
        raise NotFound("Das gibt es hier nicht (mehr).")
    return found[0], message_pages.subject(work, found[0].object)


def _revoke(work: Work, organisation: str, number: int, by: By) -> None:
    row = store.get(work, organisation, number)
    if row.state == rules.ALLOWED:
        actions.revoke(work, row)
        about = message_pages.subject(work, row.object)
        did = Did.COLLECTION_LEFT if row.object == organisation else Did.QUOTE_REVOKED
        audit.note(work, by, did, About(about.title, row.object, organisation))


_QUOTE: Final = f"{writing.PATH}/{{handle}}/{INBOX}/{inbox.QUOTE}/{{number}}"
_COLLECTION: Final = f"{writing.PATH}/{{handle}}/{INBOX}/{inbox.COLLECTION}/{{number}}"
ROUTES: list[BaseRoute] = [
    Route(_QUOTE, show, name="desk-quote"),
    Route(f"{_QUOTE}/{REVOKE}", revoke, methods=["POST"], name="desk-quote-revoke"),
    Route(_COLLECTION, show, name="desk-collection"),
    Route(f"{_COLLECTION}/{REVOKE}", revoke, methods=["POST"], name="desk-collection-leave"),
]
