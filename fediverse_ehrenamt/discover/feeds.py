"""The page of a feed: what it searches, how to follow it, and what it finds now."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.discover import readers, results, view
from fediverse_ehrenamt.feeds import actions
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import BY_DATE
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import headers, negotiation, rendering
from fediverse_ehrenamt.work import Workshop

_SHOWN = 12  # cards


async def show(request: Request) -> Response:
    """Show a feed to people; whoever asks for its actor is sent there."""
    workshop: Workshop = request.app.state.workshop
    feed = await workshop.read(actions.show, request.path_params["handle"])
    if negotiation.wants_object(request):
        return negotiation.elsewhere(feed.uri)
    query = saved.query(feed.search) or Query()
    reader = await readers.of(request)
    index: Index = request.app.state.index
    found = await run_in_threadpool(index.find, saved.in_order(query, BY_DATE), reader.now)
    documents = [hit.document for hit in found.hits[:_SHOWN]]
    reader = await readers.with_pictures(request, reader, documents)
    response = rendering.page(
        request,
        "discover/feed.html",
        feed=feed,
        cards=[view.card(document, reader) for document in documents],
        asked=[choice.label for choice in results.active(query, reader.language)],
        search_href=results.href(query.pairs()),
    )
    return headers.with_form_elsewhere(request, response)


ROUTES: list[BaseRoute] = [Route("/abos/{handle}", show, name="feed")]
