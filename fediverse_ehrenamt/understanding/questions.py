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

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from itertools import pairwise

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.language import lexicon
from fediverse_ehrenamt.language.questions import DENYING
from fediverse_ehrenamt.understanding import (
    amounts,
    cells,
    clock,
    question_dates,
    question_denials,
    question_durations,
    question_lexicon,
    question_people,
    question_places,
    question_text,
    rhythm,
)  # fmt: skip
from fediverse_ehrenamt.understanding.asking import LONGEST_QUESTION, Asked, Part
from fediverse_ehrenamt.understanding.lexicon import DAYS, PARTS, WAKING, WEEKEND, WORKDAYS
from fediverse_ehrenamt.understanding.lexing import lex
from fediverse_ehrenamt.understanding.marks import Mark, Marks, fold, tags
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Effort

LEAST_SURE = 0.7
_LIKELY = 0.85
_MANY = frozenset(
    ["zeit", "bereich", "zielgruppe", "ohne", "geeignet", "barrierefrei", "sprache", "stadtteil"]
)  # with "or" within
_SAYS_ITSELF = frozenset(["zeit", "ohne"])  # filters whose readers know "nicht"
_AROUND_REFUSALS = frozenset(["kann", "konnte", "habe", "hab", "haben", "ich", "wir", "bei", "mir", "uns", "da"])
_FROM_HOME, _ON_SITE = (("online", "ja"),), (("online", "nein"),)
_TO_A_DAYPART = frozenset(["in", "the", "on", "am", "gunleri", "gunu"])
_ARTICLES = frozenset(["ne", "nen", "ner"])
_FROM, _UNTIL = ("ab ", "nach ", "frühestens "), ("bis ", "vor ", "spätestens ")
_MORNING_BEGINS, _EVENING_ENDS = 6.0, 22.0
_BARE_HOUR = re.compile(r"[DPX]i?[A-]N(?=$|[,;.?|D])")
_FREE, _GERMAN = "frei", "deutsch"
_PERIOD = {"woche": sentence("einmal pro Woche"), "monat": sentence("einmal im Monat")}
_DAYS = {
    DAYS: sentence("täglich"),
    WORKDAYS: sentence("Montag bis Freitag"),
    WEEKEND: sentence("Wochenende"),
}
JOINTS = _LISTED, _LAST, _BESIDE = "%(one)s, %(other)s", "%(one)s und %(other)s", "%(one)s %(other)s"
"""How parts of a label stand together; messages like any other."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the parts of it that are understood, and its other words as the text to search for."""

    asked: str
    parts: tuple[Part, ...]
    text: str

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
    tied = question_text.untied(asked, _crossed(asked, _unique(found)))
    parts = tuple(sorted([*tied, *question_text.choices(asked, tied)], key=lambda part: part.spans[0]))
    return Question(text, parts, question_text.text(asked, parts))


def _parts(asked: Asked, today: date) -> Iterator[Part]:
    yield from question_people.groups(asked)
    yield from question_denials.wanted_not(asked)
    yield from _phrases(asked)
    yield from question_dates.read(asked, today)
    yield from question_durations.read(asked)
    yield from question_places.read(asked)
    yield from question_people.ages(asked)
    yield from _times(asked)
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
                label=_joined([_days_label(days), _joined(list(map(sentence, dayparts)))], _BESIDE),
                spans=(*one.spans, *other.spans),
            )
            left.remove(other)
    return left


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


@dataclass(frozen=True, slots=True)
class _Away:
    """Whole days, and parts of all days, at which somebody cannot."""

    days: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def label(self) -> str:
        what = (_days_label(self.days), *map(sentence, self.parts))
        return _joined([sentence("nicht %(what)s", what=one) for one in what if one])


# --- times ------------------------------------------------------------------------------------------------------------
def _times(asked: Asked) -> Iterator[Part]:
    """Find weekdays, dayparts and amounts among the words that are left."""
    free = bytearray(len(asked.text) + 1)
    for word, is_free in zip(asked.words, asked.free, strict=True):
        if is_free:
            free[word.start : word.end] = b"\x01" * (word.end - word.start)
    marks = [mark if free[mark.start] else replace(mark, tag="?") for mark in lex(asked.text[:LONGEST_QUESTION])]
    marks = _with_refusals(_with_hours(_as_spoken(marks)))
    marks = amounts.read(_open_ended(asked, clock.read(amounts.numbers(marks))))
    yield from _amount(asked, marks)
    groups, excepted = cells.groups(marks)
    away = _Away(
        tuple(day for day in DAYS if any(day in mark.days and not mark.parts for mark in excepted)),
        tuple(part for part in PARTS if any(part in mark.parts and not mark.days for mark in excepted)),
    )
    if away.parts and not groups:
        groups = [cells.Group(sure=_LIKELY)]
    for group in groups:
        used = [mark for mark in (*group.marks, *excepted) if free[mark.start]]
        part = _when(group, tuple(sorted((mark.start, mark.end) for mark in used)), away)
        if part is not None:
            _taken(asked, part.spans)
            excepted = ()  # what is excepted belongs to one part, else it could not be taken back
            yield part


def _as_spoken(marks: Marks) -> Marks:
    """Read "ne Stunde" as "eine Stunde", and "sünnavends" as a Saturday, which a listing would not write."""
    return [replace(mark, tag="V", low=1, high=1) if mark.key in _ARTICLES else _in_dialect(mark) for mark in marks]


