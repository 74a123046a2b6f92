"""The page for a search that cannot be understood: the form as it was typed, with what is wrong beside each field."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.discover import filtering, questions
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.web import rendering


def page(request: Request, typed: Sequence[tuple[str, str]], problems: Sequence[Problem], action: str) -> Response:
    """Return the page; `action` is the path that the form leads to."""
    language = rendering.language_of(request)
    return rendering.page(
        request,
        "discover/invalid.html",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        form=filtering.form(typed, language, problems, preferred=request.app.state.preferences),
        action=action,
        days=questions.rows(language),
        parts=questions.columns(language),
    )
