"""What is stored of what came in, and what becomes of it; on both databases."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import inbox, wanted
from fediverse_ehrenamt.federation.handlers import Handlers, receives
from fediverse_ehrenamt.federation.inbox import Gate
from fediverse_ehrenamt.federation.model import FollowerRow, ReceivedRow
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Gone, Unavailable
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Announce,
    Block,
    Create,
    Delete,
    Follow,
    Like,
    Note,
    OtherActivity,
    Reject,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, PEER, Clock, arrival, creation, note, person, verdicts

pytestmark = pytest.mark.anyio
BERTA = f"{PEER}/users/berta"
STRANGER = "https://stranger.example/users/s"
OTHER = "https://other.example/notes/9"
HOME_ACTOR = "http://hagen.example/ap/actor/relay"
OURS = "http://hagen.example/ap/object/1"


def _sources(work: Work) -> None:
    workbench.add_source(work)
    workbench.add_source(work, "https://town.example/ap/actor/relay", whole=True)
    workbench.add_source(work, "https://no.example/users/n", state="rejected")
    workbench.know(work, BERTA)


@pytest.fixture
def ready(instance: Instance) -> Workshop:
    """An instance that follows Anna and a whole town, was turned down by another, and has met Berta."""
    instance.workshop.write_now(_sources)
    return instance.workshop


def by(actor: str, kind: type[Activity], about: Any, number: int = 1) -> Activity:
    origin = ids.origin(actor)
    return kind(id=f"{origin}/activities/{number}", actor=actor, object=about)


def stored(work: Work) -> list[ReceivedRow]:
    return list(work.db.scalars(select(ReceivedRow).order_by(ReceivedRow.id)))


async def keep(workshop: Workshop, *activities: Activity) -> int:
    return await workshop.write(inbox.store, [arrival(activity) for activity in activities])


async def process(workshop: Workshop) -> int:
    return await workshop.write(inbox.process, wiring.HANDLERS)


TOWN = "https://town.example/users/t"
REJECTED = "https://no.example/users/n"
WANTED: dict[str, Activity] = {
    "a source's note": creation(),
    "a source's change": by(ANNA, Update, note()),
    "a source's announcement": by(ANNA, Announce, OTHER),
    "anybody of a whole origin": by(TOWN, Create, note("https://town.example/notes/1", attributed_to=TOWN)),
    "a stranger's Follow of ours": by(STRANGER, Follow, HOME_ACTOR),
    "an Accept of our Follow by id": by(STRANGER, Accept, "http://hagen.example/ap/activity/1"),
    "an Accept of our Follow": by(STRANGER, Accept, Follow(id="", actor=HOME_ACTOR, object=STRANGER)),
    "a Reject of our Follow with its id": by(
        STRANGER, Reject, Follow(id="http://hagen.example/ap/activity/1", actor=HOME_ACTOR, object=STRANGER)
    ),
    "an undone Follow": by(STRANGER, Undo, Follow(id="", actor=STRANGER, object=HOME_ACTOR)),
    "an undone id": by(STRANGER, Undo, "https://stranger.example/follows/1"),
    "a deletion by somebody known": by(BERTA, Delete, f"{PEER}/notes/7"),
    "a deletion by a whole origin": by(TOWN, Delete, "https://town.example/notes/1"),
    "a known actor's change": by(BERTA, Update, person(BERTA)),
}
UNWANTED: dict[str, Activity] = {
    "a stranger's note": by(STRANGER, Create, note("https://stranger.example/1", attributed_to=STRANGER)),
    "a stranger's change": by(STRANGER, Update, note("https://stranger.example/1", attributed_to=STRANGER)),
    "a stranger's announcement": by(STRANGER, Announce, OTHER),
    "a stranger's self": by(STRANGER, Update, person(STRANGER)),
    "a stranger's deletion": by(STRANGER, Delete, STRANGER),
    "a known actor that is no source": by(BERTA, Create, note(f"{PEER}/notes/3", attributed_to=BERTA)),
    "one who said no": by(REJECTED, Create, note("https://no.example/1", attributed_to=REJECTED)),
    "a Follow of somebody else": by(STRANGER, Follow, "https://elsewhere.example/users/e"),
    "a like": by(ANNA, OtherActivity, "http://hagen.example/ap/object/1"),
}


@pytest.mark.parametrize("activity", WANTED.values(), ids=WANTED)
async def test_wanted(ready: Workshop, activity: Activity, clock: Clock) -> None:
    assert await keep(ready, activity) == 1
    (row,) = await ready.read(stored)
    assert (row.activity, row.actor, row.how) == (activity.id, activity.actor, "cavage")
    assert row.due_at == row.received_at == clock.now
    assert row.body == codec.write(activity)


async def test_also_what_is_unwanted_shows_that_its_host_is_alive(ready: Workshop) -> None:
    host = ids.host(STRANGER)

    def shut(work: Work) -> None:
        work.db.add(LaneRow(host=host, openings=1, opened_until=work.now + timedelta(hours=1)))

    await ready.write(shut)
    assert await keep(ready, UNWANTED["a stranger's note"]) == 0
    lane = await ready.read(lambda work: work.db.get(LaneRow, host))
    assert lane is not None
    assert lane.opened_until is None


@pytest.mark.parametrize("activity", UNWANTED.values(), ids=UNWANTED)
async def test_dropped_before_storing(ready: Workshop, activity: Activity) -> None:
    assert await keep(ready, activity) == 0
    assert await ready.read(stored) == []


async def test_an_id_is_stored_once(ready: Workshop) -> None:
    await keep(ready, creation(), creation())
    await keep(ready, creation())
    assert len(await ready.read(stored)) == 1


REPEATED = {
    "Takahē likes again": by(ANNA, Like, OURS),
    "Takahē shares again": by(ANNA, Announce, OURS),
    "Takahē blocks again": by(ANNA, Block, HOME_ACTOR),
    "Misskey follows again": by(ANNA, Follow, HOME_ACTOR),
    "Mobilizon changes an event again": by(ANNA, Update, note()),
}


@pytest.mark.parametrize("activity", REPEATED.values(), ids=REPEATED)
async def test_what_means_something_each_time_is_handled_each_time(ready: Workshop, activity: Activity) -> None:
    for _ in range(2):
        assert await keep(ready, activity) == 1
        assert await process(ready) == 1
    assert len(await ready.read(stored)) == 1


async def test_an_update_may_have_the_id_of_its_create(ready: Workshop) -> None:
    """Mobilizon names both, and every later Update, "<event>/activity"."""
    uri = f"{PEER}/notes/1/activity"
    await keep(ready, creation(activity=uri))
    await process(ready)
    for hour, title in enumerate(("Verlegt", "Noch einmal verlegt"), 1):
        changed = note(content=f"<p>{title}</p>", updated=datetime(2026, 11, 22, 10 + hour, tzinfo=UTC))
        await keep(ready, replace(by(ANNA, Update, changed), id=uri))
        await process(ready)
        assert (await ready.read(search.get, changed.id)).title == title


@pytest.mark.parametrize("others", [0, 1, 3])
async def test_the_very_same_request_again_is_a_replay(ready: Workshop, others: int) -> None:
    """Somebody's Follow, caught on its way, must not come back after its Undo, nor after Follows under the same id."""
    caught, *more = [arrival(by(ANNA, Follow, HOME_ACTOR)) for _ in range(others + 1)]
    caught = signed_anew(caught, 0)
    await ready.write(inbox.store, [caught])
    assert await process(ready) == 1
    for number, one in enumerate(more, start=1):
        await ready.write(inbox.store, [signed_anew(one, number)])
        assert await process(ready) == 1
    await ready.write(inbox.store, [caught])
    assert await process(ready) == 0
    await ready.write(inbox.store, [signed_anew(caught, others + 1)])
    assert await process(ready) == 1


