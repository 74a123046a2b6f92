"""What is searched for in the words of a question that no part took hold of, and alternatives among them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.language import alternatives, folding, lexicon
from fediverse_ehrenamt.understanding import question_circumstances, question_lexicon
from fediverse_ehrenamt.understanding.asking import LONGEST_QUESTION, Asked, Part

_SURE = 0.95
_COMMA, _OR = ",", "oder"
_WITHIN = ("", "-", "/", "_", "’", "'")
_YEARS = frozenset(["jahr", "jahre", "jahren"])


def text(asked: Asked, parts: Sequence[Part]) -> str:
    """Return the words of which no part took hold, in their order, without those that say nothing.

    Where that leaves nothing and nothing is understood either, the question itself is the text.
    """
    hidden, found = _hidden(asked, parts), []
    phrased = _phrased(asked, hidden) if parts else frozenset()
    either = [span for part in parts if part.either for span in part.spans]
    end = -1  # of what stands before, in one word with what follows: "Repair-Café"
    for number, word in enumerate(asked.words):
        if any(start < word.start < behind for start, behind in either) and _joins(asked, number):
            found.append(_OR)
            end = -1
        elif not hidden[number] and (number in phrased or _says(asked, number)):
            between = asked.text[end : word.start] if found and end >= 0 else " "
            if len(between) <= 1 and between in _WITHIN:
                found[-1] += between + asked.text[word.start : word.end]
            else:
                found.append(asked.text[word.start : word.end])
            end = word.end
    left = " ".join([*found, *asked.text[LONGEST_QUESTION:].split()])
    if any(part.filter for part in parts) and not any(asked.quoted) and _says_little(left.split()):
        return ""  # "als Rentner um Kinder kümmern": what is understood says all
    return left if left or parts else " ".join(asked.text.split())


def set_aside(asked: Asked) -> None:
    """Let nothing be read from what people tell beside their wish: "wenn die Kinder in der Schule sind".

    How old a child is may be read.
    """
    for start, end in question_circumstances.spans(asked.text[:LONGEST_QUESTION]):
        first, behind = asked.between(start, end)
        if not asked.text.startswith("(", start) and not any(asked.quoted[first:behind]):
            asked.take(first, behind)


def choices(asked: Asked, parts: Sequence[Part]) -> Iterator[Part]:
    """Find alternatives among the words that are left: "Vorlesen oder Hausaufgaben betreuen"."""
    hidden = _hidden(asked, parts)
    for first, behind in _stretches(asked, hidden):
        said = [number for number in range(first, behind) if _says(asked, number) or _joins(asked, number)]
        words = [_OR if _joins(asked, at) else asked.text[asked.words[at].start : asked.words[at].end] for at in said]
        runs = alternatives.runs(words, [" ".join(lexicon.stems(word)) for word in words])
        for group in alternatives.groups(runs):
            if group[1:]:
                start, last = said[runs[group[0][0]].first], said[runs[group[-1][-1]].behind - 1]
                span = asked.words[start].start, asked.words[last].end
                label = sentence("eins genügt: %(what)s", what=asked.text[slice(*span)])
                yield Part((), label, (span,), _SURE, keeps=True, either=True)


def untied(asked: Asked, parts: Sequence[Part]) -> list[Part]:
    """Return the parts without those that an "oder" ties to what is no value of the same filter.

    People beside another wish are words as that is ("mit Kindern oder im Garten"). Who asks for a place finds what is
    done from home there too, so that "in Haspe oder von zu Hause" is the place.
    """
    left = list(parts)
    for one, other in _tied(asked, parts):
        for part, beside in ((one, other), (other, one)):
            if part and part.filter == "zielgruppe" and beside is None and part in left:
                left.remove(part)
            elif part and beside and (part.filter, beside.filter) == ("ort", "online") and {part, beside} <= {*left}:
                left.remove(beside)
                left[left.index(part)] = replace(part, spans=tuple(sorted((*part.spans, *beside.spans))))
    return left


def _tied(asked: Asked, parts: Sequence[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Yield what each "oder" has beside it: parts, or None for words of which none took hold."""
    for number, word in enumerate(asked.words):
        if alternatives.joins(word.key):
            before, behind = range(number - 1, -1, -1), range(number + 1, len(asked.words))
            sides = [next(filter(partial(_counts, asked, parts), side), None) for side in (before, behind)]
            held = [_holder(asked, parts, at) for at in sides if at is not None]
            if len(held) == len(sides):
                yield held[0], held[1]


