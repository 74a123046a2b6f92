"""The pages for signing in and out: a link by mail, what it leads to, and invitations."""

import math
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import entering, inviting, rules, visits, wire
from fediverse_ehrenamt.accounts.entering import Asked
from fediverse_ehrenamt.accounts.inviting import Invitation
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.kit import mailbox
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid
from fediverse_ehrenamt.web import answers, forms, once, rendering, sessions, throttle
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

PATH = rendering.SIGN_IN
BY_PASSWORD = f"{PATH}/passwort"
BY_PASSKEY = f"{PATH}/passkey"
CODE = f"{PATH}/code"
"""The second step, for whoever has one."""
SIGN_OUT = "/abmelden"
_ANSWER = "accounts/answer.html"
_AGAIN = "neu"
_MAIL, _NAME = "mail", "name"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed who signs in, and what is wrong with it (`secret`: with the password)."""

    onward: str
    mail: str = ""
    problem: str = ""
    secret: str = ""
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY


# --- asking for a link ------------------------------------------------------------------------------------------------
async def ask(request: Request) -> Response:
    """Ask for the address to which the link goes; whoever is signed in goes on."""
    onward = rules.local(request.query_params.get(rendering.ONWARD, ""))
    if await visits.visitor(request) is not None:
        return RedirectResponse(onward, HTTPStatus.SEE_OTHER)
    further = await after(request, sessions.token(request), onward)
    return form(request, Typed(onward)) if further == onward else RedirectResponse(further, HTTPStatus.SEE_OTHER)


async def send(request: Request) -> Response:
    """Have the link sent if there is such an account; the answer is the same if there is none."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    onward = rules.local(request.query_params.get(rendering.ONWARD, ""))
    words = rendering.language_of(request)
    said = typed.get(_MAIL, "").strip()
    mail = mailbox.read(said)
    if mail is None:
        wrong = words.gettext("Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de.")
        return form(request, Typed(onward, said, wrong))
    wait = throttle.of(request).wait(request, "link")
    if wait:
        return form(request, Typed(onward, said, too_often(words, wait), status=HTTPStatus.TOO_MANY_REQUESTS))
    workshop: Workshop = request.app.state.workshop
    await workshop.write(entering.ask, Asked(mail.lower(), onward))
    return _sent(request, mail)


def too_often(words: Language, seconds: float) -> str:
    """Say that somebody has to wait."""
    minutes = math.ceil(seconds / 60)
    return words.ngettext(
        "Das waren zu viele Versuche. Bitte warten Sie %(number)s Minute.",
        "Das waren zu viele Versuche. Bitte warten Sie %(number)s Minuten.",
        minutes,
    ) % {"number": words.number(minutes)}


def form(request: Request, typed: Typed) -> Response:
    """Return the page for signing in, with what was typed and what is wrong with it."""
    wish = f"?{urlencode({rendering.ONWARD: typed.onward})}" if typed.onward != rules.START else ""
    wrong = bool(typed.problem or typed.secret)
    page = rendering.page(
        request,
        "accounts/sign_in.html",
        typed.status if wrong else HTTPStatus.OK,
        action=PATH + wish,
        by_password=BY_PASSWORD + wish,
        by_passkey=BY_PASSKEY + wish,
        passkey_start=f"{BY_PASSKEY}/start",
        asked=bool(wish),
        typed=typed,
    )
    page.headers.update(answers.PRIVATE)
    return page


def _sent(request: Request, mail: str) -> Response:
    words = rendering.language_of(request)
    sentence = words.gettext(
        "Wenn es zu %(mail)s ein Konto gibt, ist ein Link zum Anmelden unterwegs. Er gilt 30 Minuten. Kommt nichts an, "
        "sehen Sie bitte im Spam-Ordner nach. Vielleicht haben Sie Ihr Konto auch mit einer anderen Adresse."
    ) % {"mail": mail}
    return _answer(request, Answer(words.gettext("Bitte sehen Sie in Ihr Postfach"), sentence, good=True))