def signed_anew(one: Arrival, number: int) -> Arrival:
    return Arrival(replace(one.signed, signature=b"%d" % number), one.activity)


async def test_without_an_id_the_body_tells_repetitions(ready: Workshop) -> None:
    first, second = creation(activity=""), creation(note(content="<p>anders</p>"), activity="")
    await keep(ready, first, second, first)
    rows = await ready.read(stored)
    assert len(rows) == 2
    assert all(row.activity.startswith("sha256:") for row in rows)


@pytest.mark.parametrize(
    "forged",
    [
        arrival(creation(activity="https://victim.example/notes/1#delete")),
        arrival(by(TOWN, Create, note("https://town.example/1")), signer=ANNA),
        arrival(replace(by(STRANGER, Follow, HOME_ACTOR), id=f"{PEER}/activities/1")),
    ],
    ids=["an id of elsewhere", "signed by another", "a Follow with an id of elsewhere"],
)
async def test_nobody_can_take_the_id_of_what_another_will_send(
    ready: Workshop, forged: Arrival, caplog: pytest.LogCaptureFixture
) -> None:
    """The first with an id wins, and ids can be foreseen; so a false one must not be stored at all."""
    caplog.set_level(logging.INFO)
    assert await ready.write(inbox.store, [forged]) == 0
    assert "dropped" in caplog.text
    assert await keep(ready, creation()) == 1


