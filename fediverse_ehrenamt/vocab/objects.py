"""Reads objects: Note, Opportunity, Event, Tombstone. What we have no use for becomes Unsupported, never an error."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from html import escape
from typing import Any

import orjson

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import actors, details, mobilizon, parts, reader
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.mobilizon import Metadata
from fediverse_ehrenamt.vocab.parts import Where
from fediverse_ehrenamt.vocab.reader import Node
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Event,
    EventDetails,
    Note,
    Object,
    Opportunity,
    Tombstone,
    Unsupported,
)

_STATUSES = {
    "confirmed": "confirmed",
    "tentative": "tentative",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "eventscheduled": "confirmed",
    "eventrescheduled": "confirmed",
    "eventmovedonline": "confirmed",
    "eventpostponed": "tentative",
    "eventcancelled": "cancelled",
}
_PURPOSES = frozenset({"request", "offer"})
_NOTES = frozenset({"Note", "ChatMessage"})  # as Lemmy and Pleroma call a direct message
# With a name, and a page of their own: posts of blogs, forums (Lemmy, Friendica), PeerTube and Funkwhale.
_ARTICLES = frozenset({"Article", "Page", "Video", "Audio", "Image"})
_CHOICES = 50  # of a poll
_DAY = len("2026-12-12")
_WEBSITE = "Website"  # how Mobilizon names the link to an online event


# --- what all share ---------------------------------------------------------------------------------------------------
def attributed_to(node: Node) -> str:
    """Return the first author; of PeerTube's Person and Group it is the Person in whatever order."""
    authors = node.get("attributedTo")
    if not isinstance(authors, list):
        return reader.reference_of(authors)
    people = [author for author in authors if not (isinstance(author, dict) and author.get("type") == "Group")]
    return reader.reference({"people": people}, "people") or reader.reference(node, "attributedTo")


def _total(node: Node, key: str) -> int | None:
    """Return how many items an embedded collection says that it has."""
    found = node.get(key)
    return reader.integer(found, "totalItems") if isinstance(found, dict) else None