# --- the link ---------------------------------------------------------------------------------------------------------
async def look(request: Request) -> Response:
    """Show the button that signs in; mail scanners look too, so looking uses nothing up."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        found = await workshop.read(entering.look, request.path_params["token"])
    except Gone as error:
        return _over(request, words.gettext(error.public))
    if not found.over:
        button = Button(words.gettext("Jetzt anmelden"), request.url.path)
        return _answer(
            request, Answer(words.gettext("Guten Tag, %(name)s!") % {"name": found.name}, "", found.mail, [button])
        )
    here: Visitor | None = await visits.visitor(request)
    path = "" if here and here.mail == found.mail else request.url.path  # who is here already needs no new one
    return _over(request, words.gettext("Dieser Link ist abgelaufen oder wurde schon benutzt."), path)


async def enter(request: Request) -> Response:
    """Sign in and go on."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words, token = rendering.language_of(request), request.path_params["token"]
    try:
        held, onward = await workshop.write(entering.enter, token, request.headers.get("user-agent", ""))
    except Gone as error:
        if await visits.visitor(request) is not None:  # the button was pressed twice
            return RedirectResponse(rules.START, HTTPStatus.SEE_OTHER)
        return _over(request, words.gettext(error.public), request.url.path)
    return await welcome(request, held, onward)


