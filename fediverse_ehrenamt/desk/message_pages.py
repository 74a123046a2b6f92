"""Messages from the fediverse in an organisation's inbox: what two wrote to each other, answering and erasing it.

Also its public answers, which are shown only once the organisation lets them be.
"""

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
from fediverse_ehrenamt.conversations import actions, rules, store
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.conversations.store import Message, Reply
from fediverse_ehrenamt.desk import inbox, inbox_pages, writing
from fediverse_ehrenamt.desk.inbox_pages import DONE, INBOX, LONGEST_BODY, MOST_FIELDS
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.federation import fetch
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError, Invalid, NotFound
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.web import answers, forms, rendering
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

ANSWER, SETTLE, SHOW, HIDE = "antworten", "erledigt", "zeigen", "verbergen"
_WHAT, _TEXT, _AFTER, _ERASE = "was", "text", "nach", "loeschen"
_STATES: Final = {SHOW: rules.SHOWN, HIDE: rules.HIDDEN}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is written about: an offer's title and the path of its page, both "" for nothing that is still there."""

    title: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said something: their name, "@anna@peer.example" and the id of their actor."""

    name: str
    address: str
    uri: str


@dataclass(frozen=True, slots=True)
class _Tried:
    """What was tried just now: the text that was sent and why it could not be, or what was done."""

    text: str = ""
    error: EhrenamtError | None = None
    done: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that two wrote to each other; `enquiry` is the number of the enquiry that it belongs to, None for none."""

    messages: list[Message]
    about: Subject
    enquiry: int | None


def subject(work: Work, uri: str) -> Subject:
    found = documents.among(work, [uri]) if uri else []
    return Subject(html.visible(found[0].title), view.path(found[0])) if found else Subject()


# --- messages ---------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show a conversation; one that has become an enquiry is read there."""
    workshop: Workshop = request.app.state.workshop
    message_id = inbox_pages.number(request)
    found = await workshop.read(_find, organisation.uri, message_id)
    if found.enquiry is not None:
        path = f"{inbox_pages.home(organisation)}/{inbox.ENQUIRY}/{found.enquiry}"
        return RedirectResponse(path, HTTPStatus.SEE_OTHER)
    unread = any(one.state == rules.NEW for one in found.messages)
    if unread and not inbox_pages.is_on_behalf(visitor, organisation) and inbox_pages.is_looking(request):
        await workshop.write(_see, organisation.uri, message_id)
    return _page(request, visitor, organisation, found, _Tried(done=request.query_params.get(DONE, "")))


