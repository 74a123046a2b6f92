"""Where real payloads lie: those of others in the folder named by EHRENAMT_TEST_WIRE, our own beside the tests."""

import os
from pathlib import Path

import pytest

_NAMED = os.environ.get("EHRENAMT_TEST_WIRE", "")  # noqa: TID251 - the tests' only setting, not the program's
WIRE = Path(_NAMED) if _NAMED else None
OURS = Path(__file__).parent.parent / "wire" / "ours"


def everything() -> list[Path]:
    """Return every sample there is, those of others first."""
    others = sorted(WIRE.glob("*/*.json")) if WIRE else []
    return [*others, *sorted(OURS.glob("*.json"))]


def read(name: str) -> bytes:
    """Return a payload of others by its name, or skip the test where they are not at hand."""
    if WIRE is None:
        pytest.skip("EHRENAMT_TEST_WIRE names no folder")
    return (WIRE / name).read_bytes()
