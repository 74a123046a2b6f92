"""Alternatives: what of a question stands on either side of an "oder", of which one is enough. Pure.

People coordinate things of one kind: two nouns ("Kinder Sport oder Musik": children, and one of the two), two verbs, or
two wishes that each end with their verb ("Müll sammeln oder Bäume pflanzen"). What is said of both stands outside.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fediverse_ehrenamt.language import glossary, lexicon
from fediverse_ehrenamt.language.folding import fold

_OR = frozenset(map(fold, ["oder", "bzw", "beziehungsweise", "or", "veya", "أو", "или", "або", "чи"]))
# "Lesen, Basteln oder Musik": a comma behind which one word and another comma or an "oder" stands is one too.
LISTED = re.compile(r",(?=(?:\s*[\w-]{1,60}\s*,){0,9}\s*[\w-]{1,60}\s+(?:oder|bzw)\b)", re.IGNORECASE)

_COMPUTING = "IT"
_ELIDED = re.compile(r"\b([^\W\d_]{0,20}(?:geh|steh|seh|zieh|dreh|näh|leih))n\b", re.IGNORECASE)

Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Words with one meaning, from the number `first` up to `behind`; `either` where an "oder" joins it to the last."""

    first: int
    behind: int
    is_verb: bool
    either: bool

    @property
    def size(self) -> int:
        return self.behind - self.first


def written_out(text: str) -> str:
    """Return a text with an "oder" for each comma of a list that ends with one, and "gehen" for "gehn"."""
    return _ELIDED.sub(r"\1en", LISTED.sub(" oder", text))


def joins(word: str) -> bool:
    """Say whether a word stands between alternatives."""
    return fold(word) in _OR


def says_nothing(word: str) -> bool:
    """Say whether a word has no meaning of its own; in capitals "it" is one of ours."""
    return word != _COMPUTING and (fold(word) in lexicon.stop_words() or glossary.says_nothing(word))


def say_nothing(words: Sequence[str], keys: Sequence[str]) -> bool:
    """Say whether words have no meaning of their own, nor some of them together: "it support"."""
    return all(map(says_nothing, words)) and not any(run.size > 1 for run in runs(words, keys))


def runs(words: Sequence[str], keys: Sequence[str]) -> tuple[Run, ...]:
    """Take the longest runs of words that have a meaning of their own, else word by word; `keys` are their stems.

    Those that say nothing are left out.
    """
    known = lexicon.synonyms()
    found: list[Run] = []
    at, either = 0, False
    while at < len(words):
        lengths = range(min(known.longest, len(words) - at), 1, -1)
        length = next((size for size in lengths if tuple(keys[at : at + size]) in known.wider), 1)
        if length == 1 and (foreign := glossary.find_phrase(words[at:])):
            length, _entry = foreign
        if length == 1 and (joins(words[at]) or says_nothing(words[at])):
            either = either or (bool(found) and joins(words[at]))
        else:
            is_verb = fold(words[at + length - 1]).endswith(lexicon.verbs())
            found.append(Run(at, at + length, is_verb, either))
            either = False
        at += length
    return tuple(found)


def groups(found: Sequence[Run]) -> tuple[Groups, ...]:
    """Return what is wanted together: for each the alternatives, as numbers of runs that have to occur together."""
    wanted: list[Groups] = []
    at = 0
    while at < len(found):
        behind = _behind(found, at)
        if found[at].either:
            alternatives = wanted.pop()
            if wanted and _takes_noun(found, wanted[-1], alternatives, at):
                ((noun,),) = wanted.pop()
                alternatives = ((noun, *alternatives[0]),)
            wanted.append((*alternatives, tuple(range(at, behind))))
        else:
            wanted.append(((at,),))
        at = behind
    return tuple(wanted)


def _behind(found: Sequence[Run], at: int) -> int:
    """Return the number behind what begins at a run: a noun that an "oder" joins to a verb takes its own verb along."""
    one, following = found[at], found[at + 1] if at + 1 < len(found) else None
    if not one.either or one.is_verb or not found[at - 1].is_verb:
        return at + 1
    return at + 2 if following and following.is_verb and following.size == 1 and not following.either else at + 1


def _takes_noun(found: Sequence[Run], before: Groups, alternatives: Groups, at: int) -> bool:
    """Say whether the noun before the first verb is only its own: what follows at `at` is no mere verb."""
    first = found[alternatives[0][0]]
    return (
        len(alternatives) == len(alternatives[0]) == len(before) == len(before[0]) == 1
        and (first.is_verb and first.size == 1)
        and not (found[before[0][0]].is_verb or found[at].is_verb)
    )
