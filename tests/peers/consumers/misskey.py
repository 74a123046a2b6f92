"""Misskey: a note of MFM text, `summary` is its content warning; an Update of a note is skipped.

Read in packages/backend/src/core/activitypub/type.ts (`validPost`, `getApType`, `isDocument`),
core/activitypub/models/ApNoteService.ts (`createNote`), core/activitypub/models/ApImageService.ts,
core/activitypub/ApInboxService.ts (`update`: actors and questions only).
"""

from urllib.parse import urlsplit

from tests.peers.consumers.seen import Json, Seen, gone, listed, on_screen

_POSTS = ("Note", "Question", "Article", "Audio", "Document", "Image", "Page", "Video", "Event")
_FILES = ("Audio", "Document", "Image", "Page", "Video")
_ALT = 512


def see(activity: Json, before: Seen | None) -> Seen:
    match activity.get("type"):
        case "Create":
            return _note(activity["object"], activity["actor"])
        case "Delete":
            return gone(before)
    return before or Seen(refused="nothing is done with this activity")


def _note(thing: Json, actor: str) -> Seen:
    if listed(thing["type"])[0] not in _POSTS:
        return Seen(refused="no post")
    if thing.get("attributedTo") != actor:
        return Seen(refused="its author is not the sender")
    link = next(iter(listed(thing.get("url"))), "")
    address = link.get("href", "") if isinstance(link, dict) else link
    if not all(url.startswith("https://") for url in (thing["id"], address) if url):
        return Seen(refused="not https")
    if address and urlsplit(address).hostname != urlsplit(thing["id"]).hostname:
        return Seen(refused="its page is on another host")
    return Seen(
        text=on_screen(thing.get("content") or ""),
        warning=thing.get("summary") or "",  # as it stands: markup in it would be read as text
        link=address,
        images=tuple(
            (one["url"], (one.get("name") or "")[:_ALT])
            for one in listed(thing.get("attachment"))
            if one.get("type") in _FILES and str(one.get("url", "")).startswith("https://")
        ),
        tags=tuple(one["name"].removeprefix("#") for one in listed(thing.get("tag")) if one.get("type") == "Hashtag"),
    )
