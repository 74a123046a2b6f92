"""NodeBB 4: a Note starts a topic whose title is its first line; Events are not taken.

Read in src/activitypub/index.js (`acceptedPostTypes`, `acceptedProtocols`), src/activitypub/mocks.js (`_normalize`,
`post`), src/activitypub/notes.js (`assert`), src/activitypub/inbox.js (`update`), src/activitypub/helpers.js
(`generateTitle`).
"""

from urllib.parse import urlsplit

from tests.peers.consumers.seen import Json, Seen, gone, listed, on_screen

_POSTS = ("Note", "Page", "Article", "Question", "Video")
_TITLE = 255


def see(activity: Json, before: Seen | None) -> Seen:
    """What somebody who follows the author there sees."""
    thing = activity.get("object")
    if not all(activity.get(name) for name in ("id", "type", "actor", "object")) or not isinstance(thing, dict):
        return before or Seen(refused="the activity lacks something")
    if urlsplit(activity["actor"]).hostname != urlsplit(thing["id"]).hostname:
        return before or Seen(refused="origin mismatch")
    match activity["type"]:
        case "Create" | "Update":
            return _topic(thing)
        case "Delete":
            return gone(before)
    return before or Seen(refused="nothing is done with this activity")


def _topic(thing: Json) -> Seen:
    if thing["type"] not in _POSTS or not isinstance(thing.get("attributedTo"), str):
        return Seen(refused="this type of post is not accepted")
    if not thing["id"].startswith("https://"):
        return Seen(refused="not https")
    text = on_screen(thing.get("content") or "")
    title = thing.get("name") or text.split("\n", 1)[0]
    return Seen(
        title=title if len(title) <= _TITLE else f"{title[: _TITLE - 3]}...",
        text=text,
        link=next(iter(listed(thing.get("url"))), thing["id"]),
        images=tuple(
            (one["url"], one.get("name", ""))
            for one in listed(thing.get("attachment"))
            if str(one.get("mediaType", "")).startswith("image/")
        ),
        tags=tuple(one["name"].removeprefix("#") for one in listed(thing.get("tag")) if one.get("type") == "Hashtag"),
    )
