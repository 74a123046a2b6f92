"""Times: what free words about time mean, as an import takes it; Understand: what reads them; terms of fields."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from fediverse_ehrenamt.vocab.types import Effort

_HUMP = re.compile(r"_([a-z])")


@dataclass(frozen=True, slots=True)
class Times:
    """What free words about time mean, and how sure that is (0 to 1).

    `cells` are "di-nachmittags", `recurrence` is an RFC 5545 RRULE, `minimum_duration` a slug.
    """

    cells: tuple[str, ...] = ()
    flexible: bool | None = None
    effort: Effort | None = None
    confidence: float = 0.0
    recurrence: str = ""
    during_holidays: bool | None = None
    minimum_duration: str = ""


Understand = Callable[[str], Times]
"""Reads free words about time; the seam through which the parser of times comes in (`wiring.UNDERSTAND`)."""


def term(name: str) -> str:
    """Return the name under which a file for `ehrenamt publish` has a field: "minimum_age" is "minimumAge"."""
    return _HUMP.sub(lambda found: found[1].upper(), name)
