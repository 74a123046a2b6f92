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
        self._sized: dict[int, list[tuple[int, int]]] = {}  # by length: sets of letters, with positions of names
        for position, name in enumerate(self._names):
            self._sized.setdefault(len(name), []).append((_letters(name), position))

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
        lengths = range(len(text) - allowed, len(text) + allowed + 1)
        near = [
            (differing, position)
            for length in lengths
            for letters, position in self._sized.get(length, ())
            if (differing := (letters ^ wanted).bit_count()) <= most
        ]
        names = self._names
        found = [
            (differing, names[position][0] != text[0], -self._weights[names[position]], names[position])
            for differing, position in near
        ]
        return [name for *_, name in nsmallest(_MOST_COMPARED, found)]


def distance(one: str, other: str, limit: int) -> int:
    """Return the optimal string alignment distance (edits and swaps of neighbours), or `limit` + 1 where it is more.

    What both begin or end with costs nothing; of the rest, only what lies within `limit` of the diagonal is worked out.
    """
    one, other = _different(one, other)
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    beyond = limit + 1
    older: list[int] = []
    row: list[int] = [*range(limit + 1), *[beyond] * (len(other) - limit)][: len(other) + 1]
    before = row
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [beyond] * (len(other) + 1)
        if i <= limit:
            row[0] = i
        for j in range(max(1, i - limit), min(len(other), i + limit) + 1):
            mark = other[j - 1]
            edits = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mark:
                edits = min(edits, older[j - 2] + 1)
            row[j] = edits
        if min(row) > limit:
            return beyond
    return min(row[-1], beyond)


def _different(one: str, other: str) -> tuple[str, str]:
    """Cut off what both begin and end with."""
    end = min(len(one), len(other))
    start = next((at for at in range(end) if one[at] != other[at]), end)
    one, other = one[start:], other[start:]
    end = min(len(one), len(other))
    cut = next((at for at in range(end) if one[-1 - at] != other[-1 - at]), end)
    return one[: len(one) - cut], other[: len(other) - cut]


def _letters(name: str) -> int:
    mask = 0
    for letter in name:
        mask |= 1 << (ord(letter) & 31)
    return mask
