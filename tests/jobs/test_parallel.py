"""Several workers on one database, as on several machines: nothing twice, nothing lost, each object in its order."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.jobs.queue import AT_ONCE, Job, NewJob
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit.errors import Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.work import Work, Workshop
from tests.jobs.doing import add
from tests.workbench import Clock, open_workshop

pytestmark = pytest.mark.anyio
_WORKERS = 4
_HOSTS = 10
_KEYS = 5
_EACH = 4
_DEAD = "h0.example"
_PATIENCE = 60.0


@dataclass
class World:
    """What peers see: which jobs run at the same time, in which order those of an object came to their end."""

    chance: random.Random
    running: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    keys: set[tuple[str, str]] = field(default_factory=set)
    ended: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    tries: Counter[int] = field(default_factory=Counter)
    most: int = 0

    async def deliver(self, _workshop: Workshop, job: Job) -> None:
        here, key = self.running[job.host], (job.host, job.key)
        assert job.id not in here, "a job runs once at a time"
        assert key not in self.keys, "of one object one job runs"
        here.add(job.id)
        self.keys.add(key)
        self.most = max(self.most, len(here))
        self.tries[job.id] += 1
        try:
            await asyncio.sleep(self.chance.random() * 0.01)
            self._answer(job)
        finally:
            here.discard(job.id)
            self.keys.discard(key)

    def _answer(self, job: Job) -> None:
        if job.host == _DEAD:
            raise Unreachable("no connection")
        luck = self.chance.random()
        if luck < 0.15:
            raise Unavailable("answered 500")
        self.ended[job.host, job.key].append(int(job.argument))
        if luck < 0.2:
            raise Rejected("answered 403")


@pytest.fixture
async def workers(workshop: Workshop, clock: Clock) -> AsyncIterator[list[Workshop]]:
    others = [open_workshop(workshop.settings, clock) for _ in range(_WORKERS - 1)]
    yield [workshop, *others]
    for other in others:
        await other.close()


def _leased(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(LaneRow).where(LaneRow.leased == 1)) or 0


def _open(work: Work, host: str = "") -> int:
    jobs = select(func.count()).select_from(JobRow).where(JobRow.given_up_at.is_(None))
    return work.db.scalar(jobs.where(JobRow.host == host) if host else jobs.where(JobRow.host != _DEAD)) or 0


async def test_workers_side_by_side_keep_every_promise(workers: list[Workshop], clock: Clock) -> None:
    world, stop = World(random.Random(7)), asyncio.Event()  # noqa: S311 - a repeatable test
    running = [asyncio.create_task(Runner(one, {"deliver": world.deliver}, lanes=4).run(stop)) for one in workers]
    jobs = [
        NewJob(f"h{host}.example", "deliver", str(number), f"https://a.example/{key}")
        for number in range(_EACH)
        for key in range(_KEYS)
        for host in range(_HOSTS)
    ]
    for start, one in zip(range(0, len(jobs), 50), workers, strict=True):
        await add(one, *jobs[start : start + 50])  # while the workers are at it
    async with asyncio.timeout(_PATIENCE):
        while await workers[0].read(_open):
            await asyncio.sleep(0.02)
            if not await workers[0].read(_leased) and not await workers[0].read(queue.anything_due):
                clock.forward(seconds=40)  # no lease can end early by this
    stop.set()
    await asyncio.gather(*running)
    assert world.most <= AT_ONCE
    for host in range(1, _HOSTS):
        for key in range(_KEYS):
            ended = world.ended[f"h{host}.example", f"https://a.example/{key}"]
            assert ended == list(range(_EACH)), (host, key)
    assert len([one for one in world.ended if one[0] == _DEAD]) == 0
    assert await workers[0].read(_open, _DEAD) == _KEYS * _EACH
    assert await workers[0].read(_leased) == 0
