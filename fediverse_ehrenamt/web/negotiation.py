"""What a client wants to see under an ActivityPub id: the object, or the page for people."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

ACTIVITY_JSON = "application/activity+json"
_LD_JSON = "application/ld+json"
_MACHINE = (ACTIVITY_JSON, _LD_JSON, "application/json")
_VARY = {"Vary": "Accept"}


def wants_page(request: Request) -> bool:
    """Say whether this is a browser: it asks for HTML and for none of the JSON types."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept and not any(kind in accept for kind in _MACHINE)


def wants_object(request: Request) -> bool:
    """Say whether this is a peer: it asks for ActivityPub and not for HTML."""
    accept = request.headers.get("accept", "")
    return "text/html" not in accept and any(kind in accept for kind in (ACTIVITY_JSON, _LD_JSON))


def activity(body: bytes, status: int = 200, cache_seconds: int = 180) -> Response:
    """Return an ActivityPub document."""
    headers = {**_VARY, "Cache-Control": f"public, max-age={cache_seconds}", "Access-Control-Allow-Origin": "*"}
    return Response(body, status, headers, media_type=ACTIVITY_JSON)


def elsewhere(url: str) -> Response:
    """Send a browser from an id to its page, or a peer from a page to its id."""
    return RedirectResponse(url, 303, _VARY)
