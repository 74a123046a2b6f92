"""The two days of a job that nobody takes, on a simulated clock: when each of the twelve tries is, host by host."""

import itertools
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from fediverse_ehrenamt.jobs import queue, retry
from fediverse_ehrenamt.jobs.model import LaneRow
from fediverse_ehrenamt.jobs.queue import AT_ONCE, Outcome
from fediverse_ehrenamt.kit.errors import Unavailable, Unreachable
from fediverse_ehrenamt.work import Work, Workshop
from tests.jobs.doing import PEER, add, claim, count, job, lane, new
from tests.workbench import NOW, Clock

pytestmark = pytest.mark.anyio
OTHER = "other.example"
EXPECTED_SECONDS = (30, 90, 270, 810, 2_430, 7_290, 21_870, 36_000, 36_000, 36_000, 36_000)
_JITTER = 0.2
_MOST_LOOKS = 5_000

Tries = dict[str, list[datetime]]


async def _live(workshop: Workshop, clock: Clock, faults: dict[str, Exception | None]) -> Tries:
    """Let time pass from look to look until nothing waits; return when each job was tried. `faults` are by host."""
    tried: Tries = defaultdict(list)
    for _ in range(_MOST_LOOKS):
        lanes = await claim(workshop)
        for one in lanes:
            assert len(one.jobs) <= AT_ONCE
            for leased in one.jobs:
                tried[leased.argument].append(clock.now)
        outcomes = [[Outcome(leased, faults[one.host]) for leased in one.jobs] for one in lanes]
        await workshop.write(queue.settle, outcomes)
        following = await workshop.read(_next_look)
        if following is None:
            return tried
        clock.now = max(clock.now, following)
    raise AssertionError("this never ends")


def _next_look(work: Work) -> datetime | None:
    looks = [row.next_at for row in work.db.query(LaneRow) if row.next_at is not None]
    return min(looks, default=None)


def _waits(times: list[datetime]) -> list[float]:
    return [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]


async def test_when_each_of_the_twelve_tries_is(workshop: Workshop, clock: Clock) -> None:
    """A server that answers 500 to one object: its breaker stays closed, so these are the job's own times."""
    await add(workshop, new("1"))
    times = (await _live(workshop, clock, {PEER: Unavailable("answered 500")}))["1"]
    assert len(times) == retry.MAX_TRIES == 12
    assert times[0] == NOW
    for wait, expected in zip(_waits(times), EXPECTED_SECONDS, strict=True):
        assert expected * (1 - _JITTER) - 0.001 <= wait <= expected * (1 + _JITTER) + 0.001
    assert timedelta(days=1.6) < times[-1] - times[0] < timedelta(days=2.5)
    row = await job(workshop, "1")
    assert (row.given_up_at, row.tries, row.error) == (times[-1], 12, "answered 500")
    assert (await lane(workshop)).openings == 0


@pytest.mark.unmeasured
async def test_thousands_do_not_come_back_in_the_same_second(workshop: Workshop, clock: Clock) -> None:
    hosts = [f"h{number}.example" for number in range(30)]
    await add(workshop, *(new(host, host=host) for host in hosts))
    tried = await _live(workshop, clock, {host: Unavailable("answered 500") for host in hosts})
    for number in (1, 5, 11):
        moments = {tried[host][number].replace(microsecond=0) for host in hosts}
        assert len(moments) > (6 if number == 1 else 20)  # of 12 seconds, of minutes, of hours


async def test_the_tries_at_a_host_that_cannot_be_reached(workshop: Workshop, clock: Clock) -> None:
    """Job and breaker both wait; the later of the two counts, so that twelve tries still take about two days."""
    await add(workshop, new("1"))
    times = (await _live(workshop, clock, {PEER: Unreachable("no connection")}))["1"]
    assert len(times) == retry.MAX_TRIES
    for wait, expected in zip(_waits(times), EXPECTED_SECONDS, strict=True):
        assert wait >= expected * (1 - _JITTER) - 0.001
    assert timedelta(days=1.6) < times[-1] - times[0] < timedelta(days=3)


async def test_of_two_hosts_one_is_dead_and_the_other_never_waits(workshop: Workshop, clock: Clock) -> None:
    keys = [f"https://a.example/{number}" for number in range(5)]
    for key in keys:
        for number in range(3):
            for host in (PEER, OTHER):
                await add(workshop, new(f"{host} {key} {number}", key=key, host=host))
    tried = await _live(workshop, clock, {PEER: Unreachable("no connection"), OTHER: None})
    assert {time for name, times in tried.items() if name.startswith(OTHER) for time in times} == {NOW}
    dead = {name: times for name, times in tried.items() if name.startswith(PEER)}
    assert len(dead) == 15
    assert await count(workshop) == 15  # all given up, none lost
    for key in keys:
        own = [dead[f"{PEER} {key} {number}"] for number in range(3)]
        assert len(own[0]) == retry.MAX_TRIES
        assert own[0][-1] <= own[1][0]
        assert own[1][-1] <= own[2][0]
    moments = sorted(time for times in dead.values() for time in times)
    for start in moments:  # a dead host is asked four things at most, then left in peace for a minute or longer
        assert sum(start <= time < start + timedelta(seconds=48) for time in moments) <= AT_ONCE


async def test_one_object_fails_for_two_days_and_the_others_pass(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, new("bad", key="bad"), new("behind", key="bad"))
    passed: list[str] = []
    for round_ in range(200):
        await add(workshop, new(f"good {round_}", key="good"))
        for one in await claim(workshop):
            outcomes = [
                Outcome(leased, Unavailable("answered 500") if leased.key == "bad" else None) for leased in one.jobs
            ]
            passed += [outcome.job.argument for outcome in outcomes if outcome.error is None]
            await workshop.write(queue.settle, [outcomes])
        clock.forward(minutes=30)
    assert passed == [f"good {round_}" for round_ in range(200)]  # at once, and never held up by the breaker
    assert (await job(workshop, "bad")).given_up_at is not None