def _audience(node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return to whom something is, and its copies: what not everybody may find (FEP-268d) is unlisted to us."""
    to, cc = reader.references(node, "to"), reader.references(node, "cc")
    if PUBLIC not in to or parts.searchable(node) is not False:
        return to, cc
    return tuple(one for one in to if one != PUBLIC), (*cc, PUBLIC)


def _shared(node: Node, where: Where) -> dict[str, Any]:
    texts = parts.texts(node)
    to, cc = _audience(node)
    hashtags, mentions = parts.tags(node)
    return {
        "id": reader.uri(node, "id"),
        "attributed_to": attributed_to(node),
        "name": texts.name,
        "summary": texts.summary,
        "content": texts.content,
        "content_map": texts.versions,
        "language": texts.language,
        "published": reader.moment(node, "published"),
        "updated": reader.moment(node, "updated"),
        "url": reader.web_address(node, "url"),
        "to": to,
        "cc": cc,
        "hashtags": hashtags,
        "mentions": mentions,
        "images": parts.pictures(node),
        "links": parts.links(node),
        "place": where.place,
        "online_url": where.online_url,
        "in_reply_to": reader.reference(node, "inReplyTo"),
        "context": reader.reference(node, "context"),
        "likes": _total(node, "likes"),
        "shares": _total(node, "shares"),
        "raw": orjson.dumps(node),
    }


def _note(node: Node) -> Note | Opportunity:
    shared = _shared(node, parts.where(node))
    offer = details.read_opportunity(node)
    if offer is None:
        return Note(**shared, quote=parts.quoted(node))
    purpose = reader.word(node, "purpose")
    return Opportunity(**shared, details=offer, purpose=purpose if purpose in _PURPOSES else "request")


def _article(node: Node) -> Note | Opportunity:
    """Read the post of a blog, or what else Mastodon shows as a post, as a note with a name.

    What it says in `summary` is an excerpt, or a warning where it is `sensitive` besides (WordPress).
    """
    post = _note(node)
    if reader.flag(node, "sensitive"):
        return post
    return replace(post, summary="", content=post.content or post.summary)


def _poll(node: Node) -> Note | Opportunity:
    """Read a poll as a note that ends with its choices; whoever would choose goes where it is."""
    post = _note(node)
    choices = [*reader.nodes(node, "oneOf"), *reader.nodes(node, "anyOf")][:_CHOICES]
    items = "".join(f"<li>{escape(name)}</li>" for choice in choices if (name := reader.line(choice, "name")))
    versions = {tag: f"{text}<ul>{items}</ul>" for tag, text in post.content_map.items()}
    return replace(post, content=f"{post.content}<ul>{items}</ul>", content_map=versions) if items else post


# --- events -----------------------------------------------------------------------------------------------------------
def _moment(value: object, zone: tzinfo) -> datetime | None:
    """Read a time; one without an offset is local time in `zone`."""
    moment = clock.parse(value)
    if moment is None or clock.offset(value) is not None:
        return moment
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _is_day(value: object) -> bool:
    """Say whether a time is a calendar day alone, which xsd:dateTime is not, though people write it."""
    return isinstance(value, str) and len(value) == _DAY


def _day_after(moment: datetime, zone: tzinfo) -> datetime:
    return (moment.astimezone(zone) + timedelta(days=1)).astimezone(UTC)


def _span(node: Node, timezone: str) -> tuple[datetime | None, datetime | None]:
    """Return start and end, which may be said by the duration; an end before the start is no end.

    A day alone is all of that day. Where no time zone is named it is ours: who writes none has their own clock in mind.
    """
    start, end = reader.single(node, "startTime"), reader.single(node, "endTime")
    zone = reader.zone(timezone) or clock.offset(end) or clock.offset(start) or clock.HOME
    starts_at, ends_at = _moment(start, zone), _moment(end, zone)
    if starts_at is None:
        return None, None
    if ends_at is not None and ends_at >= starts_at:
        return starts_at, _day_after(ends_at, zone) if _is_day(end) else ends_at
    lasts = clock.duration(reader.single(node, "duration"))
    if lasts and ends_at is None:
        return starts_at, starts_at + lasts
    return starts_at, _day_after(starts_at, zone) if _is_day(start) else None


def _status(node: Node) -> str:
    """Return the worst of what `status`, `ical:status` and schema.org's `eventStatus` say."""
    said = (reader.word(node, key) for key in ("status", "ical:status", "eventStatus"))
    known = {_STATUSES.get(word.lower().rpartition("/")[2].rpartition("#")[2], "") for word in said}
    return next((status for status in ("cancelled", "tentative") if status in known), "confirmed")


def _capacity(node: Node) -> int | None:
    """Return the places; Mobilizon writes 0 for "no limit"."""
    return reader.integer(node, "maximumAttendeeCapacity") or None


def _online_url(where: Where, metadata: Metadata, shared: dict[str, Any], *, online: bool) -> str:
    """Return where an online event takes place; Mobilizon and we name it in a link beside the place."""
    said = where.online_url or metadata.meeting
    if said or not online:
        return said
    return next((link.href for link in shared["links"] if link.name == _WEBSITE), "")


def _details(node: Node, metadata: Metadata) -> EventDetails | None:
    """Return our own node, with what Mobilizon says where that says nothing."""
    found = details.read_event(node)
    if not (metadata.accessibility or metadata.livestream):
        return found
    told = found or EventDetails(kind=details.UNKNOWN)
    return replace(
        told,
        accessibility=told.accessibility or metadata.accessibility,
        livestream=told.livestream or metadata.livestream,
    )


def _event(node: Node) -> Event | None:
    """Read an event; None where it has no readable start."""
    timezone = reader.word(node, "timezone")
    timezone = timezone if reader.zone(timezone) else ""
    starts_at, ends_at = _span(node, timezone)
    if starts_at is None:
        return None
    where, metadata = parts.where(node), mobilizon.read(node)
    shared = _shared(node, where)
    online = where.virtual or reader.flag(node, "isOnline") is True
    shared["online_url"] = _online_url(where, metadata, shared, online=online)
    return Event(
        **shared,
        name_map=parts.names(node),
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=timezone,
        status=_status(node),
        online=online,
        join_mode=reader.word(node, "joinMode"),
        participation_url=reader.uri(node, "externalParticipationUrl")
        or reader.mail_link(node, "externalParticipationUrl")
        or metadata.tickets,
        capacity=_capacity(node),
        participants=reader.integer(node, "participantCount"),
        category=reader.word(node, "category"),
        details=_details(node, metadata),
        opportunity=details.read_opportunity(node),
    )


# --- dispatch ---------------------------------------------------------------------------------------------------------
def _tombstone(node: Node) -> Tombstone:
    return Tombstone(
        id=reader.uri(node, "id"),
        former_type=reader.name_of_type(node.get("formerType")),
        deleted=reader.moment(node, "deleted"),
    )


def _featured(node: Node) -> FeaturedCollection:
    """Read a collection of actors; what it recommends is known where all of its items are embedded."""
    items, texts = list(reader.nodes(node, "orderedItems")), parts.texts(node)
    complete = "orderedItems" in node and len(items) == (reader.integer(node, "totalItems") or 0)
    return FeaturedCollection(
        id=reader.uri(node, "id"),
        attributed_to=attributed_to(node),
        name=texts.name,
        summary=texts.summary,
        url=reader.web_address(node, "url"),
        featured=tuple(reader.reference(item, "featuredObject") for item in items) if complete else None,
    )


def _unsupported(node: Node, types: list[str]) -> Unsupported:
    return Unsupported(
        id=reader.uri(node, "id"),
        type=types[0] if types else "",
        attributed_to=attributed_to(node),
        in_reply_to=reader.reference(node, "inReplyTo"),
        quote=parts.quoted(node),
    )


def _actor(node: Node, types: list[str]) -> Object:
    """Read an actor; a stub without an inbox, as embedded in other things, is nothing to us."""
    try:
        return actors.read(node)
    except Malformed:
        return _unsupported(node, types)


_READERS: Mapping[str, Callable[[Node], Object]] = {
    **dict.fromkeys(_NOTES, _note),
    **dict.fromkeys(_ARTICLES, _article),
    "Question": _poll,
    "Tombstone": _tombstone,
    "FeaturedCollection": _featured,
}


def read(node: Node) -> Object:
    """Read an object by the best we understand of its types: an Event with a start, else the first we know."""
    types = reader.types(node)
    event = _event(node) if "Event" in types else None
    if event:
        return event
    for kind in types:
        if kind in _READERS:
            return _READERS[kind](node)
        if kind in actors.TYPES:
            return _actor(node, types)
    return _unsupported(node, types)
