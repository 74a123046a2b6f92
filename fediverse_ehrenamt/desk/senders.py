"""What an organisation does about whoever pesters it from the fediverse: refuses, accepts again, reports them."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from fediverse_ehrenamt.conversations import actions, store
from fediverse_ehrenamt.conversations.store import Reply
from fediverse_ehrenamt.desk import inbox, inbox_pages, writing
from fediverse_ehrenamt.desk.inbox_pages import (
    ACCEPT,
    DONE,
    INBOX,
    LONGEST_BODY,
    MOST_FIELDS,
    REFUSE,
    REPORT,
    SENDER,
)
from fediverse_ehrenamt.engagements import store as enquiries
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import rules
from fediverse_ehrenamt.moderation.actions import Heard
from fediverse_ehrenamt.quotes import actions as quoting
from fediverse_ehrenamt.quotes import store as quotes
from fediverse_ehrenamt.quotes.store import Quote
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.work import Work, Workshop

_TEXT: Final = "text"
_QUOTED: Final = 2_000  # characters that moderators read of what was written


@dataclass(frozen=True, slots=True)
class _Said:
    """Something that somebody wrote to the organisation, and who that was."""

    heard: Heard
    name: str
    address: str


def _find(work: Work, organisation: str, kind: str, number: int) -> _Said:
    """Return what somebody said: a message, an answer, a quote, a collection, how an enquiry began; or `NotFound`."""
    if kind in {inbox.REPLY, inbox.QUOTE, inbox.COLLECTION}:
        return _find_public(work, organisation, kind, number)
    if kind == inbox.ENQUIRY:
        number = enquiries.get(work, number).message or 0
    if kind in {inbox.ENQUIRY, inbox.MESSAGE}:
        row = store.get_message(work, number)
        for one in store.messages_of(work, [number]):
            if one.organisation == organisation and not one.sent:
                return _said(row.uri, one.person_uri, one.content, one.person_name, one.person)
    raise NotFound("Das gibt es hier nicht (mehr).")


def _find_public(work: Work, organisation: str, kind: str, number: int) -> _Said:
    """Return a public answer, a quote or a collection; raises `NotFound`."""
    found: Sequence[Reply | Quote]
    if kind == inbox.REPLY:
        found = store.replies(work, organisation, numbers=[number])
    else:
        found = quotes.quotes(work, organisation, [number])
    for one in found:
        return _said(one.uri, one.author_uri, one.content, one.author_name, one.author)
    raise NotFound("Das gibt es hier nicht (mehr).")


def _said(uri: str, person: str, content: str, name: str, address: str) -> _Said:
    return _Said(Heard(uri, person, html.shorten(html.text(content), _QUOTED)), html.visible(name), address)


async def _read(request: Request, organisation: Organisation) -> _Said:
    workshop: Workshop = request.app.state.workshop
    kind = request.path_params["what"]
    return await workshop.read(_find, organisation.uri, kind, inbox_pages.number(request))


# --- refusing ---------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def refuse(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Take nothing any more from somebody; it is undone on the page that follows."""
    await forms.posted(request, LONGEST_BODY, MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    said = await _read(request, organisation)
    by = visits.by(visitor, organisation.uri)
    await workshop.write(_refuse, organisation.uri, said.heard.person, by)
    return _back(organisation, REFUSE)


def _refuse(work: Work, organisation: str, person: str, by: By) -> None:
    if not store.is_refused(work, organisation, person):
        actions.refuse(work, organisation, person)
        quoting.revoke_of(work, organisation, person)
        audit.note(work, by, Did.BLOCKED, _about(organisation, person))


@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def accept(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Take from somebody again."""
    typed = dict(reversed(await forms.posted(request, LONGEST_BODY, MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    by = visits.by(visitor, organisation.uri)
    await workshop.write(_accept, organisation.uri, typed.get(SENDER, ""), by)
    return _back(organisation, ACCEPT)


def _accept(work: Work, organisation: str, person: str, by: By) -> None:
    if actions.accept_again(work, organisation, person):
        audit.note(work, by, Did.UNBLOCKED, _about(organisation, person))


def _about(organisation: str, person: str) -> About:
    """Return what the log says: the sender's host alone, for it keeps nothing of people elsewhere."""
    return About(ids.host(person), "", organisation)


def _back(organisation: Organisation, done: str) -> Response:
    return RedirectResponse(f"{inbox_pages.home(organisation)}?{DONE}={done}", HTTPStatus.SEE_OTHER)


# --- reporting --------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def ask_report(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Ask what is wrong with what somebody wrote."""
    return _form(request, visitor, organisation, await _read(request, organisation))


@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def report(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Report to the coordinators what somebody wrote, with its words; sent twice it is one report."""
    typed = dict(reversed(await forms.posted(request, LONGEST_BODY, MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    said, text = await _read(request, organisation), typed.get(_TEXT, "").replace("\r\n", "\n")
    problem = forms.too_long(text, rules.MAX_COMMENT, words)
    if len(text.strip()) < rules.MIN_COMMENT:
        problem = words.gettext("Bitte schreiben Sie in einem Satz, was hier nicht in Ordnung ist.")
    if problem:
        return _form(request, visitor, organisation, said, text, problem)
    await workshop.write(moderation.hand_on, organisation.uri, said.heard, text, words.code)
    return _back(organisation, REPORT)


def _form(
    request: Request, visitor: Visitor, organisation: Organisation, said: _Said, text: str = "", problem: str = ""
) -> Response:
    return rendering.page(
        request,
        "desk/report.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        organisation=organisation,
        on_behalf=inbox_pages.is_on_behalf(visitor, organisation),
        back=request.url.path.removesuffix(f"/{REPORT}"),
        said=said,
        typed={_TEXT: text},
        problems={_TEXT: problem} if problem else {},
        longest=rules.MAX_COMMENT,
    )


_BASE: Final = f"{writing.PATH}/{{handle}}/{INBOX}"
_ONE: Final = f"{_BASE}/{{what}}/{{number}}"
ROUTES: list[BaseRoute] = [
    Route(f"{_BASE}/{SENDER}/{ACCEPT}", accept, methods=["POST"], name="desk-sender-accept"),
    Route(f"{_ONE}/{SENDER}", refuse, methods=["POST"], name="desk-sender-refuse"),
    Route(f"{_ONE}/{REPORT}", ask_report, name="desk-sender-ask-report"),
    Route(f"{_ONE}/{REPORT}", report, methods=["POST"], name="desk-sender-report"),
]
