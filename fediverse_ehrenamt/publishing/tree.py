"""From YAML or JSON text to a tree that knows its lines; bounded, nothing is executed, copied or guessed.

Scalars are read by the core schema of YAML 1.2 (§10.3.2) without octal and hexadecimal numbers: `no` is a text, a date
stays a text, and every scalar keeps its characters, so that the postcode 01067 is not the number 1067.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from fediverse_ehrenamt.kit.errors import Invalid, Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 12  # the format itself needs 6
MAX_NODES = 300_000
_MAX_DIGITS = 30  # longer ones are no numbers that anybody counts with
_SHOWN = 60
_REPLACEMENT = "\ufffd"  # stands for bytes that were no UTF-8
_ENCODING = "hier ist ein Zeichen nicht zu lesen; bitte die Datei in der Kodierung UTF-8 speichern"

Scalar = str | int | float | bool | None
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar as it was written and as what it counts; lines count from 1."""

    line: int
    text: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Items:
    line: int
    nodes: "list[Node]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping; `lines` says where each key stands, `repeated` which keys stood there again (the first one counts)."""

    line: int
    nodes: "dict[str, Node]" = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    repeated: list[tuple[str, int]] = field(default_factory=list)


Node = Leaf | Items | Branch

# libyaml is fifty times as quick; where it was not built, the same grammar in Python.
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,2})?")
# JSON writes what lies beyond the basic plane as two escapes (RFC 8259 §7), YAML as one.
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def parse(text: str, name: str) -> Node | None:
    """Return the tree of a YAML or JSON text, None where there is nothing in it; raises `Invalid`.

    `name` is what the text is called in problems, usually the file's name.
    """
    _check(text, name)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        text = _PAIR.sub(_joined, text)
    growing = _Growing(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            growing.take(event)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, text, name) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _fault(name, line, "hier steht ein unsichtbares Steuerzeichen; bitte die Zeile neu schreiben") from error
    return growing.root


def _check(text: str, name: str) -> None:
    """Refuse what is too large, and what was written in another encoding than it was read in."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise _fault(name, text.count("\n", 0, error.start) + 1, _ENCODING) from error
    if size > MAX_BYTES:
        raise _fault(name, None, f"ist größer als {MAX_BYTES // 1_000_000} MB; bitte auf mehrere Dateien verteilen")
    if (strange := text.find(_REPLACEMENT)) >= 0:
        raise _fault(name, text.count("\n", 0, strange) + 1, _ENCODING)


def shown(value: object) -> str:
    """Return how a value from a file is quoted in a message: one line, not too long."""
    line = " ".join(str(value)[: 2 * _SHOWN].split())
    if not line.isprintable():
        line = "".join(character if character.isprintable() else _REPLACEMENT for character in line)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def text(node: Node, name: str) -> str:
    """Return the text of a mapping's field, "" where there is none."""
    leaf = node.nodes.get(name) if isinstance(node, Branch) else None
    return leaf.text.strip() if isinstance(leaf, Leaf) and leaf.value is not None else ""


def twice(node: Branch, key: str, again: int) -> str:
    """Return what is said of a key that a mapping repeats in line `again`."""
    return f"steht in Zeile {node.lines[key]} und noch einmal in Zeile {again}; bitte nur einmal angeben"


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node, int]]:
    """Yield every node below and including this one with its path and the line of its key; depth is `MAX_DEPTH`."""
    yield path, node, node.line
    if isinstance(node, Branch):
        for key, child in node.nodes.items():
            inner = walk(child, (*path, key))
            first, _, _ = next(inner)
            yield first, child, node.lines[key]
            yield from inner
    elif isinstance(node, Items):
        for number, child in enumerate(node.nodes):
            yield from walk(child, (*path, number))


def named(path: Path) -> str:
    """Return a path as it is said: "effort.minHours", "areas[1]"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in path).removeprefix(".")


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet; `key` is that of the value which comes next."""

    node: Items | Branch
    key: str | None = None


