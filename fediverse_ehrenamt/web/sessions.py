"""The cookie of people who are signed in, and the seal that their forms carry (CSRF). Knows nobody: it makes no query.

The cookie holds a random token. The seal is made of it by a hash, so that every form of a session can be checked
without asking the database, and no other site can know it.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

SEAL_FIELD: Final = "siegel"
_NAME = "sitzung"
_TOKEN_BYTES, _TOKEN_LENGTH, _SEAL_BYTES = 20, 32, 16
_LONGEST_SECONDS = 180 * 24 * 3600  # the browser's; when a session ends, we decide


def new_token() -> str:
    """Return a random token of 32 letters and digits: nothing that a mail program would cut off, or differs by case."""
    return base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode().lower()


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def name(request: Request) -> str:
    """Return the cookie's name: under https one that no neighbouring domain can set (RFC 6265bis, `__Host-`)."""
    return own_name(request, _NAME)


def own_name(request: Request, cookie: str) -> str:
    """Return as what a cookie is kept that only we may set."""
    return f"__Host-{cookie}" if is_secure(request) else cookie


def token(request: Request) -> str:
    """Return the token that a browser has sent, "" for none."""
    held = request.cookies.get(name(request), "")
    return held if len(held) == _TOKEN_LENGTH and held.isalnum() and held.isascii() else ""


def give(request: Request, response: Response, held: str) -> None:
    """Have the browser keep a token."""
    response.set_cookie(
        name(request),
        held,
        max_age=_LONGEST_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def take(request: Request, response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(name(request), path="/", httponly=True, samesite="lax", secure=is_secure(request))


def seal(request: Request) -> str:
    """Return what the forms of this session carry, "" where there is none."""
    held = token(request)
    return hmac.digest(held.encode(), b"form", "sha256")[:_SEAL_BYTES].hex() if held else ""


def is_sealed(request: Request, said: str) -> bool:
    """Say whether a form was made for the session in which it comes; without a session there is nothing to guard."""
    return hmac.compare_digest(seal(request).encode(), said.encode()) if token(request) else True


def is_secure(request: Request) -> bool:
    """Say whether we are reached under https, and cookies go nowhere else."""
    url: str = request.app.state.workshop.settings.url
    return url.startswith("https://")
