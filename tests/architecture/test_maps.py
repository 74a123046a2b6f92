"""A folder of many modules has a map in its `__init__.py`, so that somebody new finds their way in minutes."""

import ast
import re
from pathlib import Path

import pytest

import fediverse_ehrenamt

PACKAGE = Path(fediverse_ehrenamt.__file__).parent
MANY = 19  # modules; of fewer the first lines can be read one after the other
_NAMED = re.compile(r"`(\w+)`")


def modules(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.py")} - {"__init__"}


LARGE = sorted(folder.name for folder in PACKAGE.iterdir() if len(modules(folder)) > MANY)


@pytest.mark.parametrize("name", LARGE)
def test_a_large_folder_has_a_map_of_all_its_modules(name: str) -> None:
    there = modules(PACKAGE / name)
    drawn = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8"))) or ""
    named = _NAMED.findall(drawn)
    assert there - set(named) == set(), f"{name}/__init__.py does not say where these stand"
    assert {one for one in named if named.count(one) > 1} == set(), "each stands in one place"
    assert set(named) - there - {"ehrenamt"} == set(), f"{name}/__init__.py names what is not there"


def test_there_are_large_folders() -> None:
    assert {"federation", "search", "admin"} <= set(LARGE)
