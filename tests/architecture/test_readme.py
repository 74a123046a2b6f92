"""The README names every command and every setting, and no other; what it links is there."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from fediverse_ehrenamt.settings import PREFIX, Settings
from tests import commands

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


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


@pytest.mark.parametrize("page", ["README.md", "FEDERATION.md", "CONTRIBUTING.md"])
def test_what_is_linked_is_there(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()):
        assert (ROOT / target).exists() or (ROOT / f"{target}.md").exists(), target
