"""Asked: the words of a question, which of them are understood already, and Part: what a filter was set to by which."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fediverse_ehrenamt.language.questions import QUOTED
from fediverse_ehrenamt.understanding.marks import Marks, pieces

LONGEST_QUESTION = 300  # characters; what follows stays text unread

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is understood: the URL parameters it sets, a German label, the characters it was read from.

    `keeps` says that its words stay in the text query too, as they say more than the filter does. `sure` is 0 to 1.
    `denied` is what somebody does not want and no filter can leave out: its words are not searched for. `either` are
    words in the text query of which not all have to occur.
    """

    pairs: tuple[tuple[str, str], ...]
    label: str
    spans: Spans
    sure: float
    keeps: bool = False
    denied: bool = False
    either: bool = False

    @property
    def filter(self) -> str:
        """The name of the filter that is set, "" where words are understood that set none."""
        return self.pairs[0][0] if self.pairs else ""


class Asked:
    """A question's words while it is read. Each word is understood at most once; quoted ones never are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: Marks = pieces(text[:LONGEST_QUESTION])
        self.free = [True] * len(self.words)
        self.quoted = [False] * len(self.words)
        for match in QUOTED.finditer(text[:LONGEST_QUESTION]):
            first, last = self.between(*match.span())
            for number in range(first, last):
                self.free[number], self.quoted[number] = False, True

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the numbers of the words that lie in some characters: first, and one behind the last."""
        inside = [number for number, word in enumerate(self.words) if start <= word.start and word.end <= end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def key(self, at: int) -> str:
        """Return a free word as it is folded, "" where there is none or it is taken."""
        return self.words[at].key if 0 <= at < len(self.words) and self.free[at] else ""

    def keys(self, at: int, most: int) -> tuple[str, ...]:
        """Return up to `most` free words from a place on."""
        found: list[str] = []
        while len(found) < most and (key := self.key(at + len(found))):
            found.append(key)
        return tuple(found)

    def take(self, first: int, last: int) -> tuple[int, int]:
        """Mark the words `first` to `last` (exclusive) as understood and return their characters."""
        for number in range(first, last):
            self.free[number] = False
        return self.words[first].start, self.words[last - 1].end

    def search(self, pattern: "re.Pattern[str]") -> Iterator["re.Match[str]"]:
        """Yield the matches in the text all of whose words are free."""
        for match in pattern.finditer(self.text[:LONGEST_QUESTION]):
            first, last = self.between(*match.span())
            if first < last and all(self.free[first:last]):
                yield match

    def take_match(self, match: "re.Match[str]") -> tuple[int, int]:
        return self.take(*self.between(*match.span()))
