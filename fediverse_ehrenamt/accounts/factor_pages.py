"""The pages of the second step: turning it on and off, codes for paper, and the code that is asked for at the door."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import entering, factors, pages, passkey_pages, rules, store, visits
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.web import answers, forms, rendering, sessions, throttle
from fediverse_ehrenamt.work import Work, Workshop

PATH = rendering.SECOND_STEP
_START, _PICTURE, _CODES, _OFF = f"{PATH}/einrichten", f"{PATH}/qr.svg", f"{PATH}/codes", f"{PATH}/ausschalten"
_TRIES = Rate(10, 600)  # for one person: of a million codes three are right
_CODE = "code"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10


# --- on the way in ----------------------------------------------------------------------------------------------------
async def ask(request: Request) -> Response:
    """Ask for the code; whoever has no sign-in that waits for it begins anew."""
    if not await _waiting(request):
        return RedirectResponse(pages.PATH, HTTPStatus.SEE_OTHER)
    return _ask(request)


async def enter(request: Request) -> Response:
    """Let in whoever has the code."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    words, person = rendering.language_of(request), await _waiting(request)
    if not person:
        return RedirectResponse(pages.PATH, HTTPStatus.SEE_OTHER)
    wait = throttle.of(request).wait(request, "code of", _TRIES, person)
    if wait:
        return _ask(request, pages.too_often(words, wait), HTTPStatus.TOO_MANY_REQUESTS)
    workshop: Workshop = request.app.state.workshop
    agent, token = request.headers.get("user-agent", ""), sessions.token(request)
    made = await workshop.write(factors.complete, token, typed.get(_CODE, ""), agent)
    if made is None:
        return _ask(
            request, words.gettext("Dieser Code stimmt nicht oder wurde schon benutzt. Bitte nehmen Sie den nächsten.")
        )
    return await pages.welcome(request, made, _onward(request))


async def _waiting(request: Request) -> str:
    workshop: Workshop = request.app.state.workshop
    token = sessions.token(request)
    return await workshop.read(entering.waiting, token) if token else ""


def _onward(request: Request) -> str:
    return rules.local(request.query_params.get(rendering.ONWARD, ""))


def _wish(request: Request) -> str:
    """Return the query that leads on to where somebody wanted to go, "" where that is nowhere else."""
    wanted = rendering.ONWARD in request.query_params
    return f"?{urlencode({rendering.ONWARD: _onward(request)})}" if wanted else ""


def _ask(request: Request, problem: str = "", status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> Response:
    page = rendering.page(
        request,
        "accounts/code.html",
        status if problem else HTTPStatus.OK,
        action=f"{pages.CODE}?{urlencode({rendering.ONWARD: _onward(request)})}",
        problem=problem,
    )
    page.headers.update(answers.PRIVATE)
    return page


# --- in the account ---------------------------------------------------------------------------------------------------
@visits.signed_in
async def show(request: Request, visitor: Visitor) -> Response:
    """Show whether it is on, or what the app has to learn."""
    return await _page(request, visitor)


@visits.signed_in
async def start(request: Request, visitor: Visitor) -> Response:
    """Begin to turn it on."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    await visits.require_for_ways(request, visitor)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(factors.start, visitor.id)
    return RedirectResponse(PATH + _wish(request), HTTPStatus.SEE_OTHER)


@visits.signed_in
async def draw(request: Request, visitor: Visitor) -> Response:
    """Draw what the app has to learn."""
    workshop: Workshop = request.app.state.workshop
    drawn = await workshop.read(factors.picture, visitor.id)
    if drawn is None:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return Response(drawn, media_type="image/svg+xml")


@visits.signed_in
async def confirm(request: Request, visitor: Visitor) -> Response:
    """Turn it on with the first code, and show the codes for paper."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    await visits.require_for_ways(request, visitor)
    words = rendering.language_of(request)
    wait = throttle.of(request).wait(request, "code of", _TRIES, visitor.id)
    if wait:
        return await _page(request, visitor, pages.too_often(words, wait))
    workshop: Workshop = request.app.state.workshop
    codes = await workshop.write(factors.confirm, visitor.id, typed.get(_CODE, ""), visitor.session)
    if codes is None:
        return await _page(
            request,
            visitor,
            words.gettext("Dieser Code stimmt nicht. Bitte nehmen Sie den, der jetzt in der App steht."),
        )
    return await _page(request, visitor, codes=codes)


@visits.signed_in
async def renew(request: Request, visitor: Visitor) -> Response:
    """Show new codes for paper."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    await visits.require_for_ways(request, visitor)
    workshop: Workshop = request.app.state.workshop
    return await _page(request, visitor, codes=await workshop.write(_renewed, visitor.id))


@visits.signed_in
async def turn_off(request: Request, visitor: Visitor) -> Response:
    """Ask for no code any more."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    await visits.require_for_ways(request, visitor)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(factors.turn_off, visitor.id)
    return RedirectResponse(f"{rules.HOME}?fertig=1", HTTPStatus.SEE_OTHER)


def _renewed(work: Work, person: str) -> list[str] | None:
    return factors.new_codes(work, person) if store.has_factor(work, person) else None


async def _page(request: Request, visitor: Visitor, problem: str = "", codes: list[str] | None = None) -> Response:
    workshop: Workshop = request.app.state.workshop
    state = await workshop.read(_state, visitor.id)
    problem = "" if state.on else problem  # the button was pressed twice
    must, wish = visits.must_show_second(request, visitor) and not codes, _wish(request)
    return rendering.page(
        request,
        "accounts/factor.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        on=state.on,
        left=state.left,
        secret=[state.secret[start : start + 4] for start in range(0, len(state.secret), 4)],
        must=must,
        prove=must and state.has_second,
        needed=rules.needs_two(visitor.grants),
        codes=codes or (),
        problem=problem,
        action=PATH + wish,
        start=_START + wish,
        onward=rules.local(request.query_params.get(rendering.ONWARD, ""), rules.HOME),
        by_passkey=pages.BY_PASSKEY + wish,
        passkey_start=f"{pages.BY_PASSKEY}/start",
        add_passkey=passkey_pages.PATH + wish,
        add_passkey_start=passkey_pages.START,
        passkey_longest=rules.PASSKEY_NAME,
        picture=_PICTURE,
        renew=_CODES,
        off=_OFF,
    )


@dataclass(frozen=True, slots=True)
class _State:
    """What there is: codes (`left` on paper), a `secret` that an app has yet to learn, any second step at all."""

    on: bool
    left: int
    secret: str
    has_second: bool


def _state(work: Work, person: str) -> _State:
    on, has_second = store.has_factor(work, person), store.has_second_step(work, person)
    return _State(on, store.count_codes(work, person), factors.secret(work, person), has_second)


ROUTES: list[BaseRoute] = [
    Route(pages.CODE, ask, name="sign-in-code"),
    Route(pages.CODE, enter, methods=["POST"], name="sign-in-code-enter"),
    Route(PATH, show, name="factor"),
    Route(PATH, confirm, methods=["POST"], name="factor-confirm"),
    Route(_START, start, methods=["POST"], name="factor-start"),
    Route(_PICTURE, draw, name="factor-picture"),
    Route(_CODES, renew, methods=["POST"], name="factor-codes"),
    Route(_OFF, turn_off, methods=["POST"], name="factor-off"),
]
