"""The page of one's own account: name and language, roles, and where one is signed in."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import (
    entering,
    factor_pages,
    leaving_pages,
    moving_pages,
    passkey_pages,
    passkeys,
    password_pages,
    passwords,
    people,
    rules,
    store,
    visits,
    wire,
)
from fediverse_ehrenamt.accounts.entering import Session
from fediverse_ehrenamt.accounts.passkeys import Passkey
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.web import forms, i18n, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH = rules.HOME
_SESSIONS = f"{PATH}/sitzungen"
_NAME, _LANGUAGE, _CALLED, _DONE = "name", "sprache", "aufgaben", "fertig"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10


@dataclass(frozen=True, slots=True)
class _Role:
    """A role as its owner reads it; `organisation` is a name, "" for the instance."""

    label: str
    organisation: str


@dataclass(frozen=True, slots=True)
class _Device:
    """A sign-in as its owner reads it."""

    name: str
    begun: str
    seen: str
    here: bool
    end: str


@dataclass(frozen=True, slots=True)
class _Key:
    """A passkey as its owner reads it; `used` is "" for never."""

    name: str
    since: str
    used: str
    remove: str


@visits.signed_in
async def show(request: Request, visitor: Visitor) -> Response:
    """Show the account."""
    return await _page(request, visitor, visitor.name, visitor.language)


@visits.signed_in
async def change(request: Request, visitor: Visitor) -> Response:
    """Change name and language; letters come in it, and so do pages from now on.

    Who has a role of the instance says too whether they are written to when something waits for them.
    """
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    name, language = typed.get(_NAME, "").strip(), typed.get(_LANGUAGE, "")
    called = _CALLED in typed
    workshop: Workshop = request.app.state.workshop
    try:
        await workshop.write(_change, visitor, name, language, called=called)
    except Invalid:
        known = language if language in i18n.LOCALES else visitor.language
        return await _page(request, visitor, name, known, called=called, wrong=True)
    return RedirectResponse(f"{PATH}?{_DONE}=1&{rendering.LANGUAGE_PARAMETER}={language}", HTTPStatus.SEE_OTHER)


def _change(work: Work, visitor: Visitor, name: str, language: str, *, called: bool) -> None:
    people.change(work, visitor.id, name, language)
    if visitor.for_instance:
        people.want_calls(work, visitor.id, wanted=called)


@visits.signed_in
async def end_one(request: Request, visitor: Visitor) -> Response:
    """Sign out in one other place."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(entering.end, visitor.id, request.path_params["id"])
    return RedirectResponse(f"{PATH}#sitzungen", HTTPStatus.SEE_OTHER)


@visits.signed_in
async def end_others(request: Request, visitor: Visitor) -> Response:
    """Sign out everywhere but here."""
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    workshop: Workshop = request.app.state.workshop
    await workshop.write(entering.end_others, visitor.id, visitor.session)
    return RedirectResponse(f"{PATH}#sitzungen", HTTPStatus.SEE_OTHER)


async def _page(
    request: Request, visitor: Visitor, name: str, language: str, *, called: bool | None = None, wrong: bool = False
) -> Response:
    """Show the account with what was typed; `called` is None for what is kept."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    own = await workshop.read(_own, visitor)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return rendering.page(
        request,
        "accounts/own.html",
        status,
        name=name,
        longest=rules.NAME,
        wrong=wrong,
        done=_DONE in request.query_params,
        tongue=language,
        is_called=own.is_called if called is None else called,
        tongues=i18n.OWN_NAMES.items(),
        roles=[_Role(wire.role_label(words, one.role), own.names.get(one.organisation, "")) for one in visitor.grants],
        devices=[_device(words, one, visitor.session) for one in own.sessions],
        has_password=own.has_password,
        password=password_pages.PATH,
        has_factor=own.has_factor,
        factor=factor_pages.PATH,
        advised=rules.needs_two(visitor.grants) and not own.has_second,
        required=workshop.settings.second_factor_required,
        passkeys=[_key(words, one) for one in own.passkeys],
        passkey=passkey_pages.PATH,
        passkey_start=passkey_pages.START,
        passkey_longest=rules.PASSKEY_NAME,
        data=leaving_pages.DATA,
        move=moving_pages.PATH,
        leave=leaving_pages.LEAVE,
        end_others=f"{_SESSIONS}/andere-beenden",
    )


@dataclass(frozen=True, slots=True)
class _Own:
    """What the page shows; `names` are those of the organisations by their URIs."""

    sessions: list[Session]
    names: dict[str, str]
    is_called: bool
    has_password: bool
    has_factor: bool
    has_second: bool
    passkeys: list[Passkey]


def _own(work: Work, visitor: Visitor) -> _Own:
    names = store.names(work, visitor.organisations)
    found = entering.listing(work, visitor.id)
    has_password, has_factor = passwords.has(work, visitor.id), store.has_factor(work, visitor.id)
    has_second = store.has_second_step(work, visitor.id)
    called, keys = people.is_called(work, visitor.id), passkeys.listing(work, visitor.id)
    return _Own(found, names, called, has_password, has_factor, has_second, keys)


def _key(words: Language, key: Passkey) -> _Key:
    used = words.long_day(key.used_on) if key.used_on else ""
    return _Key(key.name, words.long_day(key.since), used, f"{passkey_pages.PATH}/{key.digest}/entfernen")


def _device(words: Language, session: Session, here: str) -> _Device:
    parts = {"browser": session.browser or words.gettext("Ein Browser"), "system": session.system}
    name = words.gettext("%(browser)s auf %(system)s") % parts if session.system else parts["browser"]
    end = f"{_SESSIONS}/{session.id}/beenden"
    return _Device(name, words.long_day(session.begun), words.long_day(session.seen_on), session.id == here, end)


ROUTES: list[BaseRoute] = [
    Route(PATH, show, name="account"),
    Route(PATH, change, methods=["POST"], name="account-change"),
    Route(f"{_SESSIONS}/andere-beenden", end_others, methods=["POST"], name="sessions-end-others"),
    Route(f"{_SESSIONS}/{{id}}/beenden", end_one, methods=["POST"], name="session-end"),
]
