"""How the portal is called and how it looks: name, tagline, colour, logo, hashtag; and the way back to the former."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.federation import actors, renaming
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.errors import Invalid, Problem, TooLarge
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.look import actions, rules
from fediverse_ehrenamt.look.actions import Wishes
from fediverse_ehrenamt.media import images
from fediverse_ehrenamt.media.limits import BYTES, Logo
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.preferences.rules import FormerLook
from fediverse_ehrenamt.web import rendering, uploads
from fediverse_ehrenamt.web.uploads import Upload
from fediverse_ehrenamt.work import Work, Workshop

PATH = menu.LOOK
_NAME, _TAGLINE, _ACCENT, _HASHTAG, _LOGO = "name", "leitsatz", "farbe", "hashtag", "logo"
_FIELDS = {"accent": _ACCENT, "tagline": _TAGLINE, "hashtag": _HASHTAG, "logo": _LOGO}
_INSTEAD, _WITHOUT, _DO, _UNDO, _DONE = f"{_ACCENT}_stattdessen", "logo_weg", "aktion", "rueckgaengig", "getan"
_LONGEST_BODY, _MOST_FIELDS = 8_000, 15


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form; `accent` is "#rrggbb"."""

    name: str
    tagline: str
    hashtag: str
    accent: str
    without_logo: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    typed: Typed
    undoable: bool


