"""Reads FreiNet's exports as XML and JSON: `angebotsliste` of `angebot`, flat or with `angebot_details` (domain.md C1).

A file that is broken somewhere is read entry by entry, so that one stray "&" costs one entry. There are no document
types and so no entities: what asks for them is refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

import orjson

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import columns
from fediverse_ehrenamt.listings.decoding import check_size, decode
from fediverse_ehrenamt.listings.record import MAX_CELL, MAX_LIST, MAX_ROWS, Fault, Read, Record

_MAX_DEPTH = 12
_ENTRIES = ("angebot", "offer", "veranstaltung", "termin", "item")
_DETAILS = ("angebot_details", "details", "properties")
_ORGANISATION = "einrichtung_details"
_ORGANISATION_IS = "einrichtung"
_ATTRIBUTES = ("@attributes", "_attributes", "$", "attributes")
_NAMES = ("name", "bezeichnung", "titel")
_TEXTS = ("_text", "#text", "_cdata", "$t", "value", "@value")
_OPENS = re.compile(rf"<({'|'.join(_ENTRIES)})(?=[\s>])", re.IGNORECASE)
_LONE = re.compile(r"&(?!#?\w{1,31};)")
_HTML_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\w{1,8});)(\w{2,31});")
_NOTHING: Final[tuple[object, ...]] = (None, {}, [], "")  # between entries of a list
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Values = dict[str, str | list[str]]


@dataclass(slots=True)
class Node:
    """An element of XML, with the line where it begins; what is longer than `MAX_CELL` is cut."""

    name: str
    line: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    size: int = 0


# --- XML --------------------------------------------------------------------------------------------------------------
def read_xml(data: bytes) -> Read:
    """Yield the entries of an XML export; raises `Invalid` where there are none, or where it has a document type."""
    check_size(data)
    if b"<!DOCTYPE" in data[:10_000] or b"<!ENTITY" in data:
        raise Invalid([Problem("Datei", "hat eine Dokumenttyp-Angabe (DOCTYPE); solche Dateien werden nicht gelesen")])
    try:
        root = parse_xml(data)
    except expat.ExpatError:
        return _salvaged(decode(data))
    found = list(_entries(root))
    if not found:
        raise Invalid([Problem("Datei", "enthält keine Angebote (<angebot>)")])
    _check_number(len(found))
    return (_record(node, f"Zeile {node.line}") for node in found)


def _entries(node: Node, depth: int = 0) -> Iterator[Node]:
    for child in node.children:
        if child.name.lower() in _ENTRIES:
            yield child
        elif depth < _MAX_DEPTH:
            yield from _entries(child, depth + 1)


def _salvaged(text: str) -> Read:
    number = 0
    for number, (line, entry) in enumerate(_pieces(text), 1):
        _check_number(number)
        try:
            node = parse_xml(_mended(entry).encode())
        except expat.ExpatError as error:
            yield Fault(f"Zeile {line + error.lineno - 1}", "ist kein gültiges XML; dieser Eintrag fehlt deshalb")
        else:
            yield _record(node, f"Zeile {line}")
    said = (
        sentence("die Datei ist kein gültiges XML und wurde Eintrag für Eintrag gelesen")
        if number
        else sentence("ist kein gültiges XML")
    )
    yield Fault("Datei", said, ends=True)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the entries of a broken file as they stand there, each with its line; linear in the length."""
    line, counted, start = 1, 0, 0
    while opens := _OPENS.search(text, start):
        closes = f"</{opens[1]}>"
        end = text.find(closes, opens.end())
        if end < 0:
            return
        line += text.count("\n", counted, opens.start())
        counted, start = opens.start(), end + len(closes)
        yield line, text[opens.start() : start]


def _mended(entry: str) -> str:
    """Return an entry with what breaks XML most often made right: a lone "&", names of HTML, control characters."""
    return _LONE.sub("&amp;", _HTML_ENTITY.sub(r"&amp;\1;", _UNFIT.sub("", entry)))


def parse_xml(data: bytes) -> Node:
    """Return the tree of an XML text, bounded in depth; raises `ExpatError`, and `Invalid` where it is too deep."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    top = Node("", 0)
    stack = [top]

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _MAX_DEPTH:
            raise Invalid(
                [Problem("Datei", sentence("ist mehr als %(most)s Ebenen tief verschachtelt", most=_MAX_DEPTH))]
            )
        node = Node(name.rpartition(":")[2], parser.CurrentLineNumber, attributes)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_name: str) -> None:
        stack.pop()

    def text(said: str) -> None:
        node = stack[-1]
        if node.size < MAX_CELL:
            node.text.append(said)
            node.size += len(said)

    def doctype(*_: object) -> None:
        raise Invalid([Problem("Datei", "hat eine Dokumenttyp-Angabe (DOCTYPE); solche Dateien werden nicht gelesen")])

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, doctype
    parser.Parse(data, True)  # noqa: FBT003 - positional only
    return top.children[0] if len(top.children) == 1 else top


def _record(node: Node, where: str) -> Record | Fault:
    values: Values = dict(node.attributes)
    for child in node.children:
        if child.name in _DETAILS:
            values |= _values(child)
        elif child.name == _ORGANISATION:
            values |= {f"{_ORGANISATION_IS}_{name}": value for name, value in _values(child).items()}
        elif columns.is_personal(child.name):
            _add(values, columns.of_person(_values(child)))
        elif len(inner := _values(child)) > 1:
            _add(values, columns.unfolded(child.name, inner) or {child.name: _value(child)})
        else:
            values.setdefault(child.name, _value(child))
    return columns.record(values, where)


def _add(values: Values, more: columns.Values) -> None:
    """Add what an entry does not say itself: its own title is not that of the place within it."""
    for name, value in more.items():
        values.setdefault(name, value if isinstance(value, str) else list(value))


def _values(node: Node) -> Values:
    return {child.name: _value(child) for child in node.children}


def _value(node: Node) -> str | list[str]:
    """Return an element's text, or the texts of the elements in it; of one that has parts its name."""
    if not node.children:
        return "".join(node.text)[:MAX_CELL]
    texts = ("".join(_named(child).text) for child in node.children[:MAX_LIST])
    return [text for text in texts if text.strip()]


