"""All organisations of the portal: found by name, each with what was decided about it; suspended, and let in again."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import people, visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, menu, reasons
from fediverse_ehrenamt.admin.asking import Question
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import restoring
from fediverse_ehrenamt.desk.restoring import Restored
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.moderation import actions, store, wire
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground, Kind
from fediverse_ehrenamt.moderation.store import Decision
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.organisations.actions import Found
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = menu.ORGANISATIONS
SUSPEND, LIFT = "sperren", "sperre-aufheben"
_SUSPENDED, _LIFTED = "gesperrt", "aufgehoben"
_WORDS, _LONGEST = "suche", 100
_LISTED: Final = 50  # of one page
_PAGES: Final = 200
_SWEEPS: Final = 100  # transactions in which all is taken down; housekeeping does what is left


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    handle: str
    href: str
    suspended: str


@dataclass(frozen=True, slots=True)
class _Measure:
    """What was decided, in the reader's language; `lifted` is since when it holds no more, "" while it does."""

    what: str
    title: str
    day: str
    ground: str
    reason: str
    lifted: str


@dataclass(frozen=True, slots=True)
class _One:
    row: LocalActorRow
    measures: list[Decision]
    reached: bool
    owned: bool


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MODERATE)
async def listing(request: Request, visitor: Visitor) -> Response:
    """Show the organisations, those whose name holds what is sought."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    sought = " ".join(request.query_params.get(_WORDS, "").split())[:_LONGEST]
    page = min(asking.number(request, asking.PAGE, 1), _PAGES)
    found, count = await workshop.read(organisations.find, sought, _LISTED, (page - 1) * _LISTED)
    return menu.page(
        request,
        visitor,
        "admin/organisations.html",
        lines=[_line(one, words) for one in found],
        count=count,
        sought=sought,
        longest=_LONGEST,
        add=f"{menu.APPLICATIONS}/neu" if visitor.may(Permission.APPROVE_ORGANISATIONS) else "",
        paging=asking.paging(PATH, {_WORDS: sought}, page, _LISTED, count),
    )


def _line(one: Found, words: Language) -> _Line:
    day = words.long_day(one.suspended_at) if one.suspended_at else ""
    return _Line(html.visible(one.name), one.handle, f"{PATH}/{one.handle}", day)


# --- one of them ------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MODERATE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show an organisation and what was decided about it."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    one = await workshop.read(_find, request.path_params[visits.HANDLE])
    row = one.row
    return menu.page(
        request,
        visitor,
        "admin/organisation.html",
        row=row,
        name=html.visible(row.name),
        summary=row.summary,
        since=words.long_day(row.created_at),
        suspended=words.long_day(row.suspended_at) if row.suspended_at else "",
        measures=[_measure(measure, words) for measure in one.measures],
        public=f"/organisationen/{row.handle}",
        desk=f"{menu.PATH}/organisationen/{row.handle}" if visitor.may(Permission.EDIT_OFFERS, row.uri) else "",
        owned=one.owned,
        base=f"{PATH}/{row.handle}",
        back=PATH,
        notice=_notice(request, words),
    )


def _find(work: Work, handle: str) -> _One:
    row = organisations.get(work, handle)
    return _One(
        row,
        store.measures(work, row.uri),
        bool(actions.recipients(work, row.uri)),
        bool(people.owners(work, row.uri)),
    )


def _measure(one: Decision, words: Language) -> _Measure:
    what = words.gettext("Gesperrt") if one.kind is Kind.SUSPENDED else words.gettext("Zurückgezogen")
    ground = words.gettext(wire.GROUNDS.get(one.ground, ""))
    lifted = words.long_day(one.lifted_at) if one.lifted_at else ""
    return _Measure(what, one.title, words.long_day(one.at), ground, one.reason, lifted)


def _notice(request: Request, words: Language) -> str:
    done, number = request.query_params.get(asking.DONE, ""), asking.number(request, asking.NUMBER)
    if done == _SUSPENDED:
        return words.gettext("Die Organisation ist gesperrt und liest, warum.")
    if done == _LIFTED:
        return words.ngettext(
            "Die Sperre ist aufgehoben. %(number)s Eintrag steht wieder da.",
            "Die Sperre ist aufgehoben. %(number)s Einträge stehen wieder da.",
            number,
        ) % {"number": words.number(number)}
    return ""


# --- suspending -------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MODERATE)
async def ask_suspend(request: Request, visitor: Visitor) -> Response:
    """Say what follows from a suspension, and ask why."""
    workshop: Workshop = request.app.state.workshop
    one = await workshop.read(_find, request.path_params[visits.HANDLE])
    if one.row.suspended_at is not None:
        return RedirectResponse(f"{PATH}/{one.row.handle}", HTTPStatus.SEE_OTHER)
    return _form(request, visitor, one, {}, {})


def _form(
    request: Request, visitor: Visitor, one: _One, typed: Mapping[str, str], problems: Mapping[str, str]
) -> Response:
    words = rendering.language_of(request)
    return menu.page(
        request,
        visitor,
        "admin/suspend.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        name=html.visible(one.row.name),
        reached=one.reached,
        typed={reasons.TEXT: "", reasons.GROUND: str(Ground.RULES), **typed},
        problems=problems,
        grounds=reasons.grounds(words),
        longest=reasons.LONGEST,
        action=f"{PATH}/{one.row.handle}/{SUSPEND}",
        back=f"{PATH}/{one.row.handle}",
    )


@visits.needs(Permission.MODERATE)
async def suspend(request: Request, visitor: Visitor) -> Response:
    """Suspend an organisation; sent twice it is suspended once."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    one = await workshop.read(_find, request.path_params[visits.HANDLE])
    home = f"{PATH}/{one.row.handle}"
    problem = reasons.problem(typed.get(reasons.TEXT, ""), rendering.language_of(request))
    if problem:
        return _form(request, visitor, one, typed, {reasons.TEXT: problem})
    by = visits.by(visitor)
    try:
        await workshop.write(_suspend, one.row.uri, reasons.read(typed, by), by)
    except Conflict:  # somebody else was quicker
        return RedirectResponse(home, HTTPStatus.SEE_OTHER)
    for _ in range(_SWEEPS):
        if not await workshop.write(actions.sweep):
            break
    return asking.back(home, _SUSPENDED)


