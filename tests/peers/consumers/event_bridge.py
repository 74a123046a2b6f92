"""Event Bridge for ActivityPub (WordPress) with The Events Calendar: events of its event sources, still to come.

Read in includes/activitypub/handler/class-create.php, class-update.php, transmogrifier/helper/class-sanitizer.php,
transmogrifier/class-base.php (`get_featured_image`), transmogrifier/class-the-events-calendar.php (`add_venue`,
`get_venue_args`).
"""

from datetime import UTC, datetime
from typing import Any

from tests.peers.consumers.seen import Json, See, Seen, gone, listed, moment, on_screen, public

_PICTURES = ("Image", "Document")
_ADDRESS = ("streetAddress", "postalCode", "addressLocality", "addressCountry")


def at(now: datetime) -> See:
    """A blog whose event source the sender is, at a time."""

    def see(activity: Json, before: Seen | None) -> Seen:
        if activity.get("type") == "Delete":
            return gone(before)
        thing = activity["object"]
        if not public(activity) or thing["type"] != "Event":
            return before or Seen(refused="only public events are taken")
        if datetime.fromisoformat(thing["startTime"]).astimezone(UTC) < now:
            return before or Seen(refused="it is over")
        return _post(thing)

    return see


def _post(thing: Json) -> Seen:
    attached = [one for one in listed(thing.get("attachment")) if {"url", "href", "name"} & set(one)]
    picture = next((one for one in attached if one["type"] in _PICTURES), None)
    return Seen(
        title=thing["name"],
        text=on_screen(thing.get("content", "")),
        images=((picture["url"], picture.get("name", "")),) if picture else (),
        starts=moment(thing["startTime"]),
        ends=moment(thing.get("endTime")),
        place=_venue(thing.get("location")),
        tags=tuple(one["name"].removeprefix("#") for one in listed(thing.get("tag")) if one.get("name")),
    )


def _venue(location: Any) -> str:
    """A place without a name is none, and so is Gancio's "online"; anything else becomes a venue."""
    place = location[0] if isinstance(location, list) and location else location
    if not isinstance(place, dict) or not place.get("name") or place["name"] == "online":
        return ""
    address = place.get("address")
    if isinstance(address, str):
        return f"{place['name']}, {address}"
    postal = address if isinstance(address, dict) and address.get("type") == "PostalAddress" else {}
    return ", ".join([place["name"], *(postal[name] for name in _ADDRESS if postal.get(name))])
