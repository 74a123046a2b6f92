"""Weekdays, dayparts and amounts in everyday questions: "samstags ab 15 Uhr", "abends kann ich nicht", "2 Stunden"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.understanding import amounts, cells, clock_times, question_marks, rhythm
from fediverse_ehrenamt.understanding.asking import LONGEST_QUESTION, Asked, Part
from fediverse_ehrenamt.understanding.lexicon import DAYS, PARTS, WAKING, WEEKEND, WORKDAYS
from fediverse_ehrenamt.understanding.lexing import lex
from fediverse_ehrenamt.understanding.marks import Mark, Marks, tags
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Effort

_LIKELY = 0.85
_AROUND_REFUSALS = frozenset(["kann", "konnte", "habe", "hab", "haben", "ich", "wir", "bei", "mir", "uns", "da"])
_ARTICLES = frozenset(["ne", "nen", "ner"])
_FROM, _UNTIL = ("ab ", "nach ", "frühestens "), ("bis ", "vor ", "spätestens ")
_MORNING_BEGINS, _EVENING_ENDS = 6.0, 22.0
_BARE_HOUR = re.compile(r"[DPX]i?[A-]N(?=$|[,;.?|D])")
_FREE, _WHOLE = "frei", "ganz"
_PERIOD = {"woche": sentence("einmal pro Woche"), "monat": sentence("einmal im Monat")}
_DAYS = {
    DAYS: sentence("täglich"),
    WORKDAYS: sentence("Montag bis Freitag"),
    WEEKEND: sentence("Wochenende"),
}
JOINTS = _LISTED, _LAST, _BESIDE = "%(one)s, %(other)s", "%(one)s und %(other)s", "%(one)s %(other)s"
"""How parts of a label stand together; messages like any other."""


@dataclass(frozen=True, slots=True)
class _Away:
    """Whole days, and parts of all days, at which somebody cannot."""

    days: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def label(self) -> str:
        what = (_days_label(self.days), *map(sentence, self.parts))
        return _joined([sentence("nicht %(what)s", what=one) for one in what if one])


def read(asked: Asked, foreign: Marks) -> Iterator[Part]:
    """Find weekdays, dayparts and amounts among the words that are left; `foreign` are those of other languages."""
    free = bytearray(len(asked.text) + 1)
    for word, is_free in zip(asked.words, asked.free, strict=True):
        if is_free:
            free[word.start : word.end] = b"\x01" * (word.end - word.start)
    marks = [mark if free[mark.start] else replace(mark, tag="?") for mark in lex(asked.text[:LONGEST_QUESTION])]
    for mark in foreign:
        free[mark.start : mark.end] = b"\x01" * (mark.end - mark.start)
    marks = question_marks.told(asked, marks, foreign)
    marks = _with_refusals(_with_hours(_as_spoken(asked, marks)))
    marks = amounts.read(_open_ended(asked, clock_times.read(amounts.numbers(marks))))
    yield from _amount(asked, marks)
    groups, excepted = cells.groups(marks)
    away = _Away(
        tuple(day for day in DAYS if any(day in mark.days and not mark.parts for mark in excepted)),
        tuple(part for part in PARTS if any(part in mark.parts and not mark.days for mark in excepted)),
    )
    if any(group.parts and not group.days for group in groups) and any(
        question_marks.is_work(asked.text[mark.start : mark.end]) for mark in excepted if mark.tag == "n"
    ):
        away = _Away((), ())  # "werktags arbeite ich, habe abends Zeit": the evenings are those of all days
    if away.parts and not groups:
        groups = [cells.Group(sure=_LIKELY)]
    for group in groups:
        used = [mark for mark in (*group.marks, *excepted) if free[mark.start]]
        part = _when(group, tuple(sorted((mark.start, mark.end) for mark in used)), away)
        if part is not None:
            _taken(asked, part.spans)
            excepted = ()  # what is excepted belongs to one part, else it could not be taken back
            yield part


def _as_spoken(asked: Asked, marks: Marks) -> Marks:
    """Read "ne Stunde" as "eine Stunde", which a listing would not write, and "freitags den ganzen Tag" as the Friday.

    In a listing that is a time of day; whoever asks has the evening too.
    """
    has_days = any(mark.tag == "D" for mark in marks)
    made: Marks = []
    for mark in marks:
        if has_days and mark.tag == "P" and asked.text[mark.start : mark.end].lower().startswith(_WHOLE):
            made.append(replace(mark, tag="i", parts=()))
        else:
            made.append(replace(mark, tag="V", low=1, high=1) if mark.key in _ARTICLES else mark)
    return made


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
        elif said.startswith(_FROM) and (mark.low or 0) < _EVENING_ENDS - clock_times.OPEN_END:
            made.append(replace(mark, high=_EVENING_ENDS))
        elif said.startswith(_UNTIL) and (mark.high or 0) > _MORNING_BEGINS + clock_times.OPEN_END:
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
    if often is not None and often.text in _PERIOD and often.high == 1 and often.low in {1, None}:
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
    said = label(days, parts) if group.marks else away.label
    return Part(tuple(("zeit", value) for value in values), said, spans, min(group.sure, 0.95))


def label(days: tuple[str, ...], parts: tuple[str, ...]) -> str:
    """Return what days and dayparts are called together: "Samstag vormittags, mittags"."""
    return _joined([one for one in (_days_label(days), _joined(list(map(sentence, parts)))) if one], _BESIDE)


def _days_label(days: tuple[str, ...]) -> str:
    if days in _DAYS:
        return _DAYS[days]
    names = [sentence(labels.WEEKDAY[day]) for day in days]
    return _joined([one for one in (_joined(names[:-1]), *names[-1:]) if one], _LAST)


def _joined(parts: Sequence[str], pattern: str = _LISTED) -> str:
    """Put what is said together by a pattern of two, "" for nothing; each part can still be said in any language."""
    return reduce(lambda one, other: sentence(pattern, one=one, other=other), parts) if parts else ""