def _suspend(work: Work, organisation: str, why: Reasons, by: By) -> None:
    actions.suspend(work, organisation, why)
    name = organisations.name_of(work, organisation)
    audit.note(work, by, Did.ORGANISATION_SUSPENDED, About(name, organisation, organisation), why.text)


@visits.needs(Permission.MODERATE)
async def ask_lift(request: Request, visitor: Visitor) -> Response:
    """Say what follows when a suspension is lifted, and ask whether that is meant."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    one = await workshop.read(_find, request.path_params[visits.HANDLE])
    home = f"{PATH}/{one.row.handle}"
    if one.row.suspended_at is None:
        return RedirectResponse(home, HTTPStatus.SEE_OTHER)
    facts = [
        words.gettext("„%(name)s“ kann wieder veröffentlichen und bekommt eine E-Mail.")
        % {"name": html.visible(one.row.name)},
        words.gettext(
            "Die Angebote und Termine von vorher stehen wieder da, soweit sie nicht abgelaufen sind. Andere Portale "
            "bekommen sie neu; was dort daran stand, kommt nicht zurück."
        ),
    ]
    heading, button = words.gettext("Sperre aufheben?"), words.gettext("Ja, Sperre aufheben")
    return asking.page(request, visitor, Question(heading, facts, home, button, f"{home}/{LIFT}"))


@visits.needs(Permission.MODERATE)
async def lift(request: Request, visitor: Visitor) -> Response:
    """Lift a suspension and put back what stood."""
    await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    one = await workshop.read(_find, request.path_params[visits.HANDLE])
    home = f"{PATH}/{one.row.handle}"
    try:
        restored = await workshop.write(_lift, one.row.uri, visits.by(visitor))
    except Conflict:
        return RedirectResponse(home, HTTPStatus.SEE_OTHER)
    return asking.back(home, _LIFTED, restored.count)


def _lift(work: Work, organisation: str, by: By) -> Restored:
    name, restored = restoring.lift(work, organisation)
    audit.note(work, by, Did.ORGANISATION_RESTORED, About(name, organisation, organisation))
    return restored


_ONE: Final = f"{PATH}/{{{visits.HANDLE}}}"
ROUTES: list[BaseRoute] = [
    Route(PATH, listing, name="admin-organisations"),
    Route(_ONE, show, name="admin-organisation"),
    Route(f"{_ONE}/{SUSPEND}", ask_suspend, name="admin-organisation-ask-suspend"),
    Route(f"{_ONE}/{SUSPEND}", suspend, methods=["POST"], name="admin-organisation-suspend"),
    Route(f"{_ONE}/{LIFT}", ask_lift, name="admin-organisation-ask-lift"),
    Route(f"{_ONE}/{LIFT}", lift, methods=["POST"], name="admin-organisation-lift"),
]
