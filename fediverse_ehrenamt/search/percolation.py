"""Percolator: which of many saved searches a Document is found by, without asking the index for each of them.

Equal demands of all searches are one (`demands.py`), and so are searches that differ by their place alone. A Document
is looked up once: which demands do its terms, values and place meet? Each group of searches is filed under the one of
its demands that fewest others are filed under, so that only what is filed under those that are met is held against the
rest. The answer is the engine's, but for what is typed wrong: no search is corrected here. Not for two threads at once.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, pairwise
from typing import NamedTuple

from fediverse_ehrenamt.kit.geo import EARTH_KM
from fediverse_ehrenamt.language.questions import Way
from fediverse_ehrenamt.language.stems import LANGUAGES
from fediverse_ehrenamt.search import demands, schema, words
from fediverse_ehrenamt.search.circle import Circle, Round
from fediverse_ehrenamt.search.demands import Demand, Looked, OneOf, Seen, Within, Word
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.search.query import Query

_MOST_LANGUAGES = 6  # whose words are held; the one that came first makes room
_SQUARES = 4  # for each degree, in which circles are looked up
_KM_PER_DEGREE = math.pi * EARTH_KM / 180
_POLAR = 85.0  # degrees of latitude; beyond, a circle is in all squares
_FEW = 8  # circles of a group
_ALL = 0  # the demand that every Document meets, and the circle of searches without a place

Positions = dict[str, list[int]]
Square = tuple[int, int]
_Signature = tuple[tuple[int, ...], tuple[Looked, ...]]


@dataclass(slots=True)
class _Group:
    """Searches that demand the same but for their place: keys by the number of their circle.

    `met` are the numbers of demands that are looked up, `looked` those that a Document is looked at for; the group is
    filed `under` one of the former.
    """

    met: tuple[int, ...]
    looked: tuple[Looked, ...]
    under: int
    keys: dict[int, list[int]] = field(default_factory=dict)


class _Filed(NamedTuple):
    """Where a search is: its group, and the number of its circle."""

    group: _Group
    circle: int


class Percolator:
    """Searches by keys; `add`, `remove`, and `find` those that a Document is found by."""

    def __init__(self) -> None:
        self._searches: dict[int, _Filed] = {}
        self._drawers: dict[int, dict[_Signature, _Group]] = {}
        self._groups: dict[_Signature, _Group] = {}
        self._numbers: dict[Demand, int] = {}
        self._demands: dict[int, Demand] = {}
        self._uses: dict[int, int] = {}
        self._last = _ALL
        self._values: dict[tuple[str, str], dict[int, None]] = {}
        self._squares: dict[Square, dict[int, Round]] = {}
        self._everywhere: dict[int, Round] = {}
        self._words: dict[int, str] = {}
        self._languages: dict[str, _Vocabulary] = {demands.USUAL: _Vocabulary(demands.USUAL)}

    def __len__(self) -> int:
        return len(self._searches)

    def held(self) -> set[int]:
        """Return the keys of all searches."""
        return set(self._searches)

    def add(self, key: int, query: Query) -> None:
        """Take a search in under a key, in place of the one that has it."""
        self.remove(key)
        circle, met, looked = _ALL, [], []
        for demand in demands.of(query):
            if isinstance(demand, Looked):
                looked.append(demand)
            elif isinstance(demand, Within):
                circle = self._use(demand)
            else:
                met.append(self._use(demand))
        group = self._group((tuple(sorted(met)), tuple(looked)))
        group.keys.setdefault(circle, []).append(key)
        self._searches[key] = _Filed(group, circle)

    def _group(self, signature: _Signature) -> _Group:
        group = self._groups.get(signature)
        if group is None:
            met, looked = signature
            under = min(met, key=self._crowd, default=_ALL)
            group = self._groups[signature] = _Group(met, looked, under)
            self._drawers.setdefault(under, {})[signature] = group
        return group

    def _crowd(self, number: int) -> tuple[bool, int]:
        """Return how poorly a demand tells searches apart: a value that many Documents have comes last."""
        return isinstance(self._demands[number], OneOf), len(self._drawers.get(number, ()))

    def remove(self, key: int) -> None:
        """Forget a search; one that is not there is no fault."""
        filed = self._searches.pop(key, None)
        if filed is None:
            return
        group, circle = filed
        group.keys[circle].remove(key)
        if not group.keys[circle]:
            del group.keys[circle]
        if not group.keys:
            signature = group.met, group.looked
            del self._groups[signature], self._drawers[group.under][signature]
        for number in (*group.met, *([circle] if circle != _ALL else [])):
            self._release(number)

    def find(self, document: Document, now: datetime) -> list[int]:
        """Return the keys of all searches that would find a Document at a moment, in no order."""
        seen = demands.look(document)
        if document.covered or seen.leaves <= int(now.timestamp()):
            return []
        met = self._met(document, seen)
        circles = None if seen.anywhere else {_ALL, *self._around(seen.point)}
        looked: dict[tuple[Looked, ...], bool] = {(): True}
        found: list[int] = []
        for number in met & self._drawers.keys():
            for group in self._drawers[number].values():
                if met.issuperset(group.met):
                    if group.looked not in looked:
                        looked[group.looked] = all(one.is_met(seen, now) for one in group.looked)
                    if looked[group.looked]:
                        found.extend(chain.from_iterable(_within(group.keys, circles)))
        return found

    # --- what a Document meets ----------------------------------------------------------------------------------------
    def _met(self, document: Document, seen: Seen) -> set[int]:
        met = {_ALL}
        for value in seen.values:
            met.update(self._values.get(value, ()))
        positions: Positions = {}
        for at, term in enumerate(schema.terms(document)):
            positions.setdefault(term, []).append(at)
        self._vocabulary(document.language).meet(positions, met)
        return met

    def _around(self, point: tuple[float, float] | None) -> Iterator[int]:
        """Yield the numbers of the circles that a place is in."""
        if point is not None:
            for circles in (self._squares.get(_square(*point), {}), self._everywhere):
                yield from _holding(circles.items(), *point)

    def _vocabulary(self, tag: str) -> "_Vocabulary":
        """Return the words as they are read for a language; German Documents have no terms of another one."""
        code = tag.partition("-")[0].lower()
        language = code if code in LANGUAGES else demands.USUAL
        if language not in self._languages:
            if len(self._languages) >= _MOST_LANGUAGES:
                del self._languages[next(one for one in self._languages if one != demands.USUAL)]
            made = self._languages[language] = _Vocabulary(language)
            for number, typed in self._words.items():
                made.add(number, typed)
        return self._languages[language]

    # --- demands, each held once --------------------------------------------------------------------------------------
    def _use(self, demand: Demand) -> int:
        number = self._numbers.get(demand)
        if number is None:
            self._last += 1
            number = self._numbers[demand] = self._last
            self._demands[number] = demand
            self._uses[number] = 0
            self._enter(number, demand)
        self._uses[number] += 1
        return number

    def _release(self, number: int) -> None:
        self._uses[number] -= 1
        if not self._uses[number]:
            demand = self._demands.pop(number)
            del self._uses[number], self._numbers[demand]
            self._strike(number, demand)

    def _enter(self, number: int, demand: Demand) -> None:
        if isinstance(demand, Word):
            self._words[number] = demand.typed
            for vocabulary in self._languages.values():
                vocabulary.add(number, demand.typed)
        elif isinstance(demand, OneOf):
            for value in demand.values:
                self._values.setdefault((demand.field, value), {})[number] = None
        elif isinstance(demand, Within):
            for circles in self._squares_of(demand.circle):
                circles[number] = demand.circle.round()

    def _strike(self, number: int, demand: Demand) -> None:
        if isinstance(demand, Word):
            del self._words[number]
            for vocabulary in self._languages.values():
                vocabulary.remove(number)
        elif isinstance(demand, OneOf):
            for value in demand.values:
                del self._values[demand.field, value][number]
        elif isinstance(demand, Within):
            for circles in self._squares_of(demand.circle):
                del circles[number]

    def _squares_of(self, circle: Circle) -> Iterator[dict[int, Round]]:
        """Yield what is held of each square that a circle may touch."""
        degrees = circle.radius_km / _KM_PER_DEGREE
        north = abs(circle.latitude) + degrees
        if north >= _POLAR:
            yield self._everywhere
            return
        wide = degrees / math.cos(math.radians(north))
        south, west = _square(circle.latitude - degrees, circle.longitude - wide)
        top, east = _square(circle.latitude + degrees, circle.longitude + wide)
        for row in range(south, top + 1):
            for column in range(west, east + 1):
                yield self._squares.setdefault((row, _around_the_globe(column)), {})


class _Vocabulary:
    """The words of all searches, read for Documents in one language: by a term that has to occur for each way."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._by_term: dict[str, list[tuple[int, Way]]] = {}
        self._terms: dict[int, tuple[str, ...]] = {}  # under which a word is entered

    def add(self, number: int, typed: str) -> None:
        entered = []
        for way in demands.ways(typed, self._language):
            # Of several terms the one that tells most: "Hilfe" is the end of very many words.
            term = min(way.terms, key=lambda one: len(self._by_term.get(one, ())))
            self._by_term.setdefault(term, []).append((number, way))
            entered.append(term)
        self._terms[number] = tuple(entered)

    def remove(self, number: int) -> None:
        for term in set(self._terms.pop(number)):
            left = [one for one in self._by_term[term] if one[0] != number]
            if left:
                self._by_term[term] = left
            else:
                del self._by_term[term]

    def meet(self, positions: Positions, met: set[int]) -> None:
        """Add the numbers of the words that are met to `met`."""
        by_term = self._by_term
        for term in positions.keys() & by_term.keys():
            for number, way in by_term[term]:
                if number not in met and _occurs(way, positions):
                    met.add(number)


