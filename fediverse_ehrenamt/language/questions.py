"""Wishes: what somebody typed, as the terms that have to occur and those that make a better match. Pure.

Everything typed has to occur in one of its ways; words without meaning of their own ("ich", "mit", "für") are left out
unless nothing else was typed, and those that mean little here ("helfen", "mitmachen") only make a match better. What
stands in quotes has to occur as it was typed, but for its inflection.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, product

from fediverse_ehrenamt.language import alternatives, glossary, lexicon, stems
from fediverse_ehrenamt.language.alternatives import Run
from fediverse_ehrenamt.language.analysis import FOREIGN, PART, Analyser, scripts
from fediverse_ehrenamt.language.folding import MAX_WORD, chunks, fold, is_latin, words

MAX_WISHES = 12
MAX_WAYS = 24
QUOTED = re.compile(r"[\"„“”»«]([^\"„“”»«]{1,120})[\"“”„«»]")
DENYING = frozenset(
    ["nicht", "nichts", "nix", "kein", "keine", "keinen", "keinem", "keiner", "ausser", "ohne", "statt", "weder", "nie",
     "nich", "ned", "net", "nit", "keen", "keene", "koa", "koane", "kei",
     "nuscht", "nischt", "koi", "koine"]
)  # fmt: skip
_RESUMING = frozenset(
    ["lieber", "sondern", "stattdessen", "dafur", "eher", "aber", "doch", "nur"]
)  # behind what is not wanted: what is
_OF_NOUNS = frozenset(["kein", "keine", "keinen", "keinem", "keiner", "ohne", "keen", "keene", "koa", "koane"])
_BETWEEN = frozenset(["mit", "auf", "an", "bei", "im", "in", "zu", "gern", "gerne", "so", "unbedingt", "lust", "bock"])
_OWNERS = frozenset(
    ["habe", "hab", "haben", "hat", "menschen", "leute", "leuten", "paare", "paar", "personen", "kinder", "kindern",
     "familien", "frauen", "manner", "jugendliche", "jugendlichen", "warum", "wir", "ich"]
)  # fmt: skip
_CLAUSES = re.compile(r"[,;.!?:()]|\b(?:und|oder)\b", re.IGNORECASE)
_EXACT, _SAME, _KNOWN, _COMPOUND, _STRANGE, _WIDER = 1.0, 0.5, 0.5, 0.4, 0.7, 0.25  # what each way counts
_TRANSLATED = 0.8
# Heads that say nothing of what is done: who asks for a "Müllsammelaktion" wants to collect.
_EMPTY_HEADS = frozenset(
    f"{PART}{head}" for head in ["aktion", "einsatz", "projekt", "tag", "team", "treff", "veranstalt"]
)
_FAINT_WAYS = 1  # of a faint word: what else it may mean is no reason to stand higher
_PAIR = 2
_SHORT_NUMBER = 2  # digits: in a question how old a child is, or how many come along; else what has that number
_QUESTION, _LONG_QUESTION = 4, 8  # words


@dataclass(frozen=True, slots=True)
class Way:
    """Terms that have to occur together; `near` each other (within a few words), in a `row`, or anywhere.

    `weight` is 0 to 1.
    """

    terms: tuple[str, ...]
    weight: float
    near: bool = False
    row: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A word that was typed, or some words with one meaning: one of the `ways` must occur, `better` ones count more."""

    typed: str
    ways: tuple[Way, ...]
    better: tuple[Way, ...] = ()


def read(analyser: Analyser, text: str, languages: Sequence[str] = ()) -> tuple[Wish, ...]:
    """Return the wishes in a text, up to MAX_WISHES; `languages` are those that documents beside German are in."""
    quoted = [_literally(analyser, phrase) for phrase in QUOTED.findall(text) if words(phrase)]
    typed = words(alternatives.written_out(QUOTED.sub(" ", text) if quoted else text))
    if not alternatives.say_nothing(typed, [analyser.stem(word) for word in typed]):
        found = quoted + _wanted(analyser, typed, languages)
    else:
        found = quoted or [_wish(analyser, word, languages) for word in typed]
    distinct = {wish.ways: wish for wish in found if wish.ways}
    lost = partial(_is_lost, analyser) if _tells_more(text, typed) else lambda _wish: False
    return _without_faint(tuple(distinct.values()), lost, is_question=len(typed) >= _QUESTION)[:MAX_WISHES]


def _tells_more(text: str, typed: Sequence[str]) -> bool:
    """Say whether nobody may expect that all words occur: of a long question, and in German of another language."""
    return len(typed) >= _LONG_QUESTION or glossary.is_foreign(text)


