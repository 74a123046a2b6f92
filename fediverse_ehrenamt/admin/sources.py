"""The list of sources, with the imports beside it, and how a new source is looked at and added."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, choosing, menu
from fediverse_ehrenamt.admin.choosing import Filled
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did
from fediverse_ehrenamt.federation import chosen, discovery, outboxes, sources
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.federation.outboxes import Sample
from fediverse_ehrenamt.federation.sources import Source
from fediverse_ehrenamt.imports import sources as imports
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError, Unavailable
from fediverse_ehrenamt.things import origins, review
from fediverse_ehrenamt.vocab.types import Actor, Event, Opportunity
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

NEW, ONE = f"{menu.SOURCES}/neu", f"{menu.SOURCES}/quelle"
_ADD = f"{menu.SOURCES}/hinzufuegen"
LISTED = 50
"""How many sources a page has."""
SAMPLED = 5
"""How many things a preview shows."""
ADDRESS, URI = "adresse", "uri"
ADDED, REMOVED = "hinzugefuegt", "entfernt"
_LONGEST_ADDRESS, _LONGEST_TITLE = 2_000, 120


@dataclass(frozen=True, slots=True)
class Line:
    """A source as it is read in the list and on its own page."""

    source: Source
    href: str
    state: str
    objects: int
    waiting: int
    choice: str
    review: bool
    contact: str
    next: str
    read: str
    silent: bool


@dataclass(frozen=True, slots=True)
class _Import:
    """An import as it is read in the list."""

    address: str
    every: str
    read: str
    error: str
    organisation: str


def states(words: Language) -> dict[str, str]:
    return {
        "pending": words.gettext("angefragt"),
        "accepted": words.gettext("zugesagt"),
        "rejected": words.gettext("abgelehnt"),
        "gone": words.gettext("gibt es nicht mehr"),
    }


def href(uri: str) -> str:
    """Return the address of a source's page."""
    return f"{ONE}?{urlencode({URI: uri})}"


def line(source: Source, objects: int, waiting: int, words: Language) -> Line:
    never = words.gettext("noch nie")
    return Line(
        source=source,
        href=href(source.uri),
        state=states(words).get(source.state, source.state),
        objects=objects,
        waiting=waiting,
        choice=choosing.said(source.choice, words),
        review=source.trust == chosen.REVIEW,
        contact=words.span(source.contact_at, None) if source.contact_at else never,
        next=words.span(source.next_at, None) if source.next_at else "",
        read=words.span(source.read_at, None) if source.read_at else never,
        silent=source.indexable is False and not source.whole_origin,
    )


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a page of all sources, those with faults first, and all imports."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    at = asking.number(request, asking.PAGE, 1)
    found, objects, waiting, listings = await workshop.read(_find)
    found.sort(key=lambda one: (not one.error, one.name.casefold()))
    here = found[(at - 1) * LISTED : at * LISTED]
    return menu.page(
        request,
        visitor,
        "admin/sources.html",
        lines=[line(one, objects[one.uri], waiting.get(one.uri, 0), words) for one in here],
        count=len(found),
        paging=asking.paging(menu.SOURCES, {}, at, LISTED, len(found)),
        imports=[_import(one, words) for one in listings[:LISTED]],
        notice=_notice(request, words),
        new=NEW,
    )


def _find(work: Work) -> tuple[list[Source], dict[str, int], dict[str, int], list[imports.Source]]:
    found = sources.listing(work)
    return found, origins.count(work, found), review.count(work), imports.listing(work)


def _import(one: imports.Source, words: Language) -> _Import:
    every = words.ngettext("jede Stunde", "alle %(number)s Stunden", one.every_hours) if one.every_hours else ""
    return _Import(
        one.address,
        every % {"number": one.every_hours} if every else words.gettext("nur von Hand"),
        words.span(one.read_at, None) if one.read_at else words.gettext("noch nie"),
        words.gettext(one.error),
        one.organisation,
    )


def _notice(request: Request, words: Language) -> str:
    number = asking.number(request, asking.NUMBER)
    if request.query_params.get(asking.DONE, "") != REMOVED:
        return ""
    gone = words.ngettext(
        "Die Quelle ist entfernt, %(number)s Eintrag hat den Index verlassen.",
        "Die Quelle ist entfernt, %(number)s Einträge haben den Index verlassen.",
        number,
    )
    return gone % {"number": words.number(number)}


# --- a new one --------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def ask(request: Request, visitor: Visitor) -> Response:
    """Ask for the address of a new source."""
    return _form(request, visitor, "", "")


