"""Secure mode: who asks for actors, objects and collections must sign, as Mastodon's AUTHORIZED_FETCH demands it.

Open to everybody stay the instance actor (its key is needed to check our own signed requests: two such servers would
wait for each other for ever), WebFinger, NodeInfo, pictures, and the pages for people. A blocked host that signs is
refused in either mode.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from fediverse_ehrenamt.federation import addresses, policy, signatures
from fediverse_ehrenamt.federation.signatures import Request
from fediverse_ehrenamt.kit.errors import BadSignature
from fediverse_ehrenamt.web import negotiation
from fediverse_ehrenamt.work import Workshop

Endpoint = Callable[[WebRequest], Awaitable[Response]]


def signed(endpoint: Endpoint) -> Endpoint:
    """Let only those have the answer of an endpoint who may read ActivityPub documents here."""
    return _demanding(endpoint, pages=False)


def signed_or_page(endpoint: Endpoint) -> Endpoint:
    """As `signed`, for endpoints that send a browser on to a page; that anybody may see."""
    return _demanding(endpoint, pages=True)


def _demanding(endpoint: Endpoint, *, pages: bool) -> Endpoint:
    @wraps(endpoint)
    async def serve(request: WebRequest) -> Response:
        workshop: Workshop = request.app.state.workshop
        if pages and negotiation.wants_page(request):
            response = await endpoint(request)
            if response.status_code == HTTPStatus.SEE_OTHER:
                return response
        await _admit(request, workshop)
        response = await endpoint(request)
        if workshop.settings.secure_mode:
            # Whatever keeps copies on the way would show them to those who do not sign.
            response.headers["Cache-Control"] = "private, no-store"
            response.headers.add_vary_header("Signature")
        return response

    return serve


async def _admit(request: WebRequest, workshop: Workshop) -> None:
    """Raise `BadSignature` (401), `Forbidden` (403) or, where a key cannot be had now, `Unavailable`."""
    demanded = workshop.settings.secure_mode and not _is_instance_actor(request, workshop)
    asked = Request(
        request.method, _target(request), tuple(request.scope["headers"]), b"", origin=workshop.settings.url
    )
    try:
        claimed = signatures.key_id(asked)
    except BadSignature:
        if demanded:
            raise
        return
    if claimed:
        policy.of(workshop).forbid(claimed)
    if demanded:
        if not claimed:
            raise BadSignature("this instance answers signed requests only; sign the GET as your instance's actor")
        proved = await signatures.verify(asked, request.app.state.keys, workshop.now())
        policy.of(workshop).forbid(proved.actor)


def _is_instance_actor(request: WebRequest, workshop: Workshop) -> bool:
    return workshop.settings.url + request.url.path == addresses.instance_actor(workshop.settings)


def _target(request: WebRequest) -> str:
    """Return path and query as they stood in the request line."""
    path = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
