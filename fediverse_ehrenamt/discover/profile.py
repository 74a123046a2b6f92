"""A visitor's profile, kept by their own browser until it is closed: a sealed cookie, nothing is stored here.

What is sensitive is in it only with an explicit tick (`Profile.kept`). Accounts will keep it elsewhere; then `find`,
`keep` and `forget` are what changes.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.kit import sealing
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.matching import params
from fediverse_ehrenamt.matching.profile import Profile, Where
from fediverse_ehrenamt.matching.weights import Weights
from fediverse_ehrenamt.work import Workshop

COOKIE: Final = "profil"
PRIVATE: Final = "private, no-store"
"""The Cache-Control of what shows something of a profile."""
_PLACE_PARAMETER = "ort"  # of a search
_PLACE = "cookie profil"
_LONGEST = 3_900  # bytes; browsers keep 4,096 with name and attributes


def find(request: Request) -> Profile:
    """Return what the visitor's browser has kept, else a profile without answers."""
    sealed, secret = request.cookies.get(COOKIE, ""), _secret(request)
    if not sealed or not secret or len(sealed) > _LONGEST:
        return Profile()
    try:
        return params.read(parse_qsl(sealing.unseal(secret, sealed, _PLACE))).kept()
    except (sealing.WrongSecret, Invalid):  # of another secret, or of a version with other answers
        return Profile()


def keep(request: Request, response: Response, profile: Profile) -> None:
    """Have the browser keep a profile while it is open.

    Raises `Invalid` where it is too long, `Conflict` where this instance has no secret.
    """
    secret = _secret(request)
    if not secret:
        raise Conflict("Dieses Portal kann sich gerade nichts merken: Ihm fehlt EHRENAMT_SECRET.")
    sealed = sealing.seal(secret, urlencode(params.write(profile.kept())), _PLACE)
    if len(sealed) > _LONGEST:
        raise Invalid(
            [Problem("koennen", sentence("das sind zusammen zu viele Angaben; bitte kreuzen Sie weniger an"))]
        )
    response.set_cookie(COOKIE, sealed, httponly=True, samesite="lax", secure=_secure(request))


def forget(request: Request, response: Response) -> None:
    """Have the browser forget the profile."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_secure(request))


def place_for_search(request: Request, profile: Profile) -> Where | None:
    """Return the place that a search form may fill in: the visitor's, unless one is asked for here or was taken out."""
    where = profile.where
    return where if where and where.in_search and _PLACE_PARAMETER not in request.query_params else None


def follow_search(request: Request, response: Response) -> None:
    """Have the browser remember whether the visitor searched without a place, so that theirs is filled in no more.

    It is filled in again once they search by a place, or answer the questions anew.
    """
    said, profile = request.query_params.get(_PLACE_PARAMETER), find(request)
    if said is None or profile.where is None:
        return
    in_search = bool(said.strip())
    if profile.where.in_search != in_search:
        with suppress(Invalid):  # a cookie that is full stays as it is: the place is filled in once more
            keep(request, response, replace(profile, where=replace(profile.where, in_search=in_search)))
        response.headers["Cache-Control"] = PRIVATE


def weights(request: Request) -> Weights:
    """Return what counts how much on this instance."""
    workshop: Workshop = request.app.state.workshop
    return Weights.of(workshop.settings.matching_weights)


def _secret(request: Request) -> str:
    workshop: Workshop = request.app.state.workshop
    return workshop.settings.secret


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
