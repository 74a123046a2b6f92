"""Lexicon: the words this program knows of German: parts of compounds, synonyms, verbs, stop words, faint ones. Pure.

All lists are own work and lie beside this file as text that people can read and amend: `parts.txt`, `synonyms.txt`,
`verbs.txt`, `stopwords.txt`, `faintwords.txt`. Their first lines say how.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fediverse_ehrenamt.language.folding import fold, undo_digraphs, words
from fediverse_ehrenamt.language.stems import APART, german

_DERIVED = (
    "ung",
    "heit",
    "keit",
    "schaft",
    "tat",
    "ion",
    "ling",
    "tum",
    "itat",
)  # take s before the next part, or none
_LIQUID = ("er", "el", "en")
_VERB_FORMS = ("e", "st", "est", "t", "et", "te", "ten")
_ADJECTIVE_FORMS = ("e", "em", "en", "er", "es")
_ENDINGS = ("", "s", "es", "e", "n", "en", "er", "ern")
SHORTEST_PART, LONGEST_PART = 3, 22  # letters of what stands before another part
_MOST_SHARED = 3  # of what is found for a word that means the same
_STRONG = 6  # letters of a head that is seen behind anything
_WEAK_ENDINGS = ("en", "ern", "eln")  # of verbs, which are in too many words by chance


@dataclass(frozen=True, slots=True)
class Parts:
    """Forms of words as they stand first or in the middle (`modifiers`), last (`heads`), and last behind a word that
    nobody listed (`strong`): folded form → stem. `lengths`: the first SHORTEST_PART letters of modifiers → how long
    those that begin so are, the shortest first, at most LONGEST_PART.
    """

    modifiers: dict[str, str]
    heads: dict[str, str]
    strong: dict[str, str]
    stems: set[str]  # of all heads
    lengths: dict[str, tuple[int, ...]]


@cache
def parts() -> Parts:
    known = Parts({}, {}, {}, set(), {})
    for word in _lines("parts.txt"):
        base = undo_digraphs(fold(word.rstrip("-")))
        stem = german(base)
        if word.endswith("-"):
            known.modifiers.setdefault(base, stem)
            continue
        known.stems.add(stem)
        for form in _modifiers(base):
            known.modifiers.setdefault(form, stem)
        for form in _heads(base):
            known.heads.setdefault(form, stem)
            if len(base) >= _STRONG and not base.endswith(_WEAK_ENDINGS):
                known.strong.setdefault(form, stem)
    known.lengths.update(_lengths(known.modifiers))
    return known


def _lengths(modifiers: Iterable[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for form in modifiers:
        if SHORTEST_PART <= len(form) <= LONGEST_PART:
            found[form[:SHORTEST_PART]].add(len(form))
    return ((beginning, tuple(sorted(lengths))) for beginning, lengths in found.items())


def _modifiers(base: str) -> Iterator[str]:
    yield base
    if base.endswith(_DERIVED) or base.endswith(_LIQUID):
        yield f"{base}s"
        if base.endswith(_LIQUID):
            yield f"{base}n"
    elif base.endswith("e"):
        yield from (f"{base}n", f"{base}ns", base[:-1], f"{base[:-1]}s")
    else:
        forms = (base + ending for ending in ("s", "es", "e", "n", "en", "er"))
        yield from (form for form in forms if form not in APART)  # a "Bürgerbus" has nothing of a "Burg"


def _heads(base: str) -> Iterator[str]:
    yield from (base + ending for ending in _ENDINGS)
    root = base.removesuffix("e")
    if base.endswith(("e", "er", "or", "ant", "ent", "ist")):
        yield from (root + ending for ending in ("in", "innen"))
    if base.endswith("um"):
        yield f"{base[:-2]}en"


@dataclass(frozen=True, slots=True)
class Synonyms:
    """`groups`: stem → name of the group that a word is in. `wider`: stems of what was typed → what is found too, each
    as the words of a phrase. `longest`: words of the longest key. `forms`: word as it is written → name of its group.
    """

    groups: dict[str, str]
    wider: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    longest: int
    forms: dict[str, str]


@cache
def synonyms() -> Synonyms:
    """Read the list; raises ValueError for a word in two groups, which would be one group then."""
    groups: dict[str, str] = {}
    forms: dict[str, str] = {}
    wider: defaultdict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for line in _lines("synonyms.txt"):
        asked, arrow, found = line.partition(" > ")
        form, exactly, meaning = line.partition(" := ")
        if exactly:
            forms[form] = groups[_one(meaning)]
            continue
        if arrow:
            wider[stems(asked)] += [tuple(words(phrase)) for phrase in found.split(",")]
            continue
        group = list(dict.fromkeys(_one(word) for word in line.split(" = ")))
        twice = groups.keys() & set(group)
        if twice:
            raise ValueError(f"synonyms.txt has {twice} in two groups, again in: {line}")
        groups |= dict.fromkeys(group, group[0])
    _share(groups, wider)
    return Synonyms(groups, {key: tuple(value) for key, value in wider.items()}, max(map(len, wider)), forms)


def _share(groups: dict[str, str], wider: defaultdict[tuple[str, ...], list[tuple[str, ...]]]) -> None:
    """Let words of a group for which nothing is listed find the first single words of what is listed for the others.

    Each takes a search time, phrases most; what is listed for a word itself is enough.
    """
    shared: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for stem, name in groups.items():
        shared[name] += [phrase for phrase in wider.get((stem,), ()) if len(phrase) == 1]
    for stem, name in groups.items():
        if shared[name] and (stem,) not in wider:
            wider[(stem,)] = list(dict.fromkeys(shared[name]))[:_MOST_SHARED]


@cache
def found_stems() -> frozenset[str]:
    """Return the stems of all words that are found for others."""
    phrases = (phrase for found in synonyms().wider.values() for phrase in found)
    return frozenset(stem for phrase in phrases for stem in stems(" ".join(phrase)))


def stems(phrase: str) -> tuple[str, ...]:
    """Return the stems of the words of a phrase."""
    return tuple(german(fold(word)) for word in words(phrase))


def _one(word: str) -> str:
    found = stems(word)
    if len(found) != 1:
        raise ValueError(f"synonyms.txt: {word} is not one word; only a line with > can have more")
    return found[0]


@cache
def vocabulary() -> dict[str, str]:
    """Return all nouns and synonyms that are known, in their first form: folded → as it is written in the lists."""
    listed = [word.rstrip("-") for word in _lines("parts.txt")]
    listed += [word for line in _lines("synonyms.txt") for word in words(line)]
    return {fold(word): word for word in reversed(listed)}


@cache
def faint_words() -> frozenset[str]:
    """Return the words that nearly every offer could have, folded: they only make better what has the others."""
    return frozenset(fold(form) for line in _lines("faintwords.txt") for form in _forms(line))


def _forms(line: str) -> Iterator[str]:
    """Yield the words of a line of `faintwords.txt`, those that are verbs or adjectives in their regular forms."""
    kind, colon, listed = line.partition(": ")
    for word in (listed if colon else line).split():
        yield word
        yield from (word.removesuffix("en") + ending for ending in _VERB_FORMS if kind == "verbs")
        yield from (word + ending for ending in _ADJECTIVE_FORMS if kind == "adjectives")


@cache
def verbs() -> tuple[str, ...]:
    """Return infinitives, folded: a word that ends with one of them says what somebody wants to do."""
    return tuple(fold(word) for line in _lines("verbs.txt") for word in line.split())


@cache
def stop_words() -> frozenset[str]:
    """Return the words that a search does without, folded."""
    return frozenset(fold(word) for line in _lines("stopwords.txt") for word in line.split())


def _lines(name: str) -> Iterator[str]:
    text = files("fediverse_ehrenamt.language").joinpath(name).read_text(encoding="utf-8")
    return (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
