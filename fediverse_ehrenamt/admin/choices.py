"""Where the portal is at home, its languages and areas, and whether somebody looks at first offers beforehand."""

from collections.abc import Iterable
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
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.preferences import actions, rules
from fediverse_ehrenamt.preferences.rules import Home, Preferences
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import forms, i18n, rendering
from fediverse_ehrenamt.work import Work, Workshop

PATH = menu.AREAS
FIRST, HIDDEN = "zuerst", "aus"
_PLACE, _LANGUAGES, _AREA, _CHECK, _DONE = "ort", "sprachen", "bereich-", "pruefen", "getan"
_LONGEST_PLACE = 100
_LONGEST_BODY, _MOST_FIELDS = 10_000, 80


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: `areas` by their slugs are FIRST, HIDDEN or ""."""

    place: str
    languages: tuple[str, ...]
    areas: dict[str, str]
    check_first: bool


@visits.needs(Permission.EDIT_INSTANCE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show what is chosen now."""
    workshop: Workshop = request.app.state.workshop
    now = await workshop.read(actions.current)
    areas = {slug: _state(slug, now) for slug in labels.AREA_SHORT}
    place, languages = now.home.place if now.home else "", now.languages or tuple(i18n.LOCALES)
    typed = Typed(place, languages, areas, now.check_first)
    return _page(request, visitor, typed, {})


@visits.needs(Permission.EDIT_INSTANCE)
async def change(request: Request, visitor: Visitor) -> Response:
    """Choose something else, or say what is wrong with it."""
    typed = _read(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS))
    words = rendering.language_of(request)
    spot = gazetteer.find(typed.place) if typed.place else None
    hidden = tuple(slug for slug, state in typed.areas.items() if state == HIDDEN)
    found = {one.field: words.gettext(one.message) for one in rules.wrong_areas(hidden, tuple(labels.AREA_SHORT))}
    if typed.place and spot is None:
        found[_PLACE] = words.gettext(gazetteer.unknown(typed.place))
    if found:
        return _page(request, visitor, typed, found)
    wanted = Preferences(
        home=Home(spot.name, spot.latitude, spot.longitude) if spot else None,
        languages=rules.languages(typed.languages, tuple(i18n.LOCALES), i18n.DEFAULT),
        first_areas=tuple(slug for slug, state in typed.areas.items() if state == FIRST),
        hidden_areas=hidden,
        check_first=typed.check_first,
    )
    workshop: Workshop = request.app.state.workshop
    state = request.app.state
    await workshop.write(_put, wanted, visits.by(visitor))
    state.preferences = await workshop.read(actions.settle)
    state.look = replace(state.look, languages=state.preferences.languages)
    return RedirectResponse(f"{PATH}?{_DONE}=1", HTTPStatus.SEE_OTHER)


def _read(fields: forms.Fields) -> Typed:
    said = dict(reversed(fields))  # the first of each counts
    return Typed(
        " ".join(said.get(_PLACE, "").split())[:_LONGEST_PLACE],
        tuple(value for name, value in fields if name == _LANGUAGES),
        {slug: said.get(f"{_AREA}{slug}", "") for slug in labels.AREA_SHORT},
        _CHECK in said,
    )


def _state(slug: str, now: Preferences) -> str:
    return FIRST if slug in now.first_areas else HIDDEN if slug in now.hidden_areas else ""


def _put(work: Work, wanted: Preferences, by: By) -> Preferences:
    """Prefer this and return all that is preferred now; the same again changes nothing."""
    before = actions.current(work)
    now = replace(wanted, former_look=before.former_look)
    if now != before:
        actions.put(work, now)
        audit.note(work, by, Did.INSTANCE_CHANGED, About("Ort, Sprachen, Bereiche"), _said(now))
    return now


def _said(now: Preferences) -> str:
    parts = {
        "Ort": now.home.place if now.home else "",
        "Sprachen": ", ".join(now.languages),
        "zuerst": _areas(now.first_areas),
        "ausgeblendet": _areas(now.hidden_areas),
        "erste Angebote": sentence("erst nach Prüfung") if now.check_first else "",
    }
    named = [
        sentence("%(name)s: %(value)s", name=sentence(name), value=value) for name, value in parts.items() if value
    ]
    return sentences.joined(named, "; ")


def _areas(slugs: Iterable[str]) -> str:
    return sentences.joined((sentence(labels.AREA_SHORT.get(slug, slug)) for slug in slugs), ", ")


def _page(request: Request, visitor: Visitor, typed: Typed, found: dict[str, str]) -> Response:
    words = rendering.language_of(request)
    return menu.page(
        request,
        visitor,
        "admin/choices.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK,
        typed=typed,
        problems=found,
        areas=[(slug, words.gettext(label), typed.areas[slug]) for slug, label in labels.AREA_SHORT.items()],
        tongues=[(code, i18n.OWN_NAMES[code]) for code in i18n.LOCALES],
        german=i18n.DEFAULT,
        states=[
            ("", words.gettext("anbieten")),
            (FIRST, words.gettext("zuerst")),
            (HIDDEN, words.gettext("ausblenden")),
        ],
        longest=_LONGEST_PLACE,
        done=_DONE in request.query_params and not found,
    )


ROUTES: list[BaseRoute] = [
    Route(PATH, show, name="admin-areas"),
    Route(PATH, change, methods=["POST"], name="admin-areas-change"),
]
