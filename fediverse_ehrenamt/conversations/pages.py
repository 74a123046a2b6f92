"""The public answers to an object of ours as peers read them: only those that the organisation lets be shown."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fediverse_ehrenamt.conversations import store
from fediverse_ehrenamt.federation import outbox, secure
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Collection
from fediverse_ehrenamt.web import negotiation
from fediverse_ehrenamt.work import Work, Workshop


@secure.signed
async def replies(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    uri = f"{workshop.settings.url}/ap/object/{request.path_params['key']}"
    return negotiation.answer(request, await workshop.read(_replies, uri))


def _replies(work: Work, uri: str) -> bytes:
    """Write their ids alone: what they say, their own servers tell."""
    if store.thread_of(work, uri) is None:
        gone = outbox.is_buried(work, uri)
        raise Gone(sentence("Das gibt es nicht mehr.")) if gone else NotFound("Das gibt es hier nicht.")
    shown, total = store.shown(work, uri)
    return codec.write(Collection(id=f"{uri}/replies", total=total, items=tuple(shown)))


ROUTES = [Route("/ap/object/{key}/replies", replies)]
