"""One district of the portal: entered, renamed, placed, merged with another one, parted from one, hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, districts, menu
from fediverse_ehrenamt.alerts import store as alerts
from fediverse_ehrenamt.desk import finding
from fediverse_ehrenamt.desk.fields import LATITUDE, LONGITUDE
from fediverse_ehrenamt.discover import mapping
from fediverse_ehrenamt.districts import actions, rules
from fediverse_ehrenamt.districts.actions import Listed
from fediverse_ehrenamt.districts.rules import Typed
from fediverse_ehrenamt.feeds import actions as feeds
from fediverse_ehrenamt.feeds.actions import Feed
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.districts import LONGEST, Key
from fediverse_ehrenamt.search.filters import DISTRICT
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.work import Work, Workshop

_NAME, _TOWN, _POSTCODE, _INTO, _DO, _PLACE = "name", "ort", "plz", "mit", "aktion", "lage"
_FIELD_OF: Final = {rules.NAME: _NAME, rules.TOWN: _TOWN, rules.POSTCODE: _POSTCODE, rules.POINT: LATITUDE}
_OF_PLACE: Final = {rules.TOWN, rules.POSTCODE, rules.POINT}
_LONGEST_TOWN: Final = 100


@dataclass(frozen=True, slots=True)
class _Found:
    """A district, and the others of its town that it can be merged with.

    `feeds` are those whose search names it, `alerts` counts the searches that people have saved and that do.
    """

    one: Listed
    others: list[Listed]
    feeds: list[Feed]
    alerts: int


# --- the form ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.EDIT_INSTANCE)
async def ask(request: Request, visitor: Visitor) -> Response:
    """Ask for a new district."""
    town = request.query_params.get(_TOWN, "")[:_LONGEST_TOWN]
    return _form(request, visitor, {_TOWN: town}, {})


@visits.needs(Permission.EDIT_INSTANCE)
async def add(request: Request, visitor: Visitor) -> Response:
    """Enter it, look up where it is, or say beside the fields what is wrong."""
    fields = _fields(await asking.typed(request))
    if fields.get(_DO) == _PLACE:
        return _form(request, visitor, *_placed(fields))
    try:
        return await districts.do(request, visitor, actions.add, _read(fields))
    except Invalid as error:
        return _form(request, visitor, fields, _wrong(error))


@visits.needs(Permission.EDIT_INSTANCE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a district and what can be done with it."""
    found = await _find(request)
    return await _page(request, visitor, found, _typed(found.one), {})


@visits.needs(Permission.EDIT_INSTANCE)
async def change(request: Request, visitor: Visitor) -> Response:
    """Name or place it otherwise, look up where it is, or say beside the fields what is wrong."""
    said = _fields(await asking.typed(request))
    found = await _find(request)
    fields = {**said, _TOWN: found.one.district.town}
    if fields.get(_DO) == _PLACE:
        return await _page(request, visitor, found, *_placed(fields))
    try:
        return await districts.do(request, visitor, actions.change, found.one.key, _read(fields))
    except Invalid as error:
        return await _page(request, visitor, found, fields, _wrong(error))


async def _find(request: Request) -> _Found:
    workshop: Workshop = request.app.state.workshop
    return await workshop.read(_of_town, districts.key_of(request))


def _of_town(work: Work, key: Key) -> _Found:
    one = actions.get(work, key)
    others = [other for other in actions.listing(work, key[0]) if other.key != one.key and not other.hidden]
    label = one.district.label
    users = feeds.asking_for(work, DISTRICT, label), alerts.count_asking_for(work, DISTRICT, label)
    return _Found(one, others, *users)


def _typed(one: Listed) -> dict[str, str]:
    district = one.district
    degrees = {LATITUDE: finding.degrees(district.latitude), LONGITUDE: finding.degrees(district.longitude)}
    return {_NAME: district.name, _TOWN: district.town, _POSTCODE: district.postcode, **degrees}


def _fields(said: Mapping[str, str]) -> dict[str, str]:
    return {name: html.visible(value).strip()[:_LONGEST_TOWN] for name, value in said.items()}


def _point(fields: Mapping[str, str]) -> tuple[float, float] | None:
    return finding.point({term: [fields.get(term, "")] for term in (LATITUDE, LONGITUDE)})


def _read(fields: Mapping[str, str]) -> Typed:
    """Return what is typed; raises `Invalid` for degrees that are none."""
    point = _point(fields)
    if point is None and (fields.get(LATITUDE) or fields.get(LONGITUDE)):
        raise Invalid([Problem(rules.POINT, "braucht beide Zahlen in Grad, zum Beispiel 51,348 und 7,418")])
    return Typed(fields.get(_NAME, ""), fields.get(_TOWN, ""), fields.get(_POSTCODE, ""), point)


