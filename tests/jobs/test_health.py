"""What opens and closes a host's breaker, and what its owner then sees; inbound at another process included."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from fediverse_ehrenamt.jobs import queue, retry
from fediverse_ehrenamt.jobs.queue import AT_ONCE, Job
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit.errors import Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.work import Workshop
from tests.jobs.doing import PEER, add, claim, job, lane, names, new, next_at, run, settle
from tests.workbench import Clock, open_workshop

pytestmark = pytest.mark.anyio
DOWN = Unavailable("answered 500")
AWAY = Unreachable("no connection")
_PATIENCE = 30.0


@pytest.fixture
def elsewhere(workshop: Workshop, clock: Clock) -> Iterator[Workshop]:
    """Another process on the same database: engines, threads and bell of its own."""
    opened = open_workshop(workshop.settings, clock)
    yield opened
    asyncio.run(opened.close())


async def test_one_object_that_fails_five_times_is_one_job(workshop: Workshop, clock: Clock) -> None:
    """Five DIFFERENT jobs open the breaker: one bad object must not hold up a host's others."""
    await add(workshop, new("bad"))
    for _ in range(retry.FAILING_JOBS_TO_OPEN + 2):
        assert await run(workshop, bad=DOWN) == ["bad"]
        clock.forward(hours=12)
    row = await lane(workshop)
    assert (row.failures, row.openings, row.opened_until) == (1, 0, None)
    for name in ("a", "b", "c"):
        await add(workshop, new(name))
        await run(workshop, **{"bad": DOWN, name: DOWN})
    assert (await lane(workshop)).openings == 0
    await add(workshop, new("d"))
    await run(workshop, bad=DOWN, d=DOWN)
    assert (await lane(workshop)).openings == 1


async def test_an_answer_begins_the_count_anew(workshop: Workshop) -> None:
    for round_ in range(3):
        await add(workshop, *(new(f"{round_}{number}") for number in range(3)))
        await run(workshop, **{f"{round_}{number}": DOWN for number in range(3)})
        await add(workshop, new("good"))
        assert await run(workshop) == ["good"]
    assert (await lane(workshop)).openings == 0


@pytest.mark.parametrize("answer", [None, Rejected("no such inbox", 404)])
async def test_a_host_that_asks_for_peace_gets_it_although_it_took_one(
    workshop: Workshop, clock: Clock, answer: Exception | None
) -> None:
    await add(workshop, new("taken"), new("too many"), new("waits"))
    given = {"too many": Unreachable("answered 429", 900.0), **({"taken": answer} if answer else {})}
    await run(workshop, **given)
    row = await lane(workshop)
    assert row.opened_until == clock.now + timedelta(seconds=900)
    assert await claim(workshop) == []


async def test_success_and_contact_are_two_things(workshop: Workshop, clock: Clock) -> None:
    begun = clock.now
    await add(workshop, new("1"))
    await run(workshop)
    clock.forward(hours=1)
    await add(workshop, new("2"))
    await run(workshop, **{"2": Rejected("answered 403")})
    row = await lane(workshop)
    assert (row.last_success_at, row.heard_at) == (begun, clock.now)
    assert (row.last_error, row.last_error_at) == ("answered 403", clock.now)
    clock.forward(hours=1)
    await add(workshop, new("3"))
    await run(workshop, **{"3": AWAY})
    row = await lane(workshop)
    assert (row.last_success_at, row.heard_at) == (begun, clock.now - timedelta(hours=1))
    assert (row.last_error, row.failing_since) == ("no connection", clock.now)


# --- inbound ----------------------------------------------------------------------------------------------------------
async def test_what_comes_to_another_process_closes_the_breaker_here(workshop: Workshop, elsewhere: Workshop) -> None:
    """The delivering process is not told; it sees the row at its next look."""
    done: list[str] = []
    away = asyncio.Event()
    away.set()

    async def deliver(_workshop: Workshop, one: Job) -> None:
        if away.is_set():
            raise AWAY
        done.append(one.argument)

    await add(workshop, new("1"))
    stop = asyncio.Event()
    running = asyncio.create_task(Runner(workshop, {"deliver": deliver}).run(stop))
    async with asyncio.timeout(_PATIENCE):
        while (await lane(elsewhere)).opened_until is None:  # noqa: ASYNC110 - what is waited for is in the database
            await asyncio.sleep(0.02)
    away.clear()
    await add(workshop, new("2"))
    await asyncio.sleep(0.6)
    assert done == []  # the host is left in peace, and the clock stands
    await elsewhere.write(queue.host_is_alive, [PEER])
    async with asyncio.timeout(_PATIENCE):
        while len(done) < 2:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)
    stop.set()
    await running
    assert sorted(done) == ["1", "2"]  # the one that had failed did not wait for its own time either
    assert (await lane(workshop)).openings == 0


