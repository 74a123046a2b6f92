"""The page of an objection in the queue of reports: what was decided, what is said against it, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import people, visits
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, menu, reasons, shown
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import restoring
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.moderation import actions, store, wire
from fediverse_ehrenamt.moderation.rules import Kind, Outcome
from fediverse_ehrenamt.moderation.store import Decision
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = f"{menu.REPORTS}/widerspruch"
_OUTCOME, _MOST, _NAMED = "ergebnis", 50, 8


@dataclass(frozen=True, slots=True)
class Line:
    """An objection in a list, in the reader's language; `state` is "" while it waits."""

    href: str
    title: str
    organisation: str
    since: str
    state: str


@dataclass(frozen=True, slots=True)
class _Found:
    """An objection with who decided what it is against ("" if nobody knows) and who else could look at it."""

    measure: Decision
    organisation: shown.Item
    decider: str
    others: list[Person]


def listed(work: Work, *, answered: bool) -> list[tuple[Decision, str]]:
    """Return the objections that wait, or that were answered last, with the names of their organisations."""
    return _named(work, store.objections(work, answered=answered, limit=_MOST))


def about(work: Work, report: int) -> list[tuple[Decision, str]]:
    """Return the objections to what was decided about a report."""
    return _named(work, store.objections_about(work, report))


def _named(work: Work, found: list[Decision]) -> list[tuple[Decision, str]]:
    names = shown.items(work, (one.organisation for one in found))
    return [(one, names[one.organisation].title) for one in found]


def line(one: Decision, organisation: str, words: Language) -> Line:
    """Return an objection as a list shows it."""
    since = words.long_day(one.objected_at) if one.objected_at else ""
    return Line(f"{PATH}/{one.id}", one.title, organisation, since, _state(one, words))


def _state(one: Decision, words: Language) -> str:
    if not one.outcome:
        return ""
    return words.gettext("Stattgegeben") if one.outcome == Outcome.UPHELD else words.gettext("Zurückgewiesen")


@visits.needs(Permission.MODERATE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show an objection and the form that decides about it, or what was decided."""
    workshop: Workshop = request.app.state.workshop
    return _page(request, visitor, await workshop.read(_find, shown.number(request, "number")), {}, {})


def _find(work: Work, number: int) -> _Found:
    measure = store.measure(store.get_measure(work, number))
    might = people.who_may(work, Permission.MODERATE)
    decider = next((one.name for one in might if one.id == measure.person), "")
    others = [one for one in might if one.id != measure.person]
    organisation = shown.items(work, [measure.organisation])[measure.organisation]
    return _Found(measure, organisation, decider, others[:_NAMED])


def _page(
    request: Request, visitor: Visitor, found: _Found, typed: Mapping[str, str], problems: Mapping[str, str]
) -> Response:
    words, one = rendering.language_of(request), found.measure
    return menu.page(
        request,
        visitor,
        "admin/objection.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        one=one,
        organisation=found.organisation,
        decider=found.decider,
        itself=bool(one.person) and visitor.id == one.person,
        others=[person.name for person in found.others],
        suspended=one.kind is Kind.SUSPENDED,
        day=words.long_day(one.at),
        ground=words.gettext(wire.GROUNDS.get(one.ground, "")),
        objected=words.span(one.objected_at, None) if one.objected_at else "",
        state=_state(one, words),
        answered=words.span(one.answered_at, None) if one.answered_at else "",
        report=f"{menu.REPORTS}/{one.report}" if one.report else "",
        typed={_OUTCOME: "", reasons.TEXT: "", **typed},
        problems=problems,
        longest=reasons.LONGEST,
        action=f"{PATH}/{one.id}",
        back=menu.REPORTS,
    )


@visits.needs(Permission.MODERATE)
async def decide(request: Request, visitor: Visitor) -> Response:
    """Uphold an objection, so that all is put back, or reject it with a reason; decided twice it is decided once."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    found = await workshop.read(_find, shown.number(request, "number"))
    problems = _problems(typed, rendering.language_of(request))
    if problems:
        return _page(request, visitor, found, typed, problems)
    outcome, text = Outcome(typed[_OUTCOME]), typed.get(reasons.TEXT, "").replace("\r\n", "\n")
    try:
        await workshop.write(_decide, found.measure.id, outcome, text, visits.by(visitor))
    except Conflict as error:
        found = await workshop.read(_find, found.measure.id)
        if found.measure.answered_at is None:  # nothing of it can be put back now
            return _page(request, visitor, found, typed, {_OUTCOME: error.public})
    return RedirectResponse(f"{PATH}/{found.measure.id}", HTTPStatus.SEE_OTHER)


def _problems(typed: Mapping[str, str], words: Language) -> dict[str, str]:
    outcome, text = typed.get(_OUTCOME, ""), typed.get(reasons.TEXT, "")
    if outcome not in list(Outcome):
        return {_OUTCOME: words.gettext("Bitte wählen Sie, was geschehen soll.")}
    said = reasons.problem(text, words, needed=outcome == Outcome.REJECTED)
    return {reasons.TEXT: said} if said else {}


def _decide(work: Work, number: int, outcome: Outcome, text: str, by: By) -> None:
    row = actions.judge(work, number, outcome, text)
    did = Did.OBJECTION_UPHELD if outcome is Outcome.UPHELD else Did.OBJECTION_REJECTED
    audit.note(work, by, did, About(row.title, row.organisation, row.organisation), row.answer)
    if outcome is Outcome.REJECTED or (row.kind == Kind.SUSPENDED and row.lifted_at is not None):
        return
    if row.kind == Kind.SUSPENDED:
        restoring.lift(work, row.organisation)
        name = organisations.name_of(work, row.organisation)
        audit.note(work, by, Did.ORGANISATION_RESTORED, About(name, row.organisation, row.organisation))
    else:
        restoring.restore(work, row.organisation, row.id)


_ONE: Final = f"{PATH}/{{number}}"
ROUTES: list[BaseRoute] = [
    Route(_ONE, show, name="admin-objection"),
    Route(_ONE, decide, methods=["POST"], name="admin-objection-decide"),
]