def _placed(fields: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fields with the degrees that were looked up, and what is wrong where there are none."""
    typed = Typed(fields.get(_NAME, ""), fields.get(_TOWN, ""), fields.get(_POSTCODE, ""))
    town = rules.town_of(typed.town)
    point = rules.place(typed, town) if town is not None else None
    if point is not None:
        return {**fields, LATITUDE: finding.degrees(point[0]), LONGITUDE: finding.degrees(point[1])}, {}
    return fields, {_FIELD_OF[one.field]: one.message for one in rules.settled(typed)[1] if one.field in _OF_PLACE}


def _wrong(error: Invalid) -> dict[str, str]:
    return {_FIELD_OF[one.field]: one.message for one in reversed(error.problems)}


def _form(
    request: Request, visitor: Visitor, fields: Mapping[str, str], wrong: Mapping[str, str], **more: object
) -> Response:
    words = rendering.language_of(request)
    workshop: Workshop = request.app.state.workshop
    middle = rules.town_of(fields.get(_TOWN, ""))
    labels = {
        _NAME: words.gettext("Name"), _TOWN: words.gettext("Ort"), _POSTCODE: words.gettext("Postleitzahl"),
        LATITUDE: words.gettext("Breitengrad"), LONGITUDE: words.gettext("Längengrad"),
        _INTO: words.gettext("Zusammenlegen mit"),
    }  # fmt: skip
    return menu.page(
        request,
        visitor,
        "admin/district.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        **{"one": None, **more},
        typed=fields,
        wrong={name: words.gettext(wrong[name]) for name in labels if name in wrong},
        labels=labels,
        sought=fields.get(_DO) == _PLACE and not wrong,
        spot=_point(fields) or ((middle.latitude, middle.longitude) if middle else None),
        map=mapping.setup(words, workshop.settings),
        longest={_NAME: LONGEST, _TOWN: _LONGEST_TOWN},
        back=districts.of_town(fields.get(_TOWN, "")),
    )


async def _page(
    request: Request, visitor: Visitor, found: _Found, fields: Mapping[str, str], wrong: Mapping[str, str]
) -> Response:
    ((_town, line),) = await districts.lines_of(request, [found.one])
    base = districts.href(found.one.key)
    names = [(name, districts.href(gazetteer.key(found.one.district.town, name))) for name in line.aliases]
    return _form(
        request,
        visitor,
        fields,
        wrong,
        one=line,
        base=base,
        names=names,
        others=[(districts.href(other.key), other.district.name) for other in found.others],
        feeds=[(f"{menu.FEEDS}/{feed.handle}/aendern", feed.name) for feed in found.feeds],
        alerts=found.alerts,
    )


# --- merging, parting, hiding -----------------------------------------------------------------------------------------
@visits.needs(Permission.EDIT_INSTANCE)
async def merge(request: Request, visitor: Visitor) -> Response:
    """Merge it with another one, whose name stays; sent again, it is that one already."""
    chosen = (await asking.typed(request)).get(_INTO, "")
    found = await _find(request)
    other = next((one for one in (found.one, *found.others) if districts.href(one.key) == chosen), None)
    if other is None:
        wrong = {_INTO: sentence("bitte wählen Sie einen anderen Stadtteil desselben Ortes")}
        return await _page(request, visitor, found, _typed(found.one), wrong)
    return await districts.do(request, visitor, actions.merge, found.one.key, other.key)


@visits.needs(Permission.EDIT_INSTANCE)
async def part(request: Request, visitor: Visitor) -> Response:
    """Let another name be a district of its own."""
    return await _plainly(request, visitor, actions.part)


@visits.needs(Permission.EDIT_INSTANCE)
async def hide(request: Request, visitor: Visitor) -> Response:
    """Let it be no district, which is not learnt again either."""
    return await _plainly(request, visitor, actions.hide)


@visits.needs(Permission.EDIT_INSTANCE)
async def unhide(request: Request, visitor: Visitor) -> Response:
    """Let it be a district again."""
    return await _plainly(request, visitor, actions.show)


async def _plainly(request: Request, visitor: Visitor, function: districts.Verb) -> Response:
    await asking.typed(request)
    try:
        return await districts.do(request, visitor, function, districts.key_of(request))
    except Invalid as error:
        return asking.refused(request, visitor, error.problems[0].message, menu.DISTRICTS)
    except NotFound as error:
        return asking.refused(request, visitor, error.public, menu.DISTRICTS)


_ONE = f"{menu.DISTRICTS}/{{town}}/{{name}}"
ROUTES: list[BaseRoute] = [
    Route(districts.NEW, ask, name="admin-district-ask"),
    Route(districts.NEW, add, methods=["POST"], name="admin-district-add"),
    Route(_ONE, show, name="admin-district"),
    Route(_ONE, change, methods=["POST"], name="admin-district-change"),
    Route(f"{_ONE}/zusammenlegen", merge, methods=["POST"], name="admin-district-merge"),
    Route(f"{_ONE}/abtrennen", part, methods=["POST"], name="admin-district-part"),
    Route(f"{_ONE}/ausblenden", hide, methods=["POST"], name="admin-district-hide"),
    Route(f"{_ONE}/zeigen", unhide, methods=["POST"], name="admin-district-show"),
]
