"""The page of what is gone (410), with similar things: whoever comes late is not sent away with nothing.

Of what was withdrawn nothing is kept, but the words in its address tell what it was; of our own that is over the title
and the areas are still there.
"""

from collections.abc import Iterator
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.discover import readers, view
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.vocab.types import Event, Note, Opportunity
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.work import Work, Workshop

_SHOWN = 6  # cards
_KINDS = (OPPORTUNITY, EVENT)
_WORDS = 60  # characters of an address that are searched for


async def page(request: Request, kind: str) -> Response:
    """Say that a thing is gone, and show what is like it, else what is new."""
    page_id, _, slug = request.path_params["page"].partition("-")
    workshop: Workshop = request.app.state.workshop

    def find(work: Work) -> Opportunity | Event | Note | None:
        try:
            thing: Opportunity | Event | Note = request.app.state.lookups.things[kind](
                work, f"{work.settings.url}/ap/object/{page_id}"
            )
        except (Gone, NotFound):
            return None
        return thing

    queries = list(_queries(await workshop.read(find), slug.replace("-", " ")[:_WORDS].strip()))
    reader = await readers.of(request)
    index: Index = request.app.state.index
    found: dict[str, Document] = {}
    alike = 0
    for query in queries:
        results = await run_in_threadpool(index.find, query, reader.now)
        fresh = (hit.document for hit in (*results.hits, *results.beside) if not hit.document.status)
        found |= {document.id: document for document in fresh if document.id not in {*found, page_id}}
        alike = len(found) if query.text or query.areas else alike
        if len(found) >= _SHOWN:
            break
    # What is merely new beside what is alike would be read as alike, too.
    shown = list(found.values())[: min(alike, _SHOWN) or _SHOWN]
    reader = await readers.with_pictures(request, reader, shown)
    return rendering.page(
        request,
        "discover/gone.html",
        HTTPStatus.GONE,
        cards=[view.card(document, reader) for document in shown],
        alike=alike > 0,
    )


def _queries(thing: Opportunity | Event | Note | None, slug: str) -> Iterator[Query]:
    """Yield what to search for, the nearest first."""
    words = slug
    areas: tuple[str, ...] = ()
    if isinstance(thing, Opportunity):
        words, areas = thing.details.title, thing.details.areas
    elif isinstance(thing, Event):
        words, areas = thing.name, thing.details.areas if thing.details else ()
    if words:
        yield Query(text=words, kinds=_KINDS)
    if areas:
        yield Query(areas=areas, kinds=_KINDS)
    yield Query(kinds=_KINDS)
