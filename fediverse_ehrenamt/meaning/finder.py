"""Finder: which Documents mean nearly what somebody typed. What the index asks, in the thread of a search.

Among few Documents all are compared. Among all there are, the signs of the components say which may be near (the
Hamming distance of 512 bits), and the nearest of those are compared by their vectors.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from fediverse_ehrenamt.meaning.encoder import SCALE, Encoder, Floats
from fediverse_ehrenamt.meaning.table import Rows, Table, signs

LEAST = 0.3  # cosine: what is less alike has not much to do with it
_COMPARED = 4_000  # that are near by their signs
_QUESTIONS_KEPT = 500


class Finder:
    """Implements `search.nearby.Meaning` on the table in a folder, which another process may write."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._table = Table(folder)
        self._lock = threading.Lock()
        self._query = lru_cache(_QUESTIONS_KEPT)(encoder.query)

    def nearest(self, text: str, keys: Sequence[int] | None, limit: int) -> list[int]:
        """Return up to `limit` keys that mean nearly what a text means, the nearest first, of these or of all."""
        return self._near(text, keys, limit, LEAST)

    def order(self, text: str, keys: Sequence[int]) -> list[int]:
        """Return those keys of which the meaning is known, the nearest first."""
        return self._near(text, keys, len(keys), -1.0)

    def _near(self, text: str, keys: Sequence[int] | None, limit: int, least: float) -> list[int]:
        with self._lock:
            self._table.refresh()
            if not self._table.columns:
                return []
            vector = self._query(text)
            rows = self._alike(vector) if keys is None else self._known(keys)
            alike = np.asarray(self._table.columns["vectors"][rows], dtype=np.float32) @ vector / np.float32(SCALE)
            order = np.argsort(-alike, kind="stable")[:limit]
            near = rows[order[alike[order] >= least]]
            return [int(key) for key in self._table.columns["keys"][near] if key]

    def _known(self, keys: Sequence[int]) -> Rows:
        rows, known = self._table.find(np.asarray(keys, dtype=np.int64))
        return rows[known]

    def _alike(self, vector: Floats) -> Rows:
        bits = signs(vector)
        distance = np.bitwise_count(self._table.columns["signs"][: self._table.rows] ^ bits).sum(
            axis=1, dtype=np.uint16
        )
        if len(distance) <= _COMPARED:
            return np.arange(len(distance), dtype=np.intp)
        return np.argpartition(distance, _COMPARED)[:_COMPARED]
