"""Suggestions while somebody types: words, titles, organisations and areas that are in the index, with their frequency.

They are kept in memory in the order of their letters, so that a beginning is a slice. They are read from the index's
own lists of terms, and whole titles and the words of texts from the newest Documents; at most every so often, because
what a portal offers changes slowly, by a thread of its own while all others go on with the last ones.
"""

import logging
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import nlargest
from operator import itemgetter

import tantivy

from fediverse_ehrenamt.language.folding import chunks, fold, words
from fediverse_ehrenamt.search import clauses, schema
from fediverse_ehrenamt.search.filters import AREAS
from fediverse_ehrenamt.search.words import SHOWN, analyser, name, written
from fediverse_ehrenamt.search.writer import FAULTS

MOST = 8  # suggestions
MANY = 50_000  # Documents, of which terms are read bit by bit
_SHORTEST, _SHORTEST_WRONG, _LONGEST = 2, 4, 60  # letters: of a beginning, of one that may be misspelt, of any
_FORMS = 3  # of a word that are looked at
_MOST_WORDS, _MOST_NAMES = 60_000, 40_000  # the most frequent ones; some 200 bytes each
_TITLES_READ, _TEXTS_READ = 10_000, 4_000  # of Documents, the newest
_LEAST_SECONDS, _REST = 10.0, 100  # between two readings: at least that, and so many times what the last one took
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Of what is written in letters, Latin, Cyrillic, Arabic and Greek; other scripts are suggested where there is less.
_FIRST_SIGNS = (*_LETTERS, *"0123456789", *map(chr, (*range(0x3B1, 0x3CA), *range(0x430, 0x460), *range(0x620, 0x64B))))
_AFTER = "\uffff"  # sorts behind every letter
_log = logging.getLogger(__name__)

Entry = tuple[str, str, int]  # as it is looked up (folded), as it is shown, in how many Documents


class Dictionary:
    """What can be suggested; does not change."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        best: dict[str, tuple[int, str]] = {}
        weights: Counter[str] = Counter()
        for key, shown, count in entries:
            weights[key] += count
            if key not in best or best[key][0] < count:
                best[key] = (count, shown)
        self._keys = sorted(best)
        self._counts = [weights[key] for key in self._keys]
        self._shown = [best[key][1] for key in self._keys]
        # Who begins to type looks for a noun: "Vorlesen", not "vorher".
        self._weights = [
            -1 if shown[:1].islower() else count for shown, count in zip(self._shown, self._counts, strict=True)
        ]

    def complete(self, text: str, limit: int = MOST) -> tuple[str, ...]:
        """Return up to `limit` entries that begin so, the most frequent first; else those with a letter wrong.

        Of several words the last is completed, unless all of them begin a title or a name.
        """
        typed = words(text[:_LONGEST])
        key = " ".join(map(fold, typed))
        if len(key) < _SHORTEST:
            return ()
        found = _one_form_each(self._shown[at] for at in self._beginning(key, _FORMS * limit))
        if len(typed) > 1 and len(found) < limit and len(typed[-1]) >= _SHORTEST:
            before = " ".join(typed[:-1])
            last = (self._shown[at] for at in self._beginning(fold(typed[-1]), _FORMS * limit, one=True))
            found += [f"{before} {word}" for word in _one_form_each(last)]
        if not found and len(key) >= _SHORTEST_WRONG:
            found = [self._shown[at] for at in self._misspelt(key, limit)]
        return tuple(dict.fromkeys(found))[:limit]

    def near(self, word: str, limit: int = MOST) -> list[tuple[str, int]]:
        """Return up to `limit` single words that differ in one letter (or a swap) from a word, with their weight."""
        folded = fold(word[:_LONGEST])
        found = {at for variant in variants(folded) if (at := self._at(variant)) is not None and variant != folded}
        best = nlargest(limit, found, key=lambda at: (self._keys[at][:1] == folded[:1], self._counts[at]))
        return [(self._shown[at], self._counts[at]) for at in best]

    def _at(self, key: str) -> int | None:
        at = bisect_left(self._keys, key)
        return at if at < len(self._keys) and self._keys[at] == key else None

    def _beginning(self, key: str, limit: int, *, one: bool = False) -> list[int]:
        """Return the places of the heaviest keys that begin so, `one` word each if asked for.

        Of the thousands that begin with two letters most are sorted out by a plain sort of numbers, in C.
        """
        first, last = bisect_left(self._keys, key), bisect_left(self._keys, key + _AFTER)
        if one:
            return nlargest(
                limit, (at for at in range(first, last) if " " not in self._keys[at]), key=self._weights.__getitem__
            )
        weights = self._weights[first:last]
        least = sorted(weights)[-limit:][0] if weights else 0
        heavy = [at for at, weight in enumerate(weights, first) if weight >= least]
        return sorted(heavy, key=self._weights.__getitem__, reverse=True)[:limit]

    def _misspelt(self, key: str, limit: int) -> list[int]:
        found: set[int] = set()
        for variant in variants(key):
            at = bisect_left(self._keys, variant)
            if at < len(self._keys) and self._keys[at].startswith(variant):
                found.update(self._beginning(variant, limit))
        return nlargest(limit, found, key=self._weights.__getitem__)


def _one_form_each(found: Iterable[str]) -> list[str]:
    """Return words and names in their order, of the forms of one word the first: all of them find the same."""
    kept: dict[str, str] = {}
    for shown in found:
        kept.setdefault(analyser().stem(shown) if shown.isalpha() else shown, shown)
    return list(kept.values())


def variants(word: str) -> Iterator[str]:
    """Return all that is one edit away from a word: a letter too many, swapped, wrong, missing. Never its beginning."""
    for at in range(len(word)):
        before, after = word[:at], word[at + 1 :]
        if at < len(word) - 1:
            yield before + after
            yield before + after[0] + word[at] + after[1:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + word[at:]
    yield from (word + letter for letter in _LETTERS)


class Suggestions:
    """The Dictionary of an index, read anew when it has become old. Safe in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dictionary: Dictionary | None = None
        self._searcher: tantivy.Searcher | None = None
        self._until = 0.0

    def dictionary(self, searcher: tantivy.Searcher, now: datetime) -> Dictionary:
        """Return a Dictionary that is not very old. Only for the first one somebody has to wait, maybe a second.

        Raises what the engine raises for a damaged index.
        """
        held = self._dictionary
        if held is None:
            with self._lock:
                return self._dictionary or self._read(searcher, now)
        is_old = searcher is not self._searcher and time.monotonic() >= self._until
        if is_old and self._lock.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(searcher, now), name="suggestions", daemon=True).start()
        return held

    def _renew(self, searcher: tantivy.Searcher, now: datetime) -> None:
        """Read it anew and give back the lock; an index that is just damaged leaves the last one in use."""
        try:
            self._read(searcher, now)
        except FAULTS as fault:
            self._until = time.monotonic() + _LEAST_SECONDS
            _log.warning("the words of the index cannot be read: %s", fault)
        finally:
            self._lock.release()

    def _read(self, searcher: tantivy.Searcher, now: datetime) -> Dictionary:
        started = time.monotonic()
        made = self._dictionary = Dictionary(_entries(searcher, now))
        took = time.monotonic() - started
        self._searcher, self._until = searcher, started + max(_LEAST_SECONDS, _REST * took)
        return made


