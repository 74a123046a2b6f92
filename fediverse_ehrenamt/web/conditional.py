"""Answers that whoever asks may have already: validators, and 304 instead of the same once more (RFC 9110 §13)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.web import negotiation

KEPT_SECONDS = 900
_DIGEST_BYTES = 16


def answer(
    request: Request, body: bytes, media_type: str, modified: datetime, more: Mapping[str, str] | None = None
) -> Response:
    """Return a document that programs ask for again and again, or 304 where the client has it.

    `modified` is to the second and never in the future. An ETag that was sent along decides alone.
    """
    tag = f'"{hashlib.blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(modified, usegmt=True),
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "X-Robots-Tag": "noindex",
        **(more or {}),
    }
    if _has(request, tag, modified):
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return Response(body, HTTPStatus.OK, {**headers, "Content-Type": media_type})


def _has(request: Request, tag: str, modified: datetime) -> bool:
    if "if-none-match" in request.headers:
        return negotiation.has(request, tag)
    try:
        known = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return known.tzinfo is not None and known >= modified.replace(microsecond=0)