def _is_lost(analyser: Analyser, wish: Wish) -> bool:
    """Say whether a wish is a word that no list of ours has in any form, so that it may be said in many others."""
    word = wish.typed
    return not (
        QUOTED.fullmatch(word)
        or len(words(word)) > 1
        or analyser.part(word)
        or analyser.split(word).parts
        or glossary.find(word)
        or (analyser.stem(word),) in lexicon.synonyms().wider
        or analyser.stem(word) in lexicon.found_stems()
    )


def unquoted(text: str) -> str:
    """Return a text without its quotes, for what answers it nearly."""
    return QUOTED.sub(r" \1 ", text)


def affirmed(text: str) -> str:
    """Return the words of a text without those that say what is not wanted: from "nicht" on, up to "lieber"."""
    wanted, found = True, []
    for word in words(text):
        wanted = fold(word) not in DENYING and (wanted or fold(word) in _RESUMING)
        if wanted:
            found.append(word)
    return " ".join(found)


def denied(text: str) -> tuple[str, ...]:
    """Return the things that a text denies by name: "Hunde" of "was mit Tieren, aber keine Hunde".

    Who tells of people without something, or of what they themselves have not, denies no wish.
    """
    found: list[str] = []
    for clause in _CLAUSES.split(text):
        typed = words(clause)
        keys = [fold(word) for word in typed]
        for at, key in enumerate(keys):
            behind = at + 1
            while key in DENYING and behind < len(keys) and keys[behind] in _BETWEEN:
                behind += 1
            is_wish = at == 0 or keys[at - 1] not in _OWNERS
            is_named = key in _OF_NOUNS or behind > at + 1
            if key in DENYING and is_named and is_wish and behind < len(keys) and not _says_nothing(typed[behind]):
                found.append(typed[behind])
    return tuple(dict.fromkeys(found))


def _says_nothing(word: str) -> bool:
    return alternatives.says_nothing(word) or _says_little(word)


def _literally(analyser: Analyser, phrase: str) -> Wish:
    """Return what stands in quotes: a word by its stem, words by all their terms, as they lie side by side."""
    terms = analyser.terms(chunks(phrase)).split() if len(words(phrase)) > 1 else [analyser.stem(words(phrase)[0])]
    return Wish(f'"{phrase}"', (Way(tuple(terms), _EXACT, row=len(terms) > 1),) if any(terms) else ())


def _without_faint(wishes: tuple[Wish, ...], is_lost: Callable[[Wish], bool], *, is_question: bool) -> tuple[Wish, ...]:
    """Return the wishes but those that nearly every offer fulfils, or that need not be said by the word for it.

    With these the last of the others is better.
    """
    faint = [
        wish
        for wish in wishes
        if _says_little(wish.typed) or (is_question and _is_short_number(wish.typed)) or is_lost(wish)
    ]
    strong = [wish for wish in wishes if wish not in faint]
    if not faint or not strong:
        return wishes
    better = tuple(way for wish in faint for way in wish.ways[:_FAINT_WAYS])
    return (*strong[:-1], replace(strong[-1], better=(*strong[-1].better, *better)))


def _says_little(word: str) -> bool:
    return fold(word) in lexicon.faint_words()


def _is_short_number(word: str) -> bool:
    return word.isdecimal() and len(word) <= _SHORT_NUMBER


def _wanted(analyser: Analyser, typed: list[str], languages: Sequence[str]) -> list[Wish]:
    """Return what has to occur: each run of words, of alternatives one.

    One of "Vorlesen" and "Hausaufgaben betreuen" is wanted where both "Vorlesen or Hausaufgaben" and "Vorlesen or
    betreuen" are: so each wish is met by one way, whoever looks.
    """
    keys = [analyser.stem(word) for word in typed]
    runs = alternatives.runs(typed, keys)
    wishes: list[Wish] = []
    for group in alternatives.groups(runs):
        halves = [[_run(analyser, typed, keys, runs[number], languages) for number in one] for one in group]
        wishes += map(_either, islice(product(*halves), MAX_WISHES - len(wishes)))
    return wishes


def _run(analyser: Analyser, typed: list[str], keys: list[str], run: Run, languages: Sequence[str]) -> Wish:
    words_of_it = typed[run.first : run.behind]
    if run.size == 1:
        return _wish(analyser, words_of_it[0], languages)
    wider = lexicon.synonyms().wider.get(tuple(keys[run.first : run.behind]))
    foreign = glossary.find_phrase(words_of_it) if wider is None else None
    if foreign:
        return Wish(" ".join(words_of_it), _distinct([*_germanised(analyser, foreign[1])]))
    return _phrase(analyser, words_of_it, wider or ())