def _entries(searcher: tantivy.Searcher, now: datetime) -> Iterator[Entry]:
    for field, most in (("written", _MOST_WORDS), ("name", _MOST_NAMES)):
        for term, count in _frequent(searcher, field, most):
            key, _, shown = term.partition(SHOWN)
            yield key, shown, count
    yield from _of_the_newest(searcher, now)
    for slug, label in AREAS:
        count = searcher.doc_freq("facets", f"bereich:{slug}")
        if count:
            yield name(label).partition(SHOWN)[0], label, count


def _frequent(searcher: tantivy.Searcher, field: str, most: int) -> list[tuple[str, int]]:
    """Return the most frequent terms of a field with how many Documents have them, the most frequent first.

    The engine holds all terms that begin alike at once, and the memory stays with the process: of many Documents they
    are read by their first signs.
    """
    found: list[tuple[str, int]] = []
    for sign in _FIRST_SIGNS if searcher.num_docs > MANY else ("",):
        found = nlargest(most, [*found, *searcher.terms_with_prefix(field, sign, limit=most)], key=itemgetter(1))
    return found


def _of_the_newest(searcher: tantivy.Searcher, now: datetime) -> Iterator[Entry]:
    """Return the titles of the newest Documents, and the words of their texts, each counted once in a text, for all."""
    there = clauses.current(now)
    hits = searcher.search(there, _TITLES_READ, count=False, order_by_field="by_freshness").hits
    newest = (schema.read_card(searcher, address) for _key, address in hits)
    titles: Counter[str] = Counter()
    in_texts: Counter[str] = Counter()
    for number, document in enumerate(newest):
        titles[name(document.title)] += 1
        if number < _TEXTS_READ:
            in_texts.update(set(written(chunks(document.text)).split()))
    share = max(1.0, searcher.num_docs / max(1, min(len(hits), _TEXTS_READ)))
    for counts, weight in ((titles, 1.0), (in_texts, share)):
        del counts[""]
        for term, count in counts.items():
            key, _, shown = term.partition(SHOWN)
            yield key, shown, round(count * weight)
