"""What an entry is about: its areas, what helpers do, whom it is for; what a machine drew from words is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fediverse_ehrenamt.listings import categories
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.understanding import helped
from fediverse_ehrenamt.understanding.prose import Statement

LANGUAGES: Final = frozenset({"", "de"})
"""Of texts in which words are understood; "" is a source that does not say."""
_NAMED_IN_TITLE, _IN_CATEGORY, _ON_SHEET, _TOLD_OF = 0.8, 0.7, 0.6, 0.6
# Who keeps the books of a shelter helps nobody there in person, whatever its text tells of them.
_AT_A_DESK = frozenset(
    {"finanzen_kasse", "it_digital", "oeffentlichkeitsarbeit", "spenden_sammeln", "verwalten_buero", "vorstand_leitung"}
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a machine filled in, what it put there, and how sure it was (0 to 1)."""

    field: str
    value: str
    confidence: float


def areas(record: Record, text: str, among: Sequence[str]) -> tuple[tuple[str, ...], list[Guess]]:
    """Return the areas that the source states, else those that words, sheet or audiences speak for, marked.

    `among` are its audiences.
    """
    stated = record.areas or categories.areas_of(record.categories)
    if stated and stated != (categories.OTHER,):
        return stated, []
    found = categories.guess(record.title, f"{text}\n{record.organisation}")
    if not found.slugs and (named := categories.areas_of([record.sheet] if record.sheet else [])):
        return named, [Guess("areas", ", ".join(named), _ON_SHEET)]  # which holds all that has no sheet of its own
    found = found if found.slugs else categories.guess_by(among)
    if not found.slugs:
        return (categories.OTHER,), []
    return found.slugs, [Guess("areas", ", ".join(found.slugs), found.confidence)]


def activities(record: Record) -> tuple[tuple[str, ...], list[Guess]]:
    """Return what helpers do by title and texts; no source has a field for it that goes by names of its own."""
    said = "\n".join((record.summary, record.text, record.tasks, *record.categories))
    found = categories.activities(record.title, said)
    return found.slugs, [Guess("activities", ", ".join(found.slugs), found.confidence)] if found.slugs else []


def audiences(record: Record, done: Sequence[str], said: Sequence[Statement]) -> tuple[tuple[str, ...], list[Guess]]:
    """Return the audiences that the source states, else, marked, those that title and categories or the text name.

    `done` is what helpers do there.
    """
    if stated := categories.audiences_of(record.audiences):
        return stated, []
    in_title = categories.audiences_in(record.title)
    in_categories = [slug for name in record.categories for slug in categories.audiences_of_category(name)]
    found = tuple(dict.fromkeys((*in_title, *in_categories)))[: categories.MAX_AUDIENCES]
    in_person = not done or not _AT_A_DESK.issuperset(done)
    if not found and in_person and record.language in LANGUAGES:
        told = helped.audiences(said)
        return told, [Guess("audiences", ", ".join(told), _TOLD_OF)] if told else []
    sure = _NAMED_IN_TITLE if found == in_title else _IN_CATEGORY
    return found, [Guess("audiences", ", ".join(found), sure)] if found else []
