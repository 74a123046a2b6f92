"""Spelling: for a word that was typed and is (nearly) nowhere in the index, one that is and differs in one letter."""

from dataclasses import dataclass

import tantivy

from fediverse_ehrenamt.language import questions
from fediverse_ehrenamt.language.questions import Wish
from fediverse_ehrenamt.search import clauses, words
from fediverse_ehrenamt.search.suggest import Dictionary

FEW = 2  # Documents: with no more hits than that, somebody may have meant another word
_SHORTEST = 4  # letters of a word that may be misspelt
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
        count = _count(searcher, wish)
        other = _other(searcher, wish.typed, count, dictionary, languages) if count <= FEW else ""
        if other:
            better = better.replace(wish.typed, other, 1)
            certain = certain and not count
    return None if better == text else Correction(better, certain)


def _other(
    searcher: tantivy.Searcher, word: str, count: int, dictionary: Dictionary, languages: tuple[str, ...]
) -> str:
    """Return the best word beside another; one in as good as no Document must be much rarer."""
    for shown, _weight in dictionary.near(word):
        wishes = questions.read(words.analyser(), shown, languages)
        if len(wishes) == 1 and _count(searcher, wishes[0]) > count * _TIMES_MORE:
            return shown
    return ""


def _count(searcher: tantivy.Searcher, wish: Wish) -> int:
    found = searcher.search(words.condition(clauses.FIELDS, wish), 1)
    count: int = found.count  # type: ignore[attr-defined]  # tantivy's stub leaves it out
    return count
