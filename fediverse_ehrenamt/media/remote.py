"""Pictures of other instances: one copy for each URL, re-encoded, dropped with the last thing that shows it.

Which are wanted stands in the database, not in the queue: one job at a time fetches a few, never many of one host, so
that pictures take no turn from deliveries and a dead host stops nobody. When a picture was last shown is kept as the
modification time of its file, to the day: kernels and backups set the access time as they like.
"""

import asyncio
import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import cast

from sqlalchemy import Table, delete, exists, func, select, update

from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Rejected, Unavailable
from fediverse_ehrenamt.kit.http import Response
from fediverse_ehrenamt.media import images, widths
from fediverse_ehrenamt.media.limits import Unreadable
from fediverse_ehrenamt.media.model import PictureMarkRow, PictureRow, PictureUseRow
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.work import Work, Workshop

PATH = "/media/fern/"
JOB = "fetch_pictures"
BYTES = 10_000_000  # of an answer that is looked at
PIXELS = 24_000_000  # of a picture that is decoded: about 100 MB of memory, one at a time
KEPT_BYTES = 1_000_000  # of a picture that is kept
TRIES = 5
ROUND = 8  # pictures of one job
AT_ONCE = 4
PER_HOST = 2  # of one job
URL_LENGTH = 2_048

_ACCEPT = "image/webp, image/jpeg, image/png, image/gif"
_SECONDS = 8.0
_WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
_LOOKED_AT = 400  # wanted ones that are looked at for those of a round
_LEAVE_AT_ONCE = 1_000
_ROOM = 0.9  # of the limit that is used after making room
_MB = 1_000_000
_CHUNK = 500  # values in one IN list
_SHARD = 2
_DAY = 86_400.0
_ERROR_LENGTH = 300
_SUCCESS = range(200, 300)
_LATER = frozenset({408, 425, 429})
_SERVER_FAULT = 500

_pictures = cast("Table", PictureRow.__table__)
_uses = cast("Table", PictureUseRow.__table__)
_marks = cast("Table", PictureMarkRow.__table__)


# --- names and files --------------------------------------------------------------------------------------------------
def name(url: str) -> str:
    """Return the name of a picture's file, which does not tell where it is from."""
    return f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.jpg"


def path(data: Path, file: str) -> Path:
    """Return where a picture's file lies, if it is there."""
    return data / "pictures" / file[:_SHARD] / file


def shown(data: Path, urls: Iterable[str]) -> frozenset[str]:
    """Return those of the URLs whose pictures are here. Looks at the disk, so for threads."""
    return frozenset(url for url in set(urls) if url and path(data, name(url)).is_file())


def note_use(file: Path, now: datetime) -> None:
    """Note that a picture was shown, once a day."""
    if now.timestamp() - file.stat().st_mtime > _DAY:
        _set_last_use(file, now)


def _set_last_use(file: Path, now: datetime) -> None:
    os.utime(file, (now.timestamp(), now.timestamp()))


# --- what is wanted ---------------------------------------------------------------------------------------------------
def assign(work: Work, wanted: Mapping[str, str]) -> None:
    """Let things (by URI) show the pictures at these URLs, "" for none; what nobody shows any more is dropped."""
    held: dict[str, str] = {}
    for some in _chunks(sorted(wanted)):
        held |= {row.thing: row.url for row in work.db.execute(select(_uses).where(_uses.c.thing.in_(some)))}
    left = {thing: url for thing, url in held.items() if wanted[thing] != url}
    new = {thing: url for thing, url in wanted.items() if url and held.get(thing) != url}
    for some in _chunks(sorted(left)):
        work.db.execute(delete(_uses).where(_uses.c.thing.in_(some)))
    upsert.put(work.db, _uses, ["thing"], [{"thing": thing, "url": url} for thing, url in sorted(new.items())])
    _want(work, set(new.values()))
    _drop_unused(work, set(left.values()))


