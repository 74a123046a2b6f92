"""The page of one source: how it is doing, what of it is wanted, read it again, remove it."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, choosing, menu, sources
from fediverse_ehrenamt.admin.asking import Question
from fediverse_ehrenamt.admin.choosing import Filled
from fediverse_ehrenamt.admin.sources import ONE, URI
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did
from fediverse_ehrenamt.federation import chosen
from fediverse_ehrenamt.federation import sources as following
from fediverse_ehrenamt.federation.sources import Source
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.things import origins, review
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

_CHANGE, _READ, _REMOVE = f"{ONE}/aendern", f"{ONE}/lesen", f"{ONE}/entfernen"
_CHANGED, _READING = "geaendert", "gelesen"


@visits.needs(Permission.MANAGE_SOURCES)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a source."""
    return await _page(request, visitor, request.query_params.get(URI, ""))


async def _page(request: Request, visitor: Visitor, uri: str, filled: Filled | None = None) -> Response:
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    source, objects, waiting = await workshop.read(_find, uri)
    return menu.page(
        request,
        visitor,
        "admin/source.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if filled else HTTPStatus.OK,
        line=sources.line(source, objects, waiting, words),
        source=source,
        filled=filled or choosing.of(source.choice, source.trust),
        choices=choosing.choices(words),
        change=_CHANGE,
        read=_READ,
        remove=f"{_REMOVE}?{sources.href(uri).partition('?')[2]}",
        uri=uri,
        back=menu.SOURCES,
        notice=_notice(request, words),
    )


def _find(work: Work, uri: str) -> tuple[Source, int, int]:
    source = next((one for one in following.listing(work) if one.uri == uri), None)
    if source is None:
        raise NotFound("Diese Quelle gibt es hier nicht.")
    return source, origins.count(work, [source])[uri], review.count(work).get(uri, 0)


def _notice(request: Request, words: Language) -> str:
    number = asking.number(request, asking.NUMBER)
    gone = words.ngettext(
        "Gespeichert, %(number)s Eintrag hat den Index verlassen. Die Quelle wird neu gelesen.",
        "Gespeichert, %(number)s Einträge haben den Index verlassen. Die Quelle wird neu gelesen.",
        number,
    )
    return {
        sources.ADDED: words.gettext("Die Quelle ist angefragt. Was sie veröffentlicht hat, wird gleich gelesen."),
        _CHANGED: gone % {"number": words.number(number)},
        _READING: words.gettext("Die Quelle wird jetzt gelesen. Das dauert einen Augenblick."),
    }.get(request.query_params.get(asking.DONE, ""), "")


# --- changing ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def change(request: Request, visitor: Visitor) -> Response:
    """Want something else of a source; what does not fit any more leaves the index."""
    fields = await asking.fields(request)
    workshop: Workshop = request.app.state.workshop
    uri = dict(fields).get(URI, "")
    filled = choosing.read(fields, rendering.language_of(request))
    if filled.wrong:
        return await _page(request, visitor, uri, filled)
    dropped = await workshop.write(_change, visitor, uri, filled)
    return asking.back(sources.href(uri), _CHANGED, dropped)


def _change(work: Work, visitor: Visitor, uri: str, filled: Filled) -> int:
    before, _, _ = _find(work, uri)
    wanted = chosen.read(chosen.write(filled.choice))
    if before.choice == wanted and before.trust == filled.trust:
        return 0
    row = following.change(work, uri, wanted, filled.trust)
    dropped = origins.refit(work, row)
    if row.trust == chosen.DIRECT:
        review.accept_all(work, uri)
    trust = sentence("nach Prüfung") if filled.trust == chosen.REVIEW else ""
    detail = sentences.joined((choosing.noted(wanted), trust), "; ")
    audit.note(work, visits.by(visitor), Did.SOURCE_CHANGED, About(before.name, uri), detail)
    return dropped


@visits.needs(Permission.MANAGE_SOURCES)
async def read(request: Request, _visitor: Visitor) -> Response:
    """Look at a source now; a second press waits for the same look."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    uri = typed.get(URI, "")
    await workshop.write(_read, uri)
    return asking.back(sources.href(uri), _READING)


def _read(work: Work, uri: str) -> None:
    source, _, _ = _find(work, uri)
    following.read_now(work, source.uri)


# --- removing ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MANAGE_SOURCES)
async def ask_remove(request: Request, visitor: Visitor) -> Response:
    """Say what leaves the index, and ask whether that is meant."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    uri = request.query_params.get(URI, "")
    source, objects, waiting = await workshop.read(_find, uri)
    gone = words.ngettext(
        "%(number)s Eintrag von dort verlässt den Index.", "%(number)s Einträge von dort verlassen den Index.", objects
    ) % {"number": words.number(objects)}
    facts = [gone, words.gettext("Was eine andere Quelle auch bringt, bleibt. Sie können später wieder folgen.")]
    if waiting:
        facts.insert(1, words.gettext("Auch was noch auf eine Prüfung wartet, wird gelöscht."))
    question = Question(
        heading=words.gettext("„%(name)s“ als Quelle entfernen?") % {"name": source.name},
        facts=facts,
        back=sources.href(uri),
        button=words.gettext("Ja, die Quelle entfernen"),
        action=_REMOVE,
        fields=[(URI, uri)],
    )
    return asking.page(request, visitor, question)


@visits.needs(Permission.MANAGE_SOURCES)
async def remove(request: Request, visitor: Visitor) -> Response:
    """Follow a source no more, and drop what came from it."""
    typed = await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    dropped = await workshop.write(_remove, visitor, typed.get(URI, ""))
    return asking.back(menu.SOURCES, sources.REMOVED, dropped)


def _remove(work: Work, visitor: Visitor, uri: str) -> int:
    source, _, _ = _find(work, uri)
    row = following.remove(work, source.uri)
    dropped = origins.drop(work, row)
    went = sentence("Einträge: %(number)s", number=dropped)
    audit.note(work, visits.by(visitor), Did.SOURCE_REMOVED, About(source.name, uri), went)
    return dropped


ROUTES: list[BaseRoute] = [
    Route(ONE, show, name="admin-source"),
    Route(_CHANGE, change, methods=["POST"], name="admin-source-change"),
    Route(_READ, read, methods=["POST"], name="admin-source-read"),
    Route(_REMOVE, ask_remove, name="admin-source-ask-remove"),
    Route(_REMOVE, remove, methods=["POST"], name="admin-source-remove"),
]
