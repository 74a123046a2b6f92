"""Serves our images. Their names hold their content, so they may be kept for ever; they never claim another type."""

import re

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.media import images

_NAME = re.compile(r"[0-9a-f]{32}\.jpg")
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


async def image(request: Request) -> Response:
    name = request.path_params["name"]
    path = images.path(request.app.state.workshop.settings.data, name)
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("Dieses Bild gibt es hier nicht.")
    return FileResponse(path, media_type="image/jpeg", headers=_HEADERS)


ROUTES = [Route("/media/{name}", image)]