@dataclass(slots=True)
class _Growing:
    """Builds the tree from the parser's events without recursion."""

    name: str
    root: Node | None = None
    _open: list[_Open] = field(default_factory=list)
    _nodes: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _fault(self.name, line, "hier beginnt mit „---“ ein zweites Dokument; bitte eine eigene Datei")
        elif isinstance(event, yaml.NodeEvent):
            self._check(event, line)
            if isinstance(event, yaml.ScalarEvent):
                self._add(Leaf(line, event.value, _value(event)))
            else:
                self._open.append(_Open(Branch(line) if isinstance(event, yaml.MappingStartEvent) else Items(line)))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._add(self._open.pop().node)

    def _check(self, event: yaml.NodeEvent, line: int) -> None:
        self._nodes += 1
        if event.anchor is not None:  # aliases carry one too; a few of them unfold to gigabytes
            message = "Verweise (&name, *name) werden nicht gelesen; ein Text mit * oder & am Anfang braucht „…“"
            raise _fault(self.name, line, message)
        if getattr(event, "tag", None) is not None:
            raise _fault(self.name, line, "Typangaben (!…) werden nicht gelesen; ein Text mit ! am Anfang braucht „…“")
        if len(self._open) >= MAX_DEPTH:
            raise _fault(self.name, line, f"ist mehr als {MAX_DEPTH} Ebenen tief verschachtelt")
        if self._nodes > MAX_NODES:
            raise _fault(self.name, line, f"mehr als {MAX_NODES} Angaben; bitte auf mehrere Dateien verteilen")

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.node, Items):
            parent.node.nodes.append(node)
        elif parent.key is None:
            parent.key = self._key(node)
            if parent.key not in parent.node.nodes:
                parent.node.lines[parent.key] = node.line
            else:
                parent.node.repeated.append((parent.key, node.line))
        else:
            parent.node.nodes.setdefault(parent.key, node)
            parent.key = None

    def _key(self, node: Node) -> str:
        if not isinstance(node, Leaf):
            raise _fault(self.name, node.line, "vor dem Doppelpunkt steht eine Liste; richtig wäre ein Feldname")
        return node.text


def _value(event: yaml.ScalarEvent) -> Scalar:
    """Return what a plain scalar counts as; a quoted one is always a text."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if len(text) > _MAX_DIGITS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _joined(match: re.Match[str]) -> str:
    backslashes, high, low = match.groups()
    return f"{backslashes}\\U{0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00:08x}"


def _fault(name: str, line: int | None, message: str) -> Invalid:
    return Invalid([Problem(name if line is None else f"{name}, Zeile {line}", message)])


# --- what is no YAML --------------------------------------------------------------------------------------------------
_COLON = (
    "hier ist ein „:“ zu viel, oder die Einrückung stimmt nicht; ein Text mit Doppelpunkt gehört in Anführungszeichen, "
    "jeder Feldname auf eine eigene Zeile"
)
_EARLY_END = (
    "hier endet der Text zu früh, oder die Einrückung stimmt nicht; "
    "ein Text, der mit Anführungszeichen beginnt, muss auch mit ihnen enden"
)
_BRACKET = (
    "die Klammer, die hier beginnt, ist nicht geschlossen, oder ein Komma fehlt; "
    "nach einem # steht nur noch Erklärung, außer in Anführungszeichen"
)
_HINTS = (
    ("mapping values are not allowed", _COLON),
    ("found unexpected end of stream", "das öffnende Anführungszeichen hat kein schließendes"),
    ("',' or ']'", _BRACKET),
    ("',' or '}'", _BRACKET),
    ("node content", 'davor ist eine Klammer nicht geschlossen, oder ein # darin braucht Anführungszeichen: ["#a"]'),
    ("escape", "nach einem Rückstrich darf dieses Zeichen nicht stehen; richtig wären 'einfache' Anführungszeichen"),
    ("alphabetic or numeric character", "ein Text mit * oder & am Anfang gehört in Anführungszeichen"),
    ("could not find expected ':'", "nach dem Feldnamen fehlt ein „:“ mit Leerzeichen dahinter"),
    ("cannot start any token", "mit diesem Zeichen kann kein Text beginnen; er gehört in Anführungszeichen"),
    ("did not find expected key", _EARLY_END),
    ("expected '-' indicator", "die Einträge einer Liste beginnen alle gleich weit eingerückt mit „- “"),
)
_OPEN = re.compile(r"parsing a flow|quoted scalar: found unexpected end")
_ANY_HINT = "das ist kein gültiges YAML; bitte Einrückung, Klammern und Anführungszeichen prüfen"
_TAB = "hier ist mit einem Tabulator eingerückt; richtig sind Leerzeichen"


def _unreadable(error: yaml.MarkedYAMLError, text: str, name: str) -> Invalid:
    cause = str(error.problem)
    # Of something left open its beginning helps; its end is wherever the next thing begins.
    opened = error.context_mark if _OPEN.search(f"{error.context}: {cause}") else None
    mark = opened or error.problem_mark
    if mark is None:
        return _fault(name, None, _ANY_HINT)
    line = next(iter(text.splitlines()[mark.line : mark.line + 1]), "")
    hint = next((advice for sign, advice in _HINTS if sign in cause), _ANY_HINT)
    if "\t" in line[: mark.column + 1]:
        hint = _TAB
    return Invalid([Problem(f"{name}, Zeile {mark.line + 1}, Spalte {mark.column + 1}", hint)])
