"""The gate and the log of SQLite: it is written into the database between two groups, within no commit."""

import resource
from pathlib import Path

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import inbox
from fediverse_ehrenamt.federation.inbox import Gate
from fediverse_ehrenamt.federation.model import ReceivedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import PEER, arrival, creation, note


async def _take(gate: Gate, number: int, content: str = "kurz") -> None:
    one = arrival(creation(note(f"{PEER}/notes/{number}", content=content), activity=f"{PEER}/activities/{number}"))
    await gate.take(one)


async def _idle(gate: Gate) -> None:
    if gate._storing is not None:
        await gate._storing


def _in_database(url: str) -> bytes:
    return Path(url.removeprefix("sqlite:///")).read_bytes()


def _count(work: Work) -> int:
    return len(work.db.scalars(select(ReceivedRow.id)).all())


@pytest.fixture
def following(town: Instance) -> Workshop:
    town.workshop.write_now(workbench.add_source)
    return town.workshop


async def test_a_long_log_is_written_into_the_database(
    following: Workshop, set_up_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(following)
    await following.checkpoint()
    await _take(gate, 1)
    await _idle(gate)
    assert b"/activities/1" not in _in_database(set_up_sqlite_url), "as long as the log is short, it stays"
    monkeypatch.setattr(inbox, "_LOG_BYTES", 1)
    await _take(gate, 2)
    await _idle(gate)
    assert b"/activities/1" in _in_database(set_up_sqlite_url)
    assert b"/activities/2" in _in_database(set_up_sqlite_url)


async def test_a_log_that_cannot_be_written_now_holds_nobody_up(
    following: Workshop, set_up_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gate, size = Gate(following), len(_in_database(set_up_sqlite_url))
    await following.checkpoint()
    monkeypatch.setattr(inbox, "_LOG_BYTES", 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))  # room for the log, and none for the database to grow
    try:
        await _take(gate, 1, "lang " * 20_000)
        await _idle(gate)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "stays as it is for now" in caplog.text
    await _take(gate, 2)
    assert await following.read(_count) == 2
