"""The README names every command and every setting, and no other; what it links is there."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from fediverse_ehrenamt.cli import main
from fediverse_ehrenamt.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def _commands(group: click.Group, before: str = "") -> set[str]:
    found = set[str]()
    for name, command in group.commands.items():
        found |= _commands(command, f"{before}{name} ") if isinstance(command, click.Group) else {before + name}
    return found


def _rows(title: str) -> list[str]:
    section = README.partition(f"### {title}\n")[2].partition("\n#")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_every_command_is_named_and_no_other() -> None:
    named = set[str]()
    for row in _rows("Commands"):
        named |= {name.removeprefix("ehrenamt ") for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert named == _commands(main)


def test_every_command_has_a_help_text() -> None:
    for path in _commands(main):
        command: click.Command = main
        for name in path.split():
            assert isinstance(command, click.Group)
            command = command.commands[name]
        assert command.help, path


def test_every_setting_is_named_and_no_other() -> None:
    named = {re.findall(r"`([^`]+)`", row)[0] for row in _rows("Settings")}
    assert named == {PREFIX + field.name.upper() for field in fields(Settings)}
    assert all(field.metadata["help"] for field in fields(Settings))


@pytest.mark.parametrize("page", ["README.md", "FEDERATION.md", "CONTRIBUTING.md"])
def test_what_is_linked_is_there(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()):
        assert (ROOT / target).exists() or (ROOT / f"{target}.md").exists(), target
