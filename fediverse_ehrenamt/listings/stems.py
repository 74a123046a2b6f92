"""Looks up the stems of word lists in a text: which topics it speaks of, and how much each weighs. Pure.

A table has, for each topic, beginnings of German words with umlauts written out, as `categories.fold` writes texts.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

Pairs = dict[str, list[tuple[str, str]]]

IN_TITLE = 3
"""What a stem in a title weighs; one in a text weighs 1."""
_LETTERS = 3  # no stem is shorter
_WITHIN = 7  # letters of a stem that also counts as a later part of a compound
_LONGEST_WORD = 60
_WORDS_KEPT = 8_000


class Stems:
    """The stems of a table by their first letters, so that looking through a text costs its words alone.

    A stem of a topic without a name ("") takes words away from all shorter ones: "hundert" is no dog.
    """

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._begins: Pairs = {}
        self._insides: Pairs = {}
        pairs = [(topic, stem) for topic, stems in table.items() for stem in stems]
        for topic, stem in pairs:
            self._begins.setdefault(stem[:_LETTERS], []).append((topic, stem))
            if len(stem) >= _WITHIN:
                self._insides.setdefault(stem[:_LETTERS], []).append((topic, stem))
        self._phrases = [pair for pair in pairs if " " in pair[1]]
        self._of_word = lru_cache(_WORDS_KEPT)(self._looked_up)  # listings say the same in the same words

    def weights(self, title: str, text: str) -> Mapping[str, int]:
        """Return the weight of each topic of which a folded title and text hold stems."""
        in_title, in_text = self._found(title), self._found(text)
        found: dict[str, int] = {}
        for topic, _ in in_title:
            found[topic] = found.get(topic, 0) + IN_TITLE
        for topic, _ in in_text - in_title:
            found[topic] = found.get(topic, 0) + 1
        return found

    def _found(self, folded: str) -> set[tuple[str, str]]:
        """Return the topics with their stems in a folded text."""
        found = {pair for pair in self._phrases if f" {pair[1]}" in folded}
        return found.union(*map(self._of_word, set(folded.split())))

    def _looked_up(self, word: str) -> frozenset[tuple[str, str]]:
        """Return those in a word: at its beginning, or long ones within. "Stadtbibliothek" is a library too."""
        here = [pair for pair in self._begins.get(word[:_LETTERS], ()) if word.startswith(pair[1])]
        taken = max((len(stem) for topic, stem in here if not topic), default=0)
        found = {pair for pair in here if pair[0] and len(pair[1]) >= taken}
        for place in range(max(1, taken), min(len(word) - _WITHIN, _LONGEST_WORD) + 1):
            inner = self._insides.get(word[place : place + _LETTERS], ())
            found.update(pair for pair in inner if pair[0] and word.startswith(pair[1], place))
        longest: dict[str, str] = {}  # of a topic: "Patenschaft" is not three words that speak for it
        for topic, stem in sorted(found):
            if len(stem) > len(longest.get(topic, "")):
                longest[topic] = stem
        return frozenset(longest.items())
