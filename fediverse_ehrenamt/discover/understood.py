"""A question as somebody types it becomes the search that it means, and the page says how it was understood. Pure.

It is read once, when it is typed: its page is the search with the filters that it means, each of which goes away as any
other does. `gefragt` in the URL keeps the words that were typed; with `wortlaut` they are searched for as they are.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fediverse_ehrenamt.search.filters import BY_NAME, RADII_KM, THIS_WEEK
from fediverse_ehrenamt.search.query import beginning
from fediverse_ehrenamt.understanding import questions
from fediverse_ehrenamt.understanding.asking import Part
from fediverse_ehrenamt.understanding.questions import Question

ASKED, LITERALLY = "gefragt", "wortlaut"
YES = "ja"
_TEXT, _PAGE, _RADIUS, _SOON = "q", "seite", "umkreis", "kurzfristig"
_HASHTAG, _WORD = "#", re.compile(r"[^\W\d_]{3}")
_SPOKEN = "sprache"
_ALIASES = {_SPOKEN: "sprachen"}
_ALONE = frozenset({"ort", "zeit", "von", "bis", "kurzfristig", "online", "alter"})  # what one word alone can ask for
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was understood as: the label of each part, and the search with its words as words again.

    `filters` are all that the parts set, `literally` is the search for the words as they were typed. `tongues` are the
    languages (BCP 47) that somebody speaks, by the labels of their parts. Where no filter is understood, the
    words that are searched for are the one part.
    """

    parts: tuple[tuple[str, Pairs], ...]
    filters: frozenset[tuple[str, str]]
    literally: Pairs
    tongues: Mapping[str, str]


def meant(typed: Iterable[tuple[str, str]], today: date) -> Pairs | None:
    """Return the parameters of the search that typed words mean, None where they mean only themselves.

    What somebody tells beside their wish is not searched for, even where no filter is understood.

    Filters that can have one value are set by what was typed last: the words. Others get what was asked for beside what
    was chosen before.
    """
    given = tuple((name, value) for name, value in typed if value.strip())
    names = {name for name, _value in given}
    text = next((beginning(value) for name, value in given if name == _TEXT), "")
    if not text or text.startswith(_HASHTAG) or names & {ASKED, LITERALLY}:
        return None
    question = _read(text, today)
    if not question.parts and not _is_shorter(question):
        return None
    return (*_merged(given, question), (ASKED, text))


def understood(typed: Iterable[tuple[str, str]], today: date) -> Understood | None:
    """Return what to say of a search that `meant` returned; None where nothing of a question is left in it."""
    given = tuple((name, value) for name, value in typed if name != _PAGE)
    asked = next((beginning(value) for name, value in given if name == ASKED), "")
    if not asked:
        return None
    question = _read(asked, today)
    kept = tuple(part for part in question.parts if _is_left(part, given))
    words = (_TEXT, question.text)
    if not kept and not (_is_shorter(question) and words in given):
        return None
    parts = tuple((part.label, _taken_back(given, question, kept, part)) for part in kept)
    filters = frozenset(pair for part in kept for pair in _pairs(part))
    others = tuple(pair for pair in given if pair not in filters and pair[0] not in {_TEXT, ASKED})
    literally = ((_TEXT, asked), *others, (LITERALLY, YES))
    if not kept:
        return Understood(((f"„{question.text}“", literally),), frozenset([words]), literally, {})
    tongues = {part.label: part.pairs[0][1] for part in kept if part.filter == _SPOKEN}
    return Understood(parts, filters, literally, tongues)


def _read(text: str, today: date) -> Question:
    """Return the question with those parts only that set filters, and nothing that its words say better themselves.

    Where words stay in the text beside a filter, the filter could only take away what they find.
    """
    question = questions.understand(text, today)
    for part in question.parts:
        alone = len(question.parts) == 1 and not question.text and " " not in text
        is_said = part.either or (not part.keeps and (part.denied or _is_usable(part)))
        if not is_said or (alone and part.filter not in _ALONE):
            question = question.without(part)
    return question


def _is_shorter(question: Question) -> bool:
    """Say whether words are left to search for where some only tell of who asks."""
    return question.tells and question.text != " ".join(question.asked.split()) and bool(_WORD.search(question.text))


def _is_left(part: Part, given: Pairs) -> bool:
    """Say whether a search still has what a part means."""
    return any(name == _TEXT for name, _value in given) if part.either else set(_pairs(part)) <= set(given)


def _is_usable(part: Part) -> bool:
    pairs = _pairs(part)
    return bool(pairs) and all(name in BY_NAME and _reads(name, value) for name, value in pairs)


def _reads(name: str, value: str) -> bool:
    item = BY_NAME[name]
    return item.widget in {"place", "date"} or item.reads(value)


def _pairs(part: Part) -> Pairs:
    return tuple((_ALIASES.get(name, name), _fitting(name, value)) for name, value in part.pairs)


def _fitting(name: str, value: str) -> str:
    """Return a value as the search has it: its soonest days, and a radius within its bounds."""
    if name == _SOON and value == YES:
        return THIS_WEEK
    if name != _RADIUS or not value.isdigit():
        return value
    return str(min(max(int(value), RADII_KM[0]), RADII_KM[-1]))


def _merged(given: Pairs, question: Question) -> Pairs:
    asked = tuple(pair for part in question.parts for pair in _pairs(part))
    single = {name for name, _value in asked if not BY_NAME[name].multiple}
    single |= {_RADIUS} if "ort" in single else set()
    kept = (pair for pair in given if pair[0] not in {_TEXT, _PAGE} | single)
    text = ((_TEXT, question.text),) if _WORD.search(question.text) else ()  # "ab 14" says nothing alone
    return tuple(dict.fromkeys((*text, *kept, *asked)))


def _taken_back(given: Pairs, question: Question, kept: tuple[Part, ...], part: Part) -> Pairs:
    """Return the search without a part, its words in the text again, the other parts as filters."""
    others = {pair for other in kept if other != part for pair in _pairs(other)}
    gone = set(_pairs(part)) - others
    rest = (pair for pair in given if pair not in gone and pair[0] not in {_TEXT, ASKED, LITERALLY})
    text = question.without(part).text
    return ((_TEXT, text), *rest, (LITERALLY, YES)) if text else (*rest, (LITERALLY, YES))
