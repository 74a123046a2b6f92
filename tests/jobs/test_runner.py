"""Running jobs: done, failed, unknown, broken; stopping in the middle; what the rest of a process relies on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from fediverse_ehrenamt.jobs import batch, overview, pump, runner
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit.errors import NotFound, Rejected, Unavailable
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Bell, Work, Workshop
from tests.jobs.doing import add, count, job, lane, new
from tests.workbench import Clock, add_organisation

pytestmark = pytest.mark.anyio
PATIENCE = 30.0

JobFunction = Callable[[Workshop, Job], Awaitable[None]]


class Journal:
    """Job functions that write down what they were asked to do."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def succeed(self, _workshop: Workshop, job: Job) -> None:
        self.done.append(job.argument)

    async def refuse(self, _workshop: Workshop, _job: Job) -> None:
        raise Rejected("no such inbox")

    async def fail(self, _workshop: Workshop, _job: Job) -> None:
        raise Unavailable("come back later")

    async def miss(self, _workshop: Workshop, _job: Job) -> None:
        raise NotFound("kein solches Konto")

    async def break_down(self, _workshop: Workshop, _job: Job) -> None:
        raise ZeroDivisionError

    async def hang(self, _workshop: Workshop, job: Job) -> None:
        self.begun.set()
        await self.go_on.wait()
        self.done.append(job.argument)

    def functions(self) -> dict[str, JobFunction]:
        return {
            "deliver": self.succeed,
            "refuse": self.refuse,
            "fail": self.fail,
            "miss": self.miss,
            "break": self.break_down,
            "hang": self.hang,
        }


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not ready():  # noqa: ASYNC110 - what is waited for happens in threads and in the database
            await asyncio.sleep(0.01)


async def test_everything_due_is_run_once(workshop: Workshop) -> None:
    journal = Journal()
    await add(workshop, *(new(str(number), host=f"h{number % 3}.example") for number in range(20)))
    assert await Runner(workshop, journal.functions()).run_due() == 20
    assert sorted(journal.done, key=int) == [str(number) for number in range(20)]
    assert await count(workshop) == 0
    assert await Runner(workshop, journal.functions()).run_due() == 0


