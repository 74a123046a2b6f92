"""Timing: when help is wanted and how much, as it is stated or else as the words about it say; for the search alone.

Half of what is published says "samstags vormittags" and leaves the week's grid empty. The object stays as its author
wrote it: what a program read there is a reading, and `Facts.told` names it as one.
"""

from functools import lru_cache
from typing import NamedTuple

from fediverse_ehrenamt.understanding import times
from fediverse_ehrenamt.vocab.types import Availability, Effort, OpportunityDetails

CELLS, FLEXIBLE, EFFORT = "cells", "flexible", "effort"
_LEAST = 0.7  # of ten such readings a person would have made seven
_GERMAN = frozenset({"", "de", "und"})
_KEPT = 4_096  # organisations write the same words again and again


class When(NamedTuple):
    """When and how much help is wanted; `told` names those fields that were read from words."""

    cells: tuple[str, ...]
    flexible: bool | None
    effort: Effort | None
    told: tuple[str, ...] = ()


def when(details: OpportunityDetails, language: str) -> When:
    """Return what is stated; what is not, as far as the words about time, in a `language` (BCP 47), surely say it."""
    stated = details.availability or Availability()
    if not stated.text or language.partition("-")[0].lower() not in _GERMAN:
        return When(stated.cells, stated.flexible, details.effort)
    read = _read(stated.text)
    cells = () if stated.cells else read.cells
    flexible = read.flexible if stated.flexible is None else None
    effort = read.effort if details.effort is None else None
    new = {CELLS: bool(cells), FLEXIBLE: flexible is not None, EFFORT: effort is not None}
    return When(
        stated.cells or cells,
        stated.flexible if flexible is None else flexible,
        details.effort or effort,
        tuple(name for name, is_new in new.items() if is_new),
    )


@lru_cache(_KEPT)
def _read(words: str) -> When:
    found = times.read(words)
    sure = {name for name, value in found.confidence.items() if value >= _LEAST}
    return When(
        found.cells if CELLS in sure else (),
        found.flexible if FLEXIBLE in sure else None,
        found.effort if EFFORT in sure else None,
    )
