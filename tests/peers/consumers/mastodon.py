"""Mastodon 4.7: a Note is shown whole, an Event as heading, summary and link.

Read in app/lib/activitypub/activity/create.rb (`process_status_params`, `process_tags`, `process_attachments`),
app/lib/activitypub/parser/status_parser.rb (`processed_text`, `processed_spoiler_text`, `language`),
app/lib/activitypub/parser/media_attachment_parser.rb, app/services/activitypub/process_status_update_service.rb.
"""

from dataclasses import replace

from tests.peers.consumers.seen import AS2, Json, Seen, gone, listed, on_screen, public

_SHOWN_WHOLE = ("Note", "Question")
_CONVERTED = ("Image", "Audio", "Video", "Article", "Page", "Event")
_MEDIA = 4
_ALT = 10_000


def see(activity: Json, before: Seen | None) -> Seen:
    if AS2 not in listed(activity.get("@context")):
        return before or Seen(refused="its context is not that of ActivityStreams")
    match activity.get("type"):
        case "Create":
            return _create(activity["object"])
        case "Update":
            return _update(activity["object"], before)
        case "Delete":
            return gone(before)
    return before or Seen(refused="nothing is done with this activity")


def _create(thing: Json) -> Seen:
    types = listed(thing["type"])
    converted = any(one in _CONVERTED for one in types)
    if not converted and not any(one in _SHOWN_WHOLE for one in types):
        return Seen(refused="this type is not known")
    images, links = _attachments(thing)
    shown = Seen(
        link=_url(thing),
        images=images,
        tags=tuple(tag["name"].removeprefix("#") for tag in listed(thing.get("tag")) if tag.get("type") == "Hashtag"),
        more=(*_visibility(thing), *_language(thing), *_card(images, links)),
    )
    summary = thing.get("summary") or ""
    if converted:
        return replace(shown, title=on_screen(thing.get("name") or ""), text=on_screen(summary))
    return replace(shown, text=on_screen(_text(thing)), warning=summary)


def _update(thing: Json, before: Seen | None) -> Seen:
    """An edit is taken only with an `updated`, and then only what changed is shown as edited."""
    if before is None or before.refused:
        return before or _create(thing)
    if not thing.get("updated"):
        return before
    after = _create(thing)
    changed = (after.title, after.text, after.warning, after.images) != (
        before.title,
        before.text,
        before.warning,
        before.images,
    )
    return replace(after, more=(*after.more, "edited")) if changed else before


def _url(thing: Json) -> str:
    """A list of links is not told apart by media type, so the first always wins."""
    first = next(iter(listed(thing.get("url"))), thing["id"])
    return str(first.get("href") if isinstance(first, dict) else first)


def _text(thing: Json) -> str:
    return str(thing.get("content") or next(iter(thing.get("contentMap", {}).values()), ""))


def _attachments(thing: Json) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """What has an `href` is a link for the preview card; everything else with a `url` is a picture, four at most."""
    images: list[tuple[str, str]] = []
    links: list[str] = []
    for one in listed(thing.get("attachment")):
        if one.get("href"):
            links.append(one["href"])
        elif one.get("url") and len(images) < _MEDIA:
            images.append((one["url"], str(one.get("summary") or one.get("name") or "").strip()[:_ALT]))
    return tuple(images), links


def _visibility(thing: Json) -> tuple[str, ...]:
    return ("public",) if public(thing) else ()


def _language(thing: Json) -> tuple[str, ...]:
    return tuple(list(thing.get("contentMap", {}))[:1])


def _card(images: tuple[tuple[str, str], ...], links: list[str]) -> tuple[str, ...]:
    """A preview card is fetched only for what has no picture."""
    return (f"card {links[0]}",) if links and not images else ()
