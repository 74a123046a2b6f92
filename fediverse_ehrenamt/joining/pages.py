"""The public pages for an organisation that wants to take part: the form, and the private page of each request."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.joining import actions, rules, store, wire
from fediverse_ehrenamt.joining.model import NoteRow, RequestRow
from fediverse_ehrenamt.joining.rules import Wish
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid, Problem, TooMany
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import answers, forms, rendering, throttle
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = rendering.JOIN
_SENT = f"{PATH}/gesendet"
_LONGEST_BODY, _MOST_FIELDS = 32_768, 20
_ORDER: Final = ("name", "text", "plz", "ort", "webseite", "kurzname", "person", "mail", "regeln")
_TRAP = "fax"  # no person sees this field; programs fill it in
_LINES = ("name", "kurzname", "rechtsform", "plz", "ort", "webseite", "person", "mail", "regeln")
_TEXT, _FORM, _STEP, _DONE = "text", "formular", "schritt", "erledigt"
CONFIRM, ANSWER, WITHDRAW, ENTER = "bestaetigen", "antworten", "zurueckziehen", "anmelden"
"""Steps of the person on their private page."""
_AGAIN = "neu"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: texts by field, and the opaque name of this form."""

    texts: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    def wish(self) -> Wish:
        return Wish(
            name=self["name"],
            handle=self["kurzname"].lower().removeprefix("@"),
            summary=self[_TEXT],
            legal_form=self["rechtsform"] if self["rechtsform"] in labels.LEGAL_FORM else "",
            postcode=self["plz"],
            locality=self["ort"],
            website=rules.address(self["webseite"]),
            person=self["person"],
            mail=self["mail"],
        )


# --- the form ---------------------------------------------------------------------------------------------------------
async def form(request: Request) -> Response:
    """Ask which organisation wants to take part; who is signed in is known already."""
    visitor = await visits.visitor(request)
    known = {"person": visitor.name, "mail": visitor.mail} if visitor else {}
    return form_page(request, "joining/form.html", Typed(known, ids.new_id()), action=PATH, known=bool(visitor))


async def send(request: Request) -> Response:
    """Take a request, or say beside the field what is wrong."""
    fields = await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    visitor = await visits.visitor(request)
    if any(value for name, value in fields if name == _TRAP):
        return RedirectResponse(_SENT, HTTPStatus.SEE_OTHER)
    typed = typed_in(fields)
    if visitor is not None:
        typed = replace(typed, texts={**typed.texts, "person": visitor.name, "mail": visitor.mail})
    wrong = [] if typed["regeln"] else [Problem("regeln", "Bitte stimmen Sie den Regeln zu.")]
    workshop: Workshop = request.app.state.workshop
    language = rendering.language_of(request).code
    more: dict[str, Any] = {"action": PATH, "known": visitor is not None}
    try:
        throttle.check(request, "antraege", rules.ASKED_OF_CLIENT, actions.CROWDED)
        row = await workshop.write(_ask, typed, wrong, language, visitor)
    except Invalid as invalid:
        near = await workshop.read(actions.free_handles, typed.wish())
        return form_page(request, "joining/form.html", typed, invalid.problems, near=near, **more)
    except TooMany as many:
        page = form_page(request, "joining/form.html", typed, [Problem("name", many.public)], **more)
        page.status_code = HTTPStatus.TOO_MANY_REQUESTS
        page.headers["Retry-After"] = str(int(rules.DAY.total_seconds()))
        return page
    if row.state == rules.UNCONFIRMED:
        return RedirectResponse(_SENT, HTTPStatus.SEE_OTHER)
    link = await workshop.read(lambda work: wire.request_link(actions.sender(work), row))
    return _private(RedirectResponse(link.removeprefix(workshop.settings.url), HTTPStatus.SEE_OTHER))


def _ask(work: Work, typed: Typed, wrong: list[Problem], language: str, visitor: Visitor | None) -> RequestRow:
    """Ask; what the page alone can see to be wrong is named with all else."""
    try:
        row = actions.ask(work, typed.wish(), typed.form, language, visitor.id if visitor else "")
    except Invalid as invalid:
        raise Invalid([*invalid.problems, *wrong]) from invalid
    if wrong:
        raise Invalid(wrong)
    return row


async def sent(request: Request) -> Response:
    """Say that a letter is under way, without saying to whom."""
    words = rendering.language_of(request)
    sentence = words.gettext(
        "Wir haben Ihnen eine E-Mail geschickt. Bitte klicken Sie den Link darin an und bestätigen Sie: Erst dann "
        "sieht die Koordination Ihren Antrag. Kommt nichts an, sehen Sie bitte im Spam-Ordner nach."
    )
    heading = words.gettext("Fast geschafft: Bitte sehen Sie in Ihr Postfach")
    return answers.page(request, "joining/answer.html", Answer(heading, sentence, good=True))


