"""From bytes to text: UTF-8 with its mark or not, UTF-16, else what German Windows writes. An umlaut is one letter."""

import codecs
import unicodedata

from fediverse_ehrenamt.imports.record import MAX_BYTES
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FALLBACK = "cp1252"


def decode(data: bytes) -> str:
    """Return the text of a file; raises `Invalid` where it is too large. What cannot be read stands as "�"."""
    check_size(data)
    if data.startswith(_MARKS):
        return data.decode("utf-16", "replace").replace("\0", "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(_FALLBACK, "replace")
    return unicodedata.normalize("NFC", text.replace("\0", ""))


def check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise Invalid(
            [
                Problem(
                    "Datei",
                    sentence("ist größer als %(most)s MB; bitte auf mehrere verteilen", most=MAX_BYTES // 1_000_000),
                )
            ]
        )
