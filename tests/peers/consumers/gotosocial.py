"""GoToSocial 0.20: every kind of object is a status; summary, or else name, is its content warning.

Read in internal/typeutils/astointernal.go (`ASStatusToStatus`), internal/ap/extract.go (`ExtractContent`,
`ExtractAttachments`, `ExtractHashtags`), internal/typeutils/internaltofrontend.go (`SpoilerText`).
"""

from datetime import datetime

from tests.peers.consumers.seen import Json, Seen, gone, listed, on_screen

_STATUSES = ("Article", "Document", "Image", "Video", "Note", "Page", "Event", "Place", "Profile", "Question", "Album")
_FILES = ("Audio", "Document", "Image", "Video")


def see(activity: Json, before: Seen | None) -> Seen:
    match activity.get("type"):
        case "Create" | "Update":
            return _status(activity["object"])
        case "Delete":
            return gone(before)
    return before or Seen(refused="nothing is done with this activity")


def _status(thing: Json) -> Seen:
    if not any(one in _STATUSES for one in listed(thing["type"])):
        return Seen(refused="no status")
    if not thing.get("to") and not thing.get("cc"):
        return Seen(refused="neither to nor cc")
    published, updated = thing.get("published"), thing.get("updated")
    if published and updated and datetime.fromisoformat(updated) < datetime.fromisoformat(published):
        return Seen(refused="updated predates published")
    content = str(thing.get("content") or "")
    return Seen(
        text=on_screen(content),
        warning=on_screen(thing.get("summary") or thing.get("name") or ""),
        link=next(iter(listed(thing.get("url"))), thing["id"]),
        images=tuple(
            (one["url"], one.get("summary") or one.get("name") or "")
            for one in listed(thing.get("attachment"))
            if one.get("type") in _FILES and one.get("url")
        ),
        tags=_tags(thing),
        more=tuple(language for language, text in thing.get("contentMap", {}).items() if text == content),
    )


def _tags(thing: Json) -> tuple[str, ...]:
    names = [one["name"] for one in listed(thing.get("tag")) if one.get("type") == "Hashtag" and one.get("name")]
    return tuple(dict.fromkeys(name.removeprefix("#").lower() for name in names))
