"""Of the waiting Updates of one object only the newest is sent; nothing else is ever removed."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select, text

from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit.errors import Rejected, Unreachable
from fediverse_ehrenamt.work import Work, Workshop
from tests.jobs.doing import PEER, add, claim, count, job, new, run, run_all, settle
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
THING = "https://hagen.example/ap/object/1"
_FOLLOWERS = 10_000
_HOSTS = 3_000


def update(argument: str, *, key: str = THING, host: str = PEER, name: str = "deliver") -> NewJob:
    return NewJob(host, name, argument, key, replaceable=True)


def change(work: Work, *jobs: NewJob) -> int:
    """What publishing an Update does: the older ones go, the new one comes."""
    gone = queue.supersede(work, THING, "deliver")
    queue.enqueue(work, jobs)
    return gone


def _arguments(work: Work) -> list[str]:
    return list(work.db.scalars(select(JobRow.argument).order_by(JobRow.id)))


async def test_the_newest_update_replaces_those_that_wait(workshop: Workshop) -> None:
    await add(workshop, new("create", key=THING), update("update 1"))
    assert await workshop.write(change, update("update 2")) == 1
    assert await workshop.write(change, update("update 3")) == 1
    assert await run_all(workshop) == ["create", "update 3"]


async def test_only_those_that_are_chosen_go(workshop: Workshop) -> None:
    await add(workshop, new("create", key=THING), update("to a"), update("to b"), update("to b", host="b.example"))
    await run(workshop, create=Rejected("no"), **{"to a": Rejected("no"), "to b": Unreachable("away")})
    chosen = partial(queue.supersede, chosen=lambda argument: argument == "to b")
    assert await workshop.write(chosen, THING, "deliver") == 2
    assert await workshop.read(_arguments) == ["create", "to a"]
    assert await workshop.read(queue.replaceable, THING, "deliver") == ["to a"]


async def test_create_delete_announce_and_other_objects_stay(workshop: Workshop) -> None:
    kept = [
        new("create", key=THING),
        new("announce", key=THING),
        update("another object", key=f"{THING}0"),
        update("another job", name="obtain"),
        new("delete", key=THING),
        new("no object at all"),
    ]
    await add(workshop, *kept, update("update"), update("update elsewhere", host="b.example"))
    assert await workshop.write(change) == 2
    assert await workshop.read(_arguments) == [one.argument for one in kept]


async def test_what_a_worker_has_is_left_to_it(workshop: Workshop) -> None:
    await add(workshop, update("update 1"), update("elsewhere 1", host="b.example"))
    lanes = await claim(workshop, 1)
    host = lanes[0].host
    assert await workshop.write(change, update("update 2"), update("elsewhere 2", host="b.example")) == 1
    left = {"update 1", "update 2", "elsewhere 2"} if host == PEER else {"elsewhere 1", "update 2", "elsewhere 2"}
    assert set(await workshop.read(_arguments)) == left
    await settle(workshop, lanes)
    assert sorted(await run_all(workshop)) == ["elsewhere 2", "update 2"]


async def test_the_new_one_does_not_inherit_the_patience_of_the_old(workshop: Workshop, clock: Clock) -> None:
    await add(workshop, update("update 1"))
    await run(workshop, **{"update 1": Unreachable("away")})
    clock.forward(minutes=2)
    await run(workshop, **{"update 1": Unreachable("away")})
    await workshop.write(change, update("update 2"))
    row = await job(workshop, "update 2")
    assert (row.tries, row.due_at) == (0, clock.now)
    assert await count(workshop) == 1


async def test_behind_a_create_that_failed_it_waits_as_before(workshop: Workshop) -> None:
    await add(workshop, new("create", key=THING), update("update 1"))
    await run(workshop, create=Unreachable("away"))
    await workshop.write(change, update("update 2"))
    assert (await job(workshop, "update 2")).due_at == (await job(workshop, "create")).due_at


async def test_an_old_state_that_was_given_up_never_comes_back(workshop: Workshop) -> None:
    await add(workshop, new("create", key=THING), update("update 1"))
    await run(workshop, create=Rejected("no"))
    await run(workshop, **{"update 1": Rejected("no")})
    assert await workshop.write(change, update("update 2")) == 1
    assert await workshop.read(_arguments) == ["create", "update 2"]


def _count_rows(work: Work) -> None:
    """Let PostgreSQL take its statistics now, as it does by itself at some time."""
    if work.db.get_bind().dialect.name != "sqlite":
        work.db.execute(text("ANALYZE jobs, lanes"))


@pytest.mark.parametrize("counted", [None, _count_rows], ids=["never counted", "counted when it was empty"])
async def test_ten_thousand_followers_take_one_statement_along_its_index(
    workshop: Workshop, counted: Callable[[Work], None] | None
) -> None:
    """A queue is empty most of the time: PostgreSQL may then think that a query within the statement costs nothing."""
    if counted:
        await workshop.write(counted)
    hosts = [f"h{number % _HOSTS}.example" for number in range(_FOLLOWERS)]
    await add(workshop, *(new(f"c{number}", key=THING, host=host) for number, host in enumerate(hosts)))
    await add(workshop, *(update(f"u{number}", host=host) for number, host in enumerate(hosts)))

    def again(work: Work) -> tuple[int, float]:
        begun = time.perf_counter()
        return queue.supersede(work, THING, "deliver"), time.perf_counter() - begun

    gone, seconds = await workshop.write(again)
    assert gone == _FOLLOWERS
    assert seconds < 20.0
    assert await count(workshop) == _FOLLOWERS


def _plan(work: Work) -> str:
    sqlite = work.db.get_bind().dialect.name == "sqlite"
    if not sqlite:
        work.db.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    asked = "SELECT id FROM jobs WHERE jobs.key = 'x' AND jobs.replaceable AND jobs.name = 'deliver'"
    return "\n".join(str(row) for row in work.db.execute(text(f"{explain} {asked}")))


async def test_the_index_serves_it(workshop: Workshop) -> None:
    assert "ix_jobs_replaceable" in await workshop.read(_plan)


# --- what is taken back whole -----------------------------------------------------------------------------------------
def withdraw(work: Work, *jobs: NewJob) -> None:
    """What withdrawing does: nothing about the object is sent any more but that it is gone."""
    queue.cancel(work, sorted({one.host for one in jobs}), THING, "deliver")
    queue.enqueue(work, jobs)


async def test_what_is_withdrawn_is_sent_no_more(workshop: Workshop) -> None:
    await add(workshop, new("create", key=THING), update("update 1"), new("another", key=f"{THING}0"))
    await run(workshop, create=Rejected("no"))
    await workshop.write(withdraw, new("delete", key=THING))
    assert sorted(await run_all(workshop)) == ["delete"]
    assert await workshop.read(_arguments) == []


async def test_a_worker_that_still_has_it_in_hand_settles_nothing_else(workshop: Workshop) -> None:
    """SQLite would give the id of the newest job out again: the Delete would be taken for the Create and be lost."""
    await add(workshop, new("create", key=THING))
    lanes = await claim(workshop)
    await workshop.write(withdraw, new("delete", key=THING))
    await settle(workshop, lanes)
    assert await workshop.read(_arguments) == ["delete"]
    lanes = await claim(workshop)
    await workshop.write(withdraw, new("delete again", key=THING))
    await settle(workshop, lanes, delete=Unreachable("away"))
    assert (await job(workshop, "delete again")).tries == 0
