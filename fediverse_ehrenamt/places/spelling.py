"""Near spellings among some thousand folded names, quick enough to ask while a person types (below 5 ms)."""

from bisect import bisect_left
from collections.abc import Mapping
from heapq import nsmallest
from math import log10

_FURTHEST = 2  # edits; a third one finds other places, not this one misspelt
_SHORT_NAME = 5  # letters up to which one edit is much
_MOST_COMPARED = 150  # names whose edits are counted, those with the most letters in common
_MOST_LETTERS = 40
_UNFINISHED = 0.5  # edits that a name not yet written to its end counts for


class Spelling:
    """Names with a weight (population); lower case ASCII letters, digits and blanks."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        self._weights = weights
        self._names = sorted(name for name in weights if len(name) <= _MOST_LETTERS)
        self._letters = [_letters(name) for name in self._names]

    def near(self, text: str, limit: int) -> list[str]:
        """Return up to `limit` names that begin so or are spelt nearly so.

        Each edit counts as much as a tenth of the weight: "hagn" is Hagen before it is the small Hagnau.
        """
        if not text or len(text) > _MOST_LETTERS:
            return []
        allowed = 1 if len(text) <= _SHORT_NAME else _FURTHEST
        edits = {name: distance(text, name, allowed) for name in self._alike(text, allowed)}
        scored = {name: float(count) for name, count in edits.items() if count <= allowed}
        scored.update({name: min(_UNFINISHED, scored.get(name, allowed)) for name in self._beginning(text, limit)})
        return nsmallest(limit, scored, key=lambda name: (scored[name] - log10(self._weights[name] + 10), name))

    def _beginning(self, text: str, limit: int) -> list[str]:
        first = bisect_left(self._names, text)
        last = bisect_left(self._names, text + "\x7f")
        return nsmallest(limit, self._names[first:last], key=lambda name: (-self._weights[name], name))

    def _alike(self, text: str, allowed: int) -> list[str]:
        """Choose by the set of letters, which one edit changes in two places at most: a cheap sieve, never too fine."""
        wanted = _letters(text)
        most = 2 * allowed
        found = []
        for position, letters in enumerate(self._letters):
            differing = (letters ^ wanted).bit_count()
            if differing <= most and abs(len(self._names[position]) - len(text)) <= allowed:
                name = self._names[position]
                found.append((differing, name[0] != text[0], -self._weights[name], name))
        return [name for *_, name in nsmallest(_MOST_COMPARED, found)]


def distance(one: str, other: str, limit: int) -> int:
    """Return the optimal string alignment distance (edits and swaps of neighbours), or `limit` + 1 where it is more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, mark in enumerate(other, start=1):
            edits = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mark:
                edits = min(edits, older[j - 2] + 1)
            row.append(edits)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _letters(name: str) -> int:
    mask = 0
    for letter in name:
        mask |= 1 << (ord(letter) & 31)
    return mask