def _named(node: Node) -> Node:
    return next((child for child in node.children if child.name.lower() in _NAMES), node)


# --- JSON -------------------------------------------------------------------------------------------------------------
def read_json(data: bytes) -> Read:
    """Yield the entries of a JSON export; raises `Invalid` where it is no JSON or has none."""
    root = parse_json(data)
    found = list(_listed(root))
    if not found:
        raise Invalid([Problem("Datei", "enthält keine Liste von Angeboten")])
    _check_number(len(found))
    return (_of_json(number, node) for number, node in found)


def parse_json(data: bytes) -> object:
    """Return the values of a JSON text; raises `Invalid` with the line where it is broken."""
    try:
        return orjson.loads(decode(data))
    except orjson.JSONDecodeError as error:
        message = sentence("ist kein gültiges JSON; die Datei ist vielleicht unvollständig")
        raise Invalid(
            [Problem(sentence("Zeile %(line)s, Spalte %(column)s", line=error.lineno, column=error.colno), message)]
        ) from error


def _listed(node: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Yield the entries of the first list of objects, each with its place."""
    if isinstance(node, list):
        yield from ((f"Eintrag {number}", one) for number, one in enumerate(node, 1) if one not in _NOTHING)
    elif isinstance(node, dict) and depth < _MAX_DEPTH:
        lists = [
            value for value in node.values() if isinstance(value, list) and any(isinstance(x, dict) for x in value)
        ]
        inner = [value for value in node.values() if isinstance(value, dict)]
        if lists:
            yield from _listed(max(lists, key=len))
        elif inner and all(_is_entry(one) for one in inner) and len(inner) == len(node):
            yield from ((f"Eintrag {key}", {"id": key, **one}) for key, one in node.items())
        elif inner:
            yield from _listed(max(inner, key=len), depth + 1)


def _is_entry(node: Mapping[str, object]) -> bool:
    said = [name for name, value in node.items() if isinstance(value, str | int | float)]
    return len(said) > 1 and "title" in columns.meanings(said)


def _of_json(where: str, node: object) -> Record | Fault:
    if not isinstance(node, dict):
        return Fault(where, "ist kein Angebot, sondern etwas anderes")
    values: Values = {}
    for name, value in node.items():
        if name in (*_ATTRIBUTES, *_DETAILS) and isinstance(value, dict):
            values |= _parts(value)
        elif name == _ORGANISATION and isinstance(value, dict):
            values |= {f"{_ORGANISATION_IS}_{key}": said for key, said in _parts(value).items()}
        elif name == "geometry":
            values |= _point(value)
        elif columns.is_personal(name) and isinstance(person := _first(value), dict):
            _add(values, columns.of_person(_parts(person)))
        elif isinstance(inner := _only(value), dict) and (unfolded := columns.unfolded(name, _parts(inner))):
            _add(values, unfolded)
        else:
            values.setdefault(name.removeprefix("@_").removeprefix("@"), _said(value))
    return columns.record(values, where)


def _parts(node: Mapping[str, object]) -> Values:
    return {key: said for key, part in node.items() if (said := _said(part))}


def _only(value: object) -> object:
    """Return what a list of one holds: the organisers of an event, of which there is but one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _said(value: object) -> str | list[str]:
    """Return what a value says as text; of an object its text, of a list its parts."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, list):
        return [text for part in value[:MAX_LIST] if isinstance(text := _said(part), str) and text.strip()]
    if isinstance(value, dict):
        named = next((value[name] for name in ("element", *_TEXTS, *_NAMES) if name in value), "")
        return _said(named) if not isinstance(named, dict) else ""
    return str(value)[:MAX_CELL]


def _point(geometry: object) -> Values:
    """Return the degrees of a GeoJSON point, whose first one is the longitude (RFC 7946, 3.1.1)."""
    match geometry:
        case {"coordinates": [longitude, latitude, *_]}:
            return {"longitude": _said(longitude), "latitude": _said(latitude)}
    return {}


def _check_number(count: int) -> None:
    if count > MAX_ROWS:
        raise Invalid(
            [Problem("Datei", sentence("hat mehr als %(most)s Einträge; bitte auf mehrere verteilen", most=MAX_ROWS))]
        )
