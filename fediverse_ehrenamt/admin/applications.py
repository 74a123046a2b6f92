"""The queue of organisations that want to take part: looked at, let in, asked back, refused; or entered directly."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit.rules import By
from fediverse_ehrenamt.joining import actions, rules, store
from fediverse_ehrenamt.joining import pages as joining
from fediverse_ehrenamt.joining.actions import Hints
from fediverse_ehrenamt.joining.model import NoteRow, RequestRow
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, Problem
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import forms, i18n, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH = menu.APPLICATIONS
_LONGEST_BODY, _MOST_FIELDS = 32_768, 20
_HANDLE, _TEXT, _FORM, _DONE = "kurzname", "text", "formular", "erledigt"
APPROVE, ASK, REFUSE, NEW = "zulassen", "rueckfrage", "ablehnen", "neu"
_RECENT = 30  # decided ones
_MANY_DIGITS = 19


@dataclass(frozen=True, slots=True)
class _Line:
    """A request in the list."""

    name: str
    href: str
    place: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A request with what is to be known for a decision."""

    row: RequestRow
    notes: list[NoteRow]
    hints: Hints


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def listing(request: Request, visitor: Visitor) -> Response:
    """Show what waits, and what was decided last."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    open_ = await workshop.read(store.listing, rules.OPEN)
    decided = await workshop.read(store.listing, rules.DECIDED)
    return menu.page(
        request,
        visitor,
        "admin/applications.html",
        waiting=[_line(row, words) for row in open_],
        decided=[_line(row, words) for row in decided[:_RECENT]],
        notice=_notice(words, request.query_params.get(_DONE, "")),
        new=f"{PATH}/{NEW}",
        form=joining.PATH,
    )


def _line(row: RequestRow, words: Language) -> _Line:
    state = words.gettext(rules.STATES[row.state])
    return _Line(row.name, f"{PATH}/{row.id}", row.locality, state, words.long_day(row.asked_at))


def _notice(words: Language, done: str) -> str:
    return {
        APPROVE: words.gettext("Die Organisation ist zugelassen. Der Brief mit dem Link ist unterwegs."),
        ASK: words.gettext("Ihre Rückfrage ist unterwegs."),
        REFUSE: words.gettext("Der Antrag ist abgelehnt. Der Brief mit der Begründung ist unterwegs."),
        NEW: words.gettext("Die Organisation ist angelegt. Die Einladung ist unterwegs."),
    }.get(done, "")


# --- one request ------------------------------------------------------------------------------------------------------
@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a request with all that helps to decide."""
    return await _detail(request, visitor)


def _find(work: Work, number: int) -> _Found:
    row = store.get(work, number)
    return _Found(row, list(store.notes(work, row.id)), actions.hints(work, row))


