"""Reads what a page says of itself beside its words, microdata and RDFa Lite, as nodes in the form of JSON-LD.

Both name types and properties on the elements that visitors see: `itemtype` and `itemprop`, `typeof` and `property`.
Source: https://schema.org/docs/gs.html and https://www.w3.org/TR/rdfa-lite/
"""

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LONGEST_PAGE = 2_000_000  # characters; what comes after them is dropped
_MOST_NODES, _MOST_OPEN, _MOST_WITHIN = 20_000, 300, 12
_SIGNS = ("itemscope", "typeof")
# As in `kit.html`: no "<" stands inside, so no input costs quadratic time.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})([^<>]*)>|<!--|<(?:script|style)(?=[\s>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})(?:\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_UNSEEN = frozenset({"script", "style"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_BLOCKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "section", "article"})
# Which attribute has the value of a property, by element; of all others it is what the element holds.
_VALUES = (
    {"time": "datetime", "data": "value", "meter": "value", "object": "data"}
    | dict.fromkeys(("a", "area", "link"), "href")
    | dict.fromkeys(("img", "audio", "video", "source", "embed", "iframe"), "src")
)

Node = dict[str, object]


@dataclass(slots=True)
class _Element:
    """An element that is open: its `node`, or where the text begins that is a property of its `owner`."""

    name: str
    node: Node | None = None
    owner: Node | None = None
    properties: tuple[str, ...] = ()
    begins: int = 0


@dataclass(slots=True)
class _Page:
    nodes: list[tuple[int, Node]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    open: list[_Element] = field(default_factory=list)
    made: int = 0


def nodes(page: str) -> list[tuple[int, Node]]:
    """Return the nodes of a page that stand in no other, each with the line where it begins; linear in the length."""
    lowered = page[:_LONGEST_PAGE].lower()
    if not any(sign in lowered for sign in _SIGNS):
        return []
    found, at, line, counted = _Page(), 0, 1, 0
    while tag := _TAG.search(page, at, _LONGEST_PAGE):
        found.texts.append(page[at : tag.start()])
        at = tag.end()
        unseen = (tag[2] or tag[0][1:]).lower()
        if unseen in _UNSEEN and not tag[1]:
            end = lowered.find(f"</{unseen}", at)
            at = end if end >= 0 else len(page)
        elif tag[0] == "<!--":
            end = lowered.find("-->", at)
            at = end + 3 if end >= 0 else len(page)
        elif tag[1]:
            _close(found, unseen)
        else:
            line, counted = line + page.count("\n", counted, tag.start()), tag.start()
            _open(found, unseen, _attributes(tag[3]), line)
    while found.open:
        _end(found, found.open.pop())
    return found.nodes


def _attributes(text: str) -> dict[str, str]:
    said = (
        (name.lower(), entities.unescape(one or other or bare)) for name, one, other, bare in _ATTRIBUTE.findall(text)
    )
    return dict(reversed(list(said)))  # of two of one name the first counts


def _open(page: _Page, name: str, said: dict[str, str], line: int) -> None:
    if name in _BLOCKS:
        page.texts.append("\n")
    owner = next((one.node for one in reversed(page.open) if one.node is not None), None)
    properties = tuple(map(_short, (said.get("itemprop") or said.get("property") or "").split()))
    element = _Element(name)
    if "itemscope" in said or "typeof" in said:
        element.node = _node(page, said)
        _add(owner, properties, element.node) if owner is not None and properties else page.nodes.append(
            (line, element.node)
        )
    elif owner is not None and properties:
        given = said.get("content", said.get(_VALUES.get(name, "")))
        if given is not None:
            _add(owner, properties, given.strip())
        elif sum(bool(one.properties) for one in page.open) < _MOST_WITHIN:
            element.owner, element.properties, element.begins = owner, properties, len(page.texts)
    if name not in _VOID and len(page.open) < _MOST_OPEN:
        page.open.append(element)


def _node(page: _Page, said: dict[str, str]) -> Node:
    page.made += 1
    if page.made > _MOST_NODES:
        return {}
    types = [_short(one) for one in (said.get("itemtype") or said.get("typeof") or "").split()]
    named = said.get("itemid") or said.get("resource") or ""
    return {"@type": types} | ({"@id": named} if named else {})


def _short(name: str) -> str:
    """Return a type or property without where it is from: "https://schema.org/Event" and "schema:Event" are "Event"."""
    return name.rstrip("/").rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]


def _add(owner: Node, properties: tuple[str, ...], value: object) -> None:
    for name in properties:
        values = owner.setdefault(name, [])
        if isinstance(values, list) and not name.startswith("@"):
            values.append(value)


def _close(page: _Page, name: str) -> None:
    """Close an element with those in it that nobody closed; a tag that closes nothing is none."""
    at = next((at for at in range(len(page.open) - 1, -1, -1) if page.open[at].name == name), None)
    if name in _BLOCKS:
        page.texts.append("\n")
    if at is not None:
        closed, page.open = page.open[at:], page.open[:at]
        for one in reversed(closed):
            _end(page, one)


def _end(page: _Page, element: _Element) -> None:
    if element.owner is not None:
        said = entities.unescape("".join(page.texts[element.begins :]))
        _add(element.owner, element.properties, "\n".join(_lines(said)))


def _lines(text: str) -> Iterator[str]:
    return filter(None, (" ".join(line.split()) for line in text.split("\n")))
