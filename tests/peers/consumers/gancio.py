"""Gancio: an Event of a followed and trusted actor; its Update is read by other code than its Create.

Read in server/federation/inbox.js, server/federation/helpers.js (`parsePlace`, `parseAPEvent`),
server/federation/events.js (`update`, `remove`), server/api/controller/event.js (`_findOrCreatePlace`).
"""

from typing import Any

from tests.peers.consumers.seen import Json, See, Seen, gone, listed, moment, on_screen

_REQUIRED = ("name", "startTime", "id")


class _Refused(Exception):
    """What the handler throws; the event is then as it was."""


def server() -> See:
    """A server that follows and trusts the sender and has no place yet; places are found again by their names."""
    places: dict[str, str] = {}

    def see(activity: Json, before: Seen | None) -> Seen:
        thing = activity["object"]
        if activity.get("type") == "Delete":
            return gone(before)
        if thing["type"] != "Event":
            return before or Seen(refused="a note is only a reply")
        try:
            return _create(thing, places) if activity["type"] == "Create" else _update(thing, places)
        except _Refused as error:
            return before or Seen(refused=str(error))

    return see


def _create(thing: Json, places: dict[str, str]) -> Seen:
    missing = next((name for name in _REQUIRED if not thing.get(name)), None)
    if missing:
        raise _Refused(f"{missing} required")
    place, online = _place(thing, places)
    pictures = [one for one in thing.get("attachment", []) if "image" in _media_type(one) and one.get("url")]
    return Seen(
        title=thing["name"].strip(),
        text=on_screen(thing.get("content") or thing.get("summary") or ""),
        images=((pictures[0]["url"], thing["attachment"][0].get("name") or thing["name"]),) if pictures else (),
        starts=moment(thing["startTime"]),
        ends=moment(thing.get("endTime")),
        place=place,
        tags=_tags(thing),
        more=tuple(online),
    )


def _update(thing: Json, places: dict[str, str]) -> Seen:
    """An Update takes the first attachment for the picture, whatever it is, and makes the place anew."""
    location = thing.get("location")
    found = location if isinstance(location, dict) else {}
    address = found.get("address")
    parts = address if isinstance(address, dict) else {}
    lines = [parts.get(name) for name in ("streetAddress", "addressLocality", "addressCountry")]
    place = _find_or_create(
        places, found.get("name"), next((line for line in [*lines, address] if line is not None), "")
    )
    attached = thing["attachment"]
    if attached and "url" not in attached[0]:
        raise _Refused("its picture cannot be fetched")
    return Seen(
        title=thing["name"].strip(),
        text=on_screen(thing["content"]),
        images=((attached[0]["url"], attached[0].get("name") or thing["name"]),) if attached else (),
        starts=moment(thing["startTime"]),
        ends=moment(thing.get("endTime")),
        place=place,
        tags=_tags(thing),
    )


def _place(thing: Json, places: dict[str, str]) -> tuple[str, list[str]]:
    """Return the place and where it can be attended online."""
    locations = listed(thing.get("location"))
    if not locations:  # it is taken, but every list joins the places (server/api/controller/event.js `_select`)
        raise _Refused("an event without a place stands in no list")
    online = [one["address"]["url"] for one in locations if _url(one)]
    physical = next((one for one in locations if one.get("address") and not _url(one)), None)
    physical = physical or next((one for one in locations if not _url(one)), None)
    if physical is None:
        return _find_or_create(places, "online", "online"), online
    address = physical.get("address")
    if not address:
        return _find_or_create(places, physical.get("name"), physical.get("name")), online
    if isinstance(address, str):
        return _find_or_create(places, physical.get("name"), address), online
    parts = [address.get(name) for name in ("streetAddress", "addressLocality", "addressRegion", "addressCountry")]
    return _find_or_create(places, physical.get("name"), ", ".join(part for part in parts if part)), online


def _find_or_create(places: dict[str, str], name: Any, address: Any) -> str:
    if address and not isinstance(address, str):
        raise _Refused("place_address.trim is not a function")
    if not name or (not address and name.lower() != "online"):
        raise _Refused("place_id or place_name and place_address are required")
    return places.setdefault(name.lower(), name if name == address else f"{name}, {address}")


def _url(location: Json) -> str:
    address = location.get("address")
    return str(address.get("url") or "") if isinstance(address, dict) else ""


def _media_type(one: Json) -> str:
    if "mediaType" not in one:
        raise _Refused("an attachment without mediaType")
    return str(one["mediaType"])


def _tags(thing: Json) -> tuple[str, ...]:
    """Every tag, mentions too, without its first character."""
    return tuple(one["name"][1:] for one in thing.get("tag", []))
