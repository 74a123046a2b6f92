"""Unpacks pages of an OpenActive feed (RPDE, "Realtime Paged Data Exchange") to the schema.org that its items carry.

Its dates (ScheduledSession, Event) are named by what they belong to (`superEvent`), whole, or by its @id.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urljoin

import orjson

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings.record import MAX_LIST

Node = Mapping[str, object]

DATES = frozenset({"ScheduledSession", "SessionSeries"})
"""Types of its own that are events, though they are not called so."""
ONE_PAGE = sentence("ist eine Seite eines Feeds (OpenActive); was auf anderen Seiten steht, fehlt hier")
NAMED_ELSEWHERE = sentence("der Titel fehlt (name); er steht in dem Feed, auf den superEvent zeigt")
_STATES = frozenset({"updated", "deleted"})
_ALIASES = {"type": "@type", "id": "@id"}  # as its contexts before version 2 have it
_OF_SERIES = (
    *("name", "description", "url", "keywords", "image", "inLanguage"),
    *("location", "organizer", "offers", "isAccessibleForFree", "eventAttendanceMode"),
)
_MAX_DEPTH = 12
_SERIES_DEPTH = 3  # a date of a series of a campaign


def is_page(root: object) -> bool:
    """Say whether a JSON text is a page of such a feed, and not an empty one."""
    items = root.get("items") if isinstance(root, dict) else None
    first = items[0] if isinstance(items, list) and items else None
    return isinstance(first, dict) and "modified" in first and first.get("state") in _STATES


def is_part(root: object) -> bool:
    """Say whether there is more of the feed than this page: all that is fetched of one names no next page."""
    return isinstance(root, dict) and is_page(root) and "next" in root


def page(root: object) -> object:
    """Return what may be a page, also an empty one; None for all else."""
    return root if isinstance(root, dict) and isinstance(root.get("items"), list) else None


def page_after(root: object, url: str) -> str:
    """Return the address of the page after the one at `url`; "" behind the last, which is empty or names itself."""
    if not isinstance(root, dict) or not root.get("items") or not isinstance(root.get("next"), str):
        return ""
    found = urljoin(url, root["next"])
    return "" if found == url else found


def joined(pages: Iterable[object], after: str) -> bytes:
    """Return some pages as one: of each item the last state. `after` is the page that comes then, "" for none."""
    items: dict[tuple[str, str], object] = {}
    for page in pages:
        for item in page.get("items", ()) if isinstance(page, dict) else ():
            if isinstance(item, dict):
                items.pop(name := (str(item.get("kind")), str(item.get("id"))), None)
                items[name] = item
    return orjson.dumps({"items": list(items.values())} | ({"next": after} if after else {}))


def unpacked(root: object) -> object:
    """Return what the items of a page carry, each whole; anything else as it is. What was deleted carries nothing."""
    if not isinstance(root, dict) or not is_page(root):
        return root
    carried = [one["data"] for one in root["items"] if isinstance(one, dict) and isinstance(one.get("data"), dict)]
    nodes = [node for one in carried if isinstance(node := _renamed(one), dict)]
    known = {str(node["@id"]): node for node in nodes if "@id" in node}
    return [_whole(node, known) for node in nodes]


def _renamed(value: object, depth: int = 0) -> object:
    """Return a value with the names that schema.org has, also in what is within it."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [_renamed(one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    made = {_ALIASES.get(name, name): _renamed(one, depth + 1) for name, one in value.items()}
    activities = made.get("activity")
    if isinstance(activities, list):
        names = [one["prefLabel"] for one in activities[:MAX_LIST] if isinstance(one, dict) and "prefLabel" in one]
        made.setdefault("keywords", names)
    return made


def _whole(node: Node, known: Mapping[str, Node], depth: int = 0) -> Node:
    """Return a node with what it leaves to its series, and its own dates with what they leave to it."""
    above = node.get("superEvent")
    above = known.get(above) if isinstance(above, str) else above
    if isinstance(above, dict) and depth < _SERIES_DEPTH:
        node = _within(node, _whole(above, known, depth + 1))
    dates = node.get("subEvent")
    if not isinstance(dates, list) or not dates:
        return node
    within = [_within(one, node) if isinstance(one, dict) else one for one in dates]
    return {**{name: value for name, value in node.items() if name != "eventSchedule"}, "subEvent": within}


def _within(node: Node, series: Node) -> Node:
    return {**{name: series[name] for name in _OF_SERIES if name in series}, **node}
