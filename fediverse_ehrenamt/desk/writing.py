"""The form in which an organisation writes an offer or a date: short first, saved by itself, shown as it will look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.desk import (
    actions,
    drafting,
    fields,
    finding,
    hints,
    holding,
    pictures,
    reading,
    repeating,
    series,
    store,
    versions,
)
from fediverse_ehrenamt.desk.actions import Opened
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.desk.fields import Field
from fediverse_ehrenamt.desk.preview import Publisher, preview
from fediverse_ehrenamt.desk.reading import Typed
from fediverse_ehrenamt.discover import mapping, questions, readers, view
from fediverse_ehrenamt.discover.view import MEDIA, Reader
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.media import limits
from fediverse_ehrenamt.preferences.rules import offered
from fediverse_ehrenamt.publishing import whereabouts
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.web import rendering, uploads
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = "/verwaltung/organisationen"
KINDS: Final[Mapping[str, str]] = MappingProxyType({"angebot": OPPORTUNITY, "termin": EVENT})
"""The kinds of things by their word in a path."""
SLUGS: Final[Mapping[str, str]] = MappingProxyType({kind: slug for slug, kind in KINDS.items()})
TEMPLATE: Final = "vorlage"
PUBLISHED: Final = "veroeffentlicht"
HANDED_IN: Final = "abgegeben"
_AREAS = "areas"
_LONGEST_BODY, _MOST_FIELDS = 200_000, 400
_ACTION, _SAVE, _NO_IMAGE = "aktion", "speichern", "bild_weg"
_SPOT: Final = (fields.LATITUDE, fields.LONGITUDE)
_PLACE: Final = "ort"
_ADD, _REMOVE = "sprache", "sprache_weg"
_IMAGE: Final = "image.file"
_KEY_LENGTH: Final = 200
_SHOWN: Final = sentence("Sonst suchen Sie bitte die Stelle, oder zeigen Sie sie auf der Karte")
_PARTIAL = "hx-request"  # set by htmx (static/vendor/htmx)

Moment = datetime


@dataclass(frozen=True, slots=True)
class Control:
    """One field as the form shows it; `value` is what stands in it, `values` all where it has several."""

    field: Field
    values: tuple[str, ...]
    problem: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Tick:
    """One date of what repeats itself, as the form lists it: its day, its words, whether it takes place."""

    day: str
    words: str
    takes_place: bool


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def begin(request: Request, _visitor: Visitor, organisation: Organisation) -> Response:
    """Begin something new under a key of its own, empty or as a copy of something published."""
    kind = _kind(request)
    key, workshop, told = ids.new_id(), request.app.state.workshop, ""
    source = request.query_params.get(TEMPLATE, "")
    if source:
        lookups = request.app.state.lookups
        source = source[:_KEY_LENGTH]
        written, foreign = await workshop.read(actions.template, lookups, organisation.uri, source, key)
        await workshop.write(store.keep, organisation.uri, written)
        kind, told = written.kind, f"?{urlencode({TEMPLATE: foreign})}" if foreign else ""
    return RedirectResponse(f"{PATH}/{organisation.handle}/{SLUGS[kind]}/{key}{told}", HTTPStatus.SEE_OTHER)


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show the form."""
    workshop: Workshop = request.app.state.workshop
    opened = await workshop.read(actions.opened, organisation.uri, _kind(request), request.path_params["name"])
    return await _page(request, visitor, organisation, opened)


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def send(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Publish what was written, or save it and show how it would look; what is wrong is said beside its field."""
    pairs, upload = await uploads.posted(request, _LONGEST_BODY, _MOST_FIELDS, limits.BYTES, patient=True)
    workshop: Workshop = request.app.state.workshop
    opened = await workshop.read(actions.opened, organisation.uri, _kind(request), request.path_params["name"])
    wanted = next((value for name, value in pairs if name == _ACTION), _SAVE)
    written = replace(opened.written, typed=_typed(pairs, opened.written))
    problems: list[Problem] = []
    if wanted == _NO_IMAGE:
        written = replace(written, image="")
    elif upload is not None:
        written = replace(written, image=await pictures.keep(workshop, upload, _IMAGE, problems) or written.image)
        problems += _wrong(written, workshop.now()) if problems and wanted == PUBLISHED else ()
    if wanted == PUBLISHED and not problems:
        try:
            outcome = await workshop.write(
                holding.publish, organisation.uri, written, visits.by(visitor, organisation.uri)
            )
        except Invalid as error:
            problems = list(error.problems)
        except Conflict as error:
            words = rendering.language_of(request)
            problems = [Problem(words.gettext("Veröffentlichen"), words.gettext(error.public))]
        else:
            done = {"getan": PUBLISHED, "eintrag": outcome.page} if outcome else {"getan": HANDED_IN}
            told = urlencode(done)
            return RedirectResponse(f"{PATH}/{organisation.handle}?{told}", HTTPStatus.SEE_OTHER)
    if written.typed or written.image:
        await workshop.write(store.keep, organisation.uri, written)
        opened = replace(opened, saved_at=workshop.now())
    return await _page(request, visitor, organisation, replace(opened, written=written), problems, wanted)


def _wrong(written: Written, now: datetime) -> Sequence[Problem]:
    """Return what else is wrong where the picture is: all is said at once."""
    try:
        drafting.draft(written, now)
    except Invalid as error:
        return error.problems
    return ()


def _languages(pairs: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the language that is to be added, and the one that is to be taken out."""
    wanted, _, removed = next((value for name, value in pairs if name == _ACTION), "").partition(":")
    added = next((value for name, value in pairs if name == versions.NEW), "") if wanted == _ADD else ""
    return added, removed if wanted == _REMOVE else ""


def _typed(pairs: list[tuple[str, str]], written: Written) -> Typed:
    tags = versions.chosen(pairs, *_languages(pairs))
    typed = reading.typed(pairs, replace(written, typed={versions.TAGS: tags}).form)
    typed |= {versions.TAGS: tags} if tags else {}
    typed |= finding.taken(next((value for name, value in pairs if name == finding.CHOICE), "")) or {}
    left_out = repeating.left_out(pairs, written.typed.get(repeating.TERM_WITHOUT, ()))
    return typed | ({repeating.TERM_WITHOUT: left_out} if left_out and repeating.TERM_EVERY in typed else {})


async def _page(
    request: Request,
    visitor: Visitor,
    organisation: Organisation,
    opened: Opened,
    problems: list[Problem] | None = None,
    wanted: str = "",
) -> Response:
    """Show the form, or for htmx only what stands beside it: whether it is saved, hints, and how it will look."""
    workshop: Workshop = request.app.state.workshop
    words, written = rendering.language_of(request), opened.written
    reader = await readers.of(request)
    address = f"@{organisation.handle}@{workshop.settings.handle_domain}"
    publisher = Publisher(organisation.uri, organisation.name, address)
    looks = await run_in_threadpool(preview, written, publisher, workshop.settings, reader)
    beside: dict[str, object] = {
        "looks": looks,
        "complete": hints.completeness(written),
        "bare_postcode": hints.bare_postcode(written),
        "ticked_otherwise": hints.is_ticked_otherwise(written),
        "personal": _label(hints.personal(written), written.form),
        "alike": await workshop.read(_alike, organisation.uri, written),
        "places": finding.choices(written.typed) if wanted == _PLACE or _PARTIAL in request.headers else [],
        "away": finding.away(written.typed),
        "postcode": written.first(finding.POSTCODE),
        "elsewhere": finding.elsewhere(written.typed),
        "ticks": _ticks(written, workshop.now(), words),
        "saved_at": words.clock(opened.saved_at) if opened.saved_at else "",
        "saved_ago": words.ago(opened.saved_at, workshop.now()) if opened.saved_at else "",
    }
    if _PARTIAL in request.headers:
        return rendering.page(request, "desk/live.html", HTTPStatus.OK, is_event=written.kind == EVENT, **beside)
    told = _told(problems or [], written.form, words)
    return rendering.page(
        request,
        "desk/form.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        organisation=organisation,
        on_behalf=accounts.on_behalf(visitor.grants, organisation.uri),
        home=f"{PATH}/{organisation.handle}",
        action=f"{PATH}/{organisation.handle}/{SLUGS[written.kind]}/{request.path_params['name']}",
        is_event=written.kind == EVENT,
        is_new=not opened.page,
        held=opened.held,
        checked=await workshop.read(holding.is_checked, organisation.uri, visits.by(visitor, organisation.uri)),
        whole=_whole(written, organisation),
        controls={field.term: _control(_offered(field, written, request), written, told) for field in written.form},
        short=[field.term for field in written.form if not field.group],
        borrowed=await workshop.read(_borrowed, request.query_params.get(TEMPLATE, ""), reader),
        groups=_groups(written, told, wanted),
        summary=[(field, told[field.term]) for field in written.form if field.term in told],
        others=[
            Problem(one.field, words.gettext(one.message))
            for one in problems or []
            if one.field != _IMAGE and reading.field_of(one, written.form) is None
        ],
        image=f"{MEDIA}{written.image}" if written.image else "",
        image_problem=words.gettext(next((one.message for one in problems or [] if one.field == _IMAGE), "")),
        spoken=[(tag, words.language_name(tag)) for tag in written.languages],
        offered=[(tag, words.language_name(tag)) for tag in versions.OFFERED if tag not in written.languages],
        added=_added(written, wanted),
        versions_group=fields.VERSIONS,
        spot_terms=[field.term for field in written.form if field.group == fields.SPOT],
        spot_open=wanted == _PLACE or any(term in told or term in written.typed for term in _SPOT),
        is_sought=wanted == _PLACE,
        map=mapping.setup(words, workshop.settings),
        spot=finding.point(written.typed) or finding.middle(written.typed),
        days=questions.rows(words),
        parts=questions.columns(words),
        **beside,
    )


def _offered(field: Field, written: Written, request: Request) -> Field:
    """Return a field whose areas are those that the instance offers, and those that are chosen already."""
    if field.term != _AREAS or field.choices is None:
        return field
    chosen = written.typed.get(_AREAS, ())
    return replace(field, choices=dict(offered(field.choices.items(), request.app.state.preferences, chosen)))


def _control(field: Field, written: Written, told: Mapping[str, str]) -> Control:
    return Control(field, tuple(written.typed.get(field.term, ())), told.get(field.term, ""))


def _told(problems: list[Problem], form: tuple[Field, ...], words: Language) -> dict[str, str]:
    """Return the first problem of each field, in the reader's language as far as it can be said in it."""
    told: dict[str, str] = {}
    for problem in problems:
        field = reading.field_of(problem, form)
        if field is not None:
            told.setdefault(field.term, words.gettext(_worded(problem, field)))
    return told


def _worded(problem: Problem, field: Field) -> str:
    """Return what is wrong in words for a form: those of the schema are for files, and name what is missing there."""
    message = problem.message
    if isinstance(message, Sentence) and whereabouts.OTHERWISE in message.values:
        message = sentence(message.template, **{**message.values, whereabouts.OTHERWISE: _SHOWN})
    if not message.startswith("fehlt:"):
        return message
    return sentence("bitte mindestens eines ankreuzen") if field.kind == fields.CHECKS else sentence("bitte ausfüllen")


def _groups(written: Written, told: Mapping[str, str], wanted: str) -> list[tuple[str, list[str], bool]]:
    """Return the further fields by their groups, and whether a group is open: where something is filled in or wrong."""
    found = []
    for group in fields.GROUPS:
        terms = [field.term for field in written.form if field.group == group]
        filled = any(term in told or term in written.typed for term in terms)
        if group == fields.VERSIONS:
            found.append((group, terms, bool(terms) or wanted.startswith(_ADD)))
        elif terms:
            found.append((group, terms, filled))
    return found


def _label(term: str, form: tuple[Field, ...]) -> str:
    return next((field.label for field in form if field.term == term), "")


def _alike(work: Work, actor: str, written: Written) -> list[tuple[str, str]]:
    """Return title and page of what the organisation has published already and is probably the same."""
    title = written.first("name" if written.kind == EVENT else "title")
    others = [one for one in actions.titles(work, actor, written.kind) if one.key != written.key]
    same = set(hints.alike(title, [one.title for one in others])) if title else set()
    return [(one.title, one.page) for one in others if one.title in same]


def _added(written: Written, wanted: str) -> str:
    """Return the language that was just added, where writing goes on."""
    empty = [tag for tag in written.languages if not written.first(f"{versions.GROUP}.{tag}.text")]
    return empty[-1] if wanted == _ADD and empty else ""


def _ticks(written: Written, now: datetime, words: Language) -> list[Tick]:
    """Return the dates to come of what repeats itself."""
    coming = (one for one in drafting.planned(written) if one.ends_at > now)
    return [Tick(one.day.isoformat(), words.span(one.starts_at, one.ends_at), one.takes_place) for one in coming]


def _borrowed(work: Work, page: str, reader: Reader) -> tuple[str, str, str, str] | None:
    """Return title, page, organisation and portal of what was taken as a template."""
    document = documents.find(work, page[:_KEY_LENGTH]) if page else None
    if document is None:
        return None
    return document.title, view.path(document), html.visible(document.organisation), view.origin(document, reader)


def _whole(written: Written, organisation: Organisation) -> str:
    """Return where the form of the series is that a date belongs to, "" for anything else."""
    if not drafting.is_date(written.key):
        return ""
    return f"{PATH}/{organisation.handle}/{SLUGS[EVENT]}/{series.series_of(written.key)}"


def _kind(request: Request) -> str:
    kind = KINDS.get(request.path_params["kind"])
    if kind is None:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return kind


_FORM = f"{PATH}/{{handle}}/{{kind}}/{{name}}"
ROUTES: list[BaseRoute] = [
    Route(f"{PATH}/{{handle}}/{{kind}}/neu", begin, name="desk-begin"),
    Route(_FORM, show, name="desk-form"),
    Route(_FORM, send, methods=["POST"], name="desk-send"),
]
