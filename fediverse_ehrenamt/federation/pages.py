"""What peers read of us: actors, activities, collections, WebFinger, NodeInfo, host-meta."""

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fediverse_ehrenamt.federation import actors, addresses, collections, nodeinfo, secure, webfinger
from fediverse_ehrenamt.federation.model import PublishedRow, TombstoneRow
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import PUBLIC, Delete, Tombstone, Undo
from fediverse_ehrenamt.web import negotiation
from fediverse_ehrenamt.work import Work, Workshop

_JRD = "application/jrd+json"


def _workshop(request: Request) -> Workshop:
    workshop: Workshop = request.app.state.workshop
    return workshop


@secure.signed_or_page
async def actor(request: Request) -> Response:
    """The actor document. Keys are made when somebody first asks, so this may write."""
    workshop = _workshop(request)
    uri = addresses.actor(workshop.settings, request.path_params["key"])
    found = await workshop.read(_actor, uri)
    if negotiation.wants_page(request) and found[0]:
        return negotiation.elsewhere(found[0])
    body, status = (found[1], found[2]) if found[1] else await workshop.write(_actor_with_keys, uri)
    return negotiation.answer(request, body, status)


def _actor(work: Work, uri: str) -> tuple[str, bytes, int]:
    row = actors.by_uri(work, uri)
    if row.gone_at:
        return "", codec.write(Tombstone(id=uri, former_type=row.type, deleted=row.gone_at)), Gone.status
    return row.url, codec.write(actors.to_wire(work, row)) if row.rsa_public else b"", 200


async def at_handle(request: Request) -> Response:
    """`/@name`, as people know it from Mastodon and type it: to the actor's page, or for peers to the actor."""
    workshop = _workshop(request)
    row = await workshop.read(webfinger.find, f"{workshop.settings.url}{request.url.path}")
    if row is None:
        raise NotFound("Dieses Konto gibt es hier nicht.")
    return negotiation.elsewhere(row.uri if negotiation.wants_object(request) else row.url)


def _actor_with_keys(work: Work, uri: str) -> tuple[bytes, int]:
    return codec.write(actors.to_wire(work, actors.with_keys(work, uri))), 200


@secure.signed_or_page
async def activity(request: Request) -> Response:
    """An activity of ours as it was said; a Create with its object as it is now. Browsers are sent to the object."""
    workshop = _workshop(request)
    uri = f"{workshop.settings.url}/ap/activity/{request.path_params['key']}"
    body, about, status = await workshop.read(_activity, uri)
    if about and negotiation.wants_page(request):
        return negotiation.elsewhere(about)
    return negotiation.answer(request, body, status)


def _activity(work: Work, uri: str) -> tuple[bytes, str, int]:
    """Only what was said to everybody is shown to everybody; of what was taken back a tombstone is left."""
    tombstone = work.db.get(TombstoneRow, uri)
    if tombstone is not None:
        gone = Tombstone(id=uri, former_type=tombstone.former_type, deleted=tombstone.deleted_at)
        return codec.write(gone), "", Gone.status
    body = work.db.scalar(select(PublishedRow.body).where(PublishedRow.uri == uri))
    said = codec.parse_activity(body) if body else None
    if body is None or said is None or PUBLIC not in (*said.to, *said.cc):
        raise NotFound("no such activity, or not a public one")
    return body, "" if isinstance(said, Delete | Undo) else said.object_id, 200


@secure.signed
async def collection(request: Request) -> Response:
    """Outbox, followers and following, with `?page=` a page of them."""
    workshop = _workshop(request)
    uri = addresses.actor(workshop.settings, request.path_params["key"])
    read = collections.READERS[request.url.path.rpartition("/")[2]]
    page = request.query_params.get("page")
    return negotiation.answer(request, await workshop.read(_collection, read, uri, page))


def _collection(work: Work, read: collections.Reader, uri: str, page: str | None) -> bytes:
    actors.check_there(work, uri)
    return codec.write(read(work, uri, page))


async def finger(request: Request) -> Response:
    """WebFinger (RFC 7033): 400 without a resource, for what is none or for several, 404 for one that is not ours.

    `rel`, once or several times, asks for such links only.
    """
    resources = request.query_params.getlist("resource")
    if len(resources) != 1 or not webfinger.is_resource(resources[0]):
        return JSONResponse({"error": "resource is missing, stands there twice, or is no URI (acct:name@host)"}, 400)
    found = await _workshop(request).read(webfinger.descriptor, resources[0], request.query_params.getlist("rel"))
    if found is None:
        return JSONResponse({"error": "no such resource here"}, 404)
    return Response(found, media_type=_JRD)


async def host_meta(request: Request) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" template="{_finger_template(request)}"/></XRD>\n'
    )
    return Response(body, media_type="application/xrd+xml")


async def host_meta_json(request: Request) -> Response:
    """The same as a JSON resource descriptor (RFC 6415 appendix A)."""
    link = {"rel": "lrdd", "type": _JRD, "template": _finger_template(request)}
    return JSONResponse({"links": [link]}, media_type=_JRD)


def _finger_template(request: Request) -> str:
    return f"{_workshop(request).settings.url}/.well-known/webfinger?resource={{uri}}"


async def nodeinfo_links(request: Request) -> Response:
    return JSONResponse(nodeinfo.links(_workshop(request).settings))


async def nodeinfo_document(request: Request) -> Response:
    version = request.path_params["version"]
    if version not in nodeinfo.VERSIONS:
        raise NotFound("NodeInfo is served in 2.0 and 2.1")
    count = request.app.state.count_documents
    document = await _workshop(request).read(nodeinfo.document, version, count)
    kind = f'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/{version}#"'
    return Response(document, media_type=kind)


ROUTES = [
    Route("/@{handle}", at_handle),
    Route("/ap/actor/{key}", actor),
    *(Route(f"/ap/actor/{{key}}/{name}", collection) for name in collections.READERS),
    Route("/ap/activity/{key}", activity),
    Route("/.well-known/webfinger", finger),
    Route("/.well-known/host-meta", host_meta),
    Route("/.well-known/host-meta.json", host_meta_json),
    Route("/.well-known/nodeinfo", nodeinfo_links),
    Route("/nodeinfo/{version}", nodeinfo_document),
]
