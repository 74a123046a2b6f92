"""YAML is bounded and never more than data; what is no YAML is told with line and column."""

import time

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.publishing import tree
from fediverse_ehrenamt.publishing.tree import Branch, Items, Leaf

_LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"

UNREADABLE = [
    ("a:\n\tb: 1\n", "a, Zeile 2, Spalte 1", "mit Leerzeichen|sind Leerzeichen"),
    ("title: Hilfe: jetzt\n", "a, Zeile 1, Spalte 13", "Doppelpunkt gehört in Anführungszeichen"),
    ("a: 1\n b: 2\n", "a, Zeile 2, Spalte 3", "Einrückung"),
    ("title Lesepatin\nkind: x\n", "a, Zeile 2, Spalte 5", "Feldname auf eine eigene Zeile"),
    ("areas: [a, b\nkind: x\n", "a, Zeile 1, Spalte 8", "nicht geschlossen"),
    ("place: {a: b\nkind: x\n", "a, Zeile 1, Spalte 8", "nicht geschlossen"),
    ('x: 1\na: "offen\nb: 1\n', "a, Zeile 2, Spalte 4", "kein schließendes"),
    ("a: [#b]\n", "a, Zeile 2, Spalte 1", "# darin braucht Anführungszeichen"),
    ('a: "C:\\pfad"', "a, Zeile 1, Spalte 7", "Rückstrich"),
    ("a: @b", "a, Zeile 1, Spalte 4", "gehört in Anführungszeichen"),
    ("a: *wichtig*", "a, Zeile 1, Spalte", "gehört in Anführungszeichen"),
    ('a: "x" y\n', "a, Zeile 1, Spalte 8", "endet der Text zu früh"),
    ("- a\nb: 1\n", "a, Zeile 2, Spalte 1", "gleich weit eingerückt"),
    ("x: 1\na: \x01", "a, Zeile 2", "unsichtbares Steuerzeichen"),
    ("x: 1\na: \ud800", "a, Zeile 2", "UTF-8"),
    (b"x: 1\na: B\xfccherei".decode("utf-8", "replace"), "a, Zeile 2", "UTF-8"),
    ("a: 1\n---\nb: 1", "a, Zeile 2", "zweites Dokument"),
    ("a: &x 1\n", "a, Zeile 1", "Verweise"),
    (_LAUGHS, "a, Zeile 1", "Verweise"),
    ("a: !!python/object/apply:os.system [ls]", "a, Zeile 1", "Typangaben"),
    ("a: !x 1", "a, Zeile 1", "Typangaben"),
    ("[a]: 1", "a, Zeile 1", "vor dem Doppelpunkt steht eine Liste"),
    ("a: " + "[" * 1_000_000, "a, Zeile 1", "mehr als 12 Ebenen"),
    ("{a: " * 1_000_000, "a, Zeile 1", "mehr als 12 Ebenen"),
    ("- " * 1_000_000, "a, Zeile 1", "mehr als 12 Ebenen"),
    ("a: [" + "1," * 1_000_000 + "]", "a, Zeile 1", "mehr als 300000 Angaben"),
    ("a: " + "x" * 5_000_000, "a", "größer als 5 MB"),
]


@pytest.mark.parametrize(("text", "where", "message"), UNREADABLE, ids=lambda value: str(value)[:20])
def test_what_cannot_be_read_is_told_quickly(text: str, where: str, message: str) -> None:
    began = time.monotonic()
    with pytest.raises(Invalid) as caught:
        tree.parse(text, "a")
    assert time.monotonic() - began < 60, "a second or two on an idle machine"
    [problem] = caught.value.problems
    assert problem.field.startswith(where)
    assert any(part in problem.message for part in message.split("|"))


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("2026-12-12", "2026-12-12"),
        ("no", "no"),
        ("ja", "ja"),
        ("~", None),
        ("null", None),
        ("", None),
        ("true", True),
        ("False", False),
        ("'true'", "true"),
        ("42", 42),
        ("-3", -3),
        ("01067", 1067),
        ('"01067"', "01067"),
        ("2.5", 2.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        ("9" * 5_000, "9" * 5_000),
    ],
)
def test_scalars_count_as_what_they_look_like(said: str, value: object) -> None:
    root = tree.parse(f"a: {said}", "a")
    assert isinstance(root, Branch)
    leaf = root.nodes["a"]
    assert isinstance(leaf, Leaf)
    assert (leaf.value, type(leaf.value)) == (value, type(value))
    assert leaf.text == said.strip("'\"")


def test_every_node_has_the_line_of_its_key() -> None:
    root = tree.parse("a: 1\nb:\n  - x\n  - c:\n\n      d\n", "a")
    assert root is not None
    assert [(tree.named(path), line) for path, _, line in tree.walk(root)] == [
        ("", 1),
        ("a", 1),
        ("b", 2),
        ("b[0]", 3),
        ("b[1]", 4),
        ("b[1].c", 4),
    ]


def test_the_first_of_a_repeated_key_counts() -> None:
    root = tree.parse("a: 1\nb: [2]\na: {c: 3}\na: 4\n", "a")
    assert isinstance(root, Branch)
    assert isinstance(root.nodes["a"], Leaf)
    assert isinstance(root.nodes["b"], Items)
    assert root.repeated == [("a", 3), ("a", 4)]


def test_pairs_of_escapes_are_joined_in_json_only() -> None:
    assert _text('{"a": "\\ud83d\\udcda \\\\ud83d\\udcda"}'.replace("\\\\ud83d\\udcda", "\\\\ud83d")) == "📚 \\ud83d"
    assert _text("a: \\ud83d\\udcda") == "\\ud83d\\udcda"


def _text(text: str) -> str:
    root = tree.parse(text, "a")
    assert root is not None
    return tree.text(root, "a")


def test_what_is_quoted_in_messages_is_short_and_harmless() -> None:
    assert tree.shown("a\n  b\x1b[31m") == "a b\ufffd[31m"
    assert len(tree.shown("x" * 1_000)) == 60