def _in_dialect(mark: Mark) -> Mark:
    found = question_lexicon.DIALECT.get(mark.key) if mark.tag == "?" else None
    return replace(found, start=mark.start, end=mark.end) if found else mark


def _with_hours(marks: Marks) -> Marks:
    """Read "mittwochs ab 15" as "mittwochs ab 15 Uhr"; in a listing it may be an age."""
    made: Marks = []
    letters = tags(marks)
    hours = {match.end() - 1 for match in _BARE_HOUR.finditer(letters)}
    for number, mark in enumerate(marks):
        made.append(mark)
        if number in hours and _MORNING_BEGINS <= (mark.low or 0) <= _EVENING_ENDS:
            made.append(Mark(tag="U", start=mark.end, end=mark.end))
    return made


def _open_ended(asked: Asked, marks: Marks) -> Marks:
    """Read "ab 16 Uhr" up to the evening and "bis 14 Uhr" from the morning on, unless a daypart is named before.

    A listing means that it begins or ends then; somebody who asks can at any time from or until then.
    """
    made: Marks = []
    for number, mark in enumerate(marks):
        said = asked.text[mark.start : mark.end].lower()
        if mark.tag != "C" or (number and marks[number - 1].tag == "P"):
            made.append(mark)
        elif said.startswith(_FROM) and (mark.low or 0) < _EVENING_ENDS - clock.OPEN_END:
            made.append(replace(mark, high=_EVENING_ENDS))
        elif said.startswith(_UNTIL) and (mark.high or 0) > _MORNING_BEGINS + clock.OPEN_END:
            made.append(replace(mark, low=_MORNING_BEGINS))
        else:
            made.append(mark)
    return made


def _with_refusals(marks: Marks) -> Marks:
    """Read "abends kann ich nicht" and "am Wochenende habe ich keine Zeit" as "abends nicht".

    Who is "mittwochs frei" can then, where a listing would be closed.
    """
    words = [
        replace(mark, tag="i") if (mark.tag == "?" and mark.key in _AROUND_REFUSALS) or mark.key == _FREE else mark
        for mark in marks
    ]
    return [
        mark for mark, before in zip(words, (None, *words), strict=False)
        if not (mark.key == "zeit" and before is not None and before.tag == "n")
    ]  # fmt: skip


def _amount(asked: Asked, marks: Marks) -> Iterator[Part]:
    """Find how much or how often: "2 Stunden pro Woche", "einmal im Monat"."""
    readings = rhythm.read(marks, ())
    effort = rhythm.effort(readings)
    if effort is not None:
        used = readings["effort"].used
        spans = tuple((mark.start, mark.end) for mark in used)
        yield Part(
            (("aufwand", _amount_value(effort)),), _amount_label(effort), _taken(asked, spans), readings["effort"].sure
        )
        return
    often = rhythm.frequency(marks, tags(marks))
    if often is not None and often.text in _PERIOD and often.low == often.high == 1:
        spans = tuple((mark.start, mark.end) for mark in often.used if mark.tag != "V")
        yield Part((("aufwand", often.text),), _PERIOD[often.text], _taken(asked, spans), often.sure)


def _amount_value(effort: Effort) -> str:
    hours = f"ab-{effort.min_hours:g}" if effort.max_hours is None else f"{effort.max_hours:g}"
    return f"{hours}-{effort.per}" if effort.per else hours


def _amount_label(effort: Effort) -> str:
    hours = effort.min_hours if effort.max_hours is None else effort.max_hours
    said = f"{hours:g}".replace(".", ",")
    if effort.max_hours is None:
        amount = sentence("ab 1 Stunde") if hours == 1 else sentence("ab %(hours)s Stunden", hours=said)
    else:
        amount = sentence("bis 1 Stunde") if hours == 1 else sentence("bis %(hours)s Stunden", hours=said)
    return _joined([amount, sentence(labels.PER[effort.per])], _BESIDE) if effort.per else amount


def _taken(asked: Asked, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    for span in spans:
        asked.take(*asked.between(*span))
    return spans


def _when(group: cells.Group, spans: tuple[tuple[int, int], ...], away: _Away) -> Part | None:
    """Make a part of days and dayparts, None where nothing is left of them: "montags, nicht montags"."""
    days = tuple(day for day in group.days or (DAYS if away.days else ()) if day not in away.days)
    parts = tuple(part for part in group.parts or (WAKING if away.parts else ()) if part not in away.parts)
    days, parts = tuple(sorted(set(days), key=DAYS.index)), tuple(sorted(set(parts), key=PARTS.index))
    values = [f"{day}-{part}" for day in days for part in parts] or [*days, *parts]
    if not spans or not values or (group.days and not days) or (group.parts and not parts):
        return None
    named = [one for one in (_days_label(days), _joined(list(map(sentence, parts)))) if one]
    label = _joined(named, _BESIDE) if group.marks else away.label
    return Part(tuple(("zeit", value) for value in values), label, spans, min(group.sure, 0.95))


def _days_label(days: tuple[str, ...]) -> str:
    if days in _DAYS:
        return _DAYS[days]
    names = [sentence(labels.WEEKDAY[day]) for day in days]
    return _joined([one for one in (_joined(names[:-1]), *names[-1:]) if one], _LAST)


def _joined(parts: Sequence[str], pattern: str = _LISTED) -> str:
    """Put what is said together by a pattern of two, "" for nothing; each part can still be said in any language."""
    return reduce(lambda one, other: sentence(pattern, one=one, other=other), parts) if parts else ""
