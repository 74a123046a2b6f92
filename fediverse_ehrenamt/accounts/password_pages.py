"""The pages of passwords: signing in with one; setting, changing and removing it. Forgotten, it is a link by mail."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import entering, pages, passwords, rules, visits
from fediverse_ehrenamt.accounts.pages import Typed
from fediverse_ehrenamt.accounts.rules import Visitor, Weakness
from fediverse_ehrenamt.kit import mailbox
from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.web import forms, rendering, throttle
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

PATH = f"{rules.HOME}/passwort"
_REMOVE = f"{PATH}/entfernen"
_FOR_ADDRESS = Rate(10, 3_600)  # the link by mail is still there for whom others lock out
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="password")  # whoever tries many waits, and takes 40 MiB at most
_MAIL, _PASSWORD = "mail", "passwort"
_LONGEST_BODY, _MOST_FIELDS = 8_192, 10


async def enter(request: Request) -> Response:
    """Sign in with address and password; which of both is wrong, or whether there is an account, is not said."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    onward = rules.local(request.query_params.get(rendering.ONWARD, ""))
    words = rendering.language_of(request)
    said, password = typed.get(_MAIL, "").strip(), typed.get(_PASSWORD, "")
    mail = (mailbox.read(said) or "").lower()
    tries = throttle.of(request)
    wait = tries.wait(request, "password") or tries.wait(request, "password of", _FOR_ADDRESS, mail or "-")
    if wait:
        status = HTTPStatus.TOO_MANY_REQUESTS
        return pages.form(request, Typed(onward, said, secret=pages.too_often(words, wait), status=status))
    workshop: Workshop = request.app.state.workshop
    held = await workshop.read(passwords.held, mail)
    loop = asyncio.get_running_loop()
    if not await loop.run_in_executor(_THREADS, passwords.fits, held, password):
        wrong = words.gettext(
            "Adresse und Passwort passen nicht zusammen. Wenn Sie es vergessen haben, hilft ein Link per E-Mail."
        )
        return pages.form(request, Typed(onward, said, secret=wrong))
    token = await workshop.write(entering.begin, held.person, request.headers.get("user-agent", ""))
    return await pages.welcome(request, token, onward)


@visits.signed_in
async def ask(request: Request, visitor: Visitor) -> Response:
    """Ask for a new password."""
    return await _page(request, visitor)


@visits.signed_in
async def put(request: Request, visitor: Visitor) -> Response:
    """Set it, or say what is wrong with it."""
    password = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))).get(_PASSWORD, "")
    await visits.require_for_ways(request, visitor)
    words = rendering.language_of(request)
    weak = rules.weakness(rules.prepared(password), visitor.name, visitor.mail)
    if weak is not None:
        return await _page(request, visitor, worded(words, weak))
    workshop: Workshop = request.app.state.workshop
    hashed = await asyncio.get_running_loop().run_in_executor(_THREADS, passwords.digest, password)
    await workshop.write(passwords.put, visitor.id, visitor.session, hashed)
    return RedirectResponse(f"{rules.HOME}?fertig=1", HTTPStatus.SEE_OTHER)


@visits.signed_in
async def remove(request: Request, visitor: Visitor) -> Response:
    """Sign in without a password from now on."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    await visits.require_for_ways(request, visitor)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(passwords.remove, visitor.id)
    return RedirectResponse(f"{rules.HOME}?fertig=1", HTTPStatus.SEE_OTHER)


async def _page(request: Request, visitor: Visitor, problem: str = "") -> Response:
    workshop: Workshop = request.app.state.workshop
    return rendering.page(
        request,
        "accounts/password.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        action=PATH,
        remove=_REMOVE,
        has=await workshop.read(passwords.has, visitor.id),
        problem=problem,
        least=rules.PASSWORD[0],
    )


def worded(words: Language, weak: Weakness) -> str:
    """Say what is wrong with a password."""
    return {
        Weakness.SHORT: words.gettext("Das ist zu kurz; richtig sind mindestens 10 Zeichen, zum Beispiel vier Wörter."),
        Weakness.LONG: words.gettext("Das ist zu lang; 200 Zeichen sind das Meiste."),
        Weakness.OWN: words.gettext("Das ist fast nur Ihr Name oder Ihre Adresse; bitte nehmen Sie etwas anderes."),
        Weakness.PLAIN: words.gettext(
            "Das ist leicht zu raten, weil sich Zeichen wiederholen oder nebeneinander liegen."
        ),
    }[weak]


ROUTES: list[BaseRoute] = [
    Route(pages.BY_PASSWORD, enter, methods=["POST"], name="sign-in-password"),
    Route(PATH, ask, name="password"),
    Route(PATH, put, methods=["POST"], name="password-put"),
    Route(_REMOVE, remove, methods=["POST"], name="password-remove"),
]
