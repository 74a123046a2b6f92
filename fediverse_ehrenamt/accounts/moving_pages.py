"""The pages of a new mail address: asked for in the account, confirmed and stopped by links in letters."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import moving, pages, rules, visits, wire
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.kit import mailbox
from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.kit.errors import Gone, Invalid
from fediverse_ehrenamt.web import answers, forms, rendering, throttle
from fediverse_ehrenamt.web.answers import Answer, Button
from fediverse_ehrenamt.work import Workshop

PATH = f"{rules.HOME}/adresse"
_WISHES = Rate(5, 3_600)  # of one person: each writes to two addresses
_MAIL = "mail"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10
_ANSWER = "accounts/answer.html"


# --- in the account ---------------------------------------------------------------------------------------------------
@visits.signed_in
async def ask(request: Request, _visitor: Visitor) -> Response:
    """Ask for the new address."""
    return _form(request)


@visits.signed_in
async def send(request: Request, visitor: Visitor) -> Response:
    """Write to both addresses; the answer is the same whether or not the new one has an account."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    await visits.require_for_ways(request, visitor)
    words = rendering.language_of(request)
    said = typed.get(_MAIL, "").strip()
    mail = mailbox.read(said)
    if mail is None:
        wrong = words.gettext("Das ist keine Mailadresse; richtig wäre zum Beispiel anna@beispiel.de.")
        return _form(request, said, wrong)
    wait = throttle.of(request).wait(request, "new address of", _WISHES, visitor.id)
    if wait:
        return _form(request, said, pages.too_often(words, wait), HTTPStatus.TOO_MANY_REQUESTS)
    workshop: Workshop = request.app.state.workshop
    try:
        await workshop.write(moving.ask, visitor.id, mail)
    except Invalid:
        return _form(request, said, words.gettext("Das ist schon die Adresse Ihres Kontos."))
    sentence = words.gettext(
        "An %(mail)s ist ein Link unterwegs, mit dem Sie die Adresse bestätigen. Er gilt einen Tag. Bis dahin bleibt "
        "alles, wie es ist. An Ihre bisherige Adresse schreiben wir auch."
    )
    answer = Answer(words.gettext("Bitte sehen Sie in das neue Postfach"), sentence % {"mail": mail}, good=True)
    return answers.page(request, _ANSWER, answer)


def _form(
    request: Request, typed: str = "", problem: str = "", status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
) -> Response:
    return rendering.page(
        request, "accounts/move.html", status if problem else HTTPStatus.OK, action=PATH, typed=typed, problem=problem
    )


# --- links in letters: looking changes nothing, for mail scanners look too -------------------------------------------
async def look(request: Request) -> Response:
    """Show the button that confirms."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        found = await workshop.read(moving.look, request.path_params["token"])
    except Gone as error:
        return _over(request, error)
    button = Button(words.gettext("Ja, diese Adresse nehmen"), request.url.path)
    heading = words.gettext("Ihre neue Mailadresse")
    return answers.page(request, _ANSWER, Answer(heading, "", found.mail, [button]))


async def confirm(request: Request) -> Response:
    """Let the new address count."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        await workshop.write(moving.confirm, request.path_params["token"])
    except Gone as error:
        return _over(request, error)
    sentence = words.gettext("Von jetzt an melden Sie sich mit ihr an, und alle E-Mails kommen dorthin.")
    return answers.page(request, _ANSWER, Answer(words.gettext("Die neue Adresse gilt"), sentence, good=True))


async def look_to_stop(request: Request) -> Response:
    """Show the button that stops it."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        found = await workshop.read(moving.look_to_stop, request.path_params["token"])
    except Gone as error:
        return _over(request, error)
    help_ = words.gettext("Dann gilt weiter Ihre bisherige Adresse, und alle werden aus Ihrem Konto abgemeldet.")
    button = Button(words.gettext("Ja, die Änderung stoppen"), request.url.path, help_)
    sentence = words.gettext("Ihr Konto sollte diese Adresse bekommen:")
    heading = words.gettext("Neue Mailadresse stoppen?")
    return answers.page(request, _ANSWER, Answer(heading, sentence, found.mail, [button]))


async def stop(request: Request) -> Response:
    """Stop it, or take it back."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    try:
        found = await workshop.write(moving.stop, request.path_params["token"])
    except Gone as error:
        return _over(request, error)
    sentence = words.gettext(
        "Ihr Konto hat wieder nur Ihre bisherige Adresse. Wer auch immer angemeldet war, ist es nicht mehr. Haben Sie "
        "ein Passwort, ändern Sie es bitte gleich."
    )
    answer = Answer(words.gettext("Die Änderung ist gestoppt"), sentence, found.former, good=False)
    return answers.page(request, _ANSWER, answer)


def _over(request: Request, error: Gone) -> Response:
    words = rendering.language_of(request)
    sentence = words.gettext("In Ihrem Konto sehen Sie, welche Adresse jetzt gilt, und können eine neue angeben.")
    heading = words.gettext(error.public).rstrip(".")
    return answers.page(request, _ANSWER, Answer(heading, sentence, status=HTTPStatus.GONE))


ROUTES: list[BaseRoute] = [
    Route(PATH, ask, name="move"),
    Route(PATH, send, methods=["POST"], name="move-send"),
    Route(f"{wire.CONFIRM}/{{token}}", look, name="move-look"),
    Route(f"{wire.CONFIRM}/{{token}}", confirm, methods=["POST"], name="move-confirm"),
    Route(f"{wire.STOP}/{{token}}", look_to_stop, name="move-look-to-stop"),
    Route(f"{wire.STOP}/{{token}}", stop, methods=["POST"], name="move-stop"),
]
