"""Takahē: compacts what comes by its own context and the security one; every kind of object is a post.

Read at d45f22c in core/ld.py (`canonicalise`), users/models/inbox_message.py (`handle_received`),
activities/models/post.py (`by_ap`, `handle_create_ap`, `handle_update_ap`), templates/activities/_post.html.
"""

from collections.abc import Mapping
from typing import Any

from pyld import jsonld

from fediverse_ehrenamt.vocab import context
from tests.peers.consumers.seen import Json, Seen, gone, listed, on_screen

_POSTS = ("Article", "Audio", "Event", "Image", "Note", "Page", "Question", "Video")
_IMAGES = tuple(f"image/{kind}" for kind in ("apng", "avif", "gif", "jpeg", "png", "webp"))
_PUBLIC = {"public", "as:public"}


def see(activity: Json, before: Seen | None) -> Seen:
    if activity["type"] == "Delete":
        return gone(before)
    if activity["type"] not in {"Create", "Update"}:
        return before or Seen(refused="nothing is done with this activity")
    said = _canonical(activity)
    thing = said["object"]
    if not isinstance(thing, dict) or thing["type"] not in _POSTS:
        return before or Seen(refused="no post")
    if said["actor"] != thing["attributedTo"]:
        return before or Seen(refused="somebody else's post")
    return _post(thing)


def _post(thing: dict[str, Any]) -> Seen:
    to, cc = ({one.lower() for one in listed(thing.get(name))} for name in ("to", "cc"))
    reach = "public" if to & _PUBLIC else "unlisted" if cc & _PUBLIC else "mentioned"
    content = thing["content"] if "content" in thing else next(iter(thing["contentMap"].values()))
    files = [{**one, "url": one.get("url") or one.get("href")} for one in listed(thing.get("attachment"))]
    return Seen(
        text=on_screen(content),
        warning=on_screen(thing.get("summary") or thing.get("name") or ""),
        link=thing.get("url", thing["id"]),
        images=tuple((one["url"], one.get("name") or "") for one in files if one["mediaType"] in _IMAGES),
        tags=tuple(one["name"].lower().lstrip("#") for one in listed(thing.get("tag")) if one["type"] == "Hashtag"),
        more=(
            reach,
            *(["edited"] if thing.get("updated") else []),
            *(f"file {one['name']}" for one in files if one["mediaType"] not in _IMAGES),
        ),
    )


def _canonical(activity: Json) -> dict[str, Any]:
    whole = [*listed(activity["@context"]), context.SECURITY]
    expanded = jsonld.expand({**activity, "@context": whole}, {"documentLoader": _load})
    compacted = jsonld.compact(expanded, whole, {"documentLoader": _load})
    assert isinstance(compacted, dict)
    return compacted


def _load(url: str, _options: Mapping[str, object]) -> dict[str, object]:
    document = context.bundled(url) or {"@context": {}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}