async def test_many_messages_at_once_make_one_look(workshop: Workshop, elsewhere: Workshop, clock: Clock) -> None:
    """A host that comes back sends hundreds of things: it is asked four at a time nevertheless."""
    await add(workshop, *(new(str(number)) for number in range(50)))
    await run(workshop, **{str(number): AWAY for number in range(AT_ONCE)})
    clock.forward(seconds=5)
    await asyncio.gather(
        *(one.write(queue.host_is_alive, [PEER]) for _ in range(20) for one in (workshop, elsewhere))
    )  # fmt: skip
    claims = await asyncio.gather(*(claim(one) for _ in range(4) for one in (workshop, elsewhere)))
    leased = [one for lanes in claims for one in lanes]
    assert len(leased) == 1
    assert len(leased[0].jobs) == AT_ONCE
    await workshop.write(queue.host_is_alive, [PEER])  # while it is leased
    assert await claim(elsewhere) == []


async def test_a_host_that_sends_but_cannot_be_reached_is_not_hammered(workshop: Workshop, clock: Clock) -> None:
    """Behind a broken firewall: it sends every ten seconds. Twice we believe it at once, then every five minutes."""
    await add(workshop, *(new(str(number)) for number in range(400)))
    looks = 0
    for _ in range(0, 3_600, 10):
        lanes = await claim(workshop)
        looks += len(lanes)
        await settle(workshop, lanes, **{one.argument: AWAY for found in lanes for one in found.jobs})
        clock.forward(seconds=10)
        if not await workshop.read(queue.anything_due):
            await workshop.write(queue.host_is_alive, [PEER])
    expected = 3 + 3_600 // int(retry.LEAST_PEACE.total_seconds())
    assert 10 <= looks <= expected + 2
    tried = [(await job(workshop, str(number))).tries for number in range(80)]
    assert max(tried) < retry.MAX_TRIES  # nothing was given up because of it


async def test_the_first_word_of_a_host_that_was_away_for_long_is_believed_at_once(
    workshop: Workshop, clock: Clock
) -> None:
    await add(workshop, new("1"))
    while (await lane(workshop)).openings < 7:
        clock.now = max(clock.now, next_at(await lane(workshop)))
        await run(workshop, **{"1": AWAY})
    clock.forward(minutes=6)
    assert await names(workshop) == []
    await workshop.write(queue.host_is_alive, [PEER])
    assert await names(workshop) == ["1"]


async def test_when_a_host_is_back_what_failed_meanwhile_does_not_wait_its_hours(
    workshop: Workshop, clock: Clock
) -> None:
    await add(workshop, new("a1", key="a"), new("a2", key="a"), new("b"))
    while (await job(workshop, "a2")).due_at - clock.now < timedelta(hours=2):
        clock.now = max(clock.now, next_at(await lane(workshop)))
        await run(workshop, a1=AWAY, b=AWAY)
    clock.forward(minutes=6)
    await workshop.write(queue.host_is_alive, [PEER])
    first = await run(workshop)
    assert first  # one is tried …
    rest = [*await run(workshop), *await run(workshop)]  # … and when that went well, all
    assert sorted([*first, *rest]) == ["a1", "a2", "b"]


async def test_hearing_from_a_host_is_written_down_now_and_then_only(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, new("1"))
    await workshop.write(queue.host_is_alive, [PEER, "stranger.example"])
    heard = (await lane(workshop)).heard_at
    assert heard == clock.now
    clock.forward(minutes=9)
    await workshop.write(queue.host_is_alive, [PEER])
    assert (await lane(workshop)).heard_at == heard
    clock.forward(minutes=2)
    await workshop.write(queue.host_is_alive, [PEER])
    assert (await lane(workshop)).heard_at == clock.now
