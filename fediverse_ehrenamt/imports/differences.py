"""How drafts differ, field by field, and how a change of the source meets one made here: the local one wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.imports.drafts import Draft
from fediverse_ehrenamt.imports.report import FieldChange
from fediverse_ehrenamt.imports.understood import term
from fediverse_ehrenamt.opportunities import rules as opportunities
from fediverse_ehrenamt.things import wire
from fediverse_ehrenamt.vocab.types import Availability, Effort, Place

# What says how long something holds is the import's own business; that it expired, time's.
_OF_TIME = frozenset({"key", "confirmed_at", "expires_at", "series"})
_BY_ITSELF = frozenset({opportunities.EXPIRED})
_STATUS = "status"
_SHOWN = 80  # characters of a value


@dataclass(frozen=True, slots=True)
class Merged:
    """A draft to be published; `kept` are the fields that were changed here, with what the source says."""

    draft: Draft
    kept: tuple[FieldChange, ...]


def flat(draft: Draft) -> dict[str, Any]:
    """Return the fields of a draft and of its details by their names; no two share one."""
    own = {field.name: getattr(draft, field.name) for field in fields(draft) if field.name != "details"}
    return {**{field.name: getattr(draft.details, field.name) for field in fields(draft.details)}, **own}


def changed(before: Draft, after: Draft) -> tuple[FieldChange, ...]:
    """Return the fields in which two drafts of one thing differ."""
    old, new = flat(before), flat(after)
    names = (name for name in new if name not in {"key", "expires_at"} and old.get(name) != new[name])
    return tuple(_change(name, old.get(name), new[name]) for name in names)


def _change(name: str, before: object, after: object) -> FieldChange:
    """Return how a field changes, of long texts the place where they begin to differ."""
    lines = [_line(before), _line(after)]
    if max(map(len, lines)) > _SHOWN:
        same = next((at for at, (one, other) in enumerate(zip(*lines, strict=False)) if one != other), 0)
        if same > _SHOWN // 2:
            lines = [f"…{line[same - _SHOWN // 4 :]}" for line in lines]
    return FieldChange(term(name), *map(_cut, lines))


def kept(base: Draft, here: Draft, source: Draft, *, vanished: bool = False) -> dict[str, Any]:
    """Return the fields that were changed here since the import, with their values here.

    `base` is what the import had last, `here` what is published. What the source meanwhile says itself is no change;
    an entry that was `vanished` has its status from that.
    """
    was, now, said = flat(base), flat(here), flat(source)
    return {
        name: value
        for name, value in now.items()
        if name not in _OF_TIME
        and value != was.get(name)
        and value != said.get(name)
        and not (name == _STATUS and (vanished or value in _BY_ITSELF))
    }


def merge(base: Draft, here: Draft, source: Draft, *, vanished: bool = False) -> Merged:
    """Return the source's state with what was changed here left as it is."""
    local = kept(base, here, source, vanished=vanished)
    if not local:
        return Merged(source, ())
    said = flat(source)
    seen = tuple(FieldChange(term(name), shown(value), shown(said.get(name))) for name, value in local.items())
    return Merged(_with(source, local), seen)


def _with(draft: Draft, values: Mapping[str, Any]) -> Draft:
    own = {field.name for field in fields(draft)}
    inner = {name: value for name, value in values.items() if name not in own}
    outer = {name: value for name, value in values.items() if name in own}
    if isinstance(draft, events.Draft):
        return replace(draft, details=replace(draft.details, **inner), **outer)
    return replace(draft, details=replace(draft.details, **inner), **outer)


def shown(value: object) -> str:
    """Return a value as it is quoted in a report: one line, not too long."""
    return _cut(_line(value))


def _line(value: object) -> str:
    return " ".join(_said(value).split())


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Place):
        return ", ".join(part for part in (value.street, value.postcode, wire.place_label(value)) if part)
    if isinstance(value, Availability):
        return opportunities.availability(value)
    if isinstance(value, Effort):
        return opportunities.effort(value)
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def names(changes: Iterable[FieldChange]) -> str:
    return ", ".join(change.field for change in changes)