async def _detail(
    request: Request, visitor: Visitor, handle: str = "", problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(_find, _number(request))
    row = found.row
    return menu.page(
        request,
        visitor,
        "admin/application.html",
        status,
        row=row,
        state=words.gettext(rules.STATES[row.state]),
        open=row.state in rules.OPEN,
        notes=[(_writer(words, note), words.span(note.at, None), note.text) for note in found.notes],
        hints=found.hints,
        mail_hint=_mail_hint(words, found.hints.mail),
        legal_form=words.gettext(labels.LEGAL_FORM.get(row.legal_form, "")),
        website=html.web_url(row.website),
        asked=words.long_day(row.asked_at),
        public="/organisationen",
        back=PATH,
        here=f"{PATH}/{row.id}",
        handle=handle or row.handle,
        domain=workshop.settings.handle_domain,
        problem=problem,
    )


def _writer(words: Language, note: NoteRow) -> str:
    return words.gettext("Koordination") if note.writer == rules.COORDINATOR else words.gettext("Antragsteller:in")


def _mail_hint(words: Language, known: str) -> str:
    return {
        rules.SAME: words.gettext("Mailadresse und Internetseite gehören zusammen."),
        rules.OTHER: words.gettext("Die Mailadresse gehört nicht zur Internetseite. Bitte sehen Sie genauer hin."),
        rules.FREE: words.gettext("Die Mailadresse ist von einem Anbieter, bei dem alle eine bekommen."),
    }.get(known, words.gettext("Eine Internetseite zum Vergleichen wurde nicht genannt."))


def _number(request: Request) -> int:
    """Return the number in the path, 0 (which no request has) where it is none."""
    number: str = request.path_params["number"]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < _MANY_DIGITS else 0


@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def approve(request: Request, visitor: Visitor) -> Response:
    """Let an organisation take part."""
    typed = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    handle = typed.get(_HANDLE, "").strip().lower().removeprefix("@")
    try:
        await workshop.write(actions.approve, _number(request), handle, visits.by(visitor))
    except Invalid as error:
        message = words.gettext(error.problems[0].message)
        return await _detail(request, visitor, handle, message, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict:  # somebody else was quicker, or this was sent twice: the page says how it stands
        return RedirectResponse(f"{PATH}/{_number(request)}", HTTPStatus.SEE_OTHER)
    return _back(APPROVE)


def _back(done: str) -> Response:
    return RedirectResponse(f"{PATH}?{_DONE}={done}", HTTPStatus.SEE_OTHER)


# --- asking back and refusing -----------------------------------------------------------------------------------------
@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def write_question(request: Request, visitor: Visitor) -> Response:
    """Show where a question is written."""
    return await _letter(request, visitor, ASK)


@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def ask_back(request: Request, visitor: Visitor) -> Response:
    """Send a question."""
    return await _send(request, visitor, ASK, actions.ask_back)


@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def write_reason(request: Request, visitor: Visitor) -> Response:
    """Ask for the reason, which is also what is asked before somebody is refused."""
    return await _letter(request, visitor, REFUSE)


@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def refuse(request: Request, visitor: Visitor) -> Response:
    """Refuse a request with a reason."""
    return await _send(request, visitor, REFUSE, _refuse)


def _refuse(work: Work, number: int, text: str, _form: str, by: By) -> None:
    actions.refuse(work, number, text, by)


async def _send(
    request: Request, visitor: Visitor, kind: str, do: Callable[[Work, int, str, str, By], None]
) -> Response:
    typed = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    text = html.visible(typed.get(_TEXT, "")).replace("\r\n", "\n")
    try:
        await workshop.write(do, _number(request), text, typed.get(_FORM, ""), visits.by(visitor))
    except Invalid as error:
        return await _letter(request, visitor, kind, text, error.problems[0].message)
    except Conflict:
        return RedirectResponse(f"{PATH}/{_number(request)}", HTTPStatus.SEE_OTHER)
    return _back(kind)


async def _letter(request: Request, visitor: Visitor, kind: str, text: str = "", problem: str = "") -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    row = await workshop.read(store.get, _number(request))
    if row.state not in rules.OPEN:
        return RedirectResponse(f"{PATH}/{row.id}", HTTPStatus.SEE_OTHER)
    return menu.page(
        request,
        visitor,
        "admin/application_letter.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        row=row,
        refuses=kind == REFUSE,
        action=f"{PATH}/{row.id}/{kind}",
        back=f"{PATH}/{row.id}",
        text=text,
        problem=words.gettext(problem),
        form=ids.new_id(),
        longest=rules.TEXT,
    )


# --- entering one directly --------------------------------------------------------------------------------------------
@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def begin(request: Request, visitor: Visitor) -> Response:
    """Ask for an organisation that is to be invited."""
    return _form(request, visitor, joining.Typed())


@visits.needs(Permission.APPROVE_ORGANISATIONS)
async def create(request: Request, visitor: Visitor) -> Response:
    """Add an organisation, and invite whoever is to look after it."""
    typed = joining.typed_in(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    workshop: Workshop = request.app.state.workshop
    try:
        await workshop.write(actions.create, typed.wish(), visits.by(visitor), i18n.DEFAULT)
    except Invalid as error:
        near = await workshop.read(actions.free_handles, typed.wish())
        return _form(request, visitor, typed, error, near)
    except Conflict as error:
        return _form(request, visitor, typed, Invalid([Problem("mail", error.public)]))
    return _back(NEW)


def _form(
    request: Request,
    visitor: Visitor,
    typed: joining.Typed,
    error: Invalid | None = None,
    near: list[str] | None = None,
) -> Response:
    values = joining.form_values(request, typed, error.problems if error else (), near or [])
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return menu.page(
        request, visitor, "admin/application_new.html", status, action=f"{PATH}/{NEW}", back=PATH, **values
    )


_ONE: Final = f"{PATH}/{{number}}"
ROUTES: list[BaseRoute] = [
    Route(PATH, listing, name="applications"),
    Route(f"{PATH}/{NEW}", begin, name="application-new"),
    Route(f"{PATH}/{NEW}", create, methods=["POST"], name="application-create"),
    Route(_ONE, show, name="application"),
    Route(f"{_ONE}/{APPROVE}", approve, methods=["POST"], name="application-approve"),
    Route(f"{_ONE}/{ASK}", write_question, name="application-write-question"),
    Route(f"{_ONE}/{ASK}", ask_back, methods=["POST"], name="application-ask-back"),
    Route(f"{_ONE}/{REFUSE}", write_reason, name="application-write-reason"),
    Route(f"{_ONE}/{REFUSE}", refuse, methods=["POST"], name="application-refuse"),
]
