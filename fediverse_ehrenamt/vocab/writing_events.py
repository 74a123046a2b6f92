"""Writes Events as FEP-8a8e, Mobilizon, Gancio and Event Bridge really read them."""

from datetime import datetime, tzinfo

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab import details, reader
from fediverse_ehrenamt.vocab.types import Event, Link
from fediverse_ehrenamt.vocab.writing_parts import WEBSITE, Json, said
from fediverse_ehrenamt.vocab.writing_things import thing

_JOIN_MODES = frozenset({"free", "restricted", "invite", "external"})  # Mobilizon drops events with any other
_SCHEDULED = {"confirmed": "EventScheduled", "tentative": "EventPostponed", "cancelled": "EventCancelled"}


def _local(moment: datetime, zone: tzinfo | None) -> str:
    """Write a time with the offset of the event's time zone."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if zone else clock.write(moment)


def _when(value: Event) -> Json:
    zone = reader.zone(value.timezone)
    return {
        "startTime": _local(value.starts_at, zone),
        "endTime": _local(value.ends_at, zone) if value.ends_at else "",
        "timezone": value.timezone,
    }


def _status(value: Event) -> Json:
    status = value.status.upper()
    return {"status": status, "ical:status": status, "eventStatus": _SCHEDULED.get(value.status, "EventScheduled")}


def _taking_part(value: Event) -> Json:
    return {
        "joinMode": value.join_mode if value.join_mode in _JOIN_MODES else "external",
        "externalParticipationUrl": value.participation_url or value.url,
        "maximumAttendeeCapacity": value.capacity,
        "remainingAttendeeCapacity": _places_left(value),
        "participantCount": value.participants,
        "category": value.category,
    }


def _places_left(value: Event) -> int | None:
    """Return how many more may come; an organiser may have set the limit below those who are coming already."""
    if value.capacity is None or value.participants is None:
        return None
    return max(0, value.capacity - value.participants)


def _website(value: Event) -> tuple[Link, ...]:
    """Return the link that Mobilizon shows: to the online room beside a physical place, else to the event's page."""
    if any(link.name == WEBSITE for link in value.links):
        return ()
    href = value.online_url if value.place and value.online_url else value.url
    return (Link(href=href, name=WEBSITE, media_type="text/html"),) if href else ()


def event(value: Event) -> Json:
    own = {
        "eventDetails": details.write_event(value.details) if value.details else {},
        "opportunity": details.write_opportunity(value.opportunity) if value.opportunity else {},
    }
    constant: Json = {
        "mediaType": "text/html",
        "repliesModerationOption": "allow_all",
        "commentsEnabled": True,
        "isOnline": value.online,
    }
    texts = said({"name": value.name, "nameMap": dict(value.name_map), "summary": value.summary})
    return (
        thing(value, "Event", _website(value))
        | texts
        | said(_when(value) | _taking_part(value) | own)
        | (_status(value) | constant)
    )
