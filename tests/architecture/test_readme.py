"""The README names every command and every setting, and no other; what it and the guide for operators name is there."""

import itertools
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from fediverse_ehrenamt.commands.running import serve
from fediverse_ehrenamt.media import limits
from fediverse_ehrenamt.settings import PREFIX, Settings
from fediverse_ehrenamt.web import uploads
from tests import commands

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
OPERATING = (ROOT / "docs" / "operating.md").read_text()
SERVICE = (ROOT / "docs" / "ehrenamt.service").read_text()


def _rows(title: str) -> list[str]:
    section = README.partition(f"### {title}\n")[2].partition("\n#")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_every_command_is_named_and_no_other() -> None:
    named = set[str]()
    for row in _rows("Commands"):
        named |= {name.removeprefix("ehrenamt ") for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert named == {
        " ".join(path) for path, command in commands.every().items() if not isinstance(command, click.Group)
    }


def test_every_setting_is_named_and_no_other() -> None:
    named = {re.findall(r"`([^`]+)`", row)[0] for row in _rows("Settings")}
    assert named == {PREFIX + field.name.upper() for field in fields(Settings)}
    assert all(field.metadata["help"] for field in fields(Settings))


def test_every_layer_is_drawn_where_it_lies() -> None:
    drawn = README.partition("**Layers: imports go down only**")[2].split("```")[1].splitlines()
    rows = [re.split(r"\s{2,}", line)[0] for line in drawn if line[:1].strip()]
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [re.findall(r"\w+", layer) for layer in linter["contracts"][0]["layers"]]
    assert [sorted(layer.split(" | ")) for row in rows for layer in row.split(" > ")] == list(map(sorted, layers))


@pytest.mark.parametrize("page", ["README.md", "FEDERATION.md", "CONTRIBUTING.md", "docs/operating.md"])
def test_what_is_linked_is_there(page: str) -> None:
    folder = (ROOT / page).parent
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()):
        assert (folder / target).exists() or (folder / f"{target}.md").exists(), target


def test_what_an_operator_is_told_to_call_there_is() -> None:
    named = re.findall(r"(?:`|-- |/bin/)ehrenamt ([a-z -]+)", OPERATING + SERVICE)
    assert len(named) > 8
    for words in named:
        path = tuple(itertools.takewhile(lambda word: not word.startswith("-"), words.split()))
        assert path in commands.every(), words


def test_the_service_listens_where_the_web_server_passes_on() -> None:
    [started] = re.findall(r"^ExecStart=/\S+/ehrenamt serve (.*)$", SERVICE, re.MULTILINE)
    settled = serve.make_context("serve", started.split()).params
    place = f"{settled['host']}:{settled['port']}"
    for name in ("Caddyfile", "nginx.conf"):
        assert place in (ROOT / "docs" / name).read_text(), name
    assert f"http://{place}/einrichten/" in OPERATING


def test_the_web_server_lets_through_what_we_refuse_in_a_sentence() -> None:
    megabytes = int(re.findall(r"client_max_body_size (\d+)m;", (ROOT / "docs" / "nginx.conf").read_text())[0])
    assert megabytes * 1_000_000 > limits.BYTES * uploads.PATIENCE
