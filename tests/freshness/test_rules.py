"""When an offer is asked about, day by day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fediverse_ehrenamt.freshness import rules
from fediverse_ehrenamt.vocab.types import OpportunityDetails

BARE: dict[str, Any] = {"title": "x", "kind": "einmalig", "areas": ("kultur",)}
END = datetime(2027, 11, 22, 12, tzinfo=UTC)


def stages(lifetime: int) -> dict[int, int]:
    """Return the days before the end on which the question changes, with what is due then."""
    found: dict[int, int] = {}
    last = 0
    for left in range(lifetime, 0, -1):
        now = rules.stage(END - timedelta(days=lifetime), END, END - timedelta(days=left))
        if now != last:
            found[left] = last = now
    return found


@pytest.mark.parametrize(
    ("lifetime", "due"),
    [
        (365, {30: 1, 7: 2}),
        (1000, {30: 1, 7: 2}),
        (60, {30: 1, 7: 2}),
        (59, {7: 2}),
        (14, {7: 2}),
        (13, {}),
        (1, {}),
    ],
)
def test_days(lifetime: int, due: dict[int, int]) -> None:
    assert stages(lifetime) == due


def test_moments() -> None:
    born = END - timedelta(days=365)
    second = timedelta(seconds=1)
    for before, early, late in ((rules.FIRST, 0, 1), (rules.LAST, 1, 2)):
        assert rules.stage(born, END, END - before - second) == early
        assert rules.stage(born, END, END - before) == late


def test_what_has_a_last_day_cannot_go_on() -> None:
    details = OpportunityDetails(**BARE)
    assert rules.can_go_on(details)
    assert rules.can_go_on(OpportunityDetails(**BARE, expires_at=END))
    assert not rules.can_go_on(OpportunityDetails(**BARE, end_date=date(2027, 1, 1)))
    assert not rules.can_go_on(OpportunityDetails(**BARE, apply_by=date(2027, 1, 1)))
