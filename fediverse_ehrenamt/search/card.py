"""A Document as JSON and back: what the table keeps, and what the index stores so that a hit needs no database."""

from dataclasses import fields
from datetime import datetime

import orjson

from fediverse_ehrenamt.search.model import Document

_NAMES = frozenset(field.name for field in fields(Document))
_TIMES = tuple(field.name for field in fields(Document) if field.type == datetime | None)
_TUPLES = tuple(field.name for field in fields(Document) if field.type == tuple[str, ...])
_BESIDE = ("covered", "also")


def write(document: Document) -> bytes:
    """Return a Document as JSON; every text must be encodable (`kit` readers let no lone surrogate through)."""
    return orjson.dumps(document)


def beside(document: Document) -> str:
    """Return as JSON how a Document is shown beside others, "" where it stands alone."""
    return orjson.dumps({name: getattr(document, name) for name in _BESIDE}).decode() if document.also else ""


def read(card: bytes | str, beside: str = "") -> Document:
    """Return the Document that `write` was given, equal to it in every field; what `beside` says counts more.

    Fields that a newer or older version of this program wrote are left out or get their defaults. Raises ValueError
    or TypeError for what is no Document.
    """
    values = {name: value for name, value in orjson.loads(card).items() if name in _NAMES}
    if beside:
        values |= orjson.loads(beside)
    for name in _TIMES:
        if values.get(name) is not None:
            values[name] = datetime.fromisoformat(values[name])
    for name in _TUPLES:
        values[name] = tuple(values.get(name, ()))
    values["also"] = tuple((host, url) for host, url in values.get("also", ()))
    return Document(**values)
