"""Letters: one form for all spellings of a word. Gender signs go, umlauts, ß and accents become plain letters. Pure."""

import re
import unicodedata

MAX_TEXT = 20_000  # characters of one text that are read
MAX_WORD = 60  # letters; what is longer is no word and cut into pieces
_WORD = re.compile(rf"[^\W_]{{1,{MAX_WORD}}}")
_ENDS = bytes(32 if byte in b'\x00\t\n\x0b\x0c\r .,;!?"#&+<=>[]\\^`{|}~' else byte for byte in range(256))
# Signs as in "Helfer*innen", "Helfer:innen", "Helfer/-innen", "Helfer(innen)", "HelferInnen", "Lesepat_in", "jede:r",
# "Schüler*innenrat", "Helfer-innen" (but not "Tisch-Innenseite"). They stand first, so that the engine can skip there.
_GENDERED = re.compile(
    r"[*:·_•’'/(](?<=[a-zäöüß].)-?[iI]n(?:nen|(?![a-zäöüß]))\)?"
    r"|I(?<=[a-zäöüß].)n(?:nen|(?![a-zäöüß]))|-(?<=[a-zäöüß].)[iI]nnen(?![a-zäöüß])|[*:_/](?<=[a-zäöüß].)-?r\b"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\u0640]")  # soft hyphen, joiners, Arabic tatweel
_UMLAUTS = str.maketrans(
    {"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "a", "œ": "o"}
)
_DIGRAPHS = re.compile(r"(?<=[ao])e|(?<=(?<![aeq])u)e")
_ALIKE = str.maketrans(
    {"ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ی": "ي"}
)


def chunks(text: str) -> list[str]:
    """Return what stands between blanks and signs that end a word: "Helfer*innen", "(14-tägig)", most often words.

    Only the first MAX_TEXT characters are read; a lone surrogate, which no index could store, is none of a word. This
    is what a text costs each time, so it is three calls of C: a pattern would take four times as long.
    """
    return text[:MAX_TEXT].encode("utf-8", "replace").translate(_ENDS).decode().split()


def words(text: str) -> list[str]:
    """Return the words of a chunk or a text as they are written, but for gender signs and what is invisible.

    Never raises; the effort grows with the length of the text, up to MAX_TEXT characters.
    """
    whole = text[:MAX_TEXT]
    if not whole.isascii():
        whole = _INVISIBLE.sub("", unicodedata.normalize("NFC", whole.encode("utf-8", "replace").decode()))
    return _WORD.findall(_GENDERED.sub("", whole))


def fold(word: str) -> str:
    """Return a word in small letters without umlauts and accents: "Häuser" and "Hauser" are one, "ae" stays "ae"."""
    small = word.lower()
    if small.isascii():
        return small
    small = small.translate(_UMLAUTS)
    if small.isascii():
        return small
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", small) if not unicodedata.combining(mark))
    return bare.translate(_ALIKE)


def undo_digraphs(folded: str) -> str:
    """Return a folded word with ae, oe and ue as the umlauts they may stand for; "neue", "Frauen", "Quelle" stay."""
    if "ue" in folded or "ae" in folded or "oe" in folded:  # looking is a tenth of what the pattern takes
        return _DIGRAPHS.sub("", folded)
    return folded


def is_latin(folded: str) -> bool:
    """Say whether a folded word is in Latin letters or digits, which folding makes ASCII (but for rare letters)."""
    return folded.isascii() or folded[0] < "\u0370"
