"""A Document as JSON and back: what the table keeps, and what the index stores so that a hit needs no database."""

import msgspec

from fediverse_ehrenamt.search.model import Document

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(
    Document
)  # makes the values of their types itself: a tenth of the time of doing so here


def write(document: Document) -> bytes:
    """Return a Document as JSON; every text must be encodable (`kit` readers let no lone surrogate through)."""
    return _encoder.encode(document)


def read(card: bytes | str) -> Document:
    """Return the Document that `write` was given, equal to it in every field.

    Fields that a newer or older version of this program wrote are left out or get their defaults. Raises ValueError
    for what is no Document.
    """
    return _decoder.decode(card)
