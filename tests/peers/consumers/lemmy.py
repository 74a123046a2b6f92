"""Lemmy 1.0: whatever is sent must name a community in `to` or `cc`; the title is `name` or the first line.

Read in crates/apub/objects/src/protocol/page.rs (`Page`, `Attachment`, `InCommunity`),
crates/apub/objects/src/objects/post.rs (`from_json`).
"""

from typing import Any

from tests.peers.consumers.seen import PUBLIC, Json, See, Seen, gone, listed, on_screen

_TYPES = ("Page", "Article", "Note", "Video", "Event")
_TITLE = 200


def with_communities(*communities: str) -> See:
    """A server that knows these communities by their ids."""

    def see(activity: Json, before: Seen | None) -> Seen:
        match activity.get("type"):
            case "Create" | "Update":
                return _post(activity["object"], communities)
            case "Delete":
                return gone(before)
        return before or Seen(refused="nothing is done with this activity")

    return see


def _post(thing: Json, communities: tuple[str, ...]) -> Seen:
    if thing.get("type") not in _TYPES or not isinstance(thing.get("attributedTo"), str):
        return Seen(refused="it cannot be parsed")
    if thing.get("inReplyTo") is not None:
        return Seen(refused="a reply is a comment")
    attached = thing.get("attachment", [])
    if not isinstance(attached, list) or any(_address(one) is None for one in attached):
        return Seen(refused="an attachment cannot be parsed")
    addressed = [uri for uri in (*listed(thing.get("to")), *listed(thing.get("cc"))) if uri != PUBLIC]
    if not any(uri in communities for uri in addressed):
        return Seen(refused="no community is addressed")
    text = on_screen(thing.get("content") or "")
    first = attached[0] if attached else None
    return Seen(
        title=(thing.get("name") or text.split("\n", 1)[0])[:_TITLE],
        text="\n\n".join([text, *(_below(one) for one in attached[1:])]),
        link=(_address(first) or "") if first else "",
        images=((_address(first) or "", first.get("name", "")),) if first and first["type"] != "Link" else (),
    )


def _address(one: Any) -> str | None:
    """Return where an attachment leads, None where it is none of the three that can be parsed."""
    if not isinstance(one, dict):
        return None
    name = {"Link": "href", "Image": "url", "Document": "url"}.get(str(one.get("type")))
    found = one.get(name) if name else None
    return found if isinstance(found, str) else None


def _below(one: Json) -> str:
    return f"![{one.get('name', '')}]({one['url']})" if one["type"] != "Link" else f"{one['href']}"
