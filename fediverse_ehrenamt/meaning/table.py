"""Table: the vectors of all Documents on the disk, in columns that are mapped into memory, 592 bytes a Document.

One process of a machine writes (`follower.py`), the others read what it has saved. What was saved is named by `state`,
which is replaced last: whoever reads in between finds the former rows or newer ones, never half a table.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fediverse_ehrenamt.meaning.encoder import NAME, WIDTH, Bytes, Digests
from fediverse_ehrenamt.search.folder import Lock
from fediverse_ehrenamt.search.model import START, Cursor

MOST_ROWS = 2_000_000  # Documents beyond this are not found by meaning
_GROWS_BY = 4_096  # rows
_FREE = 0  # the key of a row that holds nothing
_COLUMNS: dict[str, tuple[Any, int]] = {
    "keys": (np.dtype("<i8"), 1),
    "texts": (np.dtype("<u8"), 1),
    "signs": (np.dtype("<u8"), WIDTH // 64),
    "vectors": (np.dtype("i1"), WIDTH),
}

Keys = NDArray[np.int64]
Rows = NDArray[np.intp]
Mode = Literal["r", "r+"]
Column = np.memmap[Any, np.dtype[Any]]


class Table:
    """One process's view of the table in a folder. The folder can be deleted at any time: it is made anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / NAME
        self.columns: dict[str, Column] = {}
        self._stamp: tuple[int, int] | None = None
        self.rows, self.cursor = 0, START
        self._sorted: Keys = np.empty(0, dtype=np.int64)
        self._order: Rows = np.empty(0, dtype=np.intp)

    def lock(self) -> Lock:
        """Return the lock of the one process that writes."""
        return Lock(self._folder / "writer.lock")

    # --- reading ------------------------------------------------------------------------------------------------------
    def refresh(self) -> bool:
        """Look at what was saved last, and say whether there is such; costs one file stat where nothing is new."""
        stamp = self._stat()
        if stamp is None:
            self._forget()
        elif stamp != self._stamp:
            try:
                state = json.loads((self._folder / "state").read_text(encoding="ascii"))
                self.rows, self.cursor = int(state["rows"]), Cursor(*state["cursor"])
                self._map("r")
            except (OSError, ValueError, KeyError, TypeError):  # it is being replaced, or was damaged
                self._forget()
                return False
            self._stamp = stamp
        return stamp is not None

    def _stat(self) -> tuple[int, int] | None:
        try:
            found = (self._folder / "state").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _forget(self) -> None:
        self.columns, self.rows, self.cursor, self._stamp = {}, 0, START, None
        self._sort()

    def _map(self, mode: Mode) -> None:
        self.columns = {}
        for name, (kind, width) in _COLUMNS.items() if self.rows else ():
            length = (self._folder / name).stat().st_size // (kind.itemsize * width)
            if length < self.rows:
                raise ValueError(f"{name} is shorter than what was saved")
            shape = (length, width) if width > 1 else (length,)
            self.columns[name] = np.memmap(self._folder / name, dtype=kind, mode=mode, shape=shape)
        self._sort()

    def _sort(self) -> None:
        keys = np.asarray(self.columns["keys"][: self.rows]) if self.columns else np.empty(0, dtype=np.int64)
        self._order = np.argsort(keys)
        self._sorted = keys[self._order]

    def exists(self) -> bool:
        """Say whether what was saved is still there."""
        return self._stat() is not None

    def digests(self, rows: Rows) -> Digests:
        """Return what `encoder.digest` said of these rows' Documents."""
        if not self.columns:
            return np.zeros(len(rows), dtype=np.uint64)
        found: Digests = np.asarray(self.columns["texts"][rows])
        return found

    def find(self, keys: Keys) -> tuple[Rows, NDArray[np.bool_]]:
        """Return the row of each key, and which of the keys are here at all."""
        if not len(self._sorted):
            return np.zeros(len(keys), dtype=np.intp), np.zeros(len(keys), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        return self._order[places], self._sorted[places] == keys

    # --- writing ------------------------------------------------------------------------------------------------------
    def open_for_writing(self) -> None:
        """Begin or go on to write; only with the lock held. A damaged table is begun anew."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._discard_others()
        self._forget()
        if self.refresh():
            self._map("r+")
        else:
            self.clear()

    def _discard_others(self) -> None:
        for path in self._folder.parent.iterdir():
            if path.is_dir() and path != self._folder:
                shutil.rmtree(path, ignore_errors=True)

    def clear(self) -> None:
        """Begin anew."""
        for name in _COLUMNS:
            (self._folder / name).unlink(missing_ok=True)  # others may still have it mapped
        self._forget()
        self.save(START)

    def put(self, keys: Keys, texts: Digests, vectors: Bytes) -> None:
        """Write rows, replacing those of the same key; each key once."""
        rows, known = self.find(keys)
        rows = rows.copy()
        rows[~known] = self._free_rows(int((~known).sum()))
        kept = rows >= 0
        for name, column in (("vectors", vectors), ("signs", signs(vectors)), ("texts", texts), ("keys", keys)):
            if kept.any():
                self.columns[name][rows[kept]] = column[kept]
        self._sort()

    def remove(self, keys: Keys) -> None:
        """Free the rows of these keys; those that are not here are no fault."""
        rows, known = self.find(keys)
        if known.any():
            self.columns["keys"][rows[known]] = _FREE
            self._sort()

    def save(self, cursor: Cursor) -> None:
        """Let the others see what was written, and go on from this change after a restart."""
        for column in self.columns.values():
            column.flush()
        draft = self._folder / f"state.{os.getpid()}"
        draft.write_text(json.dumps({"rows": self.rows, "cursor": list(cursor)}), encoding="ascii")
        draft.replace(self._folder / "state")
        self.cursor, self._stamp = cursor, self._stat()

    def _free_rows(self, count: int) -> Rows:
        """Return rows that hold nothing, -1 where the table is full."""
        free = self._order[: np.searchsorted(self._sorted, _FREE, side="right")][:count]
        more = min(count - len(free), MOST_ROWS - self.rows)
        first, self.rows = self.rows, self.rows + more
        if more:
            self._grow()
        fresh = np.arange(first, first + more, dtype=np.intp)
        full = np.full(count - len(free) - more, -1, dtype=np.intp)
        return np.concatenate([free, fresh, full])

    def _grow(self) -> None:
        """Make the files long enough; what is added is zero, which is free."""
        capacity = -(-self.rows // _GROWS_BY) * _GROWS_BY
        for name, (kind, width) in _COLUMNS.items():
            path = self._folder / name
            path.touch()
            if path.stat().st_size < capacity * width * kind.itemsize:
                os.truncate(path, capacity * width * kind.itemsize)
        self._map("r+")


def signs(vectors: NDArray[Any]) -> NDArray[np.uint64]:
    """Return the signs of rows as bits, eight numbers of 64 each: what a quick look compares first."""
    packed: NDArray[np.uint64] = np.packbits(vectors > 0, axis=-1).view("<u8")
    return packed