async def test_each_kind_of_failure_has_its_end(workshop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    kinds = ("refuse", "fail", "miss", "break", "nobody knows it")
    await add(workshop, *(new(kind, name=kind, host=f"{number}.example") for number, kind in enumerate(kinds)))
    await Runner(workshop, Journal().functions()).run_due()
    given_up = {kind: (await job(workshop, kind)).given_up_at is not None for kind in kinds}
    assert given_up == {"refuse": True, "fail": False, "miss": True, "break": False, "nobody knows it": True}
    assert (await job(workshop, "miss")).error == "kein solches Konto"
    assert "kennt diese Version nicht" in (await job(workshop, "nobody knows it")).error
    broken = [record for record in caplog.records if record.exc_info]
    assert len(broken) == 1
    assert "ZeroDivisionError" in caplog.text


async def test_a_failing_job_does_not_hold_up_its_neighbours(workshop: Workshop) -> None:
    journal = Journal()
    await add(workshop, new("bad", name="break", key="k"), new("behind it", key="k"), new("beside it", key="other"))
    await Runner(workshop, journal.functions()).run_due()
    assert journal.done == ["beside it"]


async def test_it_runs_what_comes_until_it_is_stopped(workshop: Workshop) -> None:
    journal, stop = Journal(), asyncio.Event()
    running = asyncio.create_task(Runner(workshop, journal.functions(), lanes=2).run(stop))
    await add(workshop, new("1"))
    await until(lambda: journal.done == ["1"])
    await add(workshop, *(new(str(number), host=f"h{number}.example") for number in range(2, 8)))
    await until(lambda: len(journal.done) == 7)
    stop.set()
    await asyncio.wait_for(running, PATIENCE)
    assert await count(workshop) == 0


async def test_what_is_under_way_is_brought_to_its_end(workshop: Workshop) -> None:
    journal, stop = Journal(), asyncio.Event()
    running = asyncio.create_task(Runner(workshop, journal.functions()).run(stop))
    await add(workshop, new("slow", name="hang"), new("late", host="b.example", name="hang"))
    await asyncio.wait_for(journal.begun.wait(), PATIENCE)
    stop.set()
    await asyncio.sleep(0.05)
    assert not running.done()
    journal.go_on.set()
    await asyncio.wait_for(running, PATIENCE)
    assert sorted(journal.done) == ["late", "slow"]
    assert await count(workshop) == 0
    assert (await lane(workshop)).leased == 0


def _order(work: Work, statement: str) -> None:
    work.db.execute(text(statement))


async def test_a_database_that_is_out_of_order_does_not_end_the_runner(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk or a restarting PostgreSQL passes; a runner that died of it would deliver nothing until a restart."""
    monkeypatch.setattr(runner, "_AFTER_FAILURE_SECONDS", 0.05)
    journal, stop = Journal(), asyncio.Event()
    running = asyncio.create_task(Runner(workshop, journal.functions()).run(stop))
    await add(workshop, new("1", name="hang", key="k"), new("2", key="k"))
    await asyncio.wait_for(journal.begun.wait(), PATIENCE)
    await workshop.write(_order, "ALTER TABLE lanes RENAME TO lost")
    journal.go_on.set()
    await until(lambda: "out of reach" in caplog.text)
    await workshop.write(_order, "ALTER TABLE lost RENAME TO lanes")
    await until(lambda: len(journal.done) == 2)
    stop.set()
    await asyncio.wait_for(running, PATIENCE)
    assert journal.done == ["1", "2"]  # the first was settled after all, not run again
    assert await count(workshop) == 0


# --- batch ------------------------------------------------------------------------------------------------------------
def _handle(work: Work, handle: str) -> str:
    uri = add_organisation(work, handle)
    if handle.startswith("bad"):
        raise ZeroDivisionError(handle)
    return uri


def _handle_all(work: Work, *handles: str) -> list[str | Exception]:
    return batch.each(work, handles, _handle)


def _all_handles(work: Work) -> list[str]:
    return [one.handle for one in organisations.listing(work)]


async def test_a_batch_keeps_the_order_and_takes_nothing_back_for_one(workshop: Workshop) -> None:
    found = await workshop.write(_handle_all, "anna", "bad_one", "berta", "bad_two")
    assert [isinstance(one, ZeroDivisionError) for one in found] == [False, True, False, True]
    assert await workshop.read(_all_handles) == ["anna", "berta"]
    assert await workshop.write(_handle_all) == []
    assert len(await workshop.write(_handle_all, "carla", "dora")) == 2
    assert await workshop.read(_all_handles) == ["anna", "berta", "carla", "dora"]


# --- pump -------------------------------------------------------------------------------------------------------------
async def test_a_pump_goes_on_while_there_is_something_and_then_waits_for_the_bell() -> None:
    bell, stop, steps = Bell(), asyncio.Event(), [3, 2, 0, 1, 0]
    done: list[int] = []

    async def step() -> int:
        done.append(steps.pop(0) if steps else 0)
        return done[-1]

    pumping = asyncio.create_task(pump.pump(bell, step, stop, 60.0))
    await until(lambda: done == [3, 2, 0])
    bell.ring()
    await until(lambda: done == [3, 2, 0, 1, 0])
    stop.set()
    bell.ring()
    await asyncio.wait_for(pumping, PATIENCE)


async def test_a_pump_survives_a_failing_step(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pump, "_AFTER_FAILURE_SECONDS", 0.01)
    stop, calls = asyncio.Event(), 0

    async def step() -> int:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise ZeroDivisionError
        stop.set()
        return 0

    await asyncio.wait_for(pump.pump(Bell(), step, stop, 0.01), PATIENCE)
    assert calls == 3
    assert "failed; again in" in caplog.text


async def test_housekeeping_is_done_to_its_end_each_time(caplog: pytest.LogCaptureFixture) -> None:
    stop, steps = asyncio.Event(), [2, 1, 0, None, 5, 0]
    left: list[int] = []

    async def step() -> int:
        some = steps.pop(0)
        if not steps:
            stop.set()
        if some is None:
            raise ZeroDivisionError
        left.append(some)
        return some

    await asyncio.wait_for(pump.every(0.01, step, stop), PATIENCE)
    assert left == [2, 1, 0, 5, 0]
    assert "housekeeping failed" in caplog.text


# --- overview ---------------------------------------------------------------------------------------------------------
async def test_an_operator_sees_what_waits_and_what_was_given_up(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, new("1", host="b.example", name="refuse"), *(new(str(number)) for number in (2, 3)))
    await add(workshop, new("4", host="c.example", name="fail"))
    journal = Journal()
    await Runner(workshop, {**journal.functions(), "deliver": journal.fail}).run_due()
    found = {state.host: state for state in await workshop.read(overview.lanes)}
    assert next(iter(found)) == "peer.example"
    assert (found["peer.example"].waiting, found["peer.example"].given_up) == (2, 0)
    assert (found["b.example"].waiting, found["b.example"].given_up) == (0, 1)
    assert found["b.example"].error == "no such inbox"
    assert found["b.example"].last_success_at is None  # it answered, but did not do what was asked
    assert found["b.example"].heard_at == clock.now
    assert found["c.example"].next_at is not None
    assert found["c.example"].error == "come back later"
