"""Everyday questions: "kurzfristig samstags in Haspe mit Kindern" → the filters they mean, and the words that are left.

Nothing is guessed silently: each Part says what was understood and by which words, so that a page can show it
("verstanden als: Samstag · Kinder") and a person can take it back. What is less sure than `LEAST_SURE` stays text.

The filters by their URL names: `ort` (as written), `umkreis` (km, as said), `von` and `bis` (ISO dates), `bereich`,
`zielgruppe`, `geeignet`, `deutsch`, `barrierefrei`, `dauer` (slugs of domain.md C3), `stadtteil`
("Hagen-Haspe"), `zeit` ("sa", "abends", "sa-abends"; several mean "or"), `aufwand` ("2-woche" at most two hours a week,
"ab-5-monat" at least five a month, "woche" or "monat" once in it, "einmalig"), `online`, `kurzfristig` ("ja"),
`sprache` (BCP 47), `alter` (years of the person who asks), `fuehrungszeugnis` ("nein": none is wanted), `gruppe`
(people). Where one is set twice the first counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.language import lexicon
from fediverse_ehrenamt.language.questions import DENYING
from fediverse_ehrenamt.understanding import (
    question_circumstances,
    question_dates,
    question_denials,
    question_durations,
    question_lexicon,
    question_marks,
    question_people,
    question_places,
    question_text,
    question_times,
)  # fmt: skip
from fediverse_ehrenamt.understanding.asking import LONGEST_QUESTION, Asked, Part
from fediverse_ehrenamt.understanding.lexicon import DAYS, PARTS
from fediverse_ehrenamt.understanding.marks import fold

LEAST_SURE = 0.7
_LIKELY = 0.85
_MANY = frozenset(
    ["zeit", "bereich", "zielgruppe", "ohne", "geeignet", "barrierefrei", "sprache", "stadtteil"]
)  # with "or" within
_SAYS_ITSELF = frozenset(["zeit", "ohne"])  # filters whose readers know "nicht"
_FROM_HOME, _ON_SITE = (("online", "ja"),), (("online", "nein"),)
_TO_A_DAYPART = frozenset(["in", "the", "on", "am", "gunleri", "gunu"])
_GERMAN = "deutsch"
_SOON_DAYS = 6  # as far as "kurzfristig" reaches
_NOT = frozenset(["not", "no", "не", "ليس"])  # before people in other languages


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the parts of it that are understood, and its other words as the text to search for."""

    asked: str
    parts: tuple[Part, ...]
    text: str

    @property
    def tells(self) -> bool:
        """Whether somebody tells of circumstances that are not searched for, even where no part is understood."""
        return bool(question_circumstances.spans(self.asked[:LONGEST_QUESTION]))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the URL parameters of text and parts, in the order of the words."""
        return ((("q", self.text),) if self.text else ()) + tuple(pair for part in self.parts for pair in part.pairs)

    def without(self, part: Part) -> "Question":
        """Return this question with one part taken back: its words are text again."""
        parts = tuple(one for one in self.parts if one != part)
        return replace(self, parts=parts, text=question_text.text(Asked(self.asked), parts))


def understand(text: str, today: date) -> Question:
    """Understand a question in everyday German as of a day in Germany. Never raises; quoted words are always text."""
    asked = Asked(text)
    question_text.set_aside(asked)
    found = [part for part in _parts(asked, today) if part.sure >= LEAST_SURE and _is_wanted(asked, part)]
    tied = question_text.untied(asked, _later(_crossed(asked, _unique(found)), today))
    parts = tuple(sorted([*tied, *question_text.choices(asked, tied)], key=lambda part: part.spans[0]))
    return Question(text, parts, question_text.text(asked, parts))


def _parts(asked: Asked, today: date) -> Iterator[Part]:
    yield from question_people.groups(asked)
    yield from question_denials.wanted_not(asked)
    yield from _phrases(asked)
    yield from question_dates.read(asked, today)
    foreign = question_marks.foreign(asked)
    yield from question_durations.read(asked)
    yield from question_places.read(asked)
    yield from question_people.ages(asked)
    yield from question_times.read(asked, foreign)
    yield from question_people.audiences(asked)
    yield from question_denials.things(asked)


def _is_wanted(asked: Asked, part: Part) -> bool:
    """Say whether no "nicht" or the like stands before a part: what is not wanted stays words."""
    first, behind = asked.between(0, min(start for start, _ in part.spans))
    denied = first < behind and asked.words[behind - 1].key in DENYING
    return not denied or part.denied or part.filter in _SAYS_ITSELF


def _unique(parts: list[Part]) -> list[Part]:
    """Leave out a second value of a filter that has one; what says the same twice is one part."""
    found: dict[tuple[tuple[str, str], ...], Part] = {}
    seen: set[str] = set()
    for part in parts:
        names = {name for name, _ in part.pairs}
        if names and part.pairs in found:
            same = found[part.pairs]
            found[part.pairs] = replace(same, spans=tuple(sorted((*same.spans, *part.spans))))
        elif not names or not names <= seen - _MANY:
            found[part.pairs or (("", str(part.spans)),)] = part
            seen |= names
    return list(found.values())


def _crossed(asked: Asked, parts: list[Part]) -> list[Part]:
    """Put a day and a daypart that follow each other together: "Saturday morning" is no whole Saturday."""
    left = sorted(parts, key=lambda part: part.spans[0])
    for one, other in pairwise(list(left)):
        days, dayparts = (tuple(value for name, value in part.pairs if name == "zeit") for part in (one, other))
        if days and dayparts and days[0] in PARTS:
            days, dayparts = dayparts, days
        if {*days} <= {*DAYS} and {*dayparts} <= {*PARTS} and days and dayparts and _adjoin(asked, one, other):
            left[left.index(one)] = replace(
                one,
                pairs=tuple(("zeit", f"{day}-{part}") for day in days for part in dayparts),
                label=question_times.label(days, dayparts),
                spans=(*one.spans, *other.spans),
            )
            left.remove(other)
    return left


def _later(parts: list[Part], today: date) -> list[Part]:
    """Take "kurzfristig" for a part of a date that is farther away than it reaches, or nothing would be found."""
    soon = next((part for part in parts if part.filter == "kurzfristig"), None)
    after = (today + timedelta(days=_SOON_DAYS)).isoformat()
    dated = next(
        (part for part in parts if part.pairs and part.pairs[0][0] == "von" and part.pairs[0][1] > after), None
    )
    if soon is None or dated is None:
        return parts
    whole = replace(dated, spans=tuple(sorted((*dated.spans, *soon.spans))))
    return [whole if part is dated else part for part in parts if part is not soon]


def _adjoin(asked: Asked, one: Part, other: Part) -> bool:
    """Say whether nothing stands between two parts, or only what leads from a day to its daypart."""
    between = asked.text[one.spans[-1][1] : other.spans[0][0]]
    return {fold(word) for word in between.split()} <= _TO_A_DAYPART


def _phrases(asked: Asked) -> Iterator[Part]:
    """Find fixed phrases, the longest first: "von zu Hause", "ohne Führungszeugnis", "auf Türkisch"."""
    at = 0
    while at < len(asked.words):
        keys = asked.keys(at, question_lexicon.LONGEST_PHRASE)
        lengths = (length for length in range(len(keys), 0, -1) if keys[:length] in question_lexicon.PHRASES)
        length = next(lengths, 0)
        entry = question_lexicon.PHRASES[keys[:length]] if length else None
        if entry and not any(word.key in entry.unless for word in asked.words):
            pairs = tuple((entry.name, value) for value in entry.values)
            if entry.name == "zielgruppe" and at and asked.key(at - 1) in _NOT:
                span = (asked.take(at - 1, at + length),)
                pairs = tuple(("ohne", value) for value in entry.values)
                yield Part(pairs, sentence("ohne: %(what)s", what=sentence(entry.label)), span, entry.sure)
                at += length
                continue
            if pairs == _FROM_HOME and at and asked.key(at - 1) in DENYING:
                yield Part(
                    _ON_SITE, sentence("nur vor Ort"), (asked.take(at - 1, at + length),), entry.sure, denied=True
                )
            else:
                part = Part(pairs, entry.label, (asked.take(at, at + length),), entry.sure, entry.keeps)
                yield from _languages(asked, part, at + length) if entry.name == "sprache" else (part,)
        at += length or 1


def _languages(asked: Asked, part: Part, at: int) -> Iterator[Part]:
    """Yield a language and what else somebody speaks: "Farsi und Arabisch und Deutsch"; German needs no filter."""
    while asked.key(at) in question_people.JOINS:
        key, span = asked.key(at + 1), (at, at + 2)
        if code := question_lexicon.LANGUAGES.get(key):
            yield part
            named = asked.words[at + 1]
            label = sentence("auf %(language)s", language=asked.text[named.start : named.end].capitalize())
            part = Part((("sprache", code),), label, (asked.take(*span),), _LIKELY)
        elif key == _GERMAN and asked.key(at + 2) not in lexicon.verbs() and not _is_level(asked, at + 1):
            part = replace(part, spans=(*part.spans, asked.take(*span)))
        else:
            break
        at += 2
    yield part


def _is_level(asked: Asked, at: int) -> bool:
    """Say whether a level stands behind "Deutsch"."""
    return asked.keys(at, len(("deutsch", "b", "2"))) in question_lexicon.PHRASES