def _counts(asked: Asked, parts: Sequence[Part], at: int) -> bool:
    return _says(asked, at) or _holder(asked, parts, at) is not None


def _holder(asked: Asked, parts: Sequence[Part], at: int) -> Part | None:
    """Return the part that took hold of a word."""
    start = asked.words[at].start
    held = (part for part in parts if any(first <= start < behind for first, behind in part.spans))
    return next(held, None)


def _phrased(asked: Asked, hidden: Sequence[bool]) -> frozenset[int]:
    """Return the words that mean something together, also those that say nothing alone: "habe einen Hund"."""
    found: set[int] = set()
    for first, behind in _stretches(asked, hidden):
        words = [asked.text[word.start : word.end] for word in asked.words[first:behind]]
        runs = alternatives.runs(words, [" ".join(lexicon.stems(word)) for word in words])
        found.update(number for run in runs if run.size > 1 for number in range(first + run.first, first + run.behind))
    return frozenset(found)


def _stretches(asked: Asked, hidden: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where words follow each other of which no part took hold."""
    first = 0
    for number in range(len(asked.words) + 1):
        if number == len(asked.words) or hidden[number]:
            if first < number:
                yield first, number
            first = number + 1


def _hidden(asked: Asked, parts: Sequence[Part]) -> list[bool]:
    spans = [span for part in parts if not part.keeps for span in part.spans]
    return [any(start <= word.start < end for start, end in spans) for word in asked.words]


def _joins(asked: Asked, at: int) -> bool:
    """Say whether a word stands between alternatives: "oder", or a comma in a list of words that ends with one."""
    if asked.words[at].key != _COMMA:
        return alternatives.joins(asked.words[at].key)
    return bool(alternatives.LISTED.match(asked.text, asked.words[at].start))


def _says(asked: Asked, at: int) -> bool:
    """Say whether a word says what is looked for; quoted ones do."""
    key = asked.words[at].key
    is_word = (key not in question_lexicon.STOP_WORDS or _is_piece(asked, at)) and key.isalnum()
    is_word = is_word and not (_counts_years(asked, at) or _is_circumstance(asked, at))
    return asked.quoted[at] or is_word


def _is_piece(asked: Asked, at: int) -> bool:
    """Say whether letters are a piece of a word that is written on: "i" of the Turkish "iş"."""
    around = (
        asked.text[max(0, asked.words[at].start - 1) : asked.words[at].start] + asked.text[asked.words[at].end :][:1]
    )
    return asked.words[at].key.isalpha() and any(letter.isalpha() for letter in around)


def _counts_years(asked: Asked, at: int) -> bool:
    """Say whether a word is the number of years that somebody has done something: "war 40 Jahre Lehrerin"."""
    return asked.words[at].key.isdecimal() and asked.key(at + 1) in _YEARS


def _is_circumstance(asked: Asked, at: int) -> bool:
    start = asked.words[at].start
    return any(first <= start < behind for first, behind in question_circumstances.spans(asked.text[:LONGEST_QUESTION]))


def _says_little(words: Sequence[str]) -> bool:
    """Say whether words are only those that an offer may be found without; some mean more together: "it support"."""
    if not all(alternatives.says_nothing(word) or folding.fold(word) in lexicon.faint_words() for word in words):
        return False
    keys = [" ".join(lexicon.stems(word)) for word in words]
    return all(run.size == 1 for run in alternatives.runs(words, keys))
