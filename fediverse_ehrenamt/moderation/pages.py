"""The private page of a measure: what was decided and why, the form that objects, and what became of the objection."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.kit.errors import Conflict, Invalid
from fediverse_ehrenamt.moderation import actions, rules, store, wire
from fediverse_ehrenamt.moderation.rules import Kind
from fediverse_ehrenamt.moderation.store import Decision
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.work import Work, Workshop

_TEXT, _DONE = "text", "getan"
_LONGEST_BODY, _MOST_FIELDS, _MANY_DIGITS = 40_000, 5, 19


@dataclass(frozen=True, slots=True)
class _Seen:
    """A measure as its organisation sees it; `over` says that the time to object is over."""

    measure: Decision
    over: bool


async def show(request: Request) -> Response:
    """Show what was decided, and the form or what was said with it."""
    workshop: Workshop = request.app.state.workshop
    return _page(request, await workshop.read(_look, *_link(request)))


async def contest(request: Request) -> Response:
    """Object; what was typed is kept where it is too short or too long, and sent twice it counts once."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    text = typed.get(_TEXT, "").replace("\r\n", "\n")
    try:
        await workshop.write(_contest, *_link(request), text)
    except (Conflict, Invalid) as error:
        problem = error.problems[0].message if isinstance(error, Invalid) else error.public
        return _page(request, await workshop.read(_look, *_link(request)), text, problem, error.status)
    return _private(RedirectResponse(f"{request.url.path}?{_DONE}=1", HTTPStatus.SEE_OTHER))


def _link(request: Request) -> tuple[int, str]:
    said = request.path_params["number"]
    number = int(said) if said.isascii() and said.isdecimal() and len(said) < _MANY_DIGITS else 0
    return number, request.path_params["token"]


def _look(work: Work, number: int, token: str) -> _Seen:
    row, over = actions.admit(work, number, token)
    return _Seen(store.measure(row), over)


def _contest(work: Work, number: int, token: str, text: str) -> None:
    row, over = actions.admit(work, number, token)
    if over and row.objected_at is None:
        raise Conflict("Die Frist für einen Widerspruch ist abgelaufen.")
    actions.contest(work, row, text)


def _page(request: Request, seen: _Seen, text: str = "", problem: str = "", status: int = HTTPStatus.OK) -> Response:
    words, one = rendering.language_of(request), seen.measure
    page = rendering.page(
        request,
        "moderation/objection.html",
        status,
        one=one,
        suspended=one.kind is Kind.SUSPENDED,
        day=words.long_day(one.at),
        ground=words.gettext(wire.GROUNDS.get(one.ground, "")),
        until=words.long_day(one.at + rules.MEASURES_LAST),
        objected=words.long_day(one.objected_at) if one.objected_at else "",
        answered=words.long_day(one.answered_at) if one.answered_at else "",
        upheld=one.outcome == rules.Outcome.UPHELD,
        open=one.objected_at is None and one.lifted_at is None and not seen.over,
        typed={_TEXT: text},
        problems={_TEXT: words.gettext(problem)} if problem else {},
        longest=rules.OBJECTION[1],
        done=_DONE in request.query_params,
    )
    return _private(page)


def _private(response: Response) -> Response:
    """Whoever holds the link may read it, and nobody who asks a cache."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


_PATH: Final = f"/{wire.OBJECT}/{{number}}/{{token}}"
ROUTES: list[BaseRoute] = [
    Route(_PATH, show, name="objection"),
    Route(_PATH, contest, methods=["POST"], name="objection-send"),
]
