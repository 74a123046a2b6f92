"""The districts of the portal: all of them with their offers and where they come from, and what was done last."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Concatenate, Final, ParamSpec
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import finding
from fediverse_ehrenamt.discover import results
from fediverse_ehrenamt.districts import actions, rules, store
from fediverse_ehrenamt.districts.actions import Listed
from fediverse_ehrenamt.districts.rules import Origin, What
from fediverse_ehrenamt.districts.store import Change, Progress
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.districts import Key
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import DISTRICT
from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

P = ParamSpec("P")
Verb = Callable[[Work, Key], object]

NEW: Final = f"{menu.DISTRICTS}/neu"
LISTED: Final = 100
"""How many districts a page has."""
ORIGINS: Final = {
    Origin.OWN: "bringt das Programm mit",
    Origin.LEARNT: "aus einer eingelesenen Liste gelernt",
    Origin.ENTERED: "von Hand eingetragen",
}
_DONE, _TOWN, _NUMBER, _UNDO = asking.DONE, "ort", "nummer", "zuruecknehmen"
_ALL: Final = "alle"
_UNDOABLE: Final = 10
_LONGEST_NUMBER: Final = 9
_DID: Final = {
    What.ADDED: Did.DISTRICT_ADDED,
    What.CHANGED: Did.DISTRICT_CHANGED,
    What.MERGED: Did.DISTRICT_CHANGED,
    What.PARTED: Did.DISTRICT_CHANGED,
    What.HIDDEN: Did.DISTRICT_HIDDEN,
    What.SHOWN: Did.DISTRICT_CHANGED,
    What.UNDONE: Did.DISTRICT_CHANGED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A district as it is read in the list; `offers` are current ones, `search` finds them, `where` are its degrees."""

    name: str
    label: str
    href: str
    hidden: bool
    aliases: tuple[str, ...]
    origin: str
    postcode: str
    where: str
    offers: int
    search: str


@dataclass(frozen=True, slots=True)
class _Held:
    """All districts, the towns that have some, what can be taken back, what was just done, what is under way."""

    districts: Sequence[Listed]
    undoable: Sequence[Change]
    done: Change | None
    progress: Progress | None


def href(key: Key) -> str:
    """Return the page of a district, or of what one is called too."""
    town, name = (part.replace(" ", "-") for part in key)
    return f"{menu.DISTRICTS}/{town}/{name}"


def of_town(town: str) -> str:
    """Return the list of a town's districts, that of the portal's own town or of all where none is named."""
    return f"{menu.DISTRICTS}?{urlencode({_TOWN: gazetteer.fold(town)})}" if town else menu.DISTRICTS


def key_of(request: Request) -> Key:
    """Return the key in the address of such a page."""
    return request.path_params["town"].replace("-", " "), request.path_params["name"].replace("-", " ")


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.EDIT_INSTANCE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a page of all districts, or of those of a town."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    held = await workshop.read(_held, _number(request.query_params.get(_DONE, "")))
    towns = {one.key[0]: one.district.town for one in held.districts}
    wanted, at = _town(request, towns), asking.number(request, asking.PAGE, 1)
    chosen = [one for one in held.districts if wanted in {one.key[0], _ALL}]
    lines = await lines_of(request, chosen[(at - 1) * LISTED : at * LISTED])
    return menu.page(
        request,
        visitor,
        "admin/districts.html",
        new=NEW,
        towns=[(_ALL, words.gettext("alle")), *sorted(towns.items(), key=lambda town: town[1])],
        town=wanted,
        named=towns.get(wanted, ""),
        groups=[(town, list(some)) for town, some in groupby(lines, key=lambda one: one[0])],
        count=len(chosen),
        paging=asking.paging(menu.DISTRICTS, {_TOWN: wanted}, at, LISTED, len(chosen)),
        notice=_said(held.done, words) if held.done else "",
        undoable=[(_said(one, words), one.id, words.span(one.at, None)) for one in held.undoable],
        undo=f"{menu.DISTRICTS}/{_UNDO}",
        progress=held.progress,
        followed=held.progress is None and (held.done is not None or "hx-request" in request.headers),
        path=f"{menu.DISTRICTS}?{urlencode({_TOWN: wanted})}",
    )


