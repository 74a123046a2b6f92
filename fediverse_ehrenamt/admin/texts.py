"""The texts of the instance and of organisations: which there are, and the page on which one is written."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import pages as desk
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.texts import actions, rules, wire
from fediverse_ehrenamt.texts.actions import Text, Version
from fediverse_ehrenamt.texts.pages import TITLES
from fediverse_ehrenamt.web import forms, i18n, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH = menu.TEXTS
NAMES = {**TITLES, rules.ABOUT: "Über dieses Portal"}
_TEXT, _BEFORE, _DO, _VERSION, _DONE = "text", "vorher", "aktion", "fassung", "getan"
_PREVIEW, _BACK = "vorschau", "vorlage"
_LONGEST_BODY, _MOST_FIELDS = 3 * 4 * rules.LONGEST, 10
_MANY_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Room:
    """Whose texts these are, and where their pages lie; `owner` and `organisation` (a URI) are "" for the instance."""

    base: str
    owner: str = ""
    organisation: str = ""
    name: str = ""

    @property
    def slugs(self) -> tuple[str, ...]:
        return rules.OF_ORGANISATIONS if self.owner else rules.SLUGS

    def public(self, slug: str) -> str:
        """Return where visitors read a text."""
        if self.owner:
            return f"/organisationen/{self.owner}/{slug}"
        return "/ueber" if slug == rules.ABOUT else f"/{slug}"


OURS = Room(PATH)


@dataclass(frozen=True, slots=True)
class Line:
    """A text in one language, in the list; `gaps` is how many places are still to be filled in."""

    language: str
    code: str
    href: str
    state: str
    gaps: int


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody has typed, and what is wrong with it; `before` is the version that they began with."""

    source: str
    before: int
    problem: str = ""
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class _Held:
    text: Text
    versions: list[Version]


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.EDIT_INSTANCE)
async def listing(request: Request, visitor: Visitor) -> Response:
    """Show which texts the instance has, and what in them is still to be done."""
    return await _listing(request, visitor, OURS)


