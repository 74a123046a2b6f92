"""Brings a listing here: a file of this machine, or an address, asked only for what is new since the last time.

Of a feed of OpenActive all pages are asked for, one after the other.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import orjson

from fediverse_ehrenamt.kit import ids, reasons
from fediverse_ehrenamt.kit.errors import Invalid, NotFound, Problem, Rejected, Unavailable
from fediverse_ehrenamt.kit.http import Response
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import openactive
from fediverse_ehrenamt.listings.record import MAX_BYTES
from fediverse_ehrenamt.work import Workshop

SECONDS = 60.0
_ACCEPT = "text/calendar, application/json, application/ld+json, text/csv, application/xml, text/html, */*;q=0.5"
_OK, _NOT_MODIFIED, _TOO_MANY, _SERVER_FAULTS = 200, 304, 429, 500
_MOST_PAGES = 100  # of a feed
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
    _check(answer, url)
    first = await asyncio.to_thread(_page, answer.body)
    if openactive.is_page(first) and openactive.page_after(
        first, answer.url
    ):  # that its first page is as it was says nothing of the others
        return Fetched(await _pages(workshop, first, answer, limit), Marks())
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    kept = Marks(etag if len(etag) <= _LONGEST_ETAG else "", modified if len(modified) <= _LONGEST_DATE else "")
    return Fetched(answer.body, kept)


def _check(answer: Response, url: str) -> None:
    """Raise `Rejected` or `Unavailable` for an answer that is no listing."""
    if answer.status != _OK:
        kind = Unavailable if answer.status == _TOO_MANY or answer.status >= _SERVER_FAULTS else Rejected
        raise kind(sentence("%(url)s antwortet mit %(status)s", url=url, status=answer.status))


def _page(body: bytes) -> object:
    """Return what may be a page of a feed, None for all else."""
    if body.lstrip()[:1] != b"{":
        return None
    try:
        return openactive.page(orjson.loads(body))
    except orjson.JSONDecodeError:
        return None


async def _pages(workshop: Workshop, first: object, answer: Response, limit: int) -> bytes:
    """Return the pages of a feed as one, those of its own origin, at most `limit` bytes; raises as `fetch` does."""
    pages, size = [first], len(answer.body)
    after = openactive.page_after(first, answer.url)
    while after and len(pages) < _MOST_PAGES and size < limit and ids.same_origin(after, answer.url):
        answer = await workshop.http.get(after, accept=_ACCEPT, limit=limit - size, seconds=SECONDS)
        _check(answer, after)
        page = await asyncio.to_thread(_page, answer.body)
        if page is None:
            break
        size += len(answer.body)
        pages.append(page)
        after = openactive.page_after(page, after)
    return await asyncio.to_thread(openactive.joined, pages, after)
