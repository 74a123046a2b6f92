"""What is answered when something goes wrong: a page for browsers, `application/problem+json` (RFC 9457) otherwise.

Only `EhrenamtError.public` is ever shown; anything unexpected gets a number that stands in the log beside its trace.
"""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import urlencode

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ExceptionHandler

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import (
    BadSignature,
    EhrenamtError,
    Invalid,
    Problem,
    SecondStepNeeded,
    SignInNeeded,
    Unavailable,
)
from fediverse_ehrenamt.web import answers, headers, i18n, origins, rendering, throttle, uploads
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.web.origins import Outdated, Unconfirmed

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 30
_TYPED_AGAIN = "passwort"  # the field that no page shows again
_LONGEST_BODY, _MOST_FIELDS, _LARGEST_FILE = 300_000, 500, 20_000_000  # the largest form that is handed back, in bytes
_WRITTEN = 30  # characters: no button says so much, so somebody wrote it
_PARTIAL = "hx-request"  # sent by a page that asks for a part of itself (static/vendor/htmx)
_VARY = {"Vary": "Accept, Accept-Language"}  # a browser gets a page
_SAME_EVERYWHERE = HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED


def wants_html(request: Request) -> bool:
    """Say whether a person with a browser asks: programs and peers do not name text/html."""
    return "text/html" in request.headers.get("accept", "")


def expected(request: Request, error: Exception) -> Response:
    """Answer an `EhrenamtError` with its status and its public words."""
    assert isinstance(error, EhrenamtError)
    if isinstance(error, SignInNeeded | SecondStepNeeded) and wants_html(request):
        page = rendering.SIGN_IN if isinstance(error, SignInNeeded) else rendering.SECOND_STEP
        where = f"{page}?{urlencode({rendering.ONWARD: error.path})}"
        return RedirectResponse(where, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    more: dict[str, str] = {}
    if isinstance(error, Unavailable):
        more["Retry-After"] = str(math.ceil(error.retry_after or _RETRY_SECONDS))
    if isinstance(error, BadSignature):
        more["WWW-Authenticate"] = error.challenge
    problems = error.problems if isinstance(error, Invalid) else ()
    return answer(request, error.status, error.public, more, problems=problems)


async def signed_out(request: Request, error: Exception) -> Response:
    """Hand back what somebody wrote whose session has ended meanwhile: once signed in, they send it again."""
    assert isinstance(error, SignInNeeded)
    if request.method != "POST" or not wants_html(request):
        return expected(request, error)
    if _PARTIAL in request.headers:
        return _unkept(rendering.page(request, "web/unsaved.html", outdated=False))
    try:
        throttle.check_rate(request, "handed back", throttle.BY_CLIENT, error.public)  # anybody may send so much
        fields, upload = await uploads.posted(request, _LONGEST_BODY, _MOST_FIELDS, _LARGEST_FILE, unread=True)
    except EhrenamtError:  # from elsewhere, too often, or too much to be shown
        return expected(request, error)
    written = [value for name, value in fields if name != _TYPED_AGAIN and len(value) > _WRITTEN]
    if not written:
        return expected(request, error)
    file = upload.name if upload is not None else ""
    values = {"fields": fields, "secret": _TYPED_AGAIN, "written": written, "file": file}
    return _unkept(rendering.page(request, "web/signed_out.html", error.status, **values))


def unconfirmed(request: Request, error: Exception) -> Response:
    """Ask whoever sent a form whether they did, with all that it held: nothing else says that it comes from here."""
    assert isinstance(error, Unconfirmed)
    if not wants_html(request) or not request.app.state.workshop.settings.secret:
        return expected(request, error)
    mark, held = origins.new_mark(request)
    fields = [*error.fields, (origins.MARK_FIELD, mark)]
    response = rendering.page(
        request, "web/confirm.html", error.status, fields=fields, secret=_TYPED_AGAIN, outdated=False
    )
    response.headers.update(answers.PRIVATE)
    origins.give(request, response, held)
    return response


def outdated(request: Request, error: Exception) -> Response:
    """Ask whoever sent a form of a former session whether they did: sent again, it carries the seal of this one."""
    assert isinstance(error, Outdated)
    if not wants_html(request):
        return expected(request, error)
    if _PARTIAL in request.headers:
        return _unkept(rendering.page(request, "web/unsaved.html", outdated=True))
    values = {"fields": error.fields, "secret": _TYPED_AGAIN, "outdated": True}
    return _unkept(rendering.page(request, "web/confirm.html", error.status, **values))


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def http(request: Request, error: Exception) -> Response:
    """Answer Starlette's own refusals (no such page, method not allowed)."""
    assert isinstance(error, HTTPException)
    words = "" if error.status_code in _SAME_EVERYWHERE else error.detail
    return answer(request, error.status_code, words, dict(error.headers or {}))


def hung_up(_request: Request, _error: Exception) -> Response:
    """Answer somebody who went away in the middle of a form: nobody reads it, and it is no error of ours."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


def unexpected(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw with a number, and log it under this number."""
    number = ids.new_id()
    logger.error("error %s: %s %s", number, request.method, request.url.path, exc_info=error)
    # Starlette answers this outside all middleware, so the page brings its own protection.
    protection = headers.ON_PAGES if wants_html(request) else {}
    return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "", protection, number=number)


def answer(
    request: Request,
    status: int,
    public: str,
    fields: Mapping[str, str] = MappingProxyType({}),
    *,
    problems: Sequence[Problem] = (),
    number: str = "",
) -> Response:
    """Write an error for whoever asks, with further header `fields`.

    `problems` are of what was handed in, `number` is the one in the log.
    """
    if wants_html(request):
        response: Response = rendering.page(
            request, "web/error.html", status, code=int(status), public=public, problems=problems, number=number
        )
    else:
        words = _language(request)
        told = [replace(one, message=words.gettext(one.message)) for one in problems]
        body = _problem(status, words.gettext(public), {"number": number, "problems": told})
        response = Response(body, status, _VARY, media_type="application/problem+json")
    response.headers.update(fields)
    return response


def _language(request: Request) -> Language:
    """Return the language that a program asks for; English where it asks for none, as peers do."""
    asked = request.headers.get("accept-language", "")
    return i18n.choose("", asked, i18n.WORKING) if asked else i18n.language(i18n.PEERS)


def _problem(status: int, public: str, more: Mapping[str, object]) -> bytes:
    problem: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status)}
    if public:
        problem["detail"] = public
    problem.update((name, value) for name, value in more.items() if value)
    return orjson.dumps(problem)


HANDLERS: Mapping[type[Exception], ExceptionHandler] = MappingProxyType(
    {
        EhrenamtError: expected,
        SignInNeeded: signed_out,
        Outdated: outdated,
        Unconfirmed: unconfirmed,
        HTTPException: http,
        ClientDisconnect: hung_up,
        Exception: unexpected,
    }
)
"""For Starlette's `exception_handlers`."""