def _town(request: Request, towns: Mapping[str, str]) -> str:
    """Return the key of the town that is asked for, of that of the portal where none is, `_ALL` for all."""
    home: Preferences = request.app.state.preferences
    usual = home.home.place if home.home else ""
    wanted = gazetteer.fold(request.query_params.get(_TOWN, usual))
    return wanted if wanted in towns else _ALL


def _held(work: Work, done: int) -> _Held:
    undoable = store.undoable(work, _UNDOABLE)
    return _Held(actions.listing(work), undoable, store.find_change(work, done) if done else None, store.progress(work))


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST_NUMBER else 0


def _said(change: Change, words: Language) -> str:
    return f"{change.label}: {words.gettext(rules.WORDS[change.did])}"


async def lines_of(request: Request, some: Iterable[Listed]) -> list[tuple[str, Line]]:
    """Return districts as they are read, each with the name of its town."""
    workshop: Workshop = request.app.state.workshop
    index: Index = request.app.state.index
    words = rendering.language_of(request)
    counts = await run_in_threadpool(index.counts, Query(kinds=(OPPORTUNITY,)), workshop.now())
    return [(one.district.town, _line(one, counts.of(DISTRICT, [one.district.label]), words)) for one in some]


def _line(one: Listed, offers: int, words: Language) -> Line:
    district = one.district
    return Line(
        name=district.name,
        label=district.label,
        href=href(one.key),
        hidden=one.hidden,
        aliases=district.aliases,
        origin=words.gettext(ORIGINS[one.origin]),
        postcode=district.postcode,
        where=f"{finding.degrees(district.latitude)} / {finding.degrees(district.longitude)}",
        offers=offers,
        search=results.href((("art", "angebot"), (DISTRICT, district.label))),
    )


# --- doing ------------------------------------------------------------------------------------------------------------
async def do(
    request: Request, visitor: Visitor, function: Callable[Concatenate[Work, P], object], *args: P.args,
    **kwargs: P.kwargs,
) -> Response:  # fmt: skip
    """Change districts, note who did, let this process know, and lead back to the list. Raises as `function`."""
    workshop: Workshop = request.app.state.workshop

    def run(work: Work) -> dict[str, str]:
        store.hold(work)
        before = store.edition(work)
        function(work, *args, **kwargs)
        return _noted(work, visits.by(visitor), before)

    told = await workshop.write(run)
    await workshop.read(actions.teach)
    return RedirectResponse(f"{menu.DISTRICTS}?{urlencode(told)}", HTTPStatus.SEE_OTHER)


def _noted(work: Work, by: By, before: int) -> dict[str, str]:
    """Note what was done since, if anything was; return how the list is asked to tell of it."""
    done = store.newest(work)
    if done is None or done.id == before:
        return {}
    audit.note(work, by, _DID[done.did], About(done.label), rules.WORDS[done.did])
    return {_DONE: str(done.id), _TOWN: gazetteer.fold(done.town)}


@visits.needs(Permission.EDIT_INSTANCE)
async def undo(request: Request, visitor: Visitor) -> Response:
    """Take a change back, or say why that is not possible any more."""
    number = _number((await asking.typed(request)).get(_NUMBER, ""))
    try:
        return await do(request, visitor, actions.undo, number)
    except (Conflict, NotFound) as error:
        return asking.refused(request, visitor, error.public, menu.DISTRICTS)


ROUTES: list[BaseRoute] = [
    Route(menu.DISTRICTS, show, name="admin-districts"),
    Route(f"{menu.DISTRICTS}/{_UNDO}", undo, methods=["POST"], name="admin-districts-undo"),
]
