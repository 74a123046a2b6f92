"""What could still be better about an offer that is being written: what is missing, who is named, what disagrees. Pure.

Every hint may be ignored: an offer can be published without heeding any of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from fediverse_ehrenamt.desk import versions
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.imports import privacy, wordings
from fediverse_ehrenamt.language.folding import fold
from fediverse_ehrenamt.search.model import EVENT

_ALIKE: Final = 0.82  # of 1, of titles that are probably the same
_MOST_COMPARED: Final = 200  # characters
WISHED: Final = (
    (("place.locality", "place.postcode", "place.name", "onlineUrl"), "Wo es ist"),
    (
        ("availability.text", "availability.cells", "availability.flexible", "startDate", "endDate"),
        "Wann man gebraucht wird",
    ),
    (("effort.minHours", "effort.maxHours"), "Wie viel Zeit es braucht"),
    (("audiences",), "Für wen das Engagement da ist"),
    (("insurance", "benefits", "compensation"), "Versicherung, Auslagen, Unterstützung"),
    (("accessibility", "accessibilityNote"), "Barrierefreiheit"),
    (("germanLevel",), "Wie viel Deutsch man braucht"),
    (("answerWithinDays",), "Wie schnell Sie antworten"),
)
WISHED_OF_EVENTS: Final = (
    (("place.locality", "place.postcode", "place.name", "onlineUrl"), "Wo es ist"),
    (("areas",), "Bereich"),
    (("cost",), "Was es kostet"),
    (("accessibility", "accessibilityNote"), "Barrierefreiheit"),
)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what people ask first is said: `missing` are German names, `percent` of all that is asked."""

    percent: int
    missing: tuple[str, ...]


def completeness(written: Written) -> Completeness:
    """Return what people ask first and the form does not say yet."""
    wished = WISHED_OF_EVENTS if written.kind == EVENT else WISHED
    asked = [(terms, name) for terms, name in wished if name != "Wo es ist" or written.first("mode") != "online"]
    missing = tuple(name for terms, name in asked if not any(written.typed.get(term) for term in terms))
    return Completeness(round(100 * (len(asked) - len(missing)) / len(asked)), missing)


def personal(written: Written) -> str:
    """Return the term of the first field that seems to name somebody or how to reach them, "" where none does."""
    return next(_naming(written), "")


def _naming(written: Written) -> Iterator[str]:
    further = (field.term for field in versions.of(written.languages))
    for term in ("title", "name", "text", "transit", *further):
        said = written.first(term)
        if said and privacy.public(said)[1]:
            yield term


def bare_postcode(written: Written) -> str:
    """Return the postcode where it is all that people will read of a place, else ""."""
    named = any(written.first(term) for term in ("place.locality", "place.name", "place.street"))
    return "" if named else written.first("place.postcode").strip()


def is_ticked_otherwise(written: Written) -> bool:
    """Say whether none of the times that are ticked is one of which the words speak."""
    ticked, words = written.typed.get("availability.cells", ()), written.first("availability.text")
    said = wordings.read(words).cells if ticked and words else ()
    return bool(said) and set(said).isdisjoint(ticked)


def alike(title: str, others: list[str]) -> list[str]:
    """Return those of some titles that are probably the same as one."""
    mine = fold(title[:_MOST_COMPARED])
    return [other for other in others if SequenceMatcher(None, mine, fold(other[:_MOST_COMPARED])).ratio() >= _ALIKE]
