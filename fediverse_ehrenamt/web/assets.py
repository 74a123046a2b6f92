"""Our own style sheets, scripts and icons under `/static`: kept for a year, since every change changes the URL."""

import hashlib
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from fediverse_ehrenamt.kit import resources

PATH: Final = "/static"
_VERSION_LENGTH = 12
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"


@lru_cache
def version() -> str:
    """Return the hash of the names and contents of all static files."""
    folder = resources.folder("static")
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:_VERSION_LENGTH]


def href(name: str) -> str:
    """Return the URL path of the static file `name` ("css/ehrenamt.css")."""
    return f"{PATH}/{version()}/{name}"


class Assets(StaticFiles):
    """`StaticFiles` below one path segment that is the version; an outdated one is served, but not to be kept."""

    def get_path(self, scope: Scope) -> str:
        return str(Path(*Path(super().get_path(scope)).parts[1:]))

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        current = f"{PATH}/{version()}/" in scope["path"]
        response.headers["Cache-Control"] = _FOREVER if current else _ASK
        return response


MOUNT = Mount(PATH, Assets(directory=resources.folder("static")), name="static")
