"""Friendica: reads expanded JSON-LD; `name` is the title, `summary` the warning, an Event also enters the calendar.

Read in src/Protocol/ActivityPub/Receiver.php (`processObject`, `processAttachments`, `processTags`),
src/Protocol/ActivityPub/Processor.php (`processContent`, `createEvent`, `updateEvent`, `updateItem`),
src/Util/JsonLD.php (`fetchElement`).
"""

from typing import Any

from fediverse_ehrenamt.vocab import jsonld
from tests.peers.consumers.seen import Json, Seen, gone, moment, on_screen

_AS = "https://www.w3.org/ns/activitystreams#"
_TYPES = {f"{_AS}{name}" for name in ("Note", "Article", "Video", "Image", "Event", "Audio", "Page", "Question")}


def see(activity: Json, before: Seen | None) -> Seen:
    if activity.get("type") not in {"Create", "Update", "Delete"}:
        return before or Seen(refused="nothing is done with this activity")
    if activity["type"] == "Delete":
        return gone(before)
    whole = {key: value for key, value in activity.items() if key != "proof"}
    (expanded,) = jsonld.expand(whole)
    found: Any = expanded[f"{_AS}object"]
    return _item(found[0])


def _item(thing: Json) -> Seen:
    kind = thing["@type"][0]
    if kind not in _TYPES:
        return Seen(refused="this type is dropped")
    event = kind == f"{_AS}Event"
    place = _first(thing, "location")
    named = isinstance(place, dict) and f"{_AS}Place" in place.get("@type", [])
    return Seen(
        title=_value(thing, "name"),
        text=on_screen(_value(thing, "content")),
        warning=on_screen(_value(thing, "summary")),
        link=_id(thing, "url"),
        images=tuple(
            (_id(one, "url"), _value(one, "name"))
            for one in thing.get(f"{_AS}attachment", [])
            if one["@type"] == [f"{_AS}Image"]
        ),
        starts=moment(_value(thing, "startTime")) if event else "",
        ends=moment(_value(thing, "endTime")) if event else "",
        place=_value(place, "name") if named else "",
        tags=tuple(_tags(thing)),
    )


def _tags(thing: Json) -> list[str]:
    return [
        _value(tag, "name").removeprefix("#")
        for tag in thing.get(f"{_AS}tag", [])
        if tag["@type"][0].removeprefix(_AS) == "Hashtag"
    ]


def _first(thing: Any, name: str) -> Any:
    found = thing.get(f"{_AS}{name}") if isinstance(thing, dict) else None
    return found[0] if found else None


def _value(thing: Any, name: str) -> str:
    found = _first(thing, name)
    return str(found.get("@value", "")) if isinstance(found, dict) else ""


def _id(thing: Any, name: str) -> str:
    found = _first(thing, name)
    return str(found.get("@id", "")) if isinstance(found, dict) else ""