@visits.needs(Permission.EDIT_INSTANCE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show how the portal is called and looks now."""
    held = await _held(request)
    return _page(request, visitor, held, held.typed, {})


@visits.needs(Permission.EDIT_INSTANCE)
async def change(request: Request, visitor: Visitor) -> Response:
    """Change it, or say beside the fields what is wrong; or go back to what was before."""
    words = rendering.language_of(request)
    try:
        fields, upload = await uploads.posted(request, _LONGEST_BODY, _MOST_FIELDS, BYTES, patient=True)
    except TooLarge as error:
        held = await _held(request)
        return _page(request, visitor, held, held.typed, {_LOGO: words.gettext(error.public)})
    said = dict(reversed(fields))  # the first of each counts
    workshop: Workshop = request.app.state.workshop
    by = visits.by(visitor)
    if said.get(_DO) == _UNDO:
        await workshop.write(_undo, by)
        return await _back(request)
    typed = _read(said)
    logo, problems = await asyncio.to_thread(_logo, upload)
    try:
        await workshop.write(_change, typed, logo, problems, by)
    except Invalid as error:
        found = {_FIELDS.get(one.field, one.field): words.gettext(one.message) for one in error.problems}
        return _page(request, visitor, await _held(request), typed, found)
    return await _back(request)


async def _back(request: Request) -> Response:
    """Go back to the page, on which the new look is to be seen at once."""
    workshop: Workshop = request.app.state.workshop
    state = request.app.state
    state.instance_name, current = await workshop.read(lambda work: (actors.instance(work).name, actions.current(work)))
    state.look = replace(current, languages=state.look.languages)
    return RedirectResponse(f"{PATH}?{_DONE}=1", HTTPStatus.SEE_OTHER)


def _read(said: dict[str, str]) -> Typed:
    def line(name: str) -> str:
        return " ".join(said.get(name, "").split())

    accent = line(_INSTEAD) or line(_ACCENT) or rules.USUAL
    return Typed(line(_NAME), line(_TAGLINE), line(_HASHTAG).removeprefix("#"), accent, _WITHOUT in said)


def _logo(upload: Upload | None) -> tuple[Logo | None, Sequence[Problem]]:
    """Return the logo that came, or what is wrong with it."""
    if upload and upload.too_large:
        return None, [Problem(_LOGO, images.too_large(upload.name))]
    try:
        return (images.logo_of(upload.name, upload.content) if upload else None), ()
    except Invalid as error:
        return None, error.problems


async def _held(request: Request) -> _Held:
    workshop: Workshop = request.app.state.workshop
    return await workshop.read(_look)


def _look(work: Work) -> _Held:
    name, chosen = actors.instance(work).name, actions.show(work)
    typed = Typed(name, chosen.tagline, chosen.hashtag, chosen.accent or rules.USUAL)
    return _Held(typed, preferences.current(work).former_look is not None)


def _former(work: Work) -> FormerLook:
    chosen = actions.show(work)
    dark = chosen.accent_dark if chosen.accent else ""
    return FormerLook(actors.instance(work).name, chosen.tagline, chosen.hashtag, chosen.accent, dark)


def _change(work: Work, typed: Typed, logo: Logo | None, found: Sequence[Problem], by: By) -> None:
    """Change what is different, and note what was before; raises `Invalid` naming all that is wrong beside `found`."""
    before = _former(work)
    accent = "" if typed.accent == rules.USUAL else typed.accent
    wishes = Wishes(
        accent=accent if accent != before.accent else None,
        tagline=typed.tagline,
        hashtag=typed.hashtag,
        logo=logo,
        without_logo=typed.without_logo and logo is None,
    )
    _take(work, typed.name, wishes, before, by, found)


def _undo(work: Work, by: By) -> None:
    former = preferences.current(work).former_look
    if former is not None:
        wishes = replace(
            actions.wishes_for_former_logo(work),
            accent=former.accent,
            accent_dark=former.accent_dark if former.accent else None,
            tagline=former.tagline,
            hashtag=former.hashtag,
        )
        _take(work, former.name, wishes, _former(work), by)


def _wrong_name(name: str) -> Iterator[Problem]:
    least, most = organisations.NAME
    if not least <= len(name) <= most:
        said = sentence("braucht %(least)s bis %(most)s Zeichen, z. B. „Ehrenamt Hagen“", least=least, most=most)
        yield Problem(_NAME, said)


def _take(work: Work, name: str, wishes: Wishes, before: FormerLook, by: By, found: Sequence[Problem] = ()) -> None:
    problems = [*found, *_wrong_name(name)]
    old_logo = actions.whole_logo(work)
    try:
        actions.choose(work, wishes)
    except Invalid as error:
        problems += error.problems
    if problems:  # all of them at once
        raise Invalid(problems)
    if name != before.name:
        renaming.rename_instance(work, name)
    logo = "" if actions.whole_logo(work) == old_logo else sentence("Logo")
    now = _former(work)
    if now == before and not logo:
        return
    actions.keep_former_logo(work, old_logo)
    preferences.put(work, replace(preferences.current(work), former_look=before))
    changed = [
        f"{getattr(before, part) or '–'} → {getattr(now, part) or '–'}"
        for part in ("name", "tagline", "hashtag", "accent")
        if getattr(before, part) != getattr(now, part)
    ]
    audit.note(work, by, Did.LOOK_CHANGED, About(now.name), sentences.joined((*changed, logo), "; "))


def _page(request: Request, visitor: Visitor, held: _Held, typed: Typed, found: dict[str, str]) -> Response:
    words = rendering.language_of(request)
    labels = {
        _NAME: words.gettext("Name des Portals"),
        _TAGLINE: words.gettext("Leitsatz"),
        _ACCENT: words.gettext("Farbe"),
        _LOGO: words.gettext("Logo"),
        _HASHTAG: words.gettext("Hashtag"),
    }
    colour = rules.read_colour(typed.accent)
    return menu.page(
        request,
        visitor,
        "admin/appearance.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK,
        typed=typed,
        labels=labels,
        problems=found,
        summary=[(name, label, found[name]) for name, label in labels.items() if name in found],
        nearest=rules.nearest(colour, rules.LIGHT) if colour else "",
        backgrounds={scheme: list(one.values()) for scheme, one in rules.BACKGROUNDS.items()},
        least=rules.LEAST,
        longest={_NAME: organisations.NAME[1], _TAGLINE: rules.TAGLINE, _HASHTAG: rules.HASHTAG + 1},
        undoable=held.undoable and not found,
        done=_DONE in request.query_params and not found,
    )


ROUTES: list[BaseRoute] = [
    Route(PATH, show, name="admin-look"),
    Route(PATH, change, methods=["POST"], name="admin-look-change"),
]
