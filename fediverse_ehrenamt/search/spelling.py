"""Spelling: for a word that was typed and is (nearly) nowhere in the index, one that is and differs in one letter."""

from dataclasses import dataclass

import tantivy

from fediverse_ehrenamt.language import lexicon, questions
from fediverse_ehrenamt.language.folding import fold
from fediverse_ehrenamt.language.questions import Wish
from fediverse_ehrenamt.search import clauses, words
from fediverse_ehrenamt.search.suggest import Dictionary, variants

FEW = 2  # Documents: with no more hits than that, somebody may have meant another word
_LONGEST = 30
_MOST_KNOWN = 5
_SHORTEST = 4  # letters of a word that may be misspelt
_SHORTEST_UNLIKE = 5  # letters of one that may be a word which is in no Document as it stands
_TIMES_MORE = 10  # how much more frequent another word is that was rather meant


@dataclass(frozen=True, slots=True)
class Correction:
    """A better `text`; `certain` where what was typed is in no Document at all."""

    text: str
    certain: bool


def correct(
    searcher: tantivy.Searcher, text: str, languages: tuple[str, ...], dictionary: Dictionary
) -> Correction | None:
    """Return a text with its misspelt words replaced, None where there is nothing better."""
    better, certain = text, True
    for wish in questions.read(words.analyser(), text, languages):
        if len(wish.typed) < _SHORTEST or not wish.typed.isalpha():
            continue
        if _is_known(wish.typed):
            continue
        count = _count(searcher, wish)
        other = _other(searcher, wish.typed, count, dictionary, languages) if count <= FEW else ""
        if other:
            better = better.replace(wish.typed, other, 1)
            certain = certain and not count
    return None if better == text else Correction(better, certain)


def _is_known(word: str) -> bool:
    """Say whether this program knows a word: "Hunde" are no misspelt "Kunde", even where nobody has a dog."""
    analyser = words.analyser()
    split = analyser.split(word)
    stem = (analyser.stem(word),)
    return bool(analyser.part(word)) or stem in lexicon.synonyms().wider or bool(split.parts and not split.stranger)


def _other(
    searcher: tantivy.Searcher, word: str, count: int, dictionary: Dictionary, languages: tuple[str, ...]
) -> str:
    """Return the best word beside another; one in as good as no Document must be much rarer."""
    for shown in (*(shown for shown, _weight in dictionary.near(word)), *_known(word)):
        wishes = questions.read(words.analyser(), shown, languages)
        if len(wishes) == 1 and _count(searcher, wishes[0]) > count * _TIMES_MORE:
            return shown
    return ""


def _known(word: str) -> list[str]:
    """Return words that this program knows, which may be in Documents as a part of others or by a synonym.

    A short word is as near to too many, and one that is known itself is not misspelt.
    """
    folded = fold(word[:_LONGEST])
    if len(folded) < _SHORTEST_UNLIKE or folded in lexicon.vocabulary():
        return []
    found = {known for variant in variants(folded) if (known := lexicon.vocabulary().get(variant))}
    return sorted(found, key=lambda known: (fold(known)[:1] != folded[:1], known))[:_MOST_KNOWN]


def _count(searcher: tantivy.Searcher, wish: Wish) -> int:
    return clauses.number(searcher.search(words.condition(clauses.FIELDS, wish), 1))
