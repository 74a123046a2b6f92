"""Whether a form was sent from a page of ours: as the browser says, or else as whoever sent it confirms.

New browsers say it by Sec-Fetch-Site, older ones by Origin or Referer (OWASP's "CSRF Prevention" has them in this
order). Some say nothing, on old phones or behind a proxy that takes it away. Then the seal of a session or the secret
in the address of a letter's page is enough; where there is neither, a page asks to send it once more. What it sends
is a mark in the form that fits a cookie (a signed double submit), which no other site can read or make.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.kit import addresses, ids, tokens
from fediverse_ehrenamt.kit.errors import Forbidden
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.web import sessions
from fediverse_ehrenamt.work import Workshop

MARK_FIELD: Final = "bestaetigt"
_COOKIE, _PURPOSE = "bestaetigung", "formular"
_HOLDS = timedelta(hours=1)
_OWN_SITES = frozenset({"same-origin", "none"})


class Unconfirmed(Forbidden):
    """Nothing says whether a form was sent from here; `fields` is what it held."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__("Dieses Formular kam nicht von unserer Seite.")
        self.fields = fields


class Outdated(Forbidden):
    """A form was sent from here, but made for another session than this; `fields` is what it held."""

    def __init__(self, public: str, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__(public)
        self.fields = fields


def is_ours(request: Request) -> bool | None:
    """Say whether the browser names a page of ours as where this comes from, None where it names none."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    for header in ("origin", "referer"):
        said = request.headers.get(header, "")
        if said not in {"", "null"}:  # "null" is said on pages whose address is to be told to nobody, also ours
            return _is_here(request, said)
    return None


def _is_here(request: Request, url: str) -> bool:
    """Compare with our own address, and with the one that was asked for: it may be another one when trying out."""
    ours: str = request.app.state.workshop.settings.url
    origin = ids.origin(url)
    if ids.same_origin(origin, ours):
        return True
    downgraded = ours.startswith("https://") and not origin.startswith("https://")
    asked = f"{origin.partition('://')[0]}://{request.headers.get('host', '')}"
    return not downgraded and ids.same_origin(origin, asked)


def check(request: Request, mark: str, fields: Sequence[tuple[str, str]]) -> None:
    """Raise `Unconfirmed` where nothing speaks for it that a form comes from here; the seal was looked at before."""
    # A token in a path is in a letter: no other site knows it, and a mail program that unsubscribes says nothing else.
    known = is_ours(request) or sessions.token(request) or "token" in request.path_params
    if not known and not _is_marked(request, mark):
        raise Unconfirmed(fields)


def _is_marked(request: Request, mark: str) -> bool:
    workshop: Workshop = request.app.state.workshop
    held = request.cookies.get(sessions.own_name(request, _COOKIE), "")
    try:
        return tokens.check(workshop.settings.secret, mark, _PURPOSE, _subject(request, held)) >= workshop.now()
    except WrongToken:
        return False


def new_mark(request: Request) -> tuple[str, str]:
    """Return a mark for this form, and the token of the cookie that it fits (`give`)."""
    workshop: Workshop = request.app.state.workshop
    held = sessions.new_token()
    until = workshop.now() + _HOLDS
    return tokens.sign(workshop.settings.secret, _PURPOSE, _subject(request, held), until), held


def give(request: Request, response: Response, held: str) -> None:
    """Have the browser keep the token that a mark fits, until it is closed."""
    name, secure = sessions.own_name(request, _COOKIE), sessions.is_secure(request)
    response.set_cookie(name, held, path="/", httponly=True, samesite="strict", secure=secure)


def _subject(request: Request, held: str) -> str:
    """A mark counts for one browser, one connection and one form: a cookie alone a neighbouring domain could set."""
    client = addresses.subscriber(request.client.host if request.client else "")
    return f"{held} {client} {request.url.path}"
