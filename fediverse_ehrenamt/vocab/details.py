"""Reads and writes our own nodes (VOCABULARY.md) from one table each, so that both ways always know the same terms.

A field that is typed wrong is left out alone; unknown slugs are kept as they came.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab import reader
from fediverse_ehrenamt.vocab.reader import Node
from fediverse_ehrenamt.vocab.types import (
    EHRENAMT,
    Availability,
    Effort,
    EventDetails,
    GroupSize,
    OpportunityDetails,
    OrganisationDetails,
    Skill,
)

Json = dict[str, object]

UNKNOWN = "unbekannt"
MAX_AREAS = 3
MAX_TITLE = 200
_MAX_SLUG = 64
_PREFIXES = ("ehrenamt:", EHRENAMT)  # with which JSON-LD may spell our terms
_OPPORTUNITY, _EVENT_DETAILS, _ORGANISATION = (
    (term, *(prefix + term for prefix in _PREFIXES)) for term in ("opportunity", "eventDetails", "organisation")
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value is read (None or empty: not there) and written."""

    read: Callable[[object], Any]
    write: Callable[[Any], object] = lambda value: value


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute of ours, its term on the wire, and its shape."""

    attribute: str
    term: str
    shape: Shape


Table = tuple[Field, ...]


def _slug(value: object) -> str:
    """Read an enum value: a bare slug, or its IRI in our namespace."""
    return reader.word_of(value, reader.MAX_LINE).removeprefix(EHRENAMT).removeprefix("ehrenamt:")[:_MAX_SLUG]


def _list_of(read: Callable[[object], Any], limit: int = reader.MAX_ITEMS) -> Shape:
    """Return the shape of a list without duplicates; a single value counts as a list of one."""

    def read_list(value: object) -> tuple[Any, ...]:
        items = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(filter(None, map(read, items[: reader.MAX_ITEMS]))))[:limit]

    return Shape(read_list, list)


def _text(value: object) -> str:
    return reader.plain(value, reader.MAX_TEXT)


def _read_map(value: object) -> Mapping[str, str]:
    versions = reader.by_language({"map": value}, "map")
    return MappingProxyType({tag: title for tag, text in versions.items() if (title := reader.plain(text, MAX_TITLE))})


def _write_date(day: date) -> str:
    return day.isoformat()


def _write_moment(moment: datetime) -> str:
    return clock.write(moment)


SLUG, TEXT, TITLE = Shape(_slug), Shape(_text), Shape(lambda value: reader.plain(value, MAX_TITLE))
SLUGS, AREAS = _list_of(_slug), _list_of(_slug, MAX_AREAS)
WORDS, LANGUAGES, URIS = _list_of(reader.word_of), _list_of(reader.language_of), _list_of(reader.uri_of)
NUMBER, INTEGER, FLAG = Shape(reader.number_of), Shape(reader.integer_of), Shape(reader.flag_of)
DATE, MOMENT = Shape(reader.date_of, _write_date), Shape(reader.moment_of, _write_moment)
URI, WORD, TITLES = Shape(reader.uri_of), Shape(reader.word_of), Shape(_read_map, dict)

AVAILABILITY: Table = (
    Field("cells", "cells", WORDS),
    Field("flexible", "flexible", FLAG),
    Field("during_holidays", "duringHolidays", FLAG),
    Field("recurrence", "recurrence", WORD),
    Field("text", "text", TEXT),
)
EFFORT: Table = (
    Field("min_hours", "minHours", NUMBER),
    Field("max_hours", "maxHours", NUMBER),
    Field("per", "per", SLUG),
)
GROUP_SIZE: Table = (Field("min", "min", INTEGER), Field("max", "max", INTEGER))
SKILL: Table = (Field("name", "name", TEXT), Field("required", "required", FLAG))


def _is_there(value: object) -> bool:
    return value is not None and value not in ("", (), {})


def _bare(key: str) -> str:
    return key.removeprefix(next((prefix for prefix in _PREFIXES if key.startswith(prefix)), ""))


def _own(node: Node, names: tuple[str, ...]) -> Node | None:
    """Return the node under a term of ours, by one of its `names`; None where there is none."""
    for name in names:
        if name in node and isinstance(inner := node[name], dict):
            return inner
    return None


def _read_table(table: Table, node: Node) -> dict[str, Any]:
    """Return the attributes that the node has, by name."""
    if any(":" in key for key in node):
        node = {_bare(key): value for key, value in node.items()}
    pairs = (
        (field.attribute, field.shape.read(node[field.term])) for field in table if node.get(field.term) is not None
    )
    return {attribute: value for attribute, value in pairs if _is_there(value)}


def _write_table(table: Table, value: object) -> Json:
    pairs = ((field, getattr(value, field.attribute)) for field in table)
    return {field.term: field.shape.write(part) for field, part in pairs if _is_there(part)}


def _node_of(make: Callable[..., Any], table: Table, required: str = "") -> Shape:
    """Return the shape of a nested node; without its required attribute, or empty, it is not there."""

    def read(value: object) -> Any | None:  # noqa: ANN401 - what `make` makes
        found = _read_table(table, value) if isinstance(value, dict) else {}
        return make(**found) if found and (not required or required in found) else None

    return Shape(read, lambda value: _write_table(table, value))


def _nodes_of(shape: Shape) -> Shape:
    return Shape(_list_of(shape.read).read, lambda values: [shape.write(value) for value in values])


OPPORTUNITY: Table = (
    Field("version", "version", INTEGER),
    Field("title", "title", TITLE),
    Field("kind", "kind", SLUG),
    Field("areas", "areas", AREAS),
    Field("activities", "activities", SLUGS),
    Field("audiences", "audiences", SLUGS),
    Field("suitable_for", "suitableFor", SLUGS),
    Field("mode", "mode", SLUG),
    Field("availability", "availability", _node_of(Availability, AVAILABILITY)),
    Field("effort", "effort", _node_of(Effort, EFFORT)),
    Field("minimum_duration", "minimumDuration", SLUG),
    Field("start_date", "startDate", DATE),
    Field("end_date", "endDate", DATE),
    Field("apply_by", "applyBy", DATE),
    Field("places", "places", INTEGER),
    Field("places_free", "placesFree", INTEGER),
    Field("group_size", "groupSize", _node_of(GroupSize, GROUP_SIZE)),
    Field("minimum_age", "minimumAge", INTEGER),
    Field("maximum_age", "maximumAge", INTEGER),
    Field("guardian_consent", "guardianConsent", FLAG),
    Field("german_level", "germanLevel", SLUG),
    Field("languages", "languages", LANGUAGES),
    Field("skills", "skills", _nodes_of(_node_of(Skill, SKILL, required="name"))),
    Field("credentials", "credentials", SLUGS),
    Field("clearance", "clearance", SLUG),
    Field("accessibility", "accessibility", SLUGS),
    Field("accessibility_note", "accessibilityNote", TEXT),
    Field("transit", "transit", TEXT),
    Field("induction", "induction", TEXT),
    Field("assistance", "assistance", FLAG),
    Field("benefits", "benefits", SLUGS),
    Field("insurance", "insurance", SLUGS),
    Field("compensation", "compensation", SLUG),
    Field("trial", "trial", FLAG),
    Field("answer_within_days", "answerWithinDays", INTEGER),
    Field("status", "status", SLUG),
    Field("confirmed_at", "confirmedAt", MOMENT),
    Field("expires_at", "expiresAt", MOMENT),
    Field("licence", "licence", WORD),
    Field("same_as", "sameAs", URIS),
    Field("title_map", "titleMap", TITLES),
)
EVENT_DETAILS: Table = (
    Field("version", "version", INTEGER),
    Field("kind", "kind", SLUG),
    Field("areas", "areas", AREAS),
    Field("audiences", "audiences", SLUGS),
    Field("accessibility", "accessibility", SLUGS),
    Field("accessibility_note", "accessibilityNote", TEXT),
    Field("languages", "languages", LANGUAGES),
    Field("livestream", "livestream", URI),
    Field("subtitles", "subtitles", LANGUAGES),
    Field("cost", "cost", WORD),
    Field("register_by", "registerBy", MOMENT),
    Field("expires_at", "expiresAt", MOMENT),
)
ORGANISATION: Table = (
    Field("version", "version", INTEGER),
    Field("legal_form", "legalForm", SLUG),
    Field("public_benefit", "publicBenefit", SLUG),
    Field("areas", "areas", SLUGS),
    Field("opening_hours", "openingHours", WORD),
    Field("answer_days_median", "answerDaysMedian", NUMBER),
)


def read_opportunity(node: Node) -> OpportunityDetails | None:
    """Read the `opportunity` node; None where there is none or it has no title."""
    inner = _own(node, _OPPORTUNITY)
    if inner is None:
        return None
    found = _read_table(OPPORTUNITY, inner)
    if "title" not in found:
        return None
    return OpportunityDetails(**{"kind": UNKNOWN, "areas": ()} | found)


def read_event(node: Node) -> EventDetails | None:
    """Read the `eventDetails` node."""
    inner = _own(node, _EVENT_DETAILS)
    if inner is None:
        return None
    return EventDetails(**{"kind": UNKNOWN} | _read_table(EVENT_DETAILS, inner))


def read_organisation(node: Node) -> OrganisationDetails | None:
    """Read the `organisation` node of an actor."""
    inner = _own(node, _ORGANISATION)
    return None if inner is None else OrganisationDetails(**_read_table(ORGANISATION, inner))


def write_opportunity(details: OpportunityDetails) -> Json:
    """Write the `opportunity` node; what is missing stands nowhere."""
    return _write_table(OPPORTUNITY, details)


def write_event(details: EventDetails) -> Json:
    """Write the `eventDetails` node."""
    return _write_table(EVENT_DETAILS, details)


def write_organisation(details: OrganisationDetails) -> Json:
    """Write the `organisation` node."""
    return _write_table(ORGANISATION, details)
