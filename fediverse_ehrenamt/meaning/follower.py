"""Follower: makes the vectors of Documents, following their changes as the index does, without hurry.

To read one costs some milliseconds of a core, so it works in small pieces and rests longer than it works: a page that
is asked for meanwhile waits for one piece of a lock at most. A Document whose words did not change is not read again.
"""

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy.exc import SQLAlchemyError

from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.meaning import encoder as encoding
from fediverse_ehrenamt.meaning.encoder import Encoder
from fediverse_ehrenamt.meaning.table import Table
from fediverse_ehrenamt.search import card, schema, store
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.search.store import Change
from fediverse_ehrenamt.work import Workshop

BATCH = 256  # changes between two times that it is saved
PIECE = 8  # Documents that are read at once: some 50 ms
RESTS = 2.0  # times as long as a piece took
BEGINS_AFTER_SECONDS = 10.0  # a process that has just started has more urgent things to do
POLL_SECONDS = 5.0
RETRY_SECONDS = 30.0
MAX_BATCHES = 100_000
_log = logging.getLogger(__name__)


class Follower:
    """Follows the changes on behalf of one process; of all on a machine the one with the lock does it."""

    def __init__(self, table: Table, encoder: Encoder, rests: float = RESTS) -> None:
        self._table = table
        self._encoder = encoder
        self._rests = rests
        self._lock = table.lock()
        self._open = False

    async def run(self, workshop: Workshop) -> None:
        """Follow until cancelled; what is out of order is tried again, and logged."""
        try:
            await asyncio.sleep(BEGINS_AFTER_SECONDS)
            while True:
                pause = POLL_SECONDS
                try:
                    await self.follow(workshop)
                except (EhrenamtError, SQLAlchemyError, OSError, ValueError) as fault:
                    _log.error("the vectors of documents cannot follow, next try in %g s: %s", RETRY_SECONDS, fault)
                    self._open, pause = False, RETRY_SECONDS
                await asyncio.sleep(pause)
        finally:
            self._lock.release()

    async def follow(self, workshop: Workshop) -> int:
        """Take over all changes there are now; return how many. Where another process does it: 0."""
        if not self._lock.take():
            return 0
        await self._begin(workshop)
        followed = 0
        for _ in range(MAX_BATCHES):
            changes = await workshop.read(store.changes, self._table.cursor, BATCH)
            if not changes:
                break
            await self._take_over(changes)
            followed += len(changes)
        return followed

    async def _begin(self, workshop: Workshop) -> None:
        """Open the table, anew where it was deleted, and empty it where the database is older than it."""
        if not self._open or not self._table.exists():
            await asyncio.to_thread(self._table.open_for_writing)
            self._open = True
        if self._table.cursor > await workshop.read(store.newest):
            _log.warning("the database is older than the vectors of its documents; they are made anew")
            await asyncio.to_thread(self._table.clear)

    async def _take_over(self, changes: Sequence[Change]) -> None:
        found = {schema.key(change.uri): _read(change) for change in changes}
        gone = [key for key, document in found.items() if document is None]
        await asyncio.to_thread(self._table.remove, np.asarray(gone, dtype=np.int64))
        new = self._changed({key: document for key, document in found.items() if document is not None})
        for piece in _pieces(new):
            began = time.monotonic()
            await asyncio.to_thread(self._put, dict(piece))
            await asyncio.sleep(self._rests * (time.monotonic() - began))
        await asyncio.to_thread(self._table.save, changes[-1].number)

    def _changed(self, documents: dict[int, Document]) -> dict[int, Document]:
        """Return those whose words are not those that were read."""
        keys = np.asarray(list(documents), dtype=np.int64)
        rows, known = self._table.find(keys)
        same = known & (self._table.digests(rows) == _digests(documents))
        return {int(key): documents[int(key)] for key in keys[~same]}

    def _put(self, documents: dict[int, Document]) -> None:
        vectors = self._encoder.documents(list(documents.values()))
        self._table.put(np.asarray(list(documents), dtype=np.int64), _digests(documents), vectors)


def _digests(documents: dict[int, Document]) -> encoding.Digests:
    return np.asarray([encoding.digest(document) for document in documents.values()], dtype=np.uint64)


def _pieces(documents: dict[int, Document]) -> Iterator[list[tuple[int, Document]]]:
    pairs = list(documents.items())
    return (pairs[start : start + PIECE] for start in range(0, len(pairs), PIECE))


def _read(change: Change) -> Document | None:
    """Return what a change put, None where it is gone or cannot be read, which the index's log tells."""
    try:
        return card.read(change.card, change.beside) if change.card else None
    except (ValueError, TypeError, KeyError):
        return None
