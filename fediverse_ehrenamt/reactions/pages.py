"""The collections `likes` and `shares` of our objects: how many there are, never who."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fediverse_ehrenamt.federation import secure
from fediverse_ehrenamt.reactions import store
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Collection
from fediverse_ehrenamt.web import negotiation
from fediverse_ehrenamt.work import Work, Workshop

_NAMES = ("likes", "shares")


@secure.signed
async def collection(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    uri = f"{workshop.settings.url}/ap/object/{request.path_params['key']}"
    name = request.url.path.rpartition("/")[2]
    return negotiation.answer(request, await workshop.read(_collection, uri, name))


def _collection(work: Work, uri: str, name: str) -> bytes:
    counts = store.counts(work, store.our_object(work, uri))
    total = counts.likes if name == "likes" else counts.shares
    return codec.write(Collection(id=f"{uri}/{name}", total=total))


ROUTES = [Route(f"/ap/object/{{key}}/{name}", collection) for name in _NAMES]