def _want(work: Work, urls: Collection[str]) -> None:
    start = {"state": "wanted", "size": 0, "tries": 0, "try_at": work.now, "error": ""}
    rows = [{"url": url, "host": ids.host(url), **start} for url in sorted(urls)]
    upsert.add_missing(work.db, _pictures, ["url"], rows)
    for some in _chunks(sorted(urls)):  # those that had to make room are wanted again
        again = update(_pictures).where(_pictures.c.url.in_(some), _pictures.c.state == "left")
        work.db.execute(again.values(start))


def _drop_unused(work: Work, urls: Collection[str]) -> None:
    unused = ~exists().where(_uses.c.url == _pictures.c.url)
    for some in _chunks(sorted(urls)):
        dropped = delete(_pictures).where(_pictures.c.url.in_(some), unused).returning(_pictures.c.url)
        for url in work.db.scalars(dropped):
            widths.remove(path(work.settings.data, name(url)))


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def followed(work: Work) -> tuple[int, int] | None:
    """Return the number of the last change that was looked at, and keep others from looking; None while one does."""
    upsert.add_missing(work.db, _marks, ["id"], [{"id": 1, "xid": 0, "seq": 0}])
    row = work.db.execute(select(_marks.c.xid, _marks.c.seq).with_for_update(skip_locked=True)).first()
    return (row.xid, row.seq) if row else None


def note_followed(work: Work, xid: int, seq: int) -> None:
    upsert.put(work.db, _marks, ["id"], [{"id": 1, "xid": xid, "seq": seq}])


def rewind(work: Work) -> None:
    """Have every thing looked at again: whose pictures may be shown has changed."""
    note_followed(work, 0, 0)


# --- fetching ---------------------------------------------------------------------------------------------------------
def enqueue_due(work: Work, besides: int = 0) -> int:
    """Enqueue the job if a picture is due and no other job (than the one with the id `besides`) is there for it."""
    due = select(_pictures.c.url).where(_pictures.c.try_at <= work.now).limit(1)
    if not work.settings.pictures_mb or work.db.scalar(due) is None:
        return 0
    there = select(JobRow.id).where(JobRow.host == queue.LOCAL, JobRow.key == JOB, JobRow.id != besides)
    if work.db.scalar(there.where(JobRow.given_up_at.is_(None)).limit(1)) is not None:
        return 0
    queue.enqueue(work, [NewJob(queue.LOCAL, JOB, "", key=JOB)])
    return 1


async def fetch(workshop: Workshop, job: Job) -> None:
    """Fetch a few pictures; what goes wrong stays with the picture, the job itself does not fail."""
    urls = await workshop.write(begin)
    places, decoding = asyncio.Semaphore(AT_ONCE), asyncio.Lock()

    async def one(url: str) -> None:
        async with places:
            await _fetch(workshop, url, decoding)

    await asyncio.gather(*(one(url) for url in urls))
    await workshop.write(enqueue_due, job.id)


def begin(work: Work) -> list[str]:
    """Return the URLs of one round. A try counts from here: a picture that kills the process is given up as well."""
    spent = update(_pictures).where(_pictures.c.try_at <= work.now, _pictures.c.tries >= TRIES)
    work.db.execute(spent.values(state="failed", try_at=None))
    chosen = select(_pictures.c.url, _pictures.c.host, _pictures.c.tries).where(_pictures.c.try_at <= work.now)
    hosts: dict[str, int] = {}
    urls: list[str] = []
    for row in work.db.execute(chosen.order_by(_pictures.c.try_at, _pictures.c.url).limit(_LOOKED_AT)).all():
        hosts[row.host] = hosts.get(row.host, 0) + 1
        if hosts[row.host] <= PER_HOST and len(urls) < ROUND:
            urls.append(row.url)
            _count(work, [row.url], row.tries)
    return urls


def _count(work: Work, urls: Sequence[str], tries: int) -> None:
    wait = work.now + _WAITS[min(tries, len(_WAITS) - 1)]
    work.db.execute(update(_pictures).where(_pictures.c.url.in_(urls)).values(tries=tries + 1, try_at=wait))