def _within(keys: dict[int, list[int]], circles: set[int] | None) -> Iterable[list[int]]:
    """Return the keys of those searches of a group whose circle is among some, or of all."""
    if circles is None:
        return keys.values()
    if len(keys) < _FEW:  # most groups: to intersect them would take longer
        return [some for circle, some in keys.items() if circle in circles]
    return [keys[circle] for circle in keys.keys() & circles]


def _occurs(way: Way, positions: Positions) -> bool:
    if len(way.terms) == 1:
        return True  # it was found by it
    if not positions.keys() >= set(way.terms):
        return False
    if way.row:
        rows = (enumerate(way.terms, first) for first in positions[way.terms[0]])
        return any(all(at in positions[term] for at, term in row) for row in rows)
    return not way.near or all(_near(positions[first], positions[second]) for first, second in pairwise(way.terms))


def _near(firsts: list[int], seconds: list[int]) -> bool:
    """Say whether the second stands where the engine's phrase query would find it: SLOP beside its place at most."""
    for first in firsts:
        at = bisect_left(seconds, first + 1 - words.SLOP)
        if at < len(seconds) and seconds[at] <= first + 1 + words.SLOP:
            return True
    return False


def _holding(circles: Iterable[tuple[int, Round]], latitude: float, longitude: float) -> Iterator[int]:
    """Yield the numbers of those circles that a point lies in: `Circle.hold` the other way round, digit for digit."""
    half, sin = math.pi / 360, math.sin
    here = math.cos(math.radians(latitude))
    for number, (north, east, level, reach) in circles:
        if sin((latitude - north) * half) ** 2 + level * here * sin((longitude - east) * half) ** 2 <= reach:
            yield number


def _square(latitude: float, longitude: float) -> Square:
    return math.floor(latitude * _SQUARES), math.floor(longitude * _SQUARES)


def _around_the_globe(column: int) -> int:
    """Return a column west of 180° for one beyond it, as the square of a point has it."""
    half = 180 * _SQUARES
    return (column + half) % (2 * half) - half