def typed_in(fields: forms.Fields) -> Typed:
    """Return what was typed into the form, also into the one in which a coordinator enters an organisation."""
    said = {name: html.visible(value).replace("\r\n", "\n").strip() for name, value in reversed(fields)}
    texts = {name: " ".join(said.get(name, "").split()) for name in _LINES}
    made = said.get(_FORM, "")
    return Typed({**texts, _TEXT: said.get(_TEXT, "")}, made if ids.made_at(made) else "")


def form_values(
    request: Request, typed: Typed, found: tuple[Problem, ...] | list[Problem], near: list[str]
) -> dict[str, object]:
    """Return what a template of the form needs."""
    words = rendering.language_of(request)
    told = forms.told(found, words, _ORDER)
    return {
        "typed": typed,
        "problems": told,
        "near": near if "kurzname" in told else [],
        "legal_forms": [(slug, words.gettext(label)) for slug, label in labels.LEGAL_FORM.items()],
        "longest": rules.SUMMARY[1],
        "domain": request.app.state.workshop.settings.handle_domain,
    }


def form_page(
    request: Request,
    template: str,
    typed: Typed,
    found: tuple[Problem, ...] | list[Problem] = (),
    *,
    near: list[str] | None = None,
    **more: object,
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK
    values = form_values(request, typed, found, near or [])
    return _private(
        rendering.page(
            request, template, status, trap=_TRAP, unconfirmed_days=rules.UNCONFIRMED_KEPT.days,
            decided_days=rules.DECIDED_KEPT.days, **values, **more,
        )
    )  # fmt: skip


# --- the private page -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the person sees it; `home` is the organisation's page, "" before there is one."""

    row: RequestRow
    notes: tuple[NoteRow, ...]
    over: bool
    home: str
    may_enter: bool


def _look(work: Work, code: str, token: str) -> Seen:
    row, over = actions.admit(work, code, token)
    made = row.state == rules.APPROVED
    home = f"/organisationen/{row.handle}" if made else ""
    empty = made and actions.is_empty(work, row)
    return Seen(row, tuple(store.notes(work, row.id)), over, home, empty)


async def show(request: Request) -> Response:
    """Show somebody how their request stands."""
    workshop: Workshop = request.app.state.workshop
    try:
        seen = await workshop.read(_look, *_link(request))
    except (Forbidden, Gone) as error:
        return _refused(request, error)
    return _over(request) if seen.over else _sheet(request, seen)


async def act(request: Request) -> Response:
    """Confirm, answer, withdraw, or have the way in sent once more."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    try:
        done = await workshop.write(_do, *_link(request), typed)
    except (Forbidden, Gone) as error:
        return _refused(request, error)
    except (Invalid, Conflict) as error:
        seen = await workshop.read(_look, *_link(request))
        problem = error.problems[0].message if isinstance(error, Invalid) else error.public
        return _sheet(request, seen, typed.get(_TEXT, ""), problem, HTTPStatus(error.status))
    if not done:
        return _over(request)
    return _private(RedirectResponse(f"{request.url.path}?{_DONE}={done}", HTTPStatus.SEE_OTHER))


def _do(work: Work, code: str, token: str, typed: Mapping[str, str]) -> str:
    """Take the step that was asked for and return it; "" where the link is over."""
    row, over = actions.admit(work, code, token)
    if over:
        return ""
    step = typed.get(_STEP, "")
    if step == CONFIRM:
        actions.confirm(work, row)
    elif step == WITHDRAW:
        actions.withdraw(work, row)
    elif step == ENTER:
        actions.enter_again(work, row)
    else:
        said = html.visible(typed.get(_TEXT, "")).replace("\r\n", "\n")
        actions.answer(work, row, said, typed.get(_FORM, ""))
        step = ANSWER
    return step


async def again(request: Request) -> Response:
    """Have a new link sent in the place of one that is over."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    wait = throttle.of(request).wait(request, "antrag", subject=request.path_params["code"])
    if wait:
        heading = words.gettext("Das waren zu viele Versuche. Bitte warten Sie einige Minuten.").rstrip(".")
        return _answer(request, Answer(heading, status=HTTPStatus.TOO_MANY_REQUESTS))
    try:
        await workshop.write(actions.send_link, *_link(request))
    except (Forbidden, Gone) as error:
        return _refused(request, error)
    sentence = words.gettext("Ein neuer Link ist an dieselbe Adresse unterwegs.")
    return _answer(request, Answer(words.gettext("Bitte sehen Sie in Ihr Postfach"), sentence, good=True))


def _sheet(
    request: Request, seen: Seen, typed: str = "", problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    words, row = rendering.language_of(request), seen.row
    page = rendering.page(
        request,
        "joining/request.html",
        status,
        seen=seen,
        row=row,
        state=words.gettext(rules.STATES[row.state]),
        standing=_standing(words, row),
        notes=[_line(words, note) for note in seen.notes],
        notice=_notice(words, request.query_params.get(_DONE, "")),
        problem=words.gettext(problem),
        typed=typed,
        action=request.url.path,
        form=ids.new_id(),
        longest=rules.TEXT,
        open=row.state in rules.OPEN,
        address=f"@{row.handle}@{request.app.state.workshop.settings.handle_domain}",
        legal_form=words.gettext(labels.LEGAL_FORM.get(row.legal_form, "")),
        asked=words.long_day(row.asked_at),
    )
    return _private(page)


def _standing(words: Language, row: RequestRow) -> str:
    """Say what the state means for the person."""
    return {
        rules.UNCONFIRMED: words.gettext("Bitte bestätigen Sie, dass dieser Antrag von Ihnen ist."),
        rules.WAITING: words.gettext("Die Koordination sieht sich Ihren Antrag an und schreibt Ihnen dann."),
        rules.ASKED: words.gettext("Die Koordination hat eine Frage an Sie. Bitte antworten Sie hier."),
        rules.APPROVED: words.gettext("Die Organisation ist dabei. Willkommen!"),
        rules.REFUSED: words.gettext("Der Antrag wurde abgelehnt."),
        rules.WITHDRAWN: words.gettext("Sie haben den Antrag zurückgezogen; Ihre Angaben sind gelöscht."),
    }[row.state]


def _notice(words: Language, done: str) -> str:
    return {
        CONFIRM: words.gettext("Vielen Dank! Ihr Antrag ist jetzt bei der Koordination."),
        ANSWER: words.gettext("Ihre Antwort ist bei der Koordination."),
        WITHDRAW: words.gettext("Ihr Antrag ist zurückgezogen."),
        ENTER: words.gettext("Ein neuer Link zum Anmelden ist an Ihre Adresse unterwegs."),
    }.get(done, "")


@dataclass(frozen=True, slots=True)
class Line:
    """A note as the person reads it; `mine` if they wrote it."""

    who: str
    when: str
    text: str
    mine: bool


def _line(words: Language, note: NoteRow) -> Line:
    mine = note.writer == rules.PERSON
    who = words.gettext("Sie") if mine else words.gettext("Die Koordination")
    return Line(who, f"{words.long_day(note.at)}, {words.clock(note.at)}", note.text, mine)


def _link(request: Request) -> tuple[str, str]:
    return request.path_params["code"], request.path_params["token"]


def _over(request: Request) -> Response:
    words = rendering.language_of(request)
    button = Button(words.gettext("Neuen Link schicken"), f"{request.url.path}/{_AGAIN}")
    heading = words.gettext("Dieser Link ist abgelaufen.").rstrip(".")
    return _answer(request, Answer(heading, "", None, [button], status=HTTPStatus.GONE))


def _refused(request: Request, error: Forbidden | Gone) -> Response:
    words = rendering.language_of(request)
    advice = words.gettext("Bitte öffnen Sie ihn noch einmal aus der E-Mail; er steht dort in einer Zeile.")
    sentence = advice if isinstance(error, Forbidden) else ""
    return _answer(request, Answer(words.gettext(error.public).rstrip("."), sentence, status=HTTPStatus(error.status)))


def _answer(request: Request, answer: Answer) -> Response:
    return answers.page(request, "joining/answer.html", answer)


def _private(response: Response) -> Response:
    response.headers.update(answers.PRIVATE)
    return response


_REQUEST = f"/{wire.PURPOSE}/{{code}}/{{token}}"
ROUTES: list[BaseRoute] = [
    Route(PATH, form, name="join"),
    Route(PATH, send, methods=["POST"], name="join-send"),
    Route(_SENT, sent, name="join-sent"),
    Route(_REQUEST, show, name="join-request"),
    Route(_REQUEST, act, methods=["POST"], name="join-request-act"),
    Route(f"{_REQUEST}/{_AGAIN}", again, methods=["POST"], name="join-request-again"),
]
