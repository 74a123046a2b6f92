"""A text as a row of marks, each with a one-letter tag, so that patterns over words are regular expressions over tags.

"Mo 9-12 Uhr" is tagged "DN-NU"; a reader matches its pattern there and puts one mark in the place of many. Patterns
have no nested and no unbounded repetition, so that every pass is linear.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST = 2_000  # characters; what follows is not read

# "proWoche" is two words, "15h" and "Mo9" as well.
_WORDS = re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]+|[A-ZÄÖÜ]+(?![a-zäöüß])|[^\W\d_]+|\d+|[^\w\s]")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_DIGRAPHS = re.compile("([aou])e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Some characters of the text (`start` to `end`) and what they say.

    `key` is the folded word. `low` and `high` are numbers, hours of the day or amounts in hours, None where a side is
    open. `unit` is "woche", "monat", "jahr", "tag", "mal" or an RRULE. `sure` is how often such a reading is right.
    """

    tag: str
    start: int
    end: int
    key: str = ""
    days: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    sure: float = 1.0


Marks = list[Mark]
Maker = Callable[[Sequence[Mark], "re.Match[str]"], Mark | None]


def fold(word: str) -> str:
    """Return the key under which spellings of one word meet: "Wöchentlich", "woechentlich" are "wochentlich"."""
    return _DIGRAPHS.sub(r"\1", word.lower().translate(_UMLAUTS))


def pieces(text: str) -> Marks:
    """Split a text into words, numbers and signs, all with the tag "?"."""
    return [
        Mark(tag="?", start=match.start(), end=match.end(), key=fold(match[0]))
        for match in _WORDS.finditer(text[:LONGEST])
    ]


def tags(marks: Sequence[Mark]) -> str:
    return "".join(mark.tag for mark in marks)


def rewrite(marks: Marks, pattern: "re.Pattern[str]", make: Maker) -> Marks:
    """Put the mark that `make` returns in the place of each match; where it returns None all stays."""
    made: Marks = []
    done = 0
    for match in pattern.finditer(tags(marks)):
        mark = make(marks, match)
        if mark is not None:
            made += marks[done : match.start()]
            made.append(mark)
            done = match.end()
    return made + marks[done:]


def joined(marks: Sequence[Mark], match: "re.Match[str]") -> tuple[int, int]:
    """Return the characters from the first to the last mark of a match."""
    return marks[match.start()].start, marks[match.end() - 1].end
