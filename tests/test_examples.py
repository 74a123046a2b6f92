"""The examples of properties: the same in each run, whatever else is loaded."""

import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def _tried() -> list[tuple[str, int]]:
    seen: list[tuple[str, int]] = []

    @settings(max_examples=200, database=None)
    @given(st.text(), st.integers())
    def remember(text: str, number: int) -> None:
        seen.append((text, number))

    remember()
    return seen


def test_a_property_is_tried_with_the_same_examples_whatever_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("hypothesis_profile"):
        pytest.skip("another profile looks for new ones")
    before = _tried()
    numbers = ", ".join(str(number) for number in range(7_000, 7_200))
    (tmp_path / "numbers_of_ours.py").write_text(f"NUMBERS = ({numbers})", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("numbers_of_ours")
    try:
        assert _tried() == before
    finally:
        del sys.modules["numbers_of_ours"]
