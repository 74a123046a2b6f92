"""A Document as JSON and back: what the table keeps, and what the index stores so that a hit needs no database."""

from dataclasses import fields
from datetime import datetime

import orjson

from fediverse_ehrenamt.search.model import Document

_NAMES = frozenset(field.name for field in fields(Document))
_TIMES = tuple(field.name for field in fields(Document) if field.type == datetime | None)
_TUPLES = tuple(field.name for field in fields(Document) if field.type == tuple[str, ...])


def write(document: Document) -> bytes:
    """Return a Document as JSON; every text must be encodable (`kit` readers let no lone surrogate through)."""
    return orjson.dumps(document)


def read(card: bytes | str) -> Document:
    """Return the Document that `write` was given, equal to it in every field.

    Fields that a newer or older version of this program wrote are left out or get their defaults. Raises ValueError
    or TypeError for what is no Document.
    """
    values = {name: value for name, value in orjson.loads(card).items() if name in _NAMES}
    for name in _TIMES:
        if values.get(name) is not None:
            values[name] = datetime.fromisoformat(values[name])
    for name in _TUPLES:
        values[name] = tuple(values.get(name, ()))
    return Document(**values)
