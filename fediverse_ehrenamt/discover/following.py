"""Following from elsewhere: visitors name their account and are sent to the page where their server lets them follow.

Nobody has an account here to follow with. What is typed is used for one look-up and neither stored nor logged.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.federation import remote_follow
from fediverse_ehrenamt.federation.remote_follow import Account
from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.kit.errors import EhrenamtError, Gone, NotFound, Rejected, TooMany
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.web import forms, headers, rendering, throttle
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Workshop

PATH = "/folgen"
_ACCOUNT, _TARGET = "konto", "wem"
LOOK_UPS = Rate(30, 600)  # from one connection, which may be a school's: each asks a server that a visitor names
_LONGEST_BODY, _MOST_FIELDS = 4_096, 10
_TOO_OFTEN = sentence("Das waren zu viele Versuche. Bitte warten Sie einige Minuten.")


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
        throttle.check_rate(request, PATH, LOOK_UPS, _TOO_OFTEN)
        where = await remote_follow.page(workshop, visitor, target)
    except TooMany as error:
        return _page(request, target, said, words.gettext(error.public), HTTPStatus.TOO_MANY_REQUESTS)
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


def _page(
    request: Request,
    target: Account,
    typed: str = "",
    problem: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    told = {"address": str(target), "typed": typed, "problem": problem}
    response = rendering.page(request, "discover/follow.html", status if problem else HTTPStatus.OK, **told)
    return headers.with_form_elsewhere(request, response)


ROUTES: list[BaseRoute] = [
    Route(PATH, ask, name="follow"),
    Route(PATH, send, methods=["POST"], name="follow-send"),
]
