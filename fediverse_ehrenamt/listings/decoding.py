"""From bytes to text: UTF-8, UTF-16, else as Windows, DOS or a Mac writes it. An umlaut is one letter."""

import codecs
import re
import unicodedata

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings.record import MAX_BYTES

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What programs write but clean UTF-8, the most frequent first; Excel has "CSV (MS-DOS)" and "CSV (Macintosh)".
_FALLBACKS = ("cp1252", "utf-8-sig", "cp850", "mac_roman")
_UMLAUT = re.compile(r"[A-Za-z][äöüß]|[ÄÖÜäöü][a-z]")
_LOOKED_AT = 500_000  # bytes


def decode(data: bytes) -> str:
    """Return the text of a file; raises `Invalid` where it is too large. What cannot be read stands as "�"."""
    check_size(data)
    if data.startswith(_MARKS):
        return data.decode("utf-16", "replace").replace("\0", "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(_most_german(data[:_LOOKED_AT]), "replace")
    return unicodedata.normalize("NFC", text.replace("\0", ""))


def _most_german(data: bytes) -> str:
    """Return in which encoding most umlauts stand within words: elsewhere they are signs that stand in none."""
    return max(_FALLBACKS, key=lambda name: len(_UMLAUT.findall(data.decode(name, "replace"))))


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
