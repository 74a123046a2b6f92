"""The Merkliste: ids of pages that a visitor's own browser keeps in a cookie, in their order; nothing is stored here.

It is neither signed nor sealed: what stands in it are ids of public pages, and everybody may put any of them there.
"""

import re
from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "merkliste"
MOST: Final = 50  # pages: with ids of 22 characters a third of what a cookie may hold
_SEPARATOR = "."
_ID = re.compile(r"[0-9A-Za-z]{1,40}")
_LONGEST = MOST * 41
_A_YEAR = 365 * 24 * 3600

Ids = tuple[str, ...]


def read(request: Request) -> Ids:
    """Return what the visitor's browser keeps, () where that is nothing or nothing of ours."""
    return parse(request.cookies.get(COOKIE, ""))


def parse(text: str) -> Ids:
    """Return the ids of "id.id.id", each once, at most `MOST`; what is none is left out."""
    found = (part for part in text[:_LONGEST].split(_SEPARATOR) if _ID.fullmatch(part))
    return tuple(dict.fromkeys(found))[:MOST]


def write(ids: Iterable[str]) -> str:
    """Return ids as `parse` reads them."""
    return _SEPARATOR.join(ids)


def put(ids: Ids, page: str, place: int = MOST) -> Ids:
    """Return the ids with another one in a place (0 is the first), else at the end; who is in it stays where it is."""
    return ids if page in ids else (*ids[:place], page, *ids[place:])[:MOST]


def keep(request: Request, response: Response, ids: Ids) -> None:
    """Have the browser keep these ids for a year, or nothing at all."""
    secure = request.url.scheme == "https"
    if ids:
        response.set_cookie(COOKIE, write(ids), max_age=_A_YEAR, samesite="lax", httponly=True, secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="lax", httponly=True, secure=secure)
