"""The pages on which a listing is brought, looked at and taken over: the same steps at every desk.

An organisation brings its own entries; whoever looks after the instance brings those of many (`admin.bringing`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Endpoint, Organisation
from fediverse_ehrenamt.audit.rules import By
from fediverse_ehrenamt.bringing import actions, reading, rules, sample, showing
from fediverse_ehrenamt.bringing.actions import Brought, Choice
from fediverse_ehrenamt.bringing.rules import Desk, State
from fediverse_ehrenamt.desk.writing import PATH as DESK
from fediverse_ehrenamt.discover import readers
from fediverse_ehrenamt.imports import homes, owners, report
from fediverse_ehrenamt.imports.plan import Plan
from fediverse_ehrenamt.imports.sources import Source
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError, Invalid, NotFound, PeerError, Problem, TooLarge
from fediverse_ehrenamt.listings import formats
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.web import forms, rendering, uploads
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

SLUG: Final = "einlesen"
_FRAME: Final = "bringing/frame.html"
_LONGEST_BODY, _MOST_FIELDS = 40_000, 400
_FILE, _ADDRESS, _ACTION, _COLUMN = "datei", "adresse", "aktion", "spalte-"
_START, _DROP = "einlesen", "verwerfen"
_FORMAT, _LIST, _EVERY, _UNDER, _CREATE, _FORCE = "format", "liste", "wieder", "unter", "anlegen", "beenden"
_PLACE, _LONGEST_PLACE = "ort", 120
_KEEP = "behalten"
_MANY_DIGITS = 9
_DONE = "getan"


@dataclass(frozen=True, slots=True)
class At:
    """The desk at which somebody stands, and how its pages are made: `show(template, status, **values)`."""

    desk: Desk
    visitor: Visitor
    show: Callable[..., Response]

    @property
    def by(self) -> By:
        return visits.by(self.visitor, self.desk.actor)


Step = Callable[[Request, At], Awaitable[Response]]


# --- bringing ---------------------------------------------------------------------------------------------------------
async def ask(request: Request, at: At) -> Response:
    """Show the form, what was brought before, and the lists that are read again."""
    return await _ask(request, at)


async def _ask(
    request: Request, at: At, problems: Mapping[str, str] | None = None, address: str = "", status: int = HTTPStatus.OK
) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    begun = await workshop.read(actions.brought, at.desk)
    lists = await workshop.read(actions.lists, at.desk)
    done = request.query_params.get(_DONE, "")
    return at.show(
        "bringing/ask.html",
        status,
        desk=at.desk,
        wrong_fields=problems or {},
        problems={_FILE: "", _ADDRESS: "", **(problems or {})},
        address=address,
        largest=rules.LARGEST // 1_000_000,
        begun=[
            (f"{at.desk.base}/{name}", title, state, words.span(since, None)) for name, title, state, since in begun
        ],
        lists=[_listed(one, at, request) for one in lists],
        dropped=done == _DROP,
        given_up=done == "aufgegeben",
    )


def _beside(one: Problem, words: Language) -> str:
    """Say what is wrong beside the field that it is wrong with, whose name stands there already."""
    named = one.field in {reading.FILE, reading.ADDRESS}
    return words.gettext(one.message) if named else showing.problem(one, words)


def _listed(one: Source, at: At, request: Request) -> dict[str, object]:
    words = rendering.language_of(request)
    return {
        "label": actions.label(one),
        "address": one.address if one.address.startswith("http") else "",
        "read": words.span(one.read_at, None) if one.read_at else words.gettext("noch nie"),
        "every": words.gettext(rules.EVERY.get(one.every_hours, "")) if one.every_hours else "",
        "error": words.gettext(one.error),
        "give_up": f"{at.desk.base}/liste/{one.number}/aufgeben",
    }


async def receive(request: Request, at: At) -> Response:
    """Keep a file, or what is at an address, and go on to what it holds; or say beside the field what is wrong."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    address = ""
    try:
        posted, upload = await uploads.posted(request, _LONGEST_BODY, _MOST_FIELDS, rules.LARGEST)
        address = dict(posted).get(_ADDRESS, "").strip()
        if upload is not None:
            name = await actions.bring_file(workshop, at.desk, upload.name, upload.content)
        elif address:
            name = await actions.bring_address(workshop, at.desk, address)
        else:
            nothing = words.gettext("Bitte wählen Sie eine Datei, oder geben Sie eine Adresse an.")
            return await _ask(request, at, {_FILE: nothing}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Invalid as error:
        said = {_ADDRESS if one.field == reading.ADDRESS else _FILE: _beside(one, words) for one in error.problems}
        return await _ask(request, at, said, address, HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooLarge as error:
        return await _ask(
            request, at, {_FILE: words.gettext(error.public)}, address, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )
    except (Conflict, PeerError, NotFound) as error:
        return await _ask(
            request, at, {_ADDRESS: words.gettext(error.public)}, address, HTTPStatus.UNPROCESSABLE_ENTITY
        )
    one = await workshop.read(actions.get, at.desk, name)
    return _see(_columns_path(at, one.id) if one.format == formats.TABLE else f"{at.desk.base}/{name}")


def _columns_path(at: At, name: str) -> str:
    return f"{at.desk.base}/{name}/spalten"


def _see(path: str) -> Response:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


async def sample_file(request: Request, at: At) -> Response:
    """Return a table that somebody can fill in."""
    del request, at
    return _file(sample.table(), "muster.csv")


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


# --- columns ----------------------------------------------------------------------------------------------------------
async def ask_columns(request: Request, at: At) -> Response:
    """Show the columns of a table with what stands in them, and ask what each means."""
    one = await _open(request, at)
    if one is None or one.format not in reading.TABLES:
        return _see(f"{at.desk.base}/{request.path_params['name']}")
    found = await run_in_threadpool(reading.columns_of, one.content)
    meant = one.mapping or reading.meant(found, ())
    return await _columns(at, one, {column: field for field, column in meant.items()}, {})


async def take_columns(request: Request, at: At) -> Response:
    """Keep what the columns mean and go on to the preview, or say which choices contradict each other."""
    workshop: Workshop = request.app.state.workshop
    posted = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    one = await _open(request, at)
    if one is None or one.format not in reading.TABLES:
        return _see(f"{at.desk.base}/{request.path_params['name']}")
    found = await run_in_threadpool(reading.columns_of, one.content)
    typed = ((column, posted.get(f"{_COLUMN}{number}", "")) for number, column in enumerate(found))
    chosen = {column.name: field for column, field in typed if field in rules.FIELDS and not column.personal}
    problems = reading.problems_of(chosen, found)
    if problems:
        words = rendering.language_of(request)
        told = {name: words.gettext(said) for name, said in problems.items()}
        return await _columns(at, one, chosen, told)
    mapping = {field: name for name, field in chosen.items()}
    await workshop.write(actions.choose, at.desk, one.id, Choice(mapping=mapping))
    await actions.recognise(workshop, at.desk, one.id)
    return _see(f"{at.desk.base}/{one.id}")


async def _columns(at: At, one: Brought, chosen: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    found = await run_in_threadpool(reading.columns_of, one.content)
    return at.show(
        "bringing/columns.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        desk=at.desk,
        one=one,
        columns=[
            (f"{_COLUMN}{number}", column, chosen.get(column.name, ""), problems.get(column.name, ""))
            for number, column in enumerate(found)
        ],
        problem=problems.get("", ""),
        fields=[(field, label) for field, label in rules.FIELDS.items() if not (at.desk.actor and field == _OWNER)],
        action=_columns_path(at, one.id),
    )


_OWNER = "organisation"


async def _open(request: Request, at: At) -> Brought | None:
    """Return the listing of this path, None where it is not open to choices any more."""
    workshop: Workshop = request.app.state.workshop
    one = await workshop.read(actions.get, at.desk, request.path_params["name"])
    return one if one.state == State.BROUGHT else None


# --- preview ----------------------------------------------------------------------------------------------------------
async def look(request: Request, at: At) -> Response:
    """Show what would become of a listing: numbers, the first entries, what is wrong with which line."""
    one = await _open(request, at)
    if one is None:
        return _see(f"{at.desk.base}/{request.path_params['name']}/ergebnis")
    return await _look(request, at, one)


async def _look(request: Request, at: At, one: Brought, wrong_place: str = "") -> Response:
    """Show the preview; `wrong_place` is what somebody typed for the town and nobody knows."""
    workshop: Workshop = request.app.state.workshop
    words, problems = rendering.language_of(request), []
    found = Plan()
    try:
        found = await actions.foresee(workshop, at.desk, one)
    except Invalid as error:
        problems = [showing.problem(one, words) for one in error.problems]
    except EhrenamtError as error:
        problems = [words.gettext(error.public)]
    reader = await readers.of(request)
    names = (await workshop.read(owners.read)).names
    cards = await run_in_threadpool(showing.cards, found, names, workshop.settings, reader)
    return at.show(
        "bringing/look.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems or wrong_place else HTTPStatus.OK,
        desk=at.desk,
        one=one,
        problems=problems,
        place=wrong_place or one.place or (found.home.town if found.home.origin == homes.STATED else ""),
        place_problem=words.gettext(gazetteer.unknown(wrong_place)) if wrong_place else "",
        account=showing.account(found.report.json(), words),
        cards=cards,
        more=max(0, len(found.steps) - len(cards)),
        writes=len(found.steps) + len(found.vanished),
        held=bool(found.held) or one.force,
        columns=_columns_path(at, one.id) if one.format in reading.TABLES else "",
        action=f"{at.desk.base}/{one.id}",
        **await _choices(workshop, at, one),
    )


async def _choices(workshop: Workshop, at: At, one: Brought) -> dict[str, object]:
    """Return what can be chosen beside a preview."""
    lists = await workshop.read(actions.lists, at.desk)
    under = [] if at.desk.actor else await workshop.read(organisations.listing)
    return {
        "formats": rules.FORMATS.items(),
        "lists": [] if one.address else [(former.number, actions.label(former)) for former in lists],
        "every": rules.EVERY.items() if one.address else [],
        "under": [(each.handle, each.name) for each in under],
    }


async def decide(request: Request, at: At) -> Response:
    """Take over, forget, or choose how and look again; a second click changes nothing."""
    workshop: Workshop = request.app.state.workshop
    posted = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    name = request.path_params["name"]
    one = await workshop.read(actions.get, at.desk, name)
    path = f"{at.desk.base}/{one.id}"
    if posted.get(_ACTION) == _START or one.state != State.BROUGHT:
        await workshop.write(actions.start, at.desk, name, at.by)
        return _see(f"{path}/ergebnis")
    if posted.get(_ACTION) == _DROP:
        await workshop.write(actions.drop, at.desk, name)
        return _see(f"{at.desk.base}?{_DONE}={_DROP}")
    chosen = _choice(posted)
    wrong_place = chosen.place if chosen.place and gazetteer.find(chosen.place) is None else ""
    await workshop.write(actions.choose, at.desk, name, replace(chosen, place=None) if wrong_place else chosen)
    if wrong_place:
        return await _look(request, at, await workshop.read(actions.get, at.desk, name), wrong_place)
    changed = chosen.format not in {None, one.format}
    return _see(_columns_path(at, one.id) if changed and chosen.format == formats.TABLE else path)


def _choice(posted: Mapping[str, str]) -> Choice:
    return Choice(
        format=posted.get(_FORMAT) if posted.get(_FORMAT) in rules.FORMATS else None,
        place=" ".join(posted[_PLACE].split())[:_LONGEST_PLACE] if _PLACE in posted else None,
        organisation=posted.get(_UNDER, ""),  # a form sends nothing for what is empty
        create_organisations=_CREATE in posted,
        replaces=_number(posted[_LIST]) if _LIST in posted else None,
        every_hours=_number(posted[_EVERY]) if _EVERY in posted else None,
        force=_FORCE in posted,
    )


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _MANY_DIGITS else 0


# --- what became of it ------------------------------------------------------------------------------------------------
async def show_result(request: Request, at: At) -> Response:
    """Show how far a run is, by itself again and again, then what became of each entry."""
    workshop: Workshop = request.app.state.workshop
    one = await workshop.read(actions.get, at.desk, request.path_params["name"])
    if one.state == State.BROUGHT:
        return _see(f"{at.desk.base}/{one.id}")
    words = rendering.language_of(request)
    return at.show(
        "bringing/result.html",
        HTTPStatus.OK,
        desk=at.desk,
        one=one,
        under_way=one.state in rules.UNDER_WAY,
        account=showing.account(orjson.loads(one.report), words) if one.report else None,
        takes_back=len(actions.new_keys(one)) if one.state == State.DONE else 0,
        path=f"{at.desk.base}/{one.id}",
        shown=f"{DESK}/{at.desk.handle}" if at.desk.actor else "/",
    )


async def result_file(request: Request, at: At) -> Response:
    """Return what became of each entry, as a table."""
    workshop: Workshop = request.app.state.workshop
    one = await workshop.read(actions.get, at.desk, request.path_params["name"])
    if not one.report:
        raise NotFound("Diese Liste ist noch nicht eingelesen.")
    return _file(showing.table(one.report, rendering.language_of(request)), "ergebnis.csv")


async def ask_undo(request: Request, at: At) -> Response:
    """Ask whether all that was new is to be withdrawn."""
    workshop: Workshop = request.app.state.workshop
    one = await workshop.read(actions.get, at.desk, request.path_params["name"])
    path = f"{at.desk.base}/{one.id}"
    count = len(actions.new_keys(one))
    if one.state != State.DONE or not count:
        return _see(f"{path}/ergebnis")
    changed = orjson.loads(one.report)["counts"][report.CHANGED]
    return at.show("bringing/undo.html", HTTPStatus.OK, desk=at.desk, one=one, count=count, changed=changed, path=path)


async def undo(request: Request, at: At) -> Response:
    """Have all withdrawn that was new."""
    workshop: Workshop = request.app.state.workshop
    await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    await workshop.write(actions.undo, at.desk, request.path_params["name"], at.by)
    return _see(f"{at.desk.base}/{request.path_params['name']}/ergebnis")


# --- lists that are read again ----------------------------------------------------------------------------------------
async def ask_give_up(request: Request, at: At) -> Response:
    """Ask whether a list is to be given up, and whether what came from it stays."""
    workshop: Workshop = request.app.state.workshop
    source = await workshop.read(actions.source_of, at.desk, _number(request.path_params["number"]))
    path = f"{at.desk.base}/liste/{source.number}/aufgeben"
    return at.show("bringing/give_up.html", HTTPStatus.OK, desk=at.desk, label=actions.label(source), path=path)


async def give_up(request: Request, at: At) -> Response:
    """Give a list up."""
    workshop: Workshop = request.app.state.workshop
    posted = dict(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    number = _number(request.path_params["number"])
    await actions.give_up(workshop, at.desk, number, at.by, keep=posted.get(_ACTION) == _KEEP)
    return _see(f"{at.desk.base}?{_DONE}=aufgegeben")


STEPS: Final[tuple[tuple[str, str, Step], ...]] = (
    ("GET", "", ask),
    ("POST", "", receive),
    ("GET", "/muster.csv", sample_file),
    ("GET", "/{name}", look),
    ("POST", "/{name}", decide),
    ("GET", "/{name}/spalten", ask_columns),
    ("POST", "/{name}/spalten", take_columns),
    ("GET", "/{name}/ergebnis", show_result),
    ("GET", "/{name}/ergebnis.csv", result_file),
    ("GET", "/{name}/rueckgaengig", ask_undo),
    ("POST", "/{name}/rueckgaengig", undo),
    ("GET", "/liste/{number}/aufgeben", ask_give_up),
    ("POST", "/liste/{number}/aufgeben", give_up),
)


def routes(base: str, guard: Callable[[Step], Endpoint], name: str) -> list[BaseRoute]:
    """Return the routes of all steps below a path; `guard` lets in who may, and says at which desk they stand."""
    return [
        Route(f"{base}{path}", guard(step), methods=[method], name=f"{name}-{step.__name__}")
        for method, path, step in STEPS
    ]


def _guarded(step: Step) -> Endpoint:
    @visits.needs_for_organisation(Permission.EDIT_OFFERS)
    async def endpoint(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
        desk = Desk(f"{DESK}/{organisation.handle}/{SLUG}", organisation.uri, organisation.handle, organisation.name)
        behalf = accounts.on_behalf(visitor.grants, organisation.uri)
        return await step(request, At(desk, visitor, partial(_show, request, on_behalf=behalf)))

    return endpoint


def _show(request: Request, template: str, status: int, **values: object) -> Response:
    return rendering.page(request, template, status, frame=_FRAME, **values)


ROUTES = routes(f"{DESK}/{{handle}}/{SLUG}", _guarded, "bringing")
