"""Writer: one generation of the index being written. What it has followed is committed together with how far it is."""

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import tantivy

from fediverse_ehrenamt.search import card, clauses, schema
from fediverse_ehrenamt.search.model import START
from fediverse_ehrenamt.search.store import Change

COMMIT_CHANGES = 5_000  # fewer make small segments to be merged, more would only wait in memory
FIRST_CHANGES = 1_000  # with which a filling index can be searched soon
HEAP_BYTES = 50_000_000  # for what is not committed yet; with the least, 15 MB, building a whole index costs twice
FILLING_BYTES = 250_000_000  # 150,000 documents need that, an eighth of the largest index
AT_ONCE, AT_ONCE_BYTES = 200_000, 400_000_000  # Documents that become one segment where nobody waits for the first
PARTS = 8  # so many segments of like size the engine joins into one; each segment costs every search
ALIKE = 16_500  # Documents of a part up to which the first, small one is of like size to the engine
FAULTS = (ValueError, OSError)  # what the engine raises for a missing, damaged, busy or full folder
_log = logging.getLogger(__name__)


def open_index(path: Path) -> tantivy.Index:
    """Open an index with a reader that reloads when told; raises ValueError or OSError."""
    index = tantivy.Index.open(str(path))
    index.config_reader("manual", 0)
    return index


class Writer:
    """Writes one generation; only one Writer can be open for it on this machine. All methods block."""

    def __init__(self, path: Path, expected: int, *, hidden: bool = False) -> None:
        """Open a generation that is to hold so many Documents in all, as far as is known.

        Nobody searches a `hidden` one before it is whole. Raises ValueError or OSError where it is damaged or somebody
        else writes it.
        """
        self.path = path
        self._index = open_index(path)
        searcher = self._index.searcher()
        self.cursor, self.filling = schema.read_cursor(searcher, clauses.FIELDS) if searcher.num_docs else (START, True)
        self.waiting = 0  # changes that are not committed yet
        self._is_large = self.filling
        self._begun = searcher.num_docs > 1  # beside the cursor
        at_once = hidden and expected <= AT_ONCE
        self._takes_over = expected > PARTS * ALIKE and not hidden
        if hidden:  # one more than the last part will hold, which the cursor must not be behind, alone in a segment
            self._part = self._soon = (AT_ONCE if at_once else -(-expected // PARTS)) + 1
        else:
            others = min(-(-(expected - FIRST_CHANGES) // (PARTS - 1)), ALIKE)
            self._part = -(-expected // PARTS) if self._takes_over else others
            self._soon = FIRST_CHANGES if expected > COMMIT_CHANGES else COMMIT_CHANGES
        self._put: set[int] | None = None if self._begun else set()  # hashes of URIs, None where any may be there
        self._first: dict[str, tuple[Change, datetime]] = {}  # what is committed early, in a segment that is too small
        self._lock = threading.Lock()  # a cancelled task leaves its thread at work
        size = AT_ONCE_BYTES if at_once else FILLING_BYTES if self._is_large else HEAP_BYTES
        self._writer: tantivy.IndexWriter | None = self._index.writer(size, 1)

    @property
    def is_due(self) -> bool:
        """Whether so much waits that it is time to commit.

        A filling index commits a little first, so that something can be searched soon, then parts of like size. To
        large ones the first is no part, so the last takes over what it holds, and no small segment is left.
        """
        if not self.filling:
            return self.waiting >= COMMIT_CHANGES
        return self.waiting >= (max(COMMIT_CHANGES, self._part) if self._begun else self._soon)

    def has_settled(self) -> bool:
        """Say whether it holds more memory than following needs, and the engine has joined what it was filled with."""
        if self._is_large:
            self._index.reload()
        return self._is_large and self._index.searcher().num_segments < PARTS

    def add(self, changes: Sequence[Change], now: datetime) -> None:
        """Take over changes, not searchable before `commit`."""
        with self._lock:
            writer = self._open_writer()
            for change in changes:
                self._first.pop(change.uri, None)
                self._replace(writer, change, now)
                self.cursor = change.number
            self.waiting += len(changes)
            if self._takes_over and self.filling and not self._begun:
                self._first |= {change.uri: (change, now) for change in changes}

    def commit(self, *, filling: bool) -> None:
        """Make all that was added searchable, durably; `filling` says that more is known to come."""
        with self._lock:
            writer = self._open_writer()
            if not filling:
                for change, now in self._first.values() if self._begun else ():
                    self._replace(writer, change, now)
                self._first, self._put = {}, None
            schema.delete_cursor(writer)
            writer.add_document(schema.cursor_entry(self.cursor, filling=filling))
            writer.commit()
            self._begun = self._begun or self.waiting > 0
            self.filling, self.waiting = filling, 0

    def finish(self) -> None:
        """Wait until the engine has joined the segments that it would, and end its threads; all was committed."""
        with self._lock:
            writer, self._writer = self._open_writer(), None
            writer.wait_merging_threads()

    def close(self) -> None:
        """Forget what wasn't committed or is being joined and end the engine's threads; nothing if that was done."""
        with self._lock:
            if self._writer is not None:
                writer, self._writer = self._writer, None
                with suppress(*FAULTS):  # the folder may be gone or full; what was committed is safe either way
                    writer.rollback()
                    writer.wait_merging_threads()

    def _replace(self, writer: tantivy.IndexWriter, change: Change, now: datetime) -> None:
        """Write a change in place of what is there; the engine would look for that in each segment for each change."""
        mark = hash(change.uri)
        if self._put is None or mark in self._put:
            writer.delete_documents_by_term("key", schema.key(change.uri))
        else:
            self._put.add(mark)
        entry = _entry(change, now)
        if entry is not None:
            writer.add_document(entry)

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise ValueError("this writer was closed")
        return self._writer


def _entry(change: Change, now: datetime) -> tantivy.Document | None:
    """Return what is to be found of a change, None for a Document that is gone or cannot be read."""
    if not change.card:
        return None
    try:
        return schema.entry(card.read(change.card, change.beside), now)
    except (ValueError, TypeError, KeyError):  # one bad row must not keep all later ones out of the index
        _log.exception("the document %s cannot be indexed", change.uri)
        return None
