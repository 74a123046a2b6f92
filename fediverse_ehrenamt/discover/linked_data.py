"""schema.org for search engines: an offer is an unpaid JobPosting, a date an Event. Pure.

Source: schema.org 29; mapping in domain.md C4. Values are plain JSON; the template escapes what could end its block.
"""

from fediverse_ehrenamt.discover.view import Detail
from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.vocab.types import Event, Opportunity, Place

_CONTEXT = "https://schema.org"
_DESCRIPTION = 2_000
_STATUS = {"confirmed": "EventScheduled", "tentative": "EventScheduled", "cancelled": "EventCancelled"}
_ONLINE_MODES = {"online", "teilweise_online"}


def of(detail: Detail, url: str) -> dict[str, object]:
    """Return the JSON-LD of a thing whose page is at `url`; empty for what schema.org search features do not know."""
    thing = detail.thing
    if isinstance(thing, Opportunity):
        return _filled(_posting(detail, thing, url))
    return _filled(_event(detail, thing, url)) if isinstance(thing, Event) else {}


def _posting(detail: Detail, thing: Opportunity, url: str) -> dict[str, object]:
    details = thing.details
    remote = details.mode in _ONLINE_MODES
    return {
        "@context": _CONTEXT,
        "@type": "JobPosting",
        "title": details.title,
        "description": html.shorten(html.text(thing.content), _DESCRIPTION) or details.title,
        "url": url,
        "identifier": thing.id,
        "datePosted": clock.write(thing.published) if thing.published else None,
        "jobStartDate": details.start_date.isoformat() if details.start_date else None,
        "validThrough": clock.write(details.expires_at) if details.expires_at else None,
        "employmentType": "VOLUNTEER",
        "hiringOrganization": _organisation(detail),
        "jobLocation": _place(thing.place),
        "jobLocationType": "TELECOMMUTE" if remote else None,
        "workHours": detail.document.when,
        "totalJobOpenings": details.places_free if details.places_free is not None else details.places,
    }


def _event(detail: Detail, thing: Event, url: str) -> dict[str, object]:
    online = thing.online or bool(thing.online_url)
    mode = ("Mixed" if thing.place else "Online") if online else "Offline"
    details = thing.details
    virtual = {"@type": "VirtualLocation", "url": html.web_url(thing.online_url) or url} if online else None
    return {
        "@context": _CONTEXT,
        "@type": "Event",
        "name": detail.document.title,
        "description": html.shorten(html.text(thing.content or thing.summary), _DESCRIPTION),
        "url": url,
        "startDate": clock.write(thing.starts_at),
        "endDate": clock.write(thing.ends_at) if thing.ends_at else None,
        "eventStatus": f"{_CONTEXT}/{_STATUS.get(thing.status, 'EventScheduled')}",
        "eventAttendanceMode": f"{_CONTEXT}/{mode}EventAttendanceMode",
        "location": [location for location in (_place(thing.place), virtual) if location],
        "organizer": _organisation(detail),
        "maximumAttendeeCapacity": thing.capacity,
        "isAccessibleForFree": True if details and details.cost.strip().lower() == "kostenlos" else None,
    }


def _organisation(detail: Detail) -> dict[str, object] | None:
    site = html.web_url(detail.publisher.url) if detail.publisher else ""
    if not detail.document.organisation:
        return None
    return _filled({"@type": "Organization", "name": detail.document.organisation, "sameAs": site})


def _place(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    address = _filled(
        {
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postcode,
            "addressLocality": place.locality,
            "addressRegion": place.region,
            "addressCountry": place.country,
        }
    )
    spot = None
    if place.latitude is not None and place.longitude is not None:
        spot = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return _filled({"@type": "Place", "name": place.name, "address": address, "geo": spot})


def _filled(values: dict[str, object]) -> dict[str, object]:
    kept = {name: html.visible(value) if isinstance(value, str) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}
