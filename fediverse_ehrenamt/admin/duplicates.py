"""The queue of doubtful duplicates: both entries side by side, joined or parted, and what was decided taken back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import comparing, menu, shown
from fediverse_ehrenamt.admin.comparing import Pieces
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.duplicates import actions, store, wording
from fediverse_ehrenamt.duplicates.actions import Case
from fediverse_ehrenamt.duplicates.model import AUTOMATIC, DIFFERENT, SAME, WAITING
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = menu.DUPLICATES
_PAGE = 25
_FURTHEST = 5_000  # pairs that are paged through
_LONGEST_BODY, _MOST_FIELDS = 1_024, 5
_STATE, _FROM, _DONE, _NUMBER, _VERDICT = "stand", "ab", "getan", "paar", "was"
_JOIN, _PART, _RESET = "dasselbe", "verschieden", "zuruecknehmen"
_TABS: Final[Mapping[str, Collection[str]]] = MappingProxyType(
    {"": (WAITING,), "zusammen": (AUTOMATIC, SAME), "verschieden": (DIFFERENT,)}
)
_COORDINATION: Final = "Koordination"  # who it was says the log, which forgets people
_ALL: Final = 100  # per cent


@dataclass(frozen=True, slots=True)
class _Pair:
    """A pair in the list; the sides are title, organisation and host."""

    href: str
    sides: tuple[tuple[str, str, str], ...]
    alike: str
    state: str


@dataclass(frozen=True, slots=True)
class _Row:
    """What both say of one thing; `differs` where it is not the same."""

    name: str
    one: Pieces
    other: Pieces
    differs: bool


@visits.needs(Permission.REVIEW_DUPLICATES)
async def overview(request: Request, visitor: Visitor) -> Response:
    """Show the pairs in one state, the most alike first."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    asked = request.query_params.get(_STATE, "")
    tab = asked if asked in _TABS else ""
    begins = min(shown.number(request, _FROM), _FURTHEST)
    found, further = await workshop.read(_listed, _TABS[tab], begins)
    state = f"{_STATE}={tab}&" if tab else ""
    done = request.query_params.get(_DONE, "")
    return menu.page(
        request,
        visitor,
        "admin/duplicates.html",
        pairs=[_pair(case, words) for case in found],
        tab=tab,
        begins=begins,
        further=f"{PATH}?{state}{_FROM}={begins + _PAGE}" if further else "",
        done=done if done in {_JOIN, _PART, _RESET} else "",
        undo=shown.number(request, _NUMBER) if done in {_JOIN, _PART} else 0,
        base=PATH,
    )


def _listed(work: Work, states: Collection[str], begins: int) -> tuple[list[Case], bool]:
    rows = store.listed(work, states, _PAGE + 1, begins)
    return actions.cases(work, rows[:_PAGE]), len(rows) > _PAGE


def _pair(case: Case, words: Language) -> _Pair:
    sides = tuple((_line(one.title), _line(one.organisation), one.host) for one in (case.one, case.other))
    return _Pair(f"{PATH}/{case.id}", sides, words.number(round(case.score * _ALL)), case.state)


def _line(text: str) -> str:
    return " ".join(html.visible(text).split())


@visits.needs(Permission.REVIEW_DUPLICATES)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show both entries of a pair side by side, with what stands in one of them only."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    case = await workshop.read(_case, shown.number(request, "number"))
    return menu.page(
        request,
        visitor,
        "admin/duplicate.html",
        case=_pair(case, words),
        items=(shown.item(case.one), shown.item(case.other)),
        rows=_rows(case.one, case.other, words),
        against=[words.gettext(wording.AGAINST[name]) for name in case.judgement.against if name in wording.AGAINST],
        action=f"{PATH}/{case.id}",
        base=PATH,
    )


def _case(work: Work, number: int) -> Case:
    """Return a pair; raises `NotFound`, also where one of both is gone."""
    found = actions.cases(work, store.get(work, [number]))
    if not found:
        raise NotFound("Dieses Paar gibt es nicht mehr: Einer der Einträge ist gelöscht.")
    return found[0]


def _rows(one: Document, other: Document, words: Language) -> list[_Row]:
    named = (
        (words.gettext("Titel"), one.title, other.title),
        (words.gettext("Organisation"), one.organisation, other.organisation),
        (words.gettext("Wann"), view.when(one, words), view.when(other, words)),
        (words.gettext("Wo"), one.place, other.place),
        (words.gettext("Text"), one.text, other.text),
    )
    return [_row(name, _line(left), _line(right)) for name, left, right in named if left or right]


def _row(name: str, left: str, right: str) -> _Row:
    return _Row(name, *comparing.beside(left, right), left != right)


# --- deciding ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.REVIEW_DUPLICATES)
async def decide(request: Request, visitor: Visitor) -> Response:
    """Say that a pair is one, or two, or take back what was said; nothing is deleted, and all can be undone."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    verdict, number = typed.get(_VERDICT, ""), shown.number(request, "number")
    if verdict not in {_JOIN, _PART, _RESET}:
        return RedirectResponse(f"{PATH}/{number}", HTTPStatus.SEE_OTHER)
    await workshop.write(_decide, number, verdict, visits.by(visitor))
    return RedirectResponse(f"{PATH}?{_DONE}={verdict}&{_NUMBER}={number}", HTTPStatus.SEE_OTHER)


def _decide(work: Work, number: int, verdict: str, by: By) -> None:
    case = _case(work, number)
    wanted = {_JOIN: SAME, _PART: DIFFERENT}.get(verdict)
    if case.state == wanted:
        return
    if wanted:
        actions.decide(work, [number], wanted, _COORDINATION)
    else:
        actions.reset(work, [number])
    did = Did.DUPLICATE_JOINED if verdict == _JOIN else Did.DUPLICATE_PARTED
    label = f"{_line(case.one.title)} ({case.one.host}) / {_line(case.other.title)} ({case.other.host})"
    audit.note(work, by, did, About(label, case.one.uri), "zurückgenommen" if verdict == _RESET else "")


ROUTES: list[BaseRoute] = [
    Route(PATH, overview, name="admin-duplicates"),
    Route(f"{PATH}/{{number}}", show, name="admin-duplicate"),
    Route(f"{PATH}/{{number}}", decide, methods=["POST"], name="admin-duplicate-decide"),
]