@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def act(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Answer, or say that no answer is needed; what was typed is kept where it cannot be sent."""
    typed = dict(reversed(await forms.posted(request, LONGEST_BODY, MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    message_id = inbox_pages.number(request)
    found = await workshop.read(_find, organisation.uri, message_id)
    what, text = typed.get(_WHAT, ""), typed.get(_TEXT, "").replace("\r\n", "\n")
    by = visits.by(visitor, organisation.uri)
    try:
        if what == SETTLE:
            await workshop.write(_settle, organisation.uri, message_id)
        else:
            await fetch.ensure_actor(workshop, found.messages[-1].person_uri)  # it may have been forgotten
            await workshop.write(_answer, organisation.uri, message_id, text, typed.get(_AFTER, ""), by)
    except (Invalid, Conflict, NotFound) as error:
        return _page(request, visitor, organisation, found, _Tried(text, error))
    done = SETTLE if what == SETTLE else ANSWER
    return RedirectResponse(f"{request.url.path}?{DONE}={done}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, visitor: Visitor, organisation: Organisation, found: Conversation, tried: _Tried
) -> Response:
    words = rendering.language_of(request)
    incoming = [one for one in found.messages if not one.sent]
    last = incoming[-1]
    return rendering.page(
        request,
        "desk/message.html",
        HTTPStatus(tried.error.status) if tried.error else HTTPStatus.OK,
        organisation=organisation,
        back=inbox_pages.home(organisation),
        on_behalf=inbox_pages.is_on_behalf(visitor, organisation),
        action=f"{inbox_pages.home(organisation)}/{inbox.MESSAGE}/{last.id}",
        speaker=Speaker(last.person_name, last.person, last.person_uri),
        about=found.about,
        talk=[(one, f"{words.long_day(one.at)}, {words.clock(one.at)}") for one in found.messages],
        text=tried.text,
        problem=_problem(tried.error, tried.text, words) if tried.error else "",
        notice=_notice(tried.done, words),
        after=found.messages[-1].id,
        open=any(one.state != rules.DONE for one in incoming),
        longest=rules.MAX_ANSWER,
    )


def _problem(error: EhrenamtError, text: str, words: Language) -> str:
    if not isinstance(error, Invalid):
        return words.gettext(error.public)
    if text.strip():
        return words.gettext("Das ist zu lang; bitte kürzen Sie es.")
    return words.gettext("Hier fehlt noch der Text.")


def _notice(done: str, words: Language) -> str:
    said = {ANSWER: words.gettext("Ihre Antwort ist unterwegs."), SETTLE: words.gettext("Das ist erledigt.")}
    return said.get(done, "")


def _get(work: Work, organisation: str, message_id: int) -> MessageRow:
    row = store.get_message(work, message_id)
    if row.organisation != organisation or row.sent:
        raise NotFound("Das gibt es hier nicht (mehr).")
    return row


def _find(work: Work, organisation: str, message_id: int) -> Conversation:
    row = _get(work, organisation, message_id)
    return Conversation(store.conversation(work, row.id), subject(work, row.about), inbox.enquiry_of(work, row))


def _see(work: Work, organisation: str, message_id: int) -> None:
    actions.mark(work, _get(work, organisation, message_id), rules.SEEN)


def _settle(work: Work, organisation: str, message_id: int) -> None:
    actions.mark(work, _get(work, organisation, message_id), rules.DONE)


def _answer(work: Work, organisation: str, message_id: int, text: str, after: str, by: By) -> None:
    """Answer; the same sent again from the same page (`after` is the last message that it showed) is one answer."""
    things.hold(work, f"messages {organisation}")
    row = _get(work, organisation, message_id)
    same = html.paragraphs(html.visible(text))
    shown = int(after) if after.isascii() and after.isdecimal() else 0
    later = [one for one in store.conversation(work, row.id) if one.sent and one.id > shown]
    if shown and any(one.content.endswith(same) for one in later):
        return
    actions.answer(work, row.id, text)
    audit.note(work, by, Did.MESSAGE_ANSWERED, About(subject(work, row.about).title, row.about, organisation))


# --- erasing ----------------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def ask_erase(request: Request, _visitor: Visitor, organisation: Organisation) -> Response:
    """Ask whether a conversation is really to go."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(_find, organisation.uri, inbox_pages.number(request))
    help_ = words.gettext(
        "Alles, was Sie beide einander geschrieben haben, ist dann hier gelöscht. Auf dem Server der anderen Seite "
        "bleibt es stehen."
    )
    button = Button(words.gettext("Ja, löschen"), request.url.path, help_)
    heading = words.gettext("Den Nachrichtenwechsel mit %(name)s löschen?") % {
        "name": html.visible(found.messages[-1].person_name)
    }
    return answers.page(request, "desk/answer.html", Answer(heading, "", inbox_pages.home(organisation), [button]))


@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def erase(request: Request, _visitor: Visitor, organisation: Organisation) -> Response:
    """Erase a conversation."""
    await forms.posted(request, LONGEST_BODY, MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(_erase, organisation.uri, inbox_pages.number(request))
    return RedirectResponse(f"{inbox_pages.home(organisation)}?{DONE}=geloescht", HTTPStatus.SEE_OTHER)


def _erase(work: Work, organisation: str, message_id: int) -> None:
    row = _get(work, organisation, message_id)
    if inbox.enquiry_of(work, row) is not None:
        raise Conflict("Das gehört zu einer Anfrage und geht mit ihr.")
    actions.forget(work, row)


# --- public answers ---------------------------------------------------------------------------------------------------
@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def show_reply(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show what somebody publicly answered to an offer."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    reply, about = await workshop.read(_find_reply, organisation.uri, inbox_pages.number(request))
    notices = {
        rules.SHOWN: words.gettext("Die Antwort wird jetzt gezeigt."),
        rules.HIDDEN: words.gettext("Die Antwort ist jetzt verborgen."),
    }
    return rendering.page(
        request,
        "desk/reply.html",
        organisation=organisation,
        back=inbox_pages.home(organisation),
        on_behalf=inbox_pages.is_on_behalf(visitor, organisation),
        action=request.url.path,
        speaker=Speaker(reply.author_name, reply.author, reply.author_uri),
        reply=reply,
        about=about,
        when=f"{words.long_day(reply.published_at)}, {words.clock(reply.published_at)}",
        notice=notices.get(reply.state, "") if request.query_params.get(DONE) else "",
    )


@visits.needs_for_organisation(Permission.ANSWER_MESSAGES)
async def moderate(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Let a public answer be shown, or hide it."""
    typed = dict(await forms.posted(request, LONGEST_BODY, MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    state = _STATES.get(typed.get(_WHAT, ""))
    if state is None:
        raise NotFound("Das gibt es hier nicht (mehr).")
    by = visits.by(visitor, organisation.uri)
    await workshop.write(_moderate, organisation.uri, inbox_pages.number(request), state, by)
    return RedirectResponse(f"{request.url.path}?{DONE}=1", HTTPStatus.SEE_OTHER)


def _find_reply(work: Work, organisation: str, reply_id: int) -> tuple[Reply, Subject]:
    found = [one for one in store.replies(work, organisation, numbers=[reply_id]) if one.id == reply_id]
    if not found:
        raise NotFound("Das gibt es hier nicht (mehr).")
    return found[0], subject(work, found[0].object)


def _moderate(work: Work, organisation: str, reply_id: int, state: str, by: By) -> None:
    found, about = _find_reply(work, organisation, reply_id)
    if found.state != state:
        actions.moderate(work, reply_id, state)
        did = Did.POST_LET_IN if state == rules.SHOWN else Did.POST_KEPT_OUT
        audit.note(work, by, did, About(about.title, found.object, organisation))


_BASE = f"{writing.PATH}/{{handle}}/{INBOX}"
_MESSAGE, _REPLY = f"{_BASE}/{inbox.MESSAGE}/{{number}}", f"{_BASE}/{inbox.REPLY}/{{number}}"
ROUTES: list[BaseRoute] = [
    Route(_MESSAGE, show, name="desk-message"),
    Route(_MESSAGE, act, methods=["POST"], name="desk-message-act"),
    Route(f"{_MESSAGE}/{_ERASE}", ask_erase, name="desk-message-ask-erase"),
    Route(f"{_MESSAGE}/{_ERASE}", erase, methods=["POST"], name="desk-message-erase"),
    Route(_REPLY, show_reply, name="desk-reply"),
    Route(_REPLY, moderate, methods=["POST"], name="desk-reply-moderate"),
]
