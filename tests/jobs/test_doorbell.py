"""Redis as a doorbell: a commit on one side makes a worker on the other side work; without Redis nothing is lost."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from fediverse_ehrenamt.jobs import doorbell, queue
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.settings import Settings
from tests import servers, workbench
from tests.jobs.doing import add, count, new
from tests.jobs.test_runner import PATIENCE, Journal, until
from tests.workbench import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def with_redis(migrated_sqlite_url: str, tmp_path: Path, redis_url: str) -> Settings:
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    return replace(workbench.settings(migrated_sqlite_url, tmp_path), redis_url=redis_url)


async def test_a_commit_rings_and_a_worker_runs_what_is_due(with_redis: Settings) -> None:
    web, far = (workbench.open_workshop(with_redis, Clock()) for _ in range(2))
    journal, stop, tidied = Journal(), asyncio.Event(), asyncio.Event()
    runner = Runner(far, journal.functions())

    async def tidy() -> int:
        tidied.set()
        return 0

    ringing = asyncio.create_task(doorbell.ring_on_commit(web, queue.anything_due, stop))
    working = asyncio.create_task(doorbell.work(far, runner.run_due, tidy))
    try:
        for number in range(3):
            await add(web, new(str(number)))
            await until(lambda: len(journal.done) == number + 1)  # noqa: B023 - awaited before the next round
        async with asyncio.timeout(PATIENCE):
            while await count(web):  # noqa: ASYNC110 - a job is settled in the database after it was done
                await asyncio.sleep(0.01)
    finally:
        stop.set()
        web.bell.ring()
        working.cancel()
        await asyncio.wait([ringing, working], timeout=PATIENCE)
        await far.close()
        await web.close()


async def test_the_bell_is_rung_once_for_many_commits_and_not_for_nothing(with_redis: Settings, redis_url: str) -> None:
    web = workbench.open_workshop(with_redis, Clock())
    stop = asyncio.Event()
    ringing = asyncio.create_task(doorbell.ring_on_commit(web, queue.anything_due, stop))
    with redis.Redis.from_url(redis_url) as client:
        await asyncio.sleep(0.05)
        web.bell.ring()  # nothing is due
        await asyncio.sleep(0.2)
        assert client.keys("*") == []
        for number in range(5):
            await add(web, new(str(number)))
        await until(lambda: client.zcard("arq:queue") == 1)
    stop.set()
    web.bell.ring()
    await asyncio.wait_for(ringing, PATIENCE)
    await web.close()


async def test_without_redis_it_says_so_and_goes_on(with_redis: Settings, caplog: pytest.LogCaptureFixture) -> None:
    web = workbench.open_workshop(replace(with_redis, redis_url=f"redis://127.0.0.1:{servers.free_port()}/0"), Clock())
    stop = asyncio.Event()
    ringing = asyncio.create_task(doorbell.ring_on_commit(web, queue.anything_due, stop))
    await asyncio.sleep(0.05)
    await add(web, new("1"))
    await until(lambda: "the doorbell is silent" in caplog.text)
    assert not ringing.done()
    stop.set()
    web.bell.ring()
    await asyncio.wait_for(ringing, PATIENCE)
    assert await count(web) == 1
    await web.close()


async def test_a_worker_works_on_without_redis_and_comes_back_to_it(
    migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(doorbell, "_LOOK_SECONDS", 1)
    journal, tidied = Journal(), asyncio.Event()

    async def tidy() -> int:
        tidied.set()
        return 0

    with servers.redis_server() as url:
        made = replace(workbench.settings(migrated_sqlite_url, tmp_path), redis_url=url)
        workshop = workbench.open_workshop(made, Clock())
        await add(workshop, new("1"))
        working = asyncio.create_task(doorbell.work(workshop, Runner(workshop, journal.functions()).run_due, tidy))
        await until(lambda: journal.done == ["1"])
    await until(lambda: "Redis is gone" in caplog.text)
    await add(workshop, new("2"))
    await until(lambda: journal.done == ["1", "2"] and tidied.is_set())
    working.cancel()
    await asyncio.wait([working], timeout=PATIENCE)
    assert working.cancelled()
    await workshop.close()