@visits.needs(Permission.MANAGE_SOURCES)
async def look(request: Request, visitor: Visitor) -> Response:
    """Look at what an address is, and show what would be indexed; nothing is kept but its name."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    address = typed.get(ADDRESS, "").strip()[:_LONGEST_ADDRESS]
    if not address:
        wrong = words.gettext(
            "Hier fehlt die Adresse; richtig wäre https://ehrenamt.beispiel.de oder @verein@beispiel.de."
        )
        return _form(request, visitor, address, wrong)
    try:
        actor, software = await sources.named(workshop, address)
    except EhrenamtError as error:
        return _form(request, visitor, address, _fault(error, words))
    if await workshop.read(_known, actor.id):
        return RedirectResponse(href(actor.id), HTTPStatus.SEE_OTHER)
    return await _preview(request, visitor, actor, software, choosing.of(None, chosen.DIRECT))


def _known(work: Work, uri: str) -> bool:
    return work.db.get(SourceRow, uri) is not None


async def _preview(request: Request, visitor: Visitor, actor: Actor, software: str, filled: Filled) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    sample, fault = Sample(None, ()), ""
    try:
        sample = await outboxes.sample(workshop, actor, SAMPLED)
    except EhrenamtError as error:
        fault = words.gettext(error.public)
    return menu.page(
        request,
        visitor,
        "admin/source_new.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if filled.wrong else HTTPStatus.OK,
        actor=actor,
        host=ids.host(actor.id),
        what=words.gettext(discovery.describe(software, actor.type)),
        whole=actor.type == "Application",
        silent=not actor.indexable and actor.type != "Application",
        summary=html.shorten(html.text(actor.summary), 300),
        titles=[title for one in sample.things if (title := _title(one))],
        total=sample.total,
        fault=fault,
        filled=filled,
        choices=choosing.choices(words),
        action=_ADD,
        back=NEW,
    )


def _fault(error: EhrenamtError, words: Language) -> str:
    """Say why an address is of no use; what a server answered stands behind it, for whoever can read that."""
    if isinstance(error, Conflict):
        return words.gettext(error.public)
    if isinstance(error, Unavailable):
        said = words.gettext(
            "Dieser Server ist gerade nicht zu erreichen. Bitte prüfen Sie die Adresse, oder versuchen Sie es später "
            "noch einmal. (%(reason)s)"
        )
    else:
        said = words.gettext(
            "Dort finden wir kein Konto, dem man folgen könnte; richtig wäre https://ehrenamt.beispiel.de oder "
            "@verein@beispiel.de. (%(reason)s)"
        )
    return said % {"reason": words.gettext(error.public)}


def _title(thing: outboxes.Thing) -> str:
    if isinstance(thing, Opportunity):
        return html.shorten(thing.details.title, _LONGEST_TITLE)
    return html.shorten(thing.name if isinstance(thing, Event) else html.text(thing.content), _LONGEST_TITLE)


def _form(request: Request, visitor: Visitor, address: str, wrong: str) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return menu.page(
        request, visitor, "admin/source_ask.html", status, address=address, wrong=wrong, action=NEW, back=menu.SOURCES,
        longest=_LONGEST_ADDRESS,
    )  # fmt: skip


@visits.needs(Permission.MANAGE_SOURCES)
async def add(request: Request, visitor: Visitor) -> Response:
    """Follow what was looked at, with what is chosen of it; a second press changes nothing."""
    fields = await asking.fields(request)
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    address = dict(fields).get(URI, "")[:_LONGEST_ADDRESS]
    filled = choosing.read(fields, words)
    try:
        actor, software = await sources.named(workshop, address)
    except EhrenamtError as error:
        return _form(request, visitor, address, _fault(error, words))
    if filled.wrong:
        return await _preview(request, visitor, actor, software, filled)
    await workshop.write(_follow, visitor, actor, filled)
    return asking.back(href(actor.id), ADDED)


def _follow(work: Work, visitor: Visitor, actor: Actor, filled: Filled) -> None:
    if _known(work, actor.id):
        return
    sources.follow(work, actor)
    sources.change(work, actor.id, filled.choice, filled.trust)
    audit.note(work, visits.by(visitor), Did.SOURCE_ADDED, About(actor.name or actor.id, actor.id))


ROUTES: list[BaseRoute] = [
    Route(menu.SOURCES, show, name="admin-sources"),
    Route(NEW, ask, name="admin-source-ask"),
    Route(NEW, look, methods=["POST"], name="admin-source-look"),
    Route(_ADD, add, methods=["POST"], name="admin-source-add"),
]
