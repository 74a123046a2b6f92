"""From the values of an entry that fits its schema to the draft of an opportunity or an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.opportunities import rules as opportunities
from fediverse_ehrenamt.publishing import schema
from fediverse_ehrenamt.vocab import details
from fediverse_ehrenamt.vocab.types import EventDetails, OpportunityDetails, Place

Draft = opportunities.Draft | events.Draft
Given = Mapping[str, Any]

_LONGEST_OF_SERIES = 150  # characters of an id, to which each date adds its own


@dataclass(frozen=True, slots=True)
class Date:
    """One of several dates of an entry; `status` is "confirmed", "tentative" or "cancelled"."""

    starts_at: datetime
    ends_at: datetime
    status: str


_UNREADABLE = sentence("enthält nichts, was man lesen kann; bitte als einfachen Text ohne HTML schreiben")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # stands where a withdrawal says no time; it is not read


def draft(kind: str, given: Given, place: Place | None) -> Draft:
    """Return the draft of an entry, without its image; raises `Invalid` for what a schema cannot say."""
    return _opportunity(given, place) if kind == schema.OPPORTUNITY else _event(given, place)


def dates(given: Given) -> tuple[Date, ...]:
    """Return the further dates of an entry, in its order; raises `Invalid` for what a schema cannot say."""
    found = tuple(
        Date(_moment(one, "startTime"), _moment(one, "endTime"), one.get("status", "confirmed"))
        for one in given.get("dates", ())
    )
    problems: list[Problem] = []
    for number, date in enumerate(found):
        if date.ends_at <= date.starts_at:
            problems.append(Problem(f"dates[{number}].endTime", "liegt nicht nach dem Beginn"))
        if any(date.starts_at == other.starts_at for other in found[:number]):
            problems.append(Problem(f"dates[{number}].startTime", "steht hier zweimal; bitte jeden Termin nur einmal"))
    if found and len(given["id"]) > _LONGEST_OF_SERIES:
        bound = sentence("darf bei mehreren Terminen höchstens %(most)s Zeichen haben", most=_LONGEST_OF_SERIES)
        problems.append(Problem("id", bound))
    if problems:
        raise Invalid(problems)
    return found


def _opportunity(given: Given, place: Place | None) -> opportunities.Draft:
    if given.get("status") == opportunities.WITHDRAWN:
        nothing = OpportunityDetails(title="", kind=details.UNKNOWN, areas=(), status=opportunities.WITHDRAWN)
        return opportunities.Draft(key=given["id"], details=nothing, text="")
    node = _node(details.OPPORTUNITY, given)
    found = details.read_opportunity({"opportunity": node})
    if found is None:
        raise Invalid([_unreadable("title")])
    _check_nothing_lost(node, details.write_opportunity(found))
    return opportunities.Draft(
        details=found,
        plain_language=given.get("plainLanguage", "").strip(),
        place=place,
        **_common(given),
    )


def _event(given: Given, place: Place | None) -> events.Draft:
    if given.get("status") == events.WITHDRAWN:
        return events.Draft(
            key=given["id"],
            name="",
            details=EventDetails(kind=details.UNKNOWN),
            text="",
            starts_at=_NEVER,
            ends_at=_NEVER,
            status=events.WITHDRAWN,
        )
    node = _node(details.EVENT_DETAILS, given)
    found = details.read_event({"eventDetails": node}) or EventDetails(kind=details.UNKNOWN)
    _check_nothing_lost(node, details.write_event(found))
    return events.Draft(
        name=" ".join(given["name"].split()),
        names={tag: " ".join(name.split()) for tag, name in given.get("nameMap", {}).items()},
        details=found,
        starts_at=_moment(given, "startTime"),
        ends_at=_moment(given, "endTime"),
        timezone=given.get("timezone", "Europe/Berlin"),
        status=given.get("status", "confirmed"),
        online_url=given.get("onlineUrl", ""),
        capacity=given.get("capacity"),
        category=given.get("category", "COMMUNITY"),
        place=place,
        **_common(given),
    )


def _common(given: Given) -> dict[str, Any]:
    return {
        "key": given["id"],
        "text": given["text"].strip(),
        "language": given.get("language", "de"),
        "hashtags": tuple(dict.fromkeys(tag.removeprefix("#") for tag in given.get("hashtags", ()))),
        "image_alt": given.get("image", {}).get("alt", ""),
        "contact_url": given.get("contactUrl", ""),
        "texts": {tag: text.strip() for tag, text in given.get("textMap", {}).items()},
    }


def _moment(given: Given, name: str) -> datetime:
    found = clock.parse(given[name])
    assert found is not None, "the schema lets only times through"
    return found


def _node(table: details.Table, given: Given) -> dict[str, Any]:
    """Return those fields that go into our own node; an empty list says as little as none."""
    return {field.term: given[field.term] for field in table if given.get(field.term) not in (None, [], {})}


def _check_nothing_lost(node: Given, written: Given) -> None:
    """The reader of our terms is lenient to peers and drops what it cannot read; people are told."""
    lost = [term for term in node if term not in written]
    if lost:
        raise Invalid([_unreadable(term) for term in lost])


def _unreadable(term: str) -> Problem:
    return Problem(term, _UNREADABLE)