def _either(wishes: Sequence[Wish]) -> Wish:
    """Return what somebody wants who has typed "one oder other": the best ways of all of them."""
    if len(wishes) == 1:
        return wishes[0]
    ways = sorted((way for wish in wishes for way in wish.ways), key=lambda way: -way.weight)
    better = tuple(way for wish in wishes for way in wish.better)
    return Wish(" oder ".join(wish.typed for wish in wishes), _distinct(ways), better)


def _phrase(analyser: Analyser, run: list[str], wider: tuple[tuple[str, ...], ...]) -> Wish:
    itself = (
        [] if all(map(alternatives.says_nothing, run)) else _itself(analyser, run, _EXACT)
    )  # "keinen haben" is said by many
    ways = [*itself, *_wider(analyser, wider)]
    return Wish(" ".join(run), _distinct(ways))


def _wish(analyser: Analyser, word: str, languages: Sequence[str]) -> Wish:
    """Return the ways of one word: as a noun, as a compound, in other languages, by what is wider.

    A Document with the word itself has the terms of its first ways too, so that the word only makes it better.
    """
    stem, group, part, split = analyser.stem(word), analyser.group(word), analyser.part(word), analyser.split(word)
    whole = not split.stranger and len(split.parts) == _PAIR  # both parts stand beside the word wherever it stands
    ways = [Way((part,), _KNOWN)] if part else [] if whole else [Way((stem,), _EXACT)]
    ways += _of_compound(analyser, split.parts, split.stranger)
    if not part:
        ways += _foreign(word, stem, languages)
        ways += _translated(analyser, word)
    elif languages:  # a German word is meant in German, but stands in texts of other languages as it is written
        ways.append(Way((stem,), _WIDER))
    ways += _wider(analyser, lexicon.synonyms().wider.get((stem,), ()))
    better = [Way((stem,), _EXACT), *([Way((group,), _SAME)] if group else [])] if part else []
    better += [Way((stem,), _EXACT)] if whole and not part else []
    return Wish(word, _distinct(ways), tuple(better))


def _distinct(ways: list[Way]) -> tuple[Way, ...]:
    return tuple({way.terms: way for way in reversed(ways)}.values())[::-1][:MAX_WAYS]


def _of_compound(analyser: Analyser, parts: tuple[str, ...], stranger: str) -> Iterator[Way]:
    if stranger:
        yield Way((analyser.stem(stranger), *parts), _COMPOUND, near=True)
    elif len(parts) == _PAIR:
        yield Way(parts, _COMPOUND, near=True)
    elif parts:
        yield Way(tuple(dict.fromkeys(parts)), _COMPOUND)
        if parts[-1] in _EMPTY_HEADS:
            yield Way(parts[:-1], _WIDER, near=True)


def _wider(analyser: Analyser, phrases: tuple[tuple[str, ...], ...]) -> Iterator[Way]:
    for phrase in phrases:
        yield from _itself(analyser, phrase, _WIDER)


def _itself(analyser: Analyser, phrase: Sequence[str], weight: float) -> Iterator[Way]:
    """Return the words of a phrase near each other; a single one may be a part of another word only if it is a noun."""
    meant = [word for word in phrase if fold(word) not in lexicon.stop_words()] or list(phrase)
    terms = tuple(dict.fromkeys(analyser.part(word) or analyser.stem(word) for word in meant))
    yield Way(terms, weight, near=len(terms) > 1)


def _translated(analyser: Analyser, word: str) -> Iterator[Way]:
    """Return the ways of the German words for a word of another language, those that mean it most exactly first."""
    entry = glossary.find(word)
    if entry is not None:
        yield from _germanised(analyser, entry)


def _germanised(analyser: Analyser, entry: glossary.Entry) -> Iterator[Way]:
    for phrase in entry.german:
        several = words(phrase)
        found = _wish(analyser, phrase, ()) if len(several) == 1 else None
        ways = (*found.better, *found.ways) if found else _itself(analyser, several, _EXACT)
        yield from (replace(way, weight=_TRANSLATED * way.weight) for way in ways)


def _foreign(word: str, stem: str, languages: Sequence[str]) -> Iterator[Way]:
    if not is_latin(stem):
        yield from (Way((term,), _STRANGE) for term in scripts(word))
    for language in languages:
        if language in stems.LANGUAGES:
            yield Way((f"{stems.other(word[:MAX_WORD], language)}{FOREIGN}{language}",), _STRANGE)
