"""The Reader of a request: for whom pages are written, with what they need to know of portals and pictures."""

from collections.abc import Iterable
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from fediverse_ehrenamt.discover.view import Reader, Source
from fediverse_ehrenamt.media import remote
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.work import Workshop


async def of(request: Request) -> Reader:
    """Return the reader without pictures."""
    workshop: Workshop = request.app.state.workshop
    return made(request, await workshop.read(request.app.state.lookups.sources))


def made(request: Request, sources: Iterable[Source]) -> Reader:
    """Return the same of `sources`, which were read already."""
    workshop: Workshop = request.app.state.workshop
    portals = {source.host: source.name for source in sources if source.whole}
    return Reader(rendering.language_of(request), workshop.now(), workshop.settings.url, portals)


async def with_pictures(request: Request, reader: Reader, shown: Iterable[Document]) -> Reader:
    """Return the reader with those remote pictures of the Documents that we have a copy of."""
    urls = [document.image for document in shown if not document.local and document.image]
    if not urls:
        return reader
    data = request.app.state.workshop.settings.data
    return replace(reader, pictures=await run_in_threadpool(remote.shown, data, urls))
