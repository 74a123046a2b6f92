"""The words of everyday questions, read from `question_words.yaml`, and the filters that phrases set."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from sys import intern
from typing import Any

import yaml

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.understanding.lexicon import DAYS
from fediverse_ehrenamt.understanding.marks import Mark, fold, pieces

_CHOICE = re.compile(r"\[([^\]]*)\]")
_SURE = 0.95
_HOW_WELL = "fließend|flüssig|gut|sehr gut|perfekt|auch|etwas|ein bisschen|ein wenig|nur"
_HOW_WELL_IN_ENGLISH = "only|fluent|good|some|a little"
_LEVELS = ("a1", "a2", "b1", "b2", "c1")
_BEFORE_LEVEL = ("deutsch", "deutschniveau", "sprachniveau", "niveau", "german")
_BEFORE_LEVELS = [
    ("my", "german", "is"), ("mein", "deutsch", "ist"), ("mein", "deutsch", "ist", "auf"),
    ("mein", "deutsch", "ist", "auf", "niveau"), ("deutsch", "auf"), ("deutsch", "auf", "niveau"),
    ("deutschkenntnisse",), ("deutschkenntnisse", "auf", "niveau"), ("lerne", "deutsch"),
    ("lerne", "gerade", "deutsch"), ("ich", "lerne", "deutsch"), ("ich", "lerne", "gerade", "deutsch"),
    ("wenig", "deutsch"), ("etwas", "deutsch"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase sets: `name` of the filter, its values, a German label. `keeps` leaves its noun in the text too.

    Beside one of the words of `unless` the phrase is about others: "im Rollstuhl schieben".
    """

    name: str
    values: tuple[str, ...]
    label: str
    sure: float = _SURE
    keeps: bool = False
    unless: frozenset[str] = frozenset()


def _set(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


def _written_out(phrase: str) -> Iterable[tuple[str, ...]]:
    """Yield the phrases that one with choices stands for: "als [a|b]" is "als a" and "als b"."""
    pieces = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(_CHOICE.split(phrase))]
    for chosen in product(*pieces):
        phrase = "".join(chosen)
        # A few hundred words in thousands, most of them a word to whoever splits a question too: "akşam" is none.
        yield tuple(intern(key) for word in phrase.split() for key in _keys(word))


@cache
def _keys(word: str) -> tuple[str, ...]:
    return tuple(piece.key for piece in pieces(word))


def _rows(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, ...], Entry]:
    table: dict[tuple[str, ...], Entry] = {}
    for row in rows:
        entry = Entry(
            row["filter"],
            tuple(row["value"].split()),
            row["label"],
            row.get("sure", _SURE),
            row.get("keeps", False),
            _set(row.get("unless", "")),
        )
        table |= dict.fromkeys(_all_of(row["say"]), entry)
    return table


def _all_of(phrases: Iterable[str]) -> Iterator[tuple[str, ...]]:
    return (words for phrase in phrases for words in _written_out(phrase) if words)


def _mark(values: str) -> Mark:
    """Return the mark of days or of dayparts: "sa so", "abends"."""
    named = tuple(values.split())
    is_day = named[0] in DAYS
    return Mark(tag="D" if is_day else "P", start=0, end=0, days=named if is_day else (), parts=() if is_day else named)


def _languages(
    languages: dict[str, str], english: dict[str, str], speakers: dict[str, str]
) -> dict[tuple[str, ...], Entry]:
    table: dict[tuple[str, ...], Entry] = {}
    for code, names in languages.items():
        entry = Entry("sprache", (code,), sentence("auf %(language)s", language=names.split()[0].capitalize()))
        said = [
            phrase
            for name in map(fold, names.split())
            for phrase in (
                f"[auf|in] {name}",
                f"[ich|wir|] [spreche|sprechen|kann|können] [{_HOW_WELL}|] {name}",
                f"{name}sprachig[e|en|er|es|]",
                f"[meine|unsere|] muttersprache [ist|] {name}",
                f"{name} [ist meine muttersprache|als muttersprache]",
                f"nur {name} [spreche|sprechen|spricht|kann|können]",
            )
        ]
        for name in english.get(code, "").split():
            said += [f"[i|we|] speak [{_HOW_WELL_IN_ENGLISH}|] {name}"]
        for name in speakers.get(code, "").split():
            said += [f"[ich bin|bin] {name}", f"{name} [sucht|möchte|will]"]
        table |= {words: entry for phrase in said for words in _written_out(phrase)}
    return table


def _levels() -> dict[tuple[str, ...], Entry]:
    """Return "Deutsch A2", "A2 Deutsch" and "my German is A2"; a letter and a figure are two words."""
    table: dict[tuple[str, ...], Entry] = {}
    for level in _LEVELS:
        entry = Entry("deutsch", (level,), sentence("Deutsch %(level)s", level=level.upper()))
        table |= {(before, *level): entry for before in _BEFORE_LEVEL} | {(*level, "deutsch"): entry}
        table |= {(*before, *level): entry for before in _BEFORE_LEVELS} | {(*level, "german"): entry}
    return table


_DATA = yaml.safe_load(files("fediverse_ehrenamt.understanding").joinpath("question_words.yaml").read_text("utf-8"))
PHRASES = _rows(_DATA["phrases"]) | _languages(_DATA["languages"], _DATA["english"], _DATA["speakers"]) | _levels()
TIMES = {words: _mark(values) for values, said in _DATA["foreign_times"].items() for words in _all_of(said)}
"""Days and dayparts as they are said in other languages."""
REFUSED_BEFORE, REFUSED_BEHIND = (frozenset(_all_of(_DATA["refusals"][side])) for side in ("behind", "before"))
"""What says of the time before it, and of the one behind it, that somebody cannot then."""
LONGEST_PHRASE, LONGEST_OF_TIMES = max(map(len, PHRASES)), max(map(len, {*TIMES, *REFUSED_BEFORE, *REFUSED_BEHIND}))
OF_TIMES = frozenset(words[0] for words in (*TIMES, *REFUSED_BEFORE, *REFUSED_BEHIND))
"""The first words of all of these."""
LANGUAGES = {fold(name): code for code, names in _DATA["languages"].items() for name in names.split()}
AUDIENCES = {fold(word): slug for slug, words in _DATA["audiences"].items() for word in words.split()}
UNWANTED = {fold(word): slug for slug, words in _DATA["unwanted"].items() for word in words.split()}
STOP_WORDS, EVERYDAY, NO_PLACES = (_set(_DATA[name]) for name in ("stop_words", "everyday", "no_places"))
BEFORE_AUDIENCE, OLD, PEOPLE = (_set(_DATA[name]) for name in ("before_audience", "old", "people"))
YOUNG, GROUP = _set(_DATA["young"]), _set(_DATA["group"])
COUNTRIES = tuple(_DATA["countries"].split())
DIALECT = {fold(word): _mark(values) for values, words in _DATA["dialect_times"].items() for word in words.split()}
"""Words for times that are German somewhere only."""
