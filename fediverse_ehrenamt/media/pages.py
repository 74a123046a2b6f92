"""Serves images, ours and those of others; they never claim another type.

The names of ours hold their content, so they may be kept for ever; those of others are kept for a month.
"""

import re
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.media import images, remote, widths
from fediverse_ehrenamt.web.paths import NUMBER

_NAME = re.compile(r"[0-9a-f]{32}\.jpg")
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


_REMOTE_HEADERS = {
    "Cache-Control": "public, max-age=2592000",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


async def image(request: Request) -> Response:
    name = request.path_params["name"]
    path = images.path(request.app.state.workshop.settings.data, name)
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("Dieses Bild gibt es hier nicht.")
    return FileResponse(await _wide(request, path), media_type="image/jpeg", headers=_HEADERS)


async def remote_picture(request: Request) -> Response:
    """A picture of another instance, from our copy (FEP-fe34: never a type that could pass for ActivityPub)."""
    name, workshop = request.path_params["name"], request.app.state.workshop
    path = remote.path(workshop.settings.data, name)
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("Dieses Bild gibt es hier nicht.")
    remote.note_use(path, workshop.now())
    return FileResponse(await _wide(request, path), media_type="image/jpeg", headers=_REMOTE_HEADERS)


async def _wide(request: Request, path: Path) -> Path:
    """Return the file of the width that is asked for, where one is."""
    width: int | None = request.path_params.get("width")
    return path if width is None else await run_in_threadpool(widths.find, path, width)


ROUTES = [
    Route("/media/{name}", image),
    Route(f"/media/{{width:{NUMBER}}}/{{name}}", image),
    Route(f"{remote.PATH}{{name}}", remote_picture),
    Route(f"{remote.PATH}{{width:{NUMBER}}}/{{name}}", remote_picture),
]
