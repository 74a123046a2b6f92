"""A Document as JSON and back: what the table keeps, and what the index stores so that a hit needs no database."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from fediverse_ehrenamt.search.model import Document


@dataclass(frozen=True, slots=True)
class _Beside:
    """How a Document is shown beside others."""

    covered: bool = False
    also: tuple[tuple[str, str], ...] = ()
    after: datetime | None = None


_ALONE = _Beside()
_TEXT = b'"text":'
_encoder = msgspec.json.Encoder()
# They make the values of their types themselves: a tenth of the time of doing so here.
_decoder = msgspec.json.Decoder(Document)
_beside_decoder = msgspec.json.Decoder(_Beside)


def write(document: Document) -> bytes:
    """Return a Document as JSON; every text must be encodable (`kit` readers let no lone surrogate through)."""
    return _encoder.encode(document)


def write_beginning(document: Document, most: int) -> bytes:
    """Return a Document as `write` does, but of its text the first characters alone.

    To cut what is written takes half of what another Document would. No text holds the name of a field in bare quotes,
    so its first place is the field.
    """
    written = write(document)
    start = written.index(_TEXT) + len(_TEXT)
    end = start + len(_encoder.encode(document.text))
    return written[:start] + _encoder.encode(document.text[:most]) + written[end:]


def beside(document: Document) -> str:
    """Return as JSON how a Document is shown beside others, "" where it stands alone."""
    return _written(_Beside(document.covered, document.also, document.after))


def standing_after(beside: str, after: datetime | None) -> str:
    """Return what `beside` says, but of another date before this one."""
    return _written(replace(_beside_decoder.decode(beside) if beside else _ALONE, after=after))


def _written(shown: _Beside) -> str:
    return "" if shown == _ALONE else _encoder.encode(shown).decode()


def read(card: bytes | str, beside: str = "") -> Document:
    """Return the Document that `write` was given, equal to it in every field; what `beside` says counts more.

    Fields that a newer or older version of this program wrote are left out or get their defaults. Raises ValueError
    for what is no Document.
    """
    document = _decoder.decode(card)
    if not beside:
        return document
    shown = _beside_decoder.decode(beside)
    return replace(document, covered=shown.covered, also=shown.also, after=shown.after)
