"""Glossary: the German words for what somebody types in English, Turkish, Arabic, Russian or Ukrainian. Pure.

It holds some two hundred things that offers are about (`glossary.yaml`, own work). No word in it is a German one, so
that nothing changes for who searches in German; what is one too stands there with the words beside it ("plant trees").
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from fediverse_ehrenamt.language.folding import fold, is_latin, words

LANGUAGES = ("en", "tr", "ar", "ru", "uk")
_ANY_ENDING = "*"
_ARABIC = ("وال", "بال", "لل", "ال", "و", "ب", "ل")  # "and the", "with the", "for the", "the", "and", "with", "for"
_SHORTEST_ARABIC = 2  # letters of a word behind these


@dataclass(frozen=True, slots=True)
class Entry:
    """German words and phrases for a word; `idle` where a search with other words does without it."""

    german: tuple[str, ...]
    idle: bool = False


@dataclass(frozen=True, slots=True)
class _Glossary:
    whole: dict[str, Entry]
    beginnings: dict[str, Entry]
    phrases: dict[str, list[tuple[tuple[str, ...], Entry]]]  # by the first letters of the first word


_LETTERS = 2  # by which phrases are looked up


def find(word: str) -> Entry | None:
    """Return the entry of a word as it was typed, None for one that is not here; a word of the whole counts first."""
    return next(filter(None, map(_look_up, _forms(fold(word)))), None)


def find_phrase(typed: Sequence[str]) -> tuple[int, Entry] | None:
    """Return how many of some words, the first and those behind it, have an entry together, and that; else None."""
    forms = [tuple(_forms(fold(word))) for word in typed[: _longest()]]
    fitting = [
        (len(phrase), entry)
        for first in (forms[0] if forms else ())
        for phrase, entry in _glossary().phrases.get(first[:_LETTERS], ())
        if len(phrase) <= len(forms) and all(map(_fits, phrase, forms))
    ]
    return max(fitting, key=lambda one: one[0], default=None)


def _fits(known: str, forms: tuple[str, ...]) -> bool:
    if known.endswith(_ANY_ENDING):
        return any(form.startswith(known.removesuffix(_ANY_ENDING)) for form in forms)
    return known in forms


@cache
def _longest() -> int:
    return max(len(phrase) for some in _glossary().phrases.values() for phrase, _entry in some)


def says_nothing(word: str) -> bool:
    """Say whether a search that has other words does without this one."""
    entry = find(word)
    return entry is not None and entry.idle


def is_foreign(text: str) -> bool:
    """Say whether a text has a word that is here, or one in other letters than Latin ones."""
    typed = words(text)
    if any(find_phrase(typed[at:]) for at in range(len(typed))):
        return True
    found = ((word, find(word)) for word in typed)
    return any((entry is not None and not entry.idle) or not is_latin(fold(word)) for word, entry in found)


def _forms(folded: str) -> Iterator[str]:
    """Yield a word, and an Arabic one without what is written in one with it."""
    yield folded
    if not folded.isascii():
        for prefix in _ARABIC:
            if folded.startswith(prefix) and len(folded) - len(prefix) >= _SHORTEST_ARABIC:
                yield folded.removeprefix(prefix)


def _look_up(folded: str) -> Entry | None:
    known = _glossary()
    if folded in known.whole:
        return known.whole[folded]
    lengths = range(len(folded), 1, -1)
    return next((known.beginnings[folded[:size]] for size in lengths if folded[:size] in known.beginnings), None)


@cache
def _glossary() -> _Glossary:
    """Read the list; raises ValueError for a word that stands in two entries of one language."""
    found = _Glossary({}, {}, defaultdict(list))
    text = files("fediverse_ehrenamt.language").joinpath("glossary.yaml").read_text(encoding="utf-8")
    for row in yaml.safe_load(text):
        entry = Entry(tuple(row["de"]), row.get("idle", False))
        for language in LANGUAGES:
            for word in row.get(language, ()):
                _add(found, word, entry)
    return found


def _add(found: _Glossary, word: str, entry: Entry) -> None:
    """Add a word or a phrase, of which each word may have any ending."""
    if " " in word:
        phrase = tuple(fold(one) for one in word.split())
        found.phrases[phrase[0][:_LETTERS]].append((phrase, entry))
        return
    table = found.beginnings if word.endswith(_ANY_ENDING) else found.whole
    key = fold(word.removesuffix(_ANY_ENDING))
    if table.setdefault(key, entry).german != entry.german:
        raise ValueError(f"glossary.yaml has {word} in two entries")
