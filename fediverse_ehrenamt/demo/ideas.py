"""What the demo's listings are made of: the texts of `demo/texts/`, read once, each part with alternatives."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationIdea:
    """A kind of organisation; `names` holds (name, handle) by town key."""

    type: str
    form: str
    benefit: str
    areas: tuple[str, ...]
    hours: str = ""
    names: Mapping[str, tuple[str, str]]
    summaries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferIdea:
    """An opportunity that organisations of the kinds `by` might post; `hours` is (from, to, per).

    Where it is `paired`, title, opening, task and wish of one position belong together; else any go with any.
    """

    key: str
    by: tuple[str, ...]
    kind: str
    areas: tuple[str, ...]
    activities: tuple[str, ...]
    audiences: tuple[str, ...]
    titles: tuple[str, ...]
    open: tuple[str, ...]
    task: tuple[str, ...]
    wish: tuple[str, ...]
    towns: tuple[str, ...] = ()
    paired: bool = False
    suited: tuple[str, ...] = ()
    mode: str = "vor_ort"
    when: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    hours: tuple[float, float, str] | None = None
    credentials: tuple[str, ...] = ()
    clearance: str = ""
    age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventIdea:
    """An event; `days` are weekdays (0 = Monday), `at` local time as "HH:MM", `hours` its length.

    Title, opening and detail of one position belong together.
    """

    key: str
    by: tuple[str, ...]
    kind: str
    areas: tuple[str, ...]
    days: tuple[int, ...]
    at: str
    hours: float
    titles: tuple[str, ...]
    open: tuple[str, ...]
    detail: tuple[str, ...]
    towns: tuple[str, ...] = ()
    cost: str = ""
    capacity: int | None = None
    accessibility: tuple[str, ...] = ()
    online: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closings:
    """Sentences that many listings share, and wordings for times.

    `wordings` fit any listing, `wordings_free` one that names no time itself, `wordings_days` take an idea's cells.
    """

    induction: tuple[str, ...]
    induction_du: tuple[str, ...]
    benefits: tuple[str, ...]
    benefits_du: tuple[str, ...]
    contact: tuple[str, ...]
    contact_du: tuple[str, ...]
    about: tuple[str, ...]
    repost: tuple[str, ...]
    wordings: tuple[str, ...]
    wordings_free: tuple[str, ...]
    wordings_days: tuple[str, ...]


_OFFER_FILES = ("offers_towns.yaml", "offers_people.yaml", "offers_places.yaml")


@cache
def organisation_ideas() -> tuple[OrganisationIdea, ...]:
    return tuple(OrganisationIdea(**_frozen(OrganisationIdea, entry)) for entry in _read("organisations.yaml"))


@cache
def offer_ideas(town: str) -> tuple[OfferIdea, ...]:
    """Return the ideas that may be used in the town with this key."""
    found = [OfferIdea(**_frozen(OfferIdea, entry)) for name in _OFFER_FILES for entry in _read(name)]
    return tuple(idea for idea in found if not idea.towns or town in idea.towns)


@cache
def event_ideas(town: str) -> tuple[EventIdea, ...]:
    """Return the ideas that may be used in the town with this key."""
    found = [EventIdea(**_frozen(EventIdea, entry)) for entry in _read("events.yaml")]
    return tuple(idea for idea in found if not idea.towns or town in idea.towns)


@cache
def closings() -> Closings:
    return Closings(**_frozen(Closings, _read("closings.yaml")))


def _read(name: str) -> Any:  # noqa: ANN401 - what YAML holds; _frozen checks the names, the tests the values
    return yaml.safe_load(files("fediverse_ehrenamt.demo").joinpath("texts", name).read_text(encoding="utf-8"))


def _frozen(shape: type, entry: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(entry) - {field.name for field in fields(shape)}
    if unknown:
        raise ValueError(f"{shape.__name__} {entry.get('key', '')}: unknown {sorted(unknown)}")
    return {name: _freeze(value) for name, value in entry.items()}


def _freeze(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    if isinstance(value, dict):
        return {key: _freeze(item) for key, item in value.items()}
    return value
