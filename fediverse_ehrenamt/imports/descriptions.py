"""What an entry says only in its text: when help is wanted, what helpers must bring, what they get.

A field of the source that says it wins. Everything is a guess, less sure than one from a field of its own, and of
statements that contradict each other none is believed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from fediverse_ehrenamt.imports import spots
from fediverse_ehrenamt.imports.understood import Times, Understand
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.understanding import admission, conditions, german, prose, spoken, suited, told
from fediverse_ehrenamt.understanding.conditions import Condition
from fediverse_ehrenamt.understanding.prose import Statement
from fediverse_ehrenamt.understanding.told import Told
from fediverse_ehrenamt.vocab.types import Effort, OpportunityDetails

_OF_AGE = 18
_LONGEST_COST = 200  # characters
_LONGEST_WEEK, _PER_WEEK = 40, "woche"  # hours that anybody helps; more are those of a house


_TEXTS = (("title", ""), ("summary", ""), ("text", ""), ("tasks", ""), ("requirements", "Voraussetzungen"),
          ("benefits", "Leistungen"))  # fmt: skip


def statements(record: Record) -> list[Statement]:
    """Return what the texts of an entry say; those of a field of its own have its name for a heading."""
    return [one for field, over in _TEXTS for one in prose.statements(getattr(record, field), over)]


# --- when -------------------------------------------------------------------------------------------------------------
def times(said: Sequence[Statement], understand: Understand) -> Times:
    """Return what statements say about the times of help, of what they say differently nothing."""
    read = [(one, understand(one.words)) for one in told.times(said)]
    understood = [(one, found) for one, found in read if found.confidence > 0]
    sure = [pair for pair in understood if pair[0].sure >= told.SURE]
    chosen = sure or understood[:1]
    if not chosen:
        return Times()
    amounts = {found.effort for _, found in chosen if found.effort is not None and _is_possible(found.effort)}
    return Times(
        cells=_cells([(one, found.cells) for one, found in chosen if found.cells]),
        flexible=True if any(found.flexible and one.free for one, found in chosen) else None,
        effort=amounts.pop() if len(amounts) == 1 else None,
        confidence=round(min(found.confidence * one.sure for one, found in chosen), 2),
        recurrence=_only(found.recurrence for _, found in chosen),
        during_holidays=_whether([found.during_holidays for one, found in chosen if one.free]),
        minimum_duration=_only(found.minimum_duration for _, found in understood),
    )


def _cells(said: Sequence[tuple[Told, tuple[str, ...]]]) -> tuple[str, ...]:
    """Return the cells of one statement, or of all under one heading; of several the one that is within all others."""
    if not said:
        return ()
    if said[0][0].over and len({one.over for one, _ in said}) == 1:
        return tuple(dict.fromkeys(cell for _, cells in said for cell in cells))
    narrowest = min((cells for _, cells in said), key=len)
    return narrowest if all(set(narrowest) <= set(cells) for _, cells in said) else ()


def _only(values: Iterable[str]) -> str:
    found = {value for value in values if value}
    return found.pop() if len(found) == 1 else ""


def _whether(values: Sequence[bool | None]) -> bool | None:
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def _is_possible(effort: Effort) -> bool:
    """Say whether people help so much: "pro Woche" must be said, and a house is open longer than anybody helps."""
    return effort.per != "" and not (effort.per == _PER_WEEK and (effort.min_hours or 0) > _LONGEST_WEEK)


# --- what is needed and given -----------------------------------------------------------------------------------------
def conditions_of(said: Sequence[Statement], record: Record) -> tuple[Condition, ...]:
    """Return what statements ask of helpers and give them, as far as no field of the source says it."""
    also = prose.statements(record.times)  # "10 Std. im Monat, Home-Office"
    found = (
        *conditions.read([*said, *also]),
        *german.read([*said, *also]),
        *suited.read([*said, *also]),
        *spoken.read(said),
        *access_of(said, record),
    )
    return tuple(one for one in found if one.field != "minimum_age" or _is_usable(one.value, record))


def access_of(said: Sequence[Statement], record: Record) -> tuple[Condition, ...]:
    """Return what statements, and the field for it, say of getting in."""
    return admission.accessibility([*said, *prose.statements(record.accessibility, "Barrierefreiheit")])


def access_note(record: Record) -> str:
    """Return what the field for it says of getting in beyond yes and no."""
    return record.accessibility if admission.answer(record.accessibility) is None else ""


def cost_of(said: Sequence[Statement], record: Record) -> tuple[str, bool]:
    """Return what an event costs, and whether only its text says so."""
    stated = admission.settled(record.cost)
    told_cost = "" if stated else admission.cost(said)
    return (stated or told_cost)[:_LONGEST_COST], bool(told_cost)


def _is_usable(age: str | int, record: Record) -> bool:
    """Say whether a least age that was read may stand: one below full age lets minors in, which only people may do."""
    highest = record.maximum_age
    stated = record.minimum_age is not None
    return not stated and isinstance(age, int) and age >= _OF_AGE and (highest is None or age <= highest)


def with_conditions(details: OpportunityDetails, found: Iterable[Condition]) -> OpportunityDetails:
    """Return details with conditions in their fields."""
    values: dict[str, Any] = {}
    for one in found:
        if one.field == "mode" and details.mode not in {"", spots.ANYWHERE}:
            continue
        known = values.get(one.field, getattr(details, one.field))
        values[one.field] = (*known, one.value) if isinstance(known, tuple) else one.value
    return replace(details, **values)
