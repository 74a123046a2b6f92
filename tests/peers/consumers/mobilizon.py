"""Mobilizon: an Event becomes an event with address, banner and external registration; a Note is only ever a comment.

Read in lib/federation/activity_pub/transmogrifier.ex (dispatch by one string) and, of lib/federation/activity_stream,
converter/event.ex (`as_to_model_data`), converter/address.ex, converter/utils.ex (`get_address`, `get_banner_picture`,
`fetch_tags`); lib/mobilizon/events/event.ex (`common_changeset`), lib/mobilizon/events/categories.ex.
"""

from datetime import datetime
from typing import Any

from tests.peers.consumers.seen import Json, See, Seen, gone, moment, on_screen, public

_STATUSES = ("CONFIRMED", "TENTATIVE", "CANCELLED")
_JOIN_MODES = ("free", "restricted", "invite", "external")
_TITLE = (3, 200)
_ATTACHED = ("Document", "Image")
_ADDRESS = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")


def server() -> See:
    """A server that has never heard of any address."""
    addresses: dict[str, str] = {}

    def see(activity: Json, before: Seen | None) -> Seen:
        match activity.get("type"):
            case "Create" | "Update":
                return _event(activity["object"], addresses)
            case "Delete":
                return gone(before)
        return before or Seen(refused="not supported")

    return see


def _event(thing: Json, addresses: dict[str, str]) -> Seen:
    if thing["type"] != "Event":
        return Seen(refused="a Note is a comment, and this is none")
    if reason := _invalid(thing):
        return Seen(refused=reason)
    attached = thing["attachment"]
    return Seen(
        title=thing["name"],
        text=on_screen(thing["content"]),
        link=next((one["href"] for one in attached if _is_website(one)), ""),
        images=_banner(thing),
        starts=moment(thing["startTime"]),
        ends=moment(thing.get("endTime")),
        place=_address(thing.get("location"), addresses),
        tags=tuple(tag["name"].removeprefix("#") for tag in thing["tag"] if tag["type"] == "Hashtag"),
        join=thing.get("externalParticipationUrl", "") if thing.get("joinMode") == "external" else "",
        more=_more(thing),
    )


def _invalid(thing: Json) -> str:
    """Return why the event would not be stored, as its changeset or a clause that does not match."""
    starts, ends = thing.get("startTime"), thing.get("endTime")
    checks = {
        "no title of 3 to 200 characters": _TITLE[0] <= len(thing.get("name") or "") <= _TITLE[1],
        "no start": bool(starts),
        "it ends before it starts": not ends or datetime.fromisoformat(ends) >= datetime.fromisoformat(str(starts)),
        "its author is not one actor": isinstance(thing.get("attributedTo"), str),
        "its attachments are no list": isinstance(thing.get("attachment"), list),
        "its image is null": "image" not in thing or thing["image"] is not None,
        "its place is neither an object nor a text": isinstance(thing.get("location", ""), dict | str),
        "its status is not known": thing.get("status", "CONFIRMED") in _STATUSES,
        "its way of joining is not known": thing.get("joinMode", "free") in _JOIN_MODES,
        "it has no receivers": "to" in thing,
    }
    return next((reason for reason, holds in checks.items() if not holds), "")


def _is_website(one: Json) -> bool:
    return (one["type"], one.get("mediaType"), one.get("name")) == ("Link", "text/html", "Website")


def _banner(thing: Json) -> tuple[tuple[str, str], ...]:
    """The picture named "Banner", else `image`, else the first one; its name is kept with it."""
    attached = [one for one in thing["attachment"] if one["type"] in _ATTACHED]
    named = [one for one in attached if one.get("name") == "Banner"]
    image = [thing["image"]] if isinstance(thing.get("image"), dict) and thing["image"]["type"] in _ATTACHED else []
    first = next(iter([*named, *image, *attached]), None)
    return ((first["url"], first.get("name", "")),) if first else ()


def _address(place: Any, addresses: dict[str, str]) -> str:
    """Return the address as it is written out, from the database where its id is known."""
    if place is None:
        return ""
    if isinstance(place, str):
        return place
    known = addresses.get(place.get("id", ""))
    if known is not None:
        return known
    address = place.get("address")
    parts = [address] if isinstance(address, str) else [(address or {}).get(name) for name in _ADDRESS]
    on_map = isinstance(place.get("latitude"), float) and isinstance(place.get("longitude"), float)
    pin = f"({place['latitude']}, {place['longitude']})" if on_map else ""
    written = " ".join(part for part in (place.get("name"), *parts, pin) if part)
    if "id" in place:
        addresses[place["id"]] = written
    return written


def _more(thing: Json) -> tuple[str, ...]:
    capacity = thing.get("maximumAttendeeCapacity")
    said = {
        thing.get("status", "CONFIRMED").lower(): True,
        "listed": public(thing),
        "online": thing.get("isOnline") is True,
        f"{capacity} places": capacity is not None,
        "comments": thing.get("repliesModerationOption") == "allow_all",
        thing.get("inLanguage", ""): "inLanguage" in thing,
    }
    return tuple(word for word, holds in said.items() if holds)