async def ask_again(request: Request) -> Response:
    """Have a new link sent in place of one that is over."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words, token = rendering.language_of(request), request.path_params["token"]
    wait = throttle.of(request).wait(request, "link")
    if wait:
        answer = Answer(too_often(words, wait), status=HTTPStatus.TOO_MANY_REQUESTS)
        return _answer(request, answer)
    try:
        await workshop.write(entering.ask_again, token)
    except Gone as error:
        return _over(request, words.gettext(error.public))
    sentence = words.gettext("Ein neuer Link ist an dieselbe Adresse unterwegs. Er gilt 30 Minuten.")
    return _answer(request, Answer(words.gettext("Bitte sehen Sie in Ihr Postfach"), sentence, good=True))


def _over(request: Request, heading: str, path: str = "") -> Response:
    words = rendering.language_of(request)
    again = Button(words.gettext("Neuen Link schicken"), f"{path}/{_AGAIN}")
    return _answer(request, Answer(heading.rstrip("."), "", None, [again] if path else [], status=HTTPStatus.GONE))


async def welcome(request: Request, held: str, onward: str) -> Response:
    """Give a browser its session and go on."""
    return await admit(request, RedirectResponse(await after(request, held, onward), HTTPStatus.SEE_OTHER), held)


async def after(request: Request, held: str, onward: str) -> str:
    """Return where somebody goes on to who has just been given a session: to its second step, if one is missing."""
    workshop: Workshop = request.app.state.workshop
    waits = await workshop.read(entering.waiting, held) if held else ""
    return f"{CODE}?{urlencode({rendering.ONWARD: onward})}" if waits else onward


async def admit(request: Request, response: Response, held: str) -> Response:
    """Give a browser its session with a response; the one it had before ends."""
    before = await visits.visitor(request)
    if before is not None:
        workshop: Workshop = request.app.state.workshop
        await workshop.write(entering.end, before.id, before.session)
    response.headers["Cache-Control"] = "no-store"
    sessions.give(request, response, held)
    return response


async def sign_out(request: Request) -> Response:
    """End the session of this browser; whoever is not signed in is signed out already."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    known: Visitor | None = await visits.visitor(request)
    if known is not None:
        await workshop.write(entering.end, known.id, known.session)
    told = urlencode({rendering.SIGNED_OUT: "ja"})
    response = RedirectResponse(f"/?{told}", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    sessions.take(request, response)
    return response


# --- invitations ------------------------------------------------------------------------------------------------------
async def invited(request: Request) -> Response:
    """Show what somebody is invited to."""
    workshop: Workshop = request.app.state.workshop
    try:
        found = await workshop.read(inviting.look, request.path_params["token"])
    except Gone:
        return _no_invitation(request)
    return _expired(request, found) if found.over else await _invitation(request, found, found.name)


async def accept(request: Request) -> Response:
    """Take an invitation, and be signed in."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    name, token = typed.get(_NAME, "").strip(), request.path_params["token"]
    try:
        held = await workshop.write(inviting.accept, token, name, request.headers.get("user-agent", ""))
    except Gone:
        if await visits.visitor(request) is not None:  # the button was pressed twice
            return RedirectResponse(rules.START, HTTPStatus.SEE_OTHER)
        return await invited(request)  # which says what has become of it
    except Invalid:
        return await _invitation(request, await workshop.read(inviting.look, token), name, wrong=True)
    return await welcome(request, held, f"{rules.START}?{urlencode({once.DONE: once.WELCOME})}")


async def _invitation(request: Request, found: Invitation, typed: str = "", *, wrong: bool = False) -> Response:
    words = rendering.language_of(request)
    here: Visitor | None = await visits.visitor(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    label = wire.role_label(words, found.role)
    page = rendering.page(
        request, "accounts/invitation.html", status, invitation=found, role=label, typed=typed, wrong=wrong,
        action=request.url.path, longest=rules.NAME, other=here if here and here.mail != found.mail else None,
    )  # fmt: skip
    page.headers.update(answers.PRIVATE)
    return page


def _expired(request: Request, found: Invitation) -> Response:
    """Offer a new invitation in place of one that is over; where nobody may invite any more, say whom to ask."""
    words = rendering.language_of(request)
    if not found.renewable:
        return _no_invitation(request)
    heading = words.gettext("Diese Einladung ist abgelaufen")
    sentence = words.gettext("Sie galt bis zum %(day)s.") % {"day": words.long_day(found.until)}
    help_ = words.gettext("Sie geht an dieselbe Mailadresse wie diese und gilt wieder 14 Tage.")
    again = Button(words.gettext("Neue Einladung schicken"), f"{request.url.path}/{_AGAIN}", help_)
    return _answer(request, Answer(heading, sentence, found.organisation, [again], status=HTTPStatus.GONE))


async def invite_again(request: Request) -> Response:
    """Send a new invitation in place of one that is over."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    wait = throttle.of(request).wait(request, "link")
    if wait:
        return _answer(request, Answer(too_often(words, wait), status=HTTPStatus.TOO_MANY_REQUESTS))
    try:
        await workshop.write(inviting.ask_again, request.path_params["token"])
    except (Gone, Conflict):
        return _no_invitation(request)
    sentence = words.gettext("Eine neue Einladung ist an dieselbe Adresse unterwegs. Der Link darin gilt 14 Tage.")
    return _answer(request, Answer(words.gettext("Bitte sehen Sie in Ihr Postfach"), sentence, good=True))


def _no_invitation(request: Request) -> Response:
    words = rendering.language_of(request)
    sentence = words.gettext(
        "Vielleicht haben Sie sie schon angenommen; dann melden Sie sich einfach an. Oder eine neue ist schon "
        "unterwegs; dann sehen Sie bitte in Ihr Postfach. Sonst bitten Sie die Person, die Sie eingeladen hat, um eine "
        "neue: Sie lässt sich mit einem Klick noch einmal schicken."
    )
    return _answer(request, Answer(words.gettext("Diese Einladung gilt nicht mehr"), sentence, status=HTTPStatus.GONE))


def _answer(request: Request, answer: Answer) -> Response:
    return answers.page(request, _ANSWER, answer)


ROUTES: list[BaseRoute] = [
    Route(PATH, ask, name="sign-in"),
    Route(PATH, send, methods=["POST"], name="sign-in-send"),
    Route(f"{PATH}/{{token}}", look, name="sign-in-link"),
    Route(f"{PATH}/{{token}}", enter, methods=["POST"], name="sign-in-enter"),
    Route(f"{PATH}/{{token}}/{_AGAIN}", ask_again, methods=["POST"], name="sign-in-again"),
    Route(SIGN_OUT, sign_out, methods=["POST"], name="sign-out"),
    Route(f"{wire.INVITATION}/{{token}}", invited, name="invitation"),
    Route(f"{wire.INVITATION}/{{token}}", accept, methods=["POST"], name="invitation-accept"),
    Route(f"{wire.INVITATION}/{{token}}/{_AGAIN}", invite_again, methods=["POST"], name="invitation-again"),
]