async def test_who_is_heard_of(ready: Workshop) -> None:
    unknown = by(STRANGER, Delete, STRANGER)
    assert not await wanted.worth_a_key(ready, unknown)
    assert not await wanted.worth_a_key(ready, by(STRANGER, OtherActivity, OTHER))
    assert await wanted.worth_a_key(ready, by(BERTA, Delete, BERTA))
    assert await wanted.worth_a_key(ready, by(STRANGER, Create, OTHER))


# --- processing -------------------------------------------------------------------------------------------------------
async def test_a_note_becomes_searchable(ready: Workshop) -> None:
    await keep(ready, creation())
    assert await ready.read(inbox.anything_due)
    assert await process(ready) == 1
    assert await ready.read(verdicts) == ["handled"]
    assert (await ready.read(search.get, f"{PEER}/notes/1")).title == "Helfer:innen gesucht"
    assert not await ready.read(inbox.anything_due)
    assert await process(ready) == 0


async def test_what_cannot_be_believed_is_asked_for(ready: Workshop) -> None:
    await keep(ready, by(ANNA, Announce, OTHER))
    await process(ready)
    assert await ready.read(verdicts) == [f"asking the origin of {OTHER}"]
    (job,) = await ready.read(lambda work: list(work.db.scalars(select(JobRow))))
    assert (job.name, job.host, job.argument, job.key) == ("obtain", "other.example", f"{OTHER} {ANNA}", OTHER)


async def test_reasons_are_written_down(ready: Workshop) -> None:
    """Rows from before an update of ours may hold what is no longer let in."""
    await keep(ready, creation(), by(ANNA, Create, OTHER, 2), by(ANNA, Undo, f"{PEER}/likes/1", 3))

    def spoil(work: Work) -> None:
        rows = stored(work)
        rows[0].actor = STRANGER
        rows[1].rest = b"["
        rows[2].rest = workbench.written(by(ANNA, OtherActivity, OTHER, 3))

    await ready.write(spoil)
    await process(ready)
    forged, broken, other = await ready.read(verdicts)
    assert forged.startswith("dropped: signed by")
    assert broken.startswith("failed: ")
    assert other == "dropped: nobody here has a use for it"
    assert not await ready.read(inbox.anything_due)


async def test_a_follow_of_nobody_is_dropped_with_the_reason(ready: Workshop) -> None:
    await keep(ready, by(BERTA, Follow, "http://hagen.example/ap/actor/nobody"))
    await process(ready)
    assert await ready.read(verdicts) == ["dropped: http://hagen.example/ap/actor/nobody is no actor here"]


def handlers_that(fault: Exception, on: str) -> Handlers:
    """Handle notes as usual, but fail with those whose id ends with `on`, after writing something."""

    @receives(Create, Note)
    def handle(work: Work, activity: Create) -> None:
        found = wiring.HANDLERS.find(activity)
        assert found is not None
        found(work, activity)
        if activity.object_id.endswith(on):
            raise fault

    return Handlers([handle], [things.foresee], [things.together])


def notes(count: int) -> list[Activity]:
    return [creation(note(f"{PEER}/notes/{number}"), f"{PEER}/activities/{number}") for number in range(count)]


