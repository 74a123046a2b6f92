"""Whatever the program says to people is a message, so that it can be said in their language, as syntax trees show."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import nodes

from fediverse_ehrenamt.web import i18n, rendering
from tests.web import messages

pytestmark = pytest.mark.unmeasured  # what is read here is not run

PACKAGE = Path(__file__).resolve().parents[2] / "fediverse_ehrenamt"
PATHS = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# Several words, at least one of which German alone has.
_GERMAN = re.compile(
    r"(?=.*\S\s+\S)(?s:.*?)(?:[äöüßÄÖÜ]|\b(?:der|die|das|dem|des|diese[mnrs]?|ein|eine[mnrs]?|ist|sind|nicht|kein|keine|"
    r"und|oder|[Bb]itte|Sie|Ihre?[mnrs]?|wir|wird|wurde|schon|mehr|noch|nur|auch|gibt|fehlt|zum?|zur|mit|von|vom|auf|bei|"
    r"bis|nach|am|ab|um)\b)",
)
_TOLD = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')  # attributes that people read or hear
_NO_WORDS = ("_log.", "re.compile(", "re.sub(", "re.search(", "re.match(", "field(")  # the last: of a setting, its help
_LEFT_ALONE = {
    # Read at the terminal, where all commands speak German.
    **dict.fromkeys(
        ("cli.py", "checks.py", "commands/", "maps/archive.py", "places/updating.py", "server.py"),
        "terminal",
    ),
    **dict.fromkeys((f"publishing/{name}.py" for name in ("entry", "file", "reading", "tree")), "terminal"),
    "imports/report.py": "terminal",
    # Words with which texts of people are compared.
    **dict.fromkeys(
        (
            "duplicates/words.py",
            "imports/spots.py",
            "listings/categories.py",
            "places/name_words.py",
            "understanding/",
        ),
        "words of listings",
    ),
    # What a German town publishes; its language stands beside it, and versions in others are its own.
    **dict.fromkeys(("bringing/sample.py", "demo/", "events/wire.py", "opportunities/rules.py"), "content"),
    **dict.fromkeys((f"imports/{name}.py" for name in ("drafts", "owners")), "content"),
    **dict.fromkeys((f"listings/{name}.py" for name in ("answers", "schedules")), "content"),
    "things/writing.py": "content",
    # What the log kept in German, and says in the language of whoever reads it.
    "admin/former_deeds.py": "log",
    # Filled in when the module is read: `tests.web.messages` takes the whole sentences.
    **dict.fromkeys(("desk/fields.py", "search/filters.py"), "whole"),
}
"""Files and folders that may hold other German words, and why."""


@cache
def _known() -> frozenset[str]:
    found = messages.extract()
    return frozenset(one for message in found for one in ((message,) if isinstance(message, str) else message))


def unmarked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find German sentences that are no messages, with their lines: also what Babel overlooks inside an f-string."""
    passed_over = set(_passed_over(tree))
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        said = _said(node)
        if said and _GERMAN.match(said) and said not in _known():
            yield getattr(node, "lineno", 0), said


def _passed_over(tree: ast.Module) -> Iterator[int]:
    """Yield what nobody is told: docstrings, lines of the log, patterns; and the pieces of f-strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in node.values)
        elif isinstance(node, ast.Call) and f"{ast.unparse(node.func)}(".startswith(_NO_WORDS):
            yield from map(id, ast.walk(node))


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "%s" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def untranslated(source: str) -> Iterator[str]:
    """Find German sentences of a template that are no messages: in its text, or in what it writes and hands on."""
    tree = rendering.environment(i18n.DEFAULT).parse(source)
    plain = "".join(node.data for node in tree.find_all(nodes.TemplateData))
    shown = (re.sub(r"<[^>]*>", " ", plain), *_TOLD.findall(plain))
    constants = (node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str))
    for said in (*(line for text in shown for line in text.splitlines()), *constants):
        if _GERMAN.match(said) and " ".join(said.split()) not in _known():
            yield said


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith(tuple(_LEFT_ALONE))])
def test_every_german_sentence_is_a_message(path: str) -> None:
    found = list(unmarked(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))))
    assert not found, f"{path}: say it by gettext, or by kit.sentences.sentence where it has values: {found}"


@pytest.mark.parametrize(
    "source",
    [
        "raise NotFound(f'Eine Anfrage mit der Nummer {number} gibt es nicht.')",
        "raise Conflict('Das steht schon woanders.')",
        "said = ['Guten Tag,', 'wir haben den Eintrag geprüft.']",
        "Problem('name', 'ist länger als %s Zeichen' % most)",
        "Problem('name', 'ist länger als {} Zeichen'.format(most))",
        "said = f'{words.gettext(\"an dieses Ende so oft wie noch nie\")}!'",
        "_HOW = {'a': 'nicht zu lesen'}",
    ],
)
def test_what_is_no_message_is_found(source: str) -> None:
    assert list(unmarked(ast.parse(source))), source


@pytest.mark.parametrize(
    "source",
    [
        '"""Was ein Modul enthält, und mehr."""',
        "_log.warning('der Brief an %s ist noch nicht da', mail)",
        "raise NotFound('nothing here is reported')",
        "words.gettext('Diese Seite gibt es hier nicht.')",
        "_WHEN = re.compile(r'ab (?:und|oder) zu')",
        "kind = 'für'",
        "path = f'/verwaltung/{zu}'",
    ],
)
def test_what_nobody_reads_is_left_alone(source: str) -> None:
    assert not list(unmarked(ast.parse(source))), source


def test_what_is_left_alone_is_there_and_needs_it() -> None:
    for path in _LEFT_ALONE:
        files = [one for one in PATHS if one.startswith(path)]
        assert any(list(unmarked(ast.parse((PACKAGE / one).read_text(encoding="utf-8")))) for one in files), path


@pytest.mark.parametrize(
    "file", sorted(rendering.TEMPLATES.rglob("*.html")), ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_every_german_sentence_of_a_template_is_a_message(file: Path) -> None:
    assert not list(untranslated(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "<p>Was Sie bestätigen, gilt ein weiteres Jahr.</p>",
        "<p>läuft ab am {{ one.ends }}</p>",
        '<a aria-label="Zum Anfang der Seite, bitte" href="/">↑</a>',
        "{{ 'Das gibt es hier noch nie' }}",
        "{% set words = 'Das gibt es hier noch nie' %}",
        "{% trans %}Das gibt es hier noch nie{% endtrans %}",
    ],
)
def test_what_a_template_says_in_german_alone_is_found(source: str) -> None:
    assert list(untranslated(source)), source
