"""A Document as JSON and back: what the table keeps, and what the index stores so that a hit needs no database."""

from dataclasses import dataclass, replace

import msgspec

from fediverse_ehrenamt.search.model import Document


@dataclass(frozen=True, slots=True)
class _Beside:
    """How a Document is shown beside others."""

    covered: bool = False
    also: tuple[tuple[str, str], ...] = ()


_encoder = msgspec.json.Encoder()
# They make the values of their types themselves: a tenth of the time of doing so here.
_decoder = msgspec.json.Decoder(Document)
_beside_decoder = msgspec.json.Decoder(_Beside)


def write(document: Document) -> bytes:
    """Return a Document as JSON; every text must be encodable (`kit` readers let no lone surrogate through)."""
    return _encoder.encode(document)


def beside(document: Document) -> str:
    """Return as JSON how a Document is shown beside others, "" where it stands alone."""
    return _encoder.encode(_Beside(document.covered, document.also)).decode() if document.also else ""


def read(card: bytes | str, beside: str = "") -> Document:
    """Return the Document that `write` was given, equal to it in every field; what `beside` says counts more.

    Fields that a newer or older version of this program wrote are left out or get their defaults. Raises ValueError
    for what is no Document.
    """
    document = _decoder.decode(card)
    if not beside:
        return document
    shown = _beside_decoder.decode(beside)
    return replace(document, covered=shown.covered, also=shown.also)
