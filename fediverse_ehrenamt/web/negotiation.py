"""What a client wants to see under an ActivityPub id: the object, or the page for people; and whether it has it."""

import hashlib
import re
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

ACTIVITY_JSON = "application/activity+json"
_LD_JSON = "application/ld+json"
_HTML = "text/html"
_MACHINE = (ACTIVITY_JSON, _LD_JSON, "application/json")
_LD_PROFILE = f'{_LD_JSON}; profile="https://www.w3.org/ns/activitystreams"'
_VARY = {"Vary": "Accept"}
_CACHE_SECONDS = 180
_DIGEST_BYTES = 16
_KINDS = 50  # of an Accept that are looked at
_WEIGHT = re.compile(r"\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*")
_TAGS = 20  # of an If-None-Match that are looked at


def wants_page(request: Request) -> bool:
    """Say whether this is a browser: it names HTML, and none of the JSON types as much."""
    wanted = _wanted(request)
    return wanted.get(_HTML, 0.0) > max(wanted.get(kind, 0.0) for kind in _MACHINE)


def wants_object(request: Request) -> bool:
    """Say whether this is a peer: it names ActivityPub, and HTML less."""
    wanted = _wanted(request)
    return max(wanted.get(kind, 0.0) for kind in (ACTIVITY_JSON, _LD_JSON)) > wanted.get(_HTML, 0.0)


def _wanted(request: Request) -> dict[str, float]:
    """Return how much each media type that is named is wanted (RFC 9110 §12.5.1)."""
    found: dict[str, float] = {}
    for named in ",".join(request.headers.getlist("accept")).lower().split(",", _KINDS)[:_KINDS]:
        kind, *parameters = named.split(";")
        weights = [float(weight[1]) for parameter in parameters if (weight := _WEIGHT.fullmatch(parameter))]
        found[kind.strip()] = max(found.get(kind.strip(), 0.0), weights[0] if weights else 1.0)
    return found


def answer(request: Request, body: bytes, status: int = HTTPStatus.OK) -> Response:
    """Return an ActivityPub document in the media type that was asked for, or 304 where the client has it already.

    The validator is weak, since both media types share it (RFC 9110 §8.8.1).
    """
    tag = f'W/"{hashlib.blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()}"'
    headers = {
        **_VARY,
        "Cache-Control": f"public, max-age={_CACHE_SECONDS}",
        "ETag": tag,
    }
    if status == HTTPStatus.OK and has(request, tag):
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    wanted = _wanted(request)
    rather_ld = wanted.get(_LD_JSON, 0.0) > wanted.get(ACTIVITY_JSON, 0.0)
    return Response(body, status, headers, media_type=_LD_PROFILE if rather_ld else ACTIVITY_JSON)


def has(request: Request, tag: str) -> bool:
    """Say whether the client has what goes by this ETag; compared weakly, as If-None-Match is (RFC 9110 §13.1.2)."""
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",", _TAGS)[:_TAGS]]
    opaque = tag.removeprefix("W/")
    return any(one == "*" or one.removeprefix("W/") == opaque for one in given)


def elsewhere(url: str) -> Response:
    """Send a browser from an id to its page, or a peer from a page to its id."""
    return RedirectResponse(url, 303, _VARY)
