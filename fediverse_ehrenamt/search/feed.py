"""Feed: the index follows the documents table. It may lose everything and comes back by itself.

Of all processes on a machine one owns the writer and applies the changes; the others read what it commits, and look
every second whether its lock is free: the kernel frees it as soon as the owner is gone. What was applied and how far
that is goes into one commit of the index, so nothing is applied twice or left out after a crash.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search import store
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import Cursor
from fediverse_ehrenamt.search.writer import FAULTS, Writer
from fediverse_ehrenamt.work import Workshop

LEAST_SECONDS = 0.2  # between two looks, the first of which is at once: most commits change no document
POLL_SECONDS = 0.2  # another process's changes ring no bell here
TAKEOVER_SECONDS = 1.0  # how often somebody without the lock looks whether its owner is gone
COMMIT_SECONDS = 0.25  # least time between commits under load; one costs about 18 ms of a processor
RETRY_SECONDS = 2.0
MAX_BATCHES = 100_000  # of `store.BATCH` changes that one call follows
_LOOK_SECONDS = 0.015  # between looks of `wait_until`
_log = logging.getLogger(__name__)


class Feed:
    """Follows the changes on behalf of one process."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._folder = index.folder
        self._lock = self._folder.writer_lock()
        self._turn = asyncio.Lock()
        self._writer: Writer | None = None

    @property
    def owner(self) -> bool:
        """Whether this process writes the index of this machine."""
        return self._lock.held

    async def run(self, workshop: Workshop) -> None:
        """Follow until cancelled. A database or disk that is out of order is tried again, and logged."""
        rung = asyncio.Event()
        try:
            while True:
                started = time.monotonic()
                try:
                    applied = await self.follow(workshop)
                except (EhrenamtError, SQLAlchemyError, *FAULTS) as fault:
                    _log.error("the search index cannot follow, next try in %g s: %s", RETRY_SECONDS, fault)
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                if applied:  # more may have come meanwhile, with no bell from another process
                    await asyncio.sleep(max(0.0, started + COMMIT_SECONDS - time.monotonic()))
                    continue
                await workshop.bell.wait(rung, POLL_SECONDS if self.owner else TAKEOVER_SECONDS, LEAST_SECONDS)
        finally:
            workshop.bell.forget(rung)
            await self.close()

    async def follow(self, workshop: Workshop) -> int:
        """Apply all changes there are now; return how many. Where another process owns the writer: 0, and refresh.

        Raises what the database or the disk raises; the next call goes on from what was committed.
        """
        async with self._turn:
            applied = 0
            if self._lock.take():
                try:
                    applied = await self._apply(await self._own_writer(workshop), workshop)
                except FAULTS:
                    await self._drop_writer()
                    raise
            await asyncio.to_thread(self._index.refresh)
            if self._writer is not None and (
                self._index.rebuilding or await asyncio.to_thread(self._writer.has_settled)
            ):  # made anew by the next call: nobody can read it, or following needs less memory
                await self._drop_writer()
            return applied

    async def rebuild(self, workshop: Workshop, progress: Callable[[int, int], None]) -> int:
        """Build a new index beside the old one, then swap; return how many changes it holds.

        `progress(done, of)` is called after each batch. Works beside a process that follows: that one goes over to the
        new index at its next look. Raises `Conflict` while another rebuild runs.
        """
        lock = self._folder.rebuild_lock()
        if not lock.take():
            raise Conflict(sentence("Der Suchindex wird schon neu gebaut. Bitte warten, bis das fertig ist."))
        try:
            total = await workshop.read(store.count)
            writer = await asyncio.to_thread(partial(Writer, self._folder.create(), total, hidden=True))
            try:
                applied = await self._apply(writer, workshop, lambda done: progress(min(done, total), total))
                await asyncio.to_thread(writer.finish)
            finally:
                await asyncio.to_thread(writer.close)
            self._folder.make_current(writer.path)
        finally:
            lock.release()
        if self._lock.held or not await asyncio.to_thread(self._follower_elsewhere):
            await asyncio.to_thread(self._tidy)
        await asyncio.to_thread(self._index.refresh)
        return applied

    async def wait_until(self, cursor: Cursor, seconds: float = 0.5) -> bool:
        """Wait until a change (`store.put`'s answer) can be found here; False if it can't after `seconds`.

        Works whichever process applies it.
        """
        deadline = time.monotonic() + seconds
        while True:
            await asyncio.to_thread(self._index.refresh)
            if self._index.cursor >= cursor:
                return True
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(_LOOK_SECONDS)

    async def close(self) -> None:
        """Give the writer back, so that another process can take over at once."""
        async with self._turn:
            await self._drop_writer()
            self._lock.release()

    async def _apply(
        self, writer: Writer, workshop: Workshop, progress: Callable[[int], None] = lambda _done: None
    ) -> int:
        """Take over changes until there are none, committing on the way; return how many."""
        applied = 0
        for _ in range(MAX_BATCHES):
            changes = await workshop.read(store.changes, writer.cursor)
            if changes:
                await asyncio.to_thread(writer.add, changes, workshop.now())
                applied += len(changes)
                progress(applied)
            finished = len(changes) < store.BATCH
            if (finished and (writer.waiting or writer.filling)) or writer.is_due:
                await asyncio.to_thread(writer.commit, filling=writer.filling and not finished)
            if finished:
                break
        return applied

    async def _own_writer(self, workshop: Workshop) -> Writer:
        """Return the writer of the current generation, opening or making it anew where that is needed."""
        current = self._folder.current()
        if self._writer is not None and self._writer.path == current and current.is_dir():
            return self._writer
        await self._drop_writer()
        total = await workshop.read(store.count)
        writer = None if current is None else await self._reopen(current, total, workshop)
        if writer is None:
            writer = await asyncio.to_thread(self._begin, total)
        self._writer = writer
        await asyncio.to_thread(self._tidy)
        return writer

    async def _reopen(self, path: Path, total: int, workshop: Workshop) -> Writer | None:
        """Return a writer for a generation, None where it is of no use for this database."""
        renumbered = 0 if workshop.engines.sqlite else await workshop.write(store.renumber)
        if renumbered:
            _log.warning("the database came from another cluster; the search index is built anew")
            return None
        newest = await workshop.read(store.newest)
        writer = await asyncio.to_thread(_open, path, total)
        if writer is not None and writer.cursor > newest:
            _log.warning("the database is older than the search index; the index is built anew")
            await asyncio.to_thread(writer.close)
            return None
        return writer

    def _begin(self, total: int) -> Writer:
        """Make an empty generation the current one; it can be searched while it fills."""
        path = self._folder.create()
        writer = Writer(path, total)
        writer.commit(filling=True)
        self._folder.make_current(path)
        return writer

    def _tidy(self) -> None:
        lock = self._folder.rebuild_lock()
        if lock.take():
            self._folder.discard_others()
            lock.release()

    def _follower_elsewhere(self) -> bool:
        lock = self._folder.writer_lock()
        free = lock.take()
        lock.release()
        return not free

    async def _drop_writer(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            await asyncio.to_thread(writer.close)


def _open(path: Path, total: int) -> Writer | None:
    try:
        return Writer(path, total)
    except FAULTS as fault:
        if "LockBusy" in str(fault):  # whole, but for a moment somebody else's
            raise
        _log.warning("the search index cannot be read and is built anew: %s", fault)
        return None
