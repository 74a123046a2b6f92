"""Our own style sheets, scripts and icons under `/static`: kept for a year, since every change changes the URL.

What is text is compressed once and held in memory: there are few of them, and they are small.
"""

import gzip
import hashlib
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.web import compression

PATH: Final = "/static"
_VERSION_LENGTH = 12
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_TEXTS = (".css", ".js", ".mjs", ".svg", ".json")


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


@lru_cache
def _squeezed(path: str, _changed: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)


class Assets(StaticFiles):
    """`StaticFiles` below one path segment that is the version; an outdated one is served, but not to be kept."""

    def get_path(self, scope: Scope) -> str:
        return str(Path(*Path(super().get_path(scope)).parts[1:]))

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        if isinstance(response, FileResponse) and str(full_path).endswith(_TEXTS):
            response.headers.add_vary_header("Accept-Encoding")
            if compression.accepts(Headers(scope=scope)):
                response = _small(response, _squeezed(str(full_path), stat_result.st_mtime))
        current = f"{PATH}/{version()}/" in scope["path"]
        response.headers["Cache-Control"] = _FOREVER if current else _ASK
        return response


def _small(whole: FileResponse, body: bytes) -> Response:
    """Return the same answer compressed; its tag is weak, since the bytes are others (RFC 9110 §8.8.1)."""
    response = Response(body, whole.status_code, media_type=whole.media_type)
    for name in ("last-modified", "vary"):
        response.headers[name] = whole.headers[name]
    response.headers["etag"] = f"W/{whole.headers['etag']}"
    response.headers["content-encoding"] = "gzip"
    return response


MOUNT = Mount(PATH, Assets(directory=resources.folder("static")), name="static")
