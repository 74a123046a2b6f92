"""Brings a listing here: a file of this machine, or an address, asked only for what is new since the last time."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from fediverse_ehrenamt.kit import reasons
from fediverse_ehrenamt.kit.errors import Invalid, NotFound, Problem, Rejected, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings.record import MAX_BYTES
from fediverse_ehrenamt.work import Workshop

SECONDS = 60.0
_ACCEPT = "text/calendar, application/json, application/ld+json, text/csv, application/xml, text/html, */*;q=0.5"
_OK, _NOT_MODIFIED, _TOO_MANY, _SERVER_FAULTS = 200, 304, 429, 500
_LONGEST_ETAG, _LONGEST_DATE = 500, 100
UPLOADED = "upload:"
"""Begins the address of a listing that somebody brought by the browser: it cannot be fetched again."""
_SCHEMES = {"webcal://": "https://", "webcals://": "https://"}


@dataclass(frozen=True, slots=True)
class Marks:
    """What a server said of the state that it gave last."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a listing, None where it has not changed, and the marks for the next time."""

    data: bytes | None
    marks: Marks


def is_address(source: str) -> bool:
    return "://" in source


def settled(source: str) -> str:
    """Return the form under which a source is kept: a whole path, or an address that is fetched."""
    for begin, instead in _SCHEMES.items():
        if source.lower().startswith(begin):
            return instead + source[len(begin) :]
    return source if is_address(source) else str(Path(source).expanduser().resolve())


async def fetch(workshop: Workshop, source: str, marks: Marks, limit: int = MAX_BYTES) -> Fetched:
    """Return what a source holds now, at most `limit` bytes of an address.

    Raises `NotFound`, `Invalid` (too large), `Rejected` or `Unavailable`.
    """
    if source.startswith(UPLOADED):
        raise NotFound("Diese Liste wurde im Browser hochgeladen. Bitte laden Sie dort ihre neue Fassung hoch.")
    if is_address(source):
        return await _asked(workshop, source, marks, limit)
    return Fetched(await asyncio.to_thread(_file, Path(source)), Marks())


def _file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Invalid([Problem(path.name, sentence("ist größer als %(most)s MB", most=MAX_BYTES // 1_000_000))])
        return path.read_bytes()
    except OSError as error:
        raise NotFound(sentence("%(to)s: %(reason)s", to=str(path), reason=reasons.of(error))) from error


async def _asked(workshop: Workshop, url: str, marks: Marks, limit: int) -> Fetched:
    headers = {"if-none-match": marks.etag} if marks.etag else {}
    if marks.last_modified:
        headers["if-modified-since"] = marks.last_modified
    answer = await workshop.http.get(url, accept=_ACCEPT, headers=headers, limit=limit, seconds=SECONDS)
    if answer.status == _NOT_MODIFIED:
        return Fetched(None, marks)
    if answer.status != _OK:
        kind = Unavailable if answer.status == _TOO_MANY or answer.status >= _SERVER_FAULTS else Rejected
        raise kind(sentence("%(url)s antwortet mit %(status)s", url=url, status=answer.status))
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    kept = Marks(etag if len(etag) <= _LONGEST_ETAG else "", modified if len(modified) <= _LONGEST_DATE else "")
    return Fetched(answer.body, kept)
