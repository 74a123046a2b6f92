"""An operator's replay, hosts that never come back, and the end of what was given up."""

from datetime import timedelta

import pytest

from fediverse_ehrenamt.jobs import again, overview, queue, retry
from fediverse_ehrenamt.jobs.queue import LOCAL
from fediverse_ehrenamt.kit.errors import NotFound, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.work import Workshop
from tests.jobs.doing import PEER, add, claim, count, job, jobs_of, lane, names, new, run, run_all, settle
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
OTHER = "other.example"
AWAY = Unreachable("no connection")


async def _replay(workshop: Workshop, host: str | None, *, given_up: bool = False) -> tuple[int, int]:
    done = await workshop.write(again.replay, host, given_up=given_up)
    return done.waiting, done.given_up


async def test_one_host_is_tried_now_whatever_its_breaker_says(workshop: Workshop) -> None:
    await add(workshop, new("1", key="k"), new("2", key="k"), new("3"), new("elsewhere", host=OTHER))
    await run(workshop, **{"1": AWAY, "3": AWAY, "elsewhere": AWAY})
    assert await names(workshop) == []
    assert await _replay(workshop, PEER) == (3, 0)
    row = await lane(workshop)
    assert (row.opened_until, row.openings, row.failures, row.failing) == (None, 0, 0, "")
    assert await run_all(workshop) == ["1", "3", "2"]
    assert (await lane(workshop, OTHER)).opened_until is not None


async def test_all_hosts_and_local_work(workshop: Workshop) -> None:
    for host in (PEER, OTHER, LOCAL):
        await add(workshop, new(host or "here", host=host))
    await run(workshop, **{PEER: AWAY, OTHER: Unavailable("busy"), "here": Unavailable("disk")})
    assert await _replay(workshop, None) == (3, 0)
    assert sorted(await run_all(workshop)) == ["here", OTHER, PEER]


async def test_the_given_up_come_back_only_when_asked_for_and_in_their_order(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, new("1", key="k"), new("2", key="k"), new("3", key="k"))
    await run(workshop, **{"1": Rejected("answered 403")})
    await run(workshop, **{"2": Rejected("answered 403")})
    clock.forward(days=20)
    await add(workshop, new("4", key="k"))
    assert await _replay(workshop, PEER) == (2, 0)
    assert await _replay(workshop, PEER, given_up=True) == (2, 2)
    first = await job(workshop, "1")
    assert (first.given_up_at, first.tries, first.due_at) == (None, 0, clock.now)
    assert await run(workshop, **{"1": Unavailable("busy")}) == ["1"]
    assert (await job(workshop, "1")).given_up_at is None  # its days begin anew
    clock.forward(minutes=1)
    assert await run_all(workshop) == ["1", "2", "3", "4"]


async def test_what_a_worker_has_is_not_handed_out_twice(workshop: Workshop) -> None:
    await add(workshop, new("1"), new("2"))
    lanes = await claim(workshop)
    await add(workshop, new("3"))
    await _replay(workshop, PEER, given_up=True)
    assert await claim(workshop) == []
    await settle(workshop, lanes)
    assert await names(workshop) == ["3"]


async def test_an_unknown_host_is_said_and_a_lane_with_nothing_stays_asleep(workshop: Workshop) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.example"):
        await workshop.write(again.replay, "nowhere.example", given_up=False)
    await add(workshop, new("1"))
    await run_all(workshop)
    assert await _replay(workshop, None, given_up=True) == (0, 0)
    assert (await lane(workshop)).next_at is None
    assert not await workshop.read(queue.anything_due)


# --- what ends --------------------------------------------------------------------------------------------------------
async def test_a_host_that_is_gone_for_good_keeps_nothing(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, *(new(str(number)) for number in range(1_500)), new("other", host=OTHER))
    while clock.now - (await job(workshop, "1499")).created_at < retry.MAX_AGE:
        lanes = [one for one in await claim(workshop) if one.host == PEER]
        await settle(workshop, lanes, **{one.argument: AWAY for one in jobs_of(lanes)})
        clock.forward(hours=8)
    clock.forward(hours=1)
    await add(workshop, new("young"))
    lanes = [one for one in await claim(workshop) if one.host == PEER]
    await settle(workshop, lanes, **{one.argument: AWAY for one in jobs_of(lanes)})
    rounds = 0
    while await workshop.write(again.give_up_stale):
        rounds += 1
    assert rounds == 2
    (state,) = [one for one in await workshop.read(overview.lanes) if one.host == PEER]
    assert state.given_up >= 1_400
    assert state.waiting < 100  # those that were tried lately have their own end
    assert (await job(workshop, "young")).given_up_at is None
    assert (await job(workshop, "other")).given_up_at is None  # nobody got to it, but its host did not fail


async def test_the_given_up_are_forgotten_after_a_month(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, *(new(str(number)) for number in range(4)), new("waits", host=OTHER))
    await run(workshop, **{"0": Rejected("no"), "1": Rejected("no"), "waits": Unavailable("busy")})
    clock.forward(days=29)
    assert await workshop.write(again.forget) == 0
    clock.forward(days=2)
    assert await workshop.write(again.forget) == 2
    assert await count(workshop) == 1
    assert timedelta(days=30) == again.GIVEN_UP_LAST


# --- what is shown ----------------------------------------------------------------------------------------------------
async def test_every_lane_is_shown_with_what_it_is_at(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, new("1"), new("2"), new("3"), new("quiet", host=OTHER))
    await run(workshop, **{"1": Rejected("answered 404"), "2": Unavailable("answered 500")})
    (busy, quiet) = await workshop.read(overview.everywhere, 10)
    assert (busy.host, busy.waiting, busy.failing, busy.given_up) == (PEER, 1, 1, 1)
    assert (busy.running, busy.error, busy.error_at) == (False, "answered 500", clock.now)
    assert (quiet.host, quiet.waiting, quiet.last_success_at) == (OTHER, 0, clock.now)
    assert [one.host for one in await workshop.read(overview.lanes)] == [PEER]
    given_up, failing = await workshop.read(overview.troubles, PEER)
    assert (given_up.argument, given_up.given_up_at, given_up.error) == ("1", clock.now, "answered 404")
    assert (failing.argument, failing.tries, failing.given_up_at) == ("2", 1, None)
    clock.forward(hours=1)
    await claim(workshop)
    assert (await workshop.read(overview.everywhere, 1))[0].running
