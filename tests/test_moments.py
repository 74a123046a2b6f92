"""Moments on the command line: told by the clock of the volunteers, whatever the server's is."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from fediverse_ehrenamt.commands import moments


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def _elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own clock is in another zone."""
    with monkeypatch.context() as machine:
        machine.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_elsewhere")
def test_moments_are_told_where_the_volunteers_are() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert moments.day(moment) == "01.01.2027"
    assert moments.minute(moment) == "01.01.2027 00:30"
