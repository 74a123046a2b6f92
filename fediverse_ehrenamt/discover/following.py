"""Following from elsewhere: visitors name their account and are sent to the page where their server lets them follow.

Nobody has an account here to follow with. What is typed is used for one look-up and neither stored nor logged.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.federation import remote_follow
from fediverse_ehrenamt.federation.remote_follow import Account
from fediverse_ehrenamt.kit.errors import EhrenamtError, Gone, NotFound, Rejected
from fediverse_ehrenamt.web import forms, headers, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

PATH = "/folgen"
_ACCOUNT, _TARGET = "konto", "wem"
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10


async def ask(request: Request) -> Response:
    """Ask for the visitor's account; `?wem=@verein@domain` says whom they want to follow."""
    return _page(request, _target(request.query_params.get(_TARGET, "")))


async def send(request: Request) -> Response:
    """Send the visitor on, or say on the page what is wrong with what they typed."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))  # the first of each counts
    target = _target(request.query_params.get(_TARGET, ""))
    said = typed.get(_ACCOUNT, "").strip()
    words = rendering.language_of(request)
    visitor = remote_follow.account(said)
    if visitor is None:
        wrong = words.gettext("Das ist keine Adresse im Fediverse; richtig wäre zum Beispiel @name@mastodon.social.")
        return _page(request, target, said, wrong)
    workshop: Workshop = request.app.state.workshop
    try:
        where = await remote_follow.page(workshop, visitor, target)
    except EhrenamtError as error:
        return _page(request, target, said, _fault(words, error, visitor, target))
    return RedirectResponse(where, HTTPStatus.SEE_OTHER, {"Referrer-Policy": "no-referrer"})


def _target(text: str) -> Account:
    found = remote_follow.account(text)
    if found is None:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return found


def _fault(words: Language, error: EhrenamtError, visitor: Account, target: Account) -> str:
    if isinstance(error, Gone):
        text = words.gettext("Ein Konto „%(name)s“ gibt es auf %(host)s nicht.")
    elif isinstance(error, Rejected):
        text = words.gettext(
            "%(host)s nennt keine Seite zum Folgen. Bitte geben Sie dort %(address)s in die Suche ein."
        )
    else:
        text = words.gettext("%(host)s antwortet gerade nicht. Bitte versuchen Sie es später noch einmal.")
    return text % {"name": visitor.name, "host": visitor.host, "address": target}


def _page(request: Request, target: Account, typed: str = "", problem: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    response = rendering.page(
        request, "discover/follow.html", status, address=str(target), typed=typed, problem=problem
    )
    return headers.with_form_elsewhere(request, response)


ROUTES: list[BaseRoute] = [
    Route(PATH, ask, name="follow"),
    Route(PATH, send, methods=["POST"], name="follow-send"),
]