@visits.needs_for_organisation(Permission.EDIT_ORGANISATION)
async def listing_of(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show which texts an organisation has."""
    return await _listing(request, visitor, _room(organisation))


def _room(organisation: Organisation) -> Room:
    base = f"{desk.PATH}/{organisation.handle}/texte"
    return Room(base, organisation.handle, organisation.uri, organisation.name)


async def _listing(request: Request, visitor: Visitor, room: Room) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    held = await workshop.read(_all, room)
    sections = [
        (words.gettext(NAMES[slug]), [_line(text, room, words) for text in held if text.slug == slug])
        for slug in room.slugs
    ]
    return _page(request, visitor, "admin/texts.html", room, sections=sections, done=_DONE in request.query_params)


def _all(work: Work, room: Room) -> list[Text]:
    return [actions.get(work, slug, code, room.owner) for slug in room.slugs for code in i18n.LOCALES]


def _line(text: Text, room: Room, words: Language) -> Line:
    if text.edited_at:
        state = words.gettext("eigener Text vom %(day)s") % {"day": words.long_day(text.edited_at)}
    else:
        state = words.gettext("noch die Vorlage") if text.source else words.gettext("gibt es noch nicht")
    gaps = len(wire.rendered(text.source, "", "").gaps) if text.source else 0
    href = f"{room.base}/{text.slug}/{text.language}"
    return Line(i18n.OWN_NAMES[text.language], text.language, href, state, gaps)


# --- one text ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.EDIT_INSTANCE)
async def edit(request: Request, visitor: Visitor) -> Response:
    """Show a text to be changed, or an earlier version of it."""
    return await _edit(request, visitor, OURS)


@visits.needs_for_organisation(Permission.EDIT_ORGANISATION)
async def edit_of(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show a text of an organisation to be changed."""
    return await _edit(request, visitor, _room(organisation))


@visits.needs(Permission.EDIT_INSTANCE)
async def save(request: Request, visitor: Visitor) -> Response:
    """Put a text in place of the one before, or show how it would look."""
    return await _save(request, visitor, OURS)


@visits.needs_for_organisation(Permission.EDIT_ORGANISATION)
async def save_of(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Put a text of an organisation in place of the one before."""
    return await _save(request, visitor, _room(organisation))


async def _edit(request: Request, visitor: Visitor, room: Room) -> Response:
    held = await _held(request, room)
    number = _number(request.query_params.get(_VERSION, ""))
    chosen = next((one for one in held.versions if one.number == number), None)
    source = chosen.source if chosen else held.text.source
    return _editor(request, visitor, room, held, Written(source, _newest(held)), chosen)


async def _save(request: Request, visitor: Visitor, room: Room) -> Response:
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    held = await _held(request, room)
    source = typed.get(_TEXT, "").replace("\r\n", "\n")
    written = Written(source, _number(typed.get(_BEFORE, "")))
    do = typed.get(_DO, "")
    if do == _PREVIEW:
        return _editor(request, visitor, room, held, written)
    words = rendering.language_of(request)
    back = do == _BACK or (bool(room.owner) and bool(held.text.edited_at) and not source.strip())  # emptied: taken away
    if problem := "" if back else _wrong(source, room, words):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _editor(request, visitor, room, held, Written(source, written.before, problem, status))
    workshop: Workshop = request.app.state.workshop
    by = visits.by(visitor, room.organisation)
    try:
        await workshop.write(_put, room, held.text, None if back else written, by)
    except Conflict:
        problem = words.gettext(
            "Inzwischen hat jemand anderes diesen Text geändert. Ihr Text steht hier noch. Wenn Sie noch einmal "
            "speichern, gilt er; der andere bleibt in den früheren Fassungen."
        )
        held = await _held(request, room)
        return _editor(request, visitor, room, held, Written(source, _newest(held), problem, HTTPStatus.CONFLICT))
    return RedirectResponse(f"{room.base}?{_DONE}=1", HTTPStatus.SEE_OTHER)


def _wrong(source: str, room: Room, words: Language) -> str:
    if len(source) > rules.LONGEST:
        return words.gettext("Das ist zu lang; richtig sind höchstens %(number)s Zeichen.") % {
            "number": words.number(rules.LONGEST)
        }
    read = wire.rendered(source.strip(), "", "")
    if not read.html and not read.title:
        if room.owner:
            return words.gettext("Der Text ist leer. Schreiben Sie bitte etwas, oder gehen Sie zurück.")
        return words.gettext("Der Text ist leer. Mit „Zurück zur Vorlage“ gilt wieder der mitgelieferte.")
    return ""


def _put(work: Work, room: Room, text: Text, written: Written | None, by: By) -> None:
    """Write a text (None: go back to what is built in); the same text again changes nothing."""
    now = actions.get(work, text.slug, text.language, room.owner)
    if written is None:
        if now.edited_at is None:
            return
        actions.reset(work, text.slug, text.language, room.owner)
    else:
        if now.source.strip() == written.source.strip():
            return
        newest = actions.history(work, text.slug, text.language, room.owner)[:1]
        if newest and newest[0].number != written.before:
            raise Conflict("Dieser Text wurde inzwischen geändert.")
        actions.write(work, text.slug, text.language, written.source, room.owner)
    title, language = sentence(NAMES[text.slug]), i18n.OWN_NAMES[text.language]
    label = sentence("%(title)s (%(language)s)", title=title, language=language)
    detail = "" if written else sentence("zurück zur Vorlage")
    audit.note(work, by, Did.TEXT_CHANGED, About(label, room.organisation, room.organisation), detail)


async def _held(request: Request, room: Room) -> _Held:
    """Return the text that the path names; raises `NotFound`."""
    slug, code = request.path_params["slug"], request.path_params["language"]
    if slug not in room.slugs or code not in i18n.LOCALES:
        raise NotFound("Diesen Text gibt es hier nicht.")
    workshop: Workshop = request.app.state.workshop
    return await workshop.read(_read, slug, code, room.owner)


def _read(work: Work, slug: str, code: str, owner: str) -> _Held:
    return _Held(actions.get(work, slug, code, owner), actions.history(work, slug, code, owner))


def _newest(held: _Held) -> int:
    return held.versions[0].number if held.versions else 0


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _MANY_DIGITS else 0


def _editor(
    request: Request, visitor: Visitor, room: Room, held: _Held, written: Written, chosen: Version | None = None
) -> Response:
    words, text = rendering.language_of(request), held.text
    workshop: Workshop = request.app.state.workshop
    read = wire.rendered(written.source[: rules.LONGEST], request.app.state.instance_name, workshop.settings.url)
    return _page(
        request,
        visitor,
        "admin/text.html",
        room,
        status=written.status,
        title=f"{words.gettext(NAMES[text.slug])}: {i18n.OWN_NAMES[text.language]}",
        text=text,
        written=written,
        read=read,
        public=room.public(text.slug),
        chosen=words.span(chosen.edited_at, None) if chosen else "",
        versions=[
            (words.span(one.edited_at, None), f"?{_VERSION}={one.number}", bool(one.source)) for one in held.versions
        ],
    )


def _page(
    request: Request, visitor: Visitor, template: str, room: Room, status: int = HTTPStatus.OK, **values: object
) -> HTMLResponse:
    return menu.page(request, visitor, template, status, room=room, back=f"{desk.PATH}/{room.owner}", **values)


_OF = f"{desk.PATH}/{{handle}}/texte"
_ONE = "/{slug}/{language}"
ROUTES: list[BaseRoute] = [
    Route(PATH, listing, name="admin-texts"),
    Route(PATH + _ONE, edit, name="admin-text"),
    Route(PATH + _ONE, save, methods=["POST"], name="admin-text-save"),
    Route(_OF, listing_of, name="desk-texts"),
    Route(_OF + _ONE, edit_of, name="desk-text"),
    Route(_OF + _ONE, save_of, methods=["POST"], name="desk-text-save"),
]