async def _fetch(workshop: Workshop, url: str, decoding: asyncio.Lock) -> None:
    from fediverse_ehrenamt.media import encoding

    try:
        response = await workshop.http.get(url, accept=_ACCEPT, limit=BYTES, seconds=_SECONDS)
        _check(response)
        async with decoding:
            encoded = await asyncio.to_thread(encoding.encode, response.body, PIXELS, KEPT_BYTES)
            copies = await asyncio.to_thread(widths.copies, encoded)
    except Unavailable as error:
        await workshop.write(_put_off, url, error.public)
    except Rejected as error:
        await workshop.write(_give_up, url, error.public)
    except Unreadable as error:
        await workshop.write(_give_up, url, str(error))
    else:
        await workshop.write(_keep, url, encoded, copies)


def _check(response: Response) -> None:
    """Raise `Unavailable` for what may pass, `Rejected` for all else that is no success."""
    status, said = response.status, f"{ids.host(response.url)} antwortet {response.status}"
    if status in _LATER or status >= _SERVER_FAULT:
        raise Unavailable(said)
    if status not in _SUCCESS:
        raise Rejected(said, status)


def _keep(work: Work, url: str, encoded: bytes, copies: dict[int, bytes]) -> None:
    """Keep a picture if it is still wanted: the last thing that shows it may have gone meanwhile."""
    row = work.db.scalar(select(PictureRow).where(PictureRow.url == url).with_for_update())
    if row is None or row.state != "wanted":
        return
    file = path(work.settings.data, name(url))
    images.write(file, encoded)
    _set_last_use(file, work.now)
    row.state, row.size, row.try_at, row.error = "here", len(encoded) + widths.keep(file, copies), None, ""


def _give_up(work: Work, url: str, error: str) -> None:
    gone = update(_pictures).where(_pictures.c.url == url, _pictures.c.state == "wanted")
    work.db.execute(gone.values(state="failed", try_at=None, error=error[:_ERROR_LENGTH]))


def _put_off(work: Work, url: str, error: str) -> None:
    """Try again later, and then also what else is wanted of this host; after `TRIES` it is given up."""
    row = work.db.scalar(select(PictureRow).where(PictureRow.url == url))
    if row is None:
        return
    theirs = update(_pictures).where(_pictures.c.host == row.host, _pictures.c.state == "wanted")
    others = theirs.where(_pictures.c.try_at <= work.now)
    work.db.execute(others.values(tries=_pictures.c.tries + 1, try_at=row.try_at))
    work.db.execute(theirs.where(_pictures.c.url == url).values(error=error[:_ERROR_LENGTH]))
    work.db.execute(theirs.where(_pictures.c.tries >= TRIES).values(state="failed", try_at=None))


# --- making room ------------------------------------------------------------------------------------------------------
def make_room(work: Work) -> int:
    """Let the pictures that were not shown for longest leave when all together are too large; return how many."""
    limit = work.settings.pictures_mb * _MB
    here = _pictures.c.state == "here"
    used = work.db.scalar(select(func.coalesce(func.sum(_pictures.c.size), 0)).where(here)) or 0
    if used <= limit:
        return 0
    rows = work.db.execute(select(_pictures.c.url, _pictures.c.size).where(here)).all()
    oldest = sorted(rows, key=lambda row: _last_use(path(work.settings.data, name(row.url))))
    leaving: list[str] = []
    for row in islice(oldest, _LEAVE_AT_ONCE):
        if used <= limit * _ROOM:
            break
        used -= row.size
        leaving.append(row.url)
    for some in _chunks(leaving):
        work.db.execute(update(_pictures).where(_pictures.c.url.in_(some)).values(state="left", size=0))
    for url in leaving:
        widths.remove(path(work.settings.data, name(url)))
    return len(leaving)


def _last_use(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
