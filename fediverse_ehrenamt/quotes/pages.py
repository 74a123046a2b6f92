"""The stamps by which everybody can see who may quote what is ours (FEP-044f), and which collection may
recommend whom (FEP-7aa9); 410 for those that hold no longer.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fediverse_ehrenamt.federation import outbox, secure
from fediverse_ehrenamt.federation.model import TombstoneRow
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.quotes import store, wire
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Tombstone
from fediverse_ehrenamt.web import negotiation
from fediverse_ehrenamt.work import Work, Workshop


@secure.signed
async def stamp(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    uri = f"{workshop.settings.url}/ap/quote/{request.path_params['key']}"
    body, status = await workshop.read(_stamp, uri)
    return negotiation.answer(request, body, status)


def _stamp(work: Work, uri: str) -> tuple[bytes, int]:
    """Return a stamp; with what is quoted it is gone at once, whenever its row is erased."""
    tombstone = work.db.get(TombstoneRow, uri)
    row = None if tombstone is not None else store.by_stamp(work, uri)
    if tombstone is None and row is None:
        raise NotFound("no such stamp")
    if row is not None and not outbox.is_buried(work, row.object):
        return codec.write(wire.stamp(row)), 200
    deleted = tombstone.deleted_at if tombstone else None
    former = tombstone.former_type if tombstone is not None else ""
    if row is not None:
        former = wire.kind_of_stamp(row)
    return codec.write(Tombstone(id=uri, former_type=former, deleted=deleted)), Gone.status


ROUTES = [Route("/ap/quote/{key}", stamp)]