async def test_a_bug_in_one_row_takes_no_other(ready: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    await keep(ready, *notes(5))
    assert await ready.write(inbox.process, handlers_that(ZeroDivisionError("a bug"), "/2")) == 5
    assert await ready.read(verdicts) == ["handled", "handled", "failed: a bug", "handled", "handled"]
    assert await ready.read(search.count) == 4
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("fault", [Unavailable("not now"), ZeroDivisionError("a bug")])
async def test_what_may_pass_is_tried_five_times(ready: Workshop, clock: Clock, fault: Exception) -> None:
    await keep(ready, *notes(1))
    failing = handlers_that(fault, "/0")
    tried = 0
    for minutes in (1, 2, 4, 8, 16, 32):
        tried += await ready.write(inbox.process, failing)
        assert await ready.write(inbox.process, failing) == 0
        clock.forward(minutes=minutes)
    assert tried == 5
    assert not await ready.read(inbox.anything_due)
    assert (await ready.read(verdicts))[0].startswith("failed: ")


async def test_what_passes_is_handled_at_the_next_try(ready: Workshop, clock: Clock) -> None:
    await keep(ready, *notes(1))
    await ready.write(inbox.process, handlers_that(Unavailable("not now"), "/0"))
    clock.forward(minutes=1)
    assert await process(ready) == 1
    assert await ready.read(verdicts) == ["handled"]


async def test_a_refusal_is_not_tried_again(ready: Workshop) -> None:
    await keep(ready, *notes(1))

    def spoil(work: Work) -> None:
        stored(work)[0].rest = b"{}"

    await ready.write(spoil)
    await process(ready)
    assert not await ready.read(inbox.anything_due)


async def test_many_are_handled_in_batches(ready: Workshop) -> None:
    await keep(ready, *notes(inbox.BATCH + 7))
    assert [await process(ready) for _ in range(3)] == [inbox.BATCH, 7, 0]
    assert await ready.read(search.count) == inbox.BATCH + 7


async def test_a_batch_ends_as_its_activities_would_alone(ready: Workshop) -> None:
    first, second, third = (f"{PEER}/notes/{number}" for number in range(3))
    now, before = workbench.NOW + timedelta(minutes=1), workbench.NOW - timedelta(days=9)
    told: list[tuple[type[Activity], object]] = [
        (Create, note(first)),
        (Create, note(second)),
        (Update, note(first, name="Neuer Name", updated=now)),
        (Delete, second),
        (Create, note(second)),
        (Create, note(third)),
        (Update, note(third, name="Von früher", updated=before)),
    ]
    await keep(ready, *(by(ANNA, kind, about, number) for number, (kind, about) in enumerate(told)))
    assert await process(ready) == len(told)
    assert await ready.read(verdicts) == ["handled"] * len(told)
    assert await ready.read(search.count) == 2
    assert (await ready.read(search.get, first)).title == "Neuer Name"
    assert (await ready.read(search.get, third)).title != "Von früher"
    with pytest.raises(Gone):
        await ready.read(search.get, second)


async def test_bodies_leave_after_a_week_and_ids_stay(ready: Workshop, clock: Clock) -> None:
    await keep(ready, *notes(2))
    await process(ready)
    await keep(ready, *notes(3))  # the third is not handled yet
    assert await ready.write(inbox.erase_bodies) == 0
    clock.forward(days=7, seconds=1)
    assert await ready.write(inbox.erase_bodies) == 2
    assert [row.body is None for row in await ready.read(stored)] == [True, True, False]
    assert await ready.write(inbox.erase_bodies) == 0
    assert await keep(ready, *notes(3)) == 3
    assert len(await ready.read(stored)) == 3


# --- the gate ---------------------------------------------------------------------------------------------------------
async def test_many_requests_share_few_commits(ready: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = 0
    write = ready.bell.ring

    def count() -> None:
        nonlocal commits
        commits += 1
        write()

    monkeypatch.setattr(ready.bell, "ring", count)  # it is rung once for each commit
    gate = Gate(ready)
    await asyncio.gather(*(gate.take(one) for one in map(arrival, notes(200))))
    assert len(await ready.read(stored)) == 200
    assert commits < 20
    await gate.take(arrival(creation(activity="")))
    assert len(await ready.read(stored)) == 201


async def test_a_failing_commit_reaches_everybody_who_waits(ready: Workshop) -> None:
    gate = Gate(ready)

    def rename(work: Work, old: str, new: str) -> None:
        work.db.connection().exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    await ready.write(rename, "received", "away")
    takes = [gate.take(one) for one in map(arrival, notes(5))]
    outcomes = await asyncio.gather(*takes, return_exceptions=True)
    assert len(outcomes) == 5
    assert all(isinstance(outcome, Exception) for outcome in outcomes)
    await ready.write(rename, "away", "received")
    again = arrival(notes(1)[0])
    await gate.take(again)
    assert len(await ready.read(stored)) == 1


async def test_whoever_leaves_does_not_hold_up_the_rest(ready: Workshop) -> None:
    gate = Gate(ready)
    first, second = (arrival(one) for one in notes(2))
    impatient = asyncio.create_task(gate.take(first))
    patient = asyncio.create_task(gate.take(second))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert len(await ready.read(stored)) == 2


async def test_an_overrun_gate_asks_for_patience(ready: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "_WAITING_LIMIT", 3)
    gate = Gate(ready)
    takes = [gate.take(one) for one in map(arrival, notes(6))]
    outcomes = await asyncio.gather(*takes, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    assert len(refused) == 3
    assert refused[0].retry_after == 60.0
    assert len(await ready.read(stored)) == 3


async def test_followers_are_counted_once(ready: Workshop, clock: Clock) -> None:
    """A whole round: stored, handled, answered."""
    await keep(ready, by(BERTA, Follow, HOME_ACTOR), by(BERTA, Follow, HOME_ACTOR, 2))
    await process(ready)
    rows = await ready.read(lambda work: list(work.db.scalars(select(FollowerRow))))
    assert [(row.follower, row.since) for row in rows] == [(BERTA, clock.now)]
