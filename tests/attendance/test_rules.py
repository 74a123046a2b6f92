"""Whether somebody may still come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fediverse_ehrenamt.attendance.rules import Occasion, is_full, refusal
from tests.workbench import NOW

OPEN = Occasion(cancelled=False, ends_at=NOW + timedelta(days=1), register_by=None, capacity=2)


@pytest.mark.parametrize(
    ("occasion", "taken", "why"),
    [
        (OPEN, 0, ""),
        (OPEN, 1, ""),
        (OPEN, 2, "the event is full"),
        (OPEN, 3, "the event is full"),
        (replace(OPEN, capacity=None), 5_000, ""),
        (replace(OPEN, capacity=0), 0, "the event is full"),
        (replace(OPEN, cancelled=True), 0, "the event is cancelled"),
        (replace(OPEN, ends_at=NOW), 0, "the event is over"),
        (replace(OPEN, ends_at=NOW + timedelta(seconds=1)), 0, ""),
        (replace(OPEN, register_by=NOW), 0, "registration is closed"),
        (replace(OPEN, register_by=NOW + timedelta(seconds=1)), 1, ""),
    ],
)
def test_who_may_still_come(occasion: Occasion, taken: int, why: str) -> None:
    assert refusal(occasion, taken, NOW) == why


def test_full() -> None:
    assert not is_full(None, 10**6)
    assert not is_full(2, 1)
    assert is_full(2, 2)
