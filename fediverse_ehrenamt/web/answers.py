"""The pages behind links in letters: what is asked or was done, with buttons that post; looking changes nothing.

Whoever has such a link may act, so its page is kept out of caches, search engines and the Referer of other sites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.web import rendering

PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class Button:
    """A button that posts to `action`; `help` says what then happens."""

    words: str
    action: str
    help: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of these pages says. `about` is for the template to show below it, `good` marks what was done."""

    heading: str
    sentence: str = ""
    about: object = None
    buttons: Sequence[Button] = ()
    good: bool = False
    status: HTTPStatus = HTTPStatus.OK


def page(request: Request, template: str, answer: Answer) -> Response:
    """Return the page of an answer; `template` extends "web/answer.html"."""
    response = rendering.page(request, template, answer.status, answer=answer)
    response.headers.update(PRIVATE)
    return response
