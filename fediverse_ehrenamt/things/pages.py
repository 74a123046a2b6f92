"""Our objects under their ActivityPub ids; browsers are sent to the page, the deleted leave a tombstone."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fediverse_ehrenamt.federation.model import TombstoneRow
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.things import store
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Tombstone
from fediverse_ehrenamt.web import negotiation
from fediverse_ehrenamt.work import Work, Workshop


async def thing(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    uri = f"{workshop.settings.url}/ap/object/{request.path_params['key']}"
    body, url, status = await workshop.read(_thing, uri)
    if negotiation.wants_page(request):
        if status == Gone.status:
            raise Gone("Das wurde zurückgezogen.")
        return negotiation.elsewhere(url)
    return negotiation.activity(body, status)


def _thing(work: Work, uri: str) -> tuple[bytes, str, int]:
    tombstone = work.db.get(TombstoneRow, uri)
    if tombstone is not None:
        gone = Tombstone(id=uri, former_type=tombstone.former_type, deleted=tombstone.deleted_at)
        return codec.write(gone), "", Gone.status
    row = store.find(work, uri)
    if row is None or not row.local:
        raise NotFound("Das gibt es hier nicht.")
    return row.body, store.get(work, uri).url, 200


ROUTES = [Route("/ap/object/{key}", thing)]
