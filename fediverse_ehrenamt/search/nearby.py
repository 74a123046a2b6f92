"""Nearby: what answers a search nearly, where few Documents have all its words. Its filters always hold.

Two rankings are joined by reciprocal rank (Cormack, Clarke and Büttcher 2009): Documents that have some of the words
or, where none has them all, a part of one, and, with the optional extra, those that mean nearly the same in whatever
language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import tantivy
from tantivy import Occur

from fediverse_ehrenamt.language import glossary, questions
from fediverse_ehrenamt.search import clauses, measure, words
from fediverse_ehrenamt.search.clauses import FIELDS, SCORE, Clauses
from fediverse_ehrenamt.search.measure import Found

FEW = 20  # Documents with all words: with no more than this, one page, somebody may want more
MOST = 20
SOME_WORDS, MEANING, UNDATED = "some_words", "meaning", "undated"  # how something was found
COMPARED = 4_000  # that the filters let through: all of them are compared by meaning, in some milliseconds
_NEAREST = 1_000  # of all there are: those are asked whether the filters let them through
REORDERED = 200  # hits by words: ten pages
_RANK_REORDERED = 30.0
_FOREIGN, _GERMAN = 4.0, 1.0  # how much meaning counts beside words, of which a glossary knows some only
_SILENT = 0.8  # of its score has what does not say whether it meets the filters
_RANK_ADDED = 10.0  # the paper has 60 for lists of a thousand; ours have twenty

Place = tuple[int, int]
"""Where a Document lies in the index: its segment and its number there."""
Address = tantivy.DocAddress
Near = tuple[Address, str]


class Asked(NamedTuple):
    """What was typed, and the languages beside German that Documents are in."""

    text: str
    languages: tuple[str, ...]


class Meaning(Protocol):
    """Knows what Documents mean, by their `schema.key`."""

    def nearest(self, text: str, keys: Sequence[int] | None, limit: int) -> list[int]:
        """Return up to `limit` keys that mean nearly what a text means, the nearest first, of these or of all."""

    def order(self, text: str, keys: Sequence[int]) -> list[int]:
        """Return those keys of which the meaning is known, the nearest first."""


def find(
    searcher: tantivy.Searcher, parts: Clauses, asked: Asked, meaning: Meaning | None, without: Iterable[Place]
) -> list[Near]:
    """Return up to MOST Documents that are not `without`, the nearest first, and how each was found."""
    seen, text = set(without), asked.text
    some = parts.words  # as they are where something has them all and one of two is left
    if not seen or some[2:]:
        some = words.some(FIELDS, text, asked.languages, parts=not seen)
    # A title counts no more than a text: one that has a word of many is about something else. Words of another language
    # have so many ways that a title tells which was meant.
    plain = parts if glossary.is_foreign(text) else replace(parts, better=())
    rankings = {SOME_WORDS: _some_words(searcher, plain, some, len(seen)) if some[1:] or not seen else []}
    if meaning is not None and not (seen and questions.QUOTED.search(text)):  # who quotes wants these words
        rankings[MEANING] = _by_meaning(searcher, parts, text, meaning)
    points: dict[Place, float] = {}
    found: dict[Place, Near] = {}
    for how, ranking in rankings.items():
        fresh = [address for address in ranking if place(address) not in seen]
        for rank, address in enumerate(fresh[:MOST], 1):
            where = place(address)
            points[where] = points.get(where, 0.0) + 1 / (_RANK_ADDED + rank)
            found.setdefault(where, (address, how))
    return [found[where] for where in sorted(found, key=lambda one: -points[one])[:MOST]]


def join(
    searcher: tantivy.Searcher, parts: Clauses, text: str, meaning: Meaning, found: Found
) -> tuple[Found, frozenset[Place]]:
    """Return what was found by words with its first REORDERED in the order of both words and meaning.

    To a search in another language what means the same is added, even if no word of it is there; the second value says
    which these are. `found` has at least REORDERED hits where there are so many; the others stay behind them.
    """
    foreign = glossary.is_foreign(text)
    first = _by_key(searcher, found.hits[:REORDERED])
    added = _without_words(searcher, parts, text, meaning) if foreign else {}
    weight = _FOREIGN if foreign else _GERMAN
    both = first | added
    points = {number: weight / (_RANK_REORDERED + rank) for rank, number in enumerate(meaning.order(text, [*both]), 1)}
    for rank, number in enumerate(first, 1):
        points[number] = points.get(number, 0.0) + 1 / (_RANK_REORDERED + rank)
    joined = sorted(both, key=lambda number: -points.get(number, 0.0))
    scores = {place(address): score for score, address in found.hits[:REORDERED]}
    hits = [(scores.get(place(both[number]), 0.0), both[number]) for number in joined]
    found = replace(found, hits=hits + found.hits[REORDERED:], total=found.total + len(added))
    return found, frozenset(map(place, added.values()))


def _without_words(
    searcher: tantivy.Searcher, parts: Clauses, text: str, meaning: Meaning
) -> dict[int, tantivy.DocAddress]:
    """Return what means the same and has not all the words."""
    near = _by_key(searcher, [(0.0, address) for address in _by_meaning(searcher, parts, text, meaning)[:MOST]])
    among = tantivy.Query.term_set_query(FIELDS, "key", list(near))
    have = measure.find(searcher, replace(parts, always=(*parts.always, among)), MOST).hits if near else []
    known = _by_key(searcher, have)
    return {number: address for number, address in near.items() if number not in known}


def place(address: tantivy.DocAddress) -> Place:
    return address.segment_ord, address.doc


def _some_words(searcher: tantivy.Searcher, parts: Clauses, some: Sequence[tantivy.Query], seen: int) -> list[Address]:
    """Return what has one of the words or a part of one, those first that have most of them and rare ones.

    What is silent counts a little less: with all words but one it is nearer than what meets the filters and has hardly
    any of them. What has both of two words is known already, so each is looked for alone: to walk through the union of
    two frequent ones takes the engine twice as long.
    """
    any_word = tantivy.Query.boolean_query([(Occur.Should, word) for word in some])
    alone = (any_word,) if some[2:] else some
    asked = [replace(parts, words=(word,), order=SCORE) for word in alone]
    silent = [further for one in asked if (further := clauses.behind(one)) is not None]
    hits = [
        (worth * score, address)
        for worth, searches in ((1.0, asked), (_SILENT, silent))
        for one in searches
        for score, address in measure.first(searcher, one, MOST + seen)
    ]
    return [address for _, address in sorted(hits, key=lambda hit: -hit[0])]


def _by_meaning(searcher: tantivy.Searcher, parts: Clauses, text: str, meaning: Meaning) -> list[Address]:
    silent = replace(parts, words=(), better=())
    found = measure.find(searcher, silent, 1)
    if found.total <= COMPARED:
        by_key = _by_key(searcher, measure.find(searcher, silent, max(1, found.total)).hits)
        near = meaning.nearest(text, list(by_key), 2 * MOST)
    else:
        near = meaning.nearest(text, None, _NEAREST)
        among = tantivy.Query.term_set_query(FIELDS, "key", near)
        hits = measure.find(searcher, replace(silent, always=(*silent.always, among)), _NEAREST).hits if near else []
        by_key = _by_key(searcher, hits)
    return [by_key[number] for number in near if number in by_key]


def _by_key(searcher: tantivy.Searcher, hits: Sequence[measure.Ranked]) -> dict[int, tantivy.DocAddress]:
    addresses = [address for _, address in hits]
    keys = searcher.fast_field_values("key", addresses)
    return {int(number): address for number, address in zip(keys, addresses, strict=True) if number is not None}
