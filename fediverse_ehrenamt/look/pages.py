"""The style sheet and the logo of an instance's look, by addresses that change with them."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.look import actions
from fediverse_ehrenamt.web import negotiation, rendering
from fediverse_ehrenamt.work import Workshop

_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"


async def style(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    look = await workshop.read(actions.current)
    content = (await workshop.read(actions.style)).encode()
    return _answer(request, content, look.style_version, "text/css; charset=utf-8")


async def logo(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    look = await workshop.read(actions.current)
    content = await workshop.read(actions.logo)
    if not content:
        raise NotFound(sentence("Ein Logo gibt es hier nicht."))
    return _answer(request, content, look.logo_version, "image/png")


def _answer(request: Request, content: bytes, version: str, media_type: str) -> Response:
    """Answer with what may be kept for ever under an address that names its version, else asked for each time."""
    current = request.query_params.get("v", "") == version != ""
    headers = {"Cache-Control": _FOREVER if current else _ASK, "ETag": f'"{version}"'}
    if negotiation.has(request, headers["ETag"]):
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return Response(content, headers=headers, media_type=media_type)


ROUTES: list[BaseRoute] = [Route(rendering.STYLE, style, name="look-style"), Route(rendering.LOGO, logo, name="logo")]
