"""Titles in capitals alone, written as the entry's own text writes their words; where that is unsure they stay.

"LESEPATEN GESUCHT" is "Lesepaten gesucht" if the text has "Lesepaten" within a sentence: no list knows all nouns.
"""

import re
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(r"(?:^|[.!?:;•*–-]\s|[„\"»(])\s{0,4}$", re.MULTILINE)  # what stands here is written large anyway
_SMALL = frozenset((
    "ab", "am", "an", "auch", "auf", "aus", "bei", "bis", "das", "dem", "den", "der", "des", "die", "ein",
    "eine", "einen", "einer", "für", "gesucht", "im", "in", "ist", "mit", "nach", "oder", "ohne", "sofort",
    "sucht", "suchen", "uns", "unser", "unsere", "und", "vom", "von", "wir", "wird", "werden", "zu", "zum",
    "zur",
))  # fmt: skip
_LONG = 6  # letters of a word that is no abbreviation of a name: "NABU", "AWO"
_SHORT = 4  # letters of a word that may be one
_BEFORE = 8  # characters before a word that show whether a sentence begins


def calmed(title: str, texts: Iterable[str]) -> str:
    """Return a title that is written in capitals as its entry's texts write its words; any other as it is."""
    words = _WORD.findall(title)
    if not title.isupper() or not any(len(word) >= _LONG for word in words):
        return title
    written = dict(_written(texts))
    spelled = [_spelled(word, written) for word in words]
    if not all(spelled):
        return title
    left = iter(spelled)
    said = _WORD.sub(lambda _: next(left), title)
    first = _WORD.search(said)
    assert first is not None, "it has a long word"
    return said[: first.start()] + said[first.start()].upper() + said[first.start() + 1 :]


def _spelled(word: str, written: dict[str, str]) -> str:
    """Return how a word is written, "" where nobody can say."""
    known = written.get(word.casefold(), "")
    if known or word.lower() in _SMALL:
        return known or word.lower()
    return word if len(word) <= _SHORT else ""


def _written(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of texts as they stand within a sentence, by their folded forms."""
    for text in texts:
        for match in _WORD.finditer(text):
            begins = _BEGINS.search(text[max(0, match.start() - _BEFORE) : match.start()])
            if not begins and not match[0].isupper():
                yield match[0].casefold(), match[0]
