"""Pages of the administration that ask before something is done, or say why it was not done; and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.web import forms, once, rendering

DONE: Final = once.DONE
"""Query parameter that says what was just done; each page has its own words for that."""
NUMBER: Final = "anzahl"
"""Query parameter that says how many there were."""
PAGE: Final = "seite"
_LONGEST_BODY, _MOST_FIELDS = 16_384, 60
_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in the reader's language: `facts` say what happens, `button` does it by a post to `action`.

    Without a button the page says why something cannot be done. `fields` are posted too.
    """

    heading: str
    facts: Sequence[str]
    back: str
    button: str = ""
    action: str = ""
    fields: Sequence[tuple[str, str]] = ()
    status: HTTPStatus = HTTPStatus.OK


def page(request: Request, visitor: Visitor, question: Question) -> Response:
    """Return the page that asks."""
    return menu.page(request, visitor, "admin/question.html", question.status, question=question)


def refused(request: Request, visitor: Visitor, reason: str, back: str) -> Response:
    """Return the page that says why something was not done; `reason` is in German, as an error says it."""
    words = rendering.language_of(request)
    heading, status = words.gettext("Das geht gerade nicht"), HTTPStatus.CONFLICT
    return page(request, visitor, Question(heading, [words.gettext(reason)], back, status=status))


def back(path: str, done: str, number: int | None = None, anchor: str = "") -> Response:
    """Lead on to a page that tells what was done."""
    told = {DONE: done} | ({} if number is None else {NUMBER: str(number)})
    joint = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joint}{urlencode(told)}{anchor}", HTTPStatus.SEE_OTHER)


def number(request: Request, name: str, least: int = 0) -> int:
    """Return a number of the address, `least` for none."""
    said = request.query_params.get(name, "")
    return max(int(said), least) if said.isascii() and said.isdecimal() and len(said) <= _DIGITS else least


async def fields(request: Request) -> forms.Fields:
    """Return the fields of a form with choices of which several may be made. Raises as `forms.posted`."""
    return await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)


async def typed(request: Request) -> dict[str, str]:
    """Return the fields of a form of the administration; the first of each counts. Raises as `forms.posted`."""
    return dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list goes on; both are "" where it does not."""

    before: str
    after: str


def paging(path: str, kept: dict[str, str], shown: int, size: int, count: int) -> Paging:
    """Return the addresses of the pages beside the one with the number `shown`, of a list of `count` things."""

    def href(at: int) -> str:
        asked = {name: value for name, value in (*kept.items(), (PAGE, str(at) if at > 1 else "")) if value}
        return f"{path}?{urlencode(asked)}" if asked else path

    return Paging(href(shown - 1) if shown > 1 else "", href(shown + 1) if shown * size < count else "")
