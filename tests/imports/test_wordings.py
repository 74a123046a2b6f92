"""What is drawn from an imported entry's words about time, and what stays words."""

import pytest

from fediverse_ehrenamt.imports import wordings
from fediverse_ehrenamt.imports.understood import Times
from fediverse_ehrenamt.vocab.types import Effort


def test_days_and_amounts_are_read() -> None:
    found = wordings.read("dienstags nachmittags, 2–3 Std. pro Woche")
    assert found.cells == ("di-nachmittags",)
    assert found.effort == Effort(min_hours=2, max_hours=3, per="woche")
    assert 0.7 <= found.confidence <= 1


def test_arrangement_is_flexible() -> None:
    assert wordings.read("nach Absprache").flexible is True


@pytest.mark.parametrize("words", ["", "Schön wäre es.", "Tel. 02331 12345", "\u202e" * 50])
def test_nothing_is_made_of_nothing(words: str) -> None:
    assert wordings.read(words) == Times()
