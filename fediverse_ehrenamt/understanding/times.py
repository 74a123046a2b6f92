"""When help is wanted, read from an organisation's own words: weekdays and dayparts, amount, rhythm.

"14-tägig dienstags ab 15 Uhr, ca. 2 Std." → di-nachmittags, FREQ=WEEKLY;INTERVAL=2, one hour a week. Everything comes
with a confidence: the share of such readings that a person would have made too, as `make eval` measures it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fediverse_ehrenamt.understanding import amounts, cells, clock_times, rhythm
from fediverse_ehrenamt.understanding.lexing import lex
from fediverse_ehrenamt.understanding.marks import LONGEST, Mark, tags
from fediverse_ehrenamt.vocab.types import Availability, Effort

FIELDS = ("cells", "effort", "recurrence", "flexible", "during_holidays", "minimum_duration", "months")
# Unknown words of a text that is more than a time, and what so many cost: descriptions name other times too.
_STORIES = ((6, 0.8), (3, 0.9))
_BOUND = re.compile(r"[AB-][i?(]{0,3}d")  # a date that something begins or ends with
_RAISED_ZEROS = re.compile(r"(?<=\d)(?:°°|ºº|˚˚|⁰⁰)")  # "ab 16°° Uhr"
_SAYS_NOTHING = frozenset("i|-p/,.;:()cjvr+uaABoq")


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` of the text said something about `field`."""

    start: int
    end: int
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What a wording says; an empty field is one about which nothing was understood.

    `cells` are "<mo…so>-<morgens…nachts>" in the order of the week. A day without a daypart has all but nachts, a
    daypart without a day has all days. `effort.per` is "" where an amount is said but not per what. `recurrence` is an
    RFC 5545 RRULE. `months` are 1 to 12. `confidence` has each field that isn't empty: 0 to 1, the share of right ones
    among readings of that confidence. `rest` are the words that say something else.
    """

    cells: tuple[str, ...] = ()
    effort: Effort | None = None
    recurrence: str = ""
    flexible: bool | None = None
    during_holidays: bool | None = None
    minimum_duration: str = ""
    months: tuple[int, ...] = ()
    confidence: dict[str, float]
    spans: tuple[Span, ...] = ()
    rest: str = ""

    def availability(self, text: str, least: float = 0.0) -> Availability:
        """Return what is understood with at least that confidence, beside the organisation's own words."""
        sure = {name for name, value in self.confidence.items() if value >= least}
        return Availability(
            cells=self.cells if "cells" in sure else (),
            flexible=self.flexible if "flexible" in sure else None,
            during_holidays=self.during_holidays if "during_holidays" in sure else None,
            recurrence=self.recurrence if "recurrence" in sure else "",
            text=text,
        )


def read(text: str) -> Times:
    """Read a wording for times of at most 2,000 characters; what is beyond is not read. Never raises."""
    text = _RAISED_ZEROS.sub("  ", text[:LONGEST])
    marks = amounts.read(clock_times.read(amounts.numbers(lex(text))))
    when = cells.read(marks)
    if _is_one_day(marks) and not any(mark.days for mark in when.used):
        when = cells.Cells((), 0.0, ())  # "einmalig am 11.10., 7-15 Uhr" is not on all days of the week
    often = rhythm.read(marks, when.cells)
    spans = sorted(_spans(when, often), key=lambda span: (span.start, span.end))
    unknown = sum(mark.tag == "?" for mark in marks)
    story = next((cost for words, cost in _STORIES if unknown >= words), 1.0)
    values = {"cells": when.sure} if when.cells else {}
    values |= {name: value.sure for name, value in often.items()}
    return Times(
        cells=when.cells,
        effort=rhythm.effort(often),
        recurrence=often["recurrence"].text if "recurrence" in often else "",
        flexible=often["flexible"].yes if "flexible" in often else None,
        during_holidays=often["during_holidays"].yes if "during_holidays" in often else None,
        minimum_duration=often["minimum_duration"].text if "minimum_duration" in often else "",
        months=often["months"].months if "months" in often else (),
        confidence={name: round(sure * story, 2) for name, sure in values.items()},
        spans=tuple(spans),
        rest=_rest(text, marks, spans),
    )


def _is_one_day(marks: Sequence[Mark]) -> bool:
    """Say whether a wording is about one date: "einmalig am 11.10.", "24.12. von 16 bis 20 Uhr", not "ab 1.3."."""
    letters = tags(marks)
    return "d" in letters and ("e" in letters or (letters.count("d") == 1 and not _BOUND.search(letters)))


def _spans(when: cells.Cells, often: "dict[str, rhythm.Reading]") -> Iterator[Span]:
    if when.cells:
        yield from (Span(mark.start, mark.end, "cells") for mark in when.used)
    for name, reading in often.items():
        yield from (Span(mark.start, mark.end, name) for mark in reading.used)


def _rest(text: str, marks: Sequence[Mark], spans: Sequence[Span]) -> str:
    """Return the stretches between what was understood in which a word says something."""
    understood = bytearray(len(text))
    for span in spans:
        understood[span.start : span.end] = b"\x01" * (span.end - span.start)
    stretches: list[list[Mark]] = [[]]
    for mark in marks:
        if understood[mark.start]:
            stretches.append([])
        else:
            stretches[-1].append(mark)
    said = [row for row in stretches if any(mark.tag not in _SAYS_NOTHING for mark in row)]
    return " … ".join(text[row[0].start : row[-1].end].strip(" ,;.:-–/") for row in said)
