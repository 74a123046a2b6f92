"""Coming to events of ours as Mobilizon and Friendica say it: places, answers, what is shown, what is forgotten."""

import asyncio
import logging
import threading
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt.attendance import store
from fediverse_ehrenamt.attendance.model import AttendanceRow, OccupancyRow
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.federation.model import PublishedRow, ReceivedRow, RecipientRow, RemoteActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.publishing import actions as publishing
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Delete, EventDetails
from fediverse_ehrenamt.work import Work
from tests import hearing, workbench
from tests.hearing import BERTA, CARLA, Home, Json
from tests.publishing import files
from tests.workbench import ANNA, NOW, PEER, Clock, fest

pytestmark = pytest.mark.anyio
CONTEXT = ["https://www.w3.org/ns/activitystreams", {"mz": "https://joinmobilizon.org/ns#"}]
SMALL = fest("klein", capacity=2)
_PATIENCE, _MOMENT = 20.0, 0.3  # seconds; the second is more than a transaction takes that need not wait


@pytest.fixture
def home(instance: Instance) -> Home:
    return hearing.found(instance)


def join(event: str, actor: str = CARLA, number: int = 1, **more: object) -> Json:
    """A Join as Mobilizon sends it."""
    made = {"id": f"{actor}/join/event/{number}", "type": "Join", "actor": actor, "object": event}
    return {"@context": CONTEXT, **made, "to": [], "cc": [], **more}


def leave(event: str, actor: str = CARLA, number: int = 1) -> Json:
    return {**join(event, actor), "id": f"{actor}/leave/event/{number}", "type": "Leave"}


def rsvp(kind: str, event: str, actor: str = ANNA, number: int = 1) -> Json:
    """What Friendica sends for "I attend", "maybe" and "I do not": the event itself is accepted or rejected."""
    made = {"id": f"{PEER}/objects/{actor[-5:]}-{number}", "type": kind, "actor": actor, "object": event}
    return {"@context": CONTEXT, **made, "published": "2026-11-22T11:00:00Z", "instrument": {"type": "Service"}}


def undo(what: object, actor: str = CARLA, number: int = 1) -> Json:
    return {"@context": CONTEXT, "id": f"{actor}/undo/{number}", "type": "Undo", "actor": actor, "object": what}


async def taken(home: Home, event: str) -> int:
    return await home.workshop.read(store.taken, event)


async def answers(home: Home) -> list[Json]:
    """Return what was answered, oldest first."""

    def read(work: Work) -> list[Json]:
        kinds = PublishedRow.kind.in_(["Accept", "Reject", "Ignore"])
        rows = work.db.scalars(select(PublishedRow).where(kinds).order_by(PublishedRow.id))
        return [orjson.loads(row.body) for row in rows]

    return await home.workshop.read(read)


async def kinds(home: Home) -> list[object]:
    return [answer["type"] for answer in await answers(home)]


async def seen(home: Home, event: str) -> Json:
    found: Json = (await home.get(event)).json()
    return found


# --- joining ----------------------------------------------------------------------------------------------------------
async def test_a_join_is_accepted_with_the_join_in_it(home: Home) -> None:
    """Mobilizon finds the participation by the id of the embedded Join; the organiser itself has to accept."""
    asked = join(home.event, participationMessage="Ich bringe Kuchen mit")
    assert await home.say(asked) == "handled"
    (accept,) = await answers(home)
    assert accept["type"] == "Accept"
    assert accept["actor"] == home.owner
    assert accept["to"] == [CARLA]
    inner = {"id": asked["id"], "type": "Join", "actor": CARLA, "object": home.event, "to": [], "cc": []}
    assert accept["object"] == inner
    (job,) = await home.workshop.read(lambda work: work.db.scalars(select(JobRow)).all())
    assert (job.name, orjson.loads(job.argument)) == ("deliver", [accept["id"], f"{CARLA}/inbox"])
    (one,) = await home.workshop.read(store.attendees, home.event)
    assert (one.actor, one.name, one.message, one.since) == (CARLA, "Anna", "Ich bringe Kuchen mit", NOW)


async def test_full_is_full(home: Home) -> None:
    event = await home.publish(SMALL)
    for actor in (ANNA, BERTA, CARLA):
        assert await home.say(join(event, actor)) == "handled"
    assert await kinds(home) == ["Accept", "Accept", "Reject"]
    last = (await answers(home))[-1]["object"]
    assert isinstance(last, dict)
    assert last["id"] == f"{CARLA}/join/event/1"
    assert await taken(home, event) == 2


async def test_whoever_leaves_makes_room(home: Home) -> None:
    event = await home.publish(SMALL)
    for actor in (ANNA, BERTA, CARLA):
        await home.say(join(event, actor))
    assert await home.say(leave(event, ANNA)) == "handled"
    await home.say(join(event, CARLA, 2))
    assert await kinds(home) == ["Accept", "Accept", "Reject", "Accept"]
    assert await taken(home, event) == 2


async def test_who_asks_again_is_answered_again_and_takes_one_place(home: Home) -> None:
    event = await home.publish(fest("einer", capacity=1))
    await home.say(join(event))
    await home.say(join(event, number=2))
    assert await kinds(home) == ["Accept", "Accept"]
    assert await taken(home, event) == 1


@pytest.mark.parametrize(
    ("changed", "forward"),
    [
        ({"status": "cancelled"}, timedelta()),
        ({}, timedelta(days=20, hours=3)),
        ({"details": EventDetails(kind="fest", register_by=NOW + timedelta(days=2))}, timedelta(days=2)),
    ],
    ids=["cancelled", "over", "registration closed"],
)
async def test_too_late(home: Home, clock: Clock, changed: Json, forward: timedelta) -> None:
    event = await home.publish(fest("vorbei", **changed))
    clock.now += forward
    assert await home.say(join(event)) == "handled"
    assert await kinds(home) == ["Reject"]
    assert await taken(home, event) == 0


async def test_what_has_no_date_cannot_be_joined(home: Home) -> None:
    """FEP-8a8e: who does not handle joins answers Ignore with the id of the Join."""
    asked = join(home.offer)
    assert await home.say(asked) == "handled"
    (ignore,) = await answers(home)
    assert (ignore["type"], ignore["object"], ignore["actor"]) == ("Ignore", asked["id"], home.owner)


async def test_what_is_not_ours_is_dropped(home: Home) -> None:
    assert await home.say(join(f"{PEER}/events/1")) == hearing.UNWANTED
    assert (await home.say(join(f"{home.owner}"))).startswith("dropped: ")
    event = await home.publish(SMALL)
    await home.publish(fest("klein", status="withdrawn"))
    assert await home.say(join(event, number=2)) == "dropped: it was withdrawn"
    assert await answers(home) == []


async def test_without_limit_everybody_may_come(home: Home) -> None:
    for actor in (ANNA, BERTA, CARLA):
        await home.say(join(home.event, actor))
    assert await kinds(home) == ["Accept"] * 3
    assert (await seen(home, home.event))["participantCount"] == 3


async def test_an_asker_that_was_forgotten_is_asked_for_and_tried_again(home: Home) -> None:
    await home.workshop.write(lambda work: work.db.delete(work.db.get_one(RemoteActorRow, CARLA)))
    assert (await home.say(join(home.event))).startswith("failed: ")
    assert await taken(home, home.event) == 0


# --- leaving ----------------------------------------------------------------------------------------------------------
async def test_an_undone_join(home: Home) -> None:
    await home.say(join(home.event))
    await home.say(join(home.event, ANNA))
    assert await home.say(undo(join(home.event))) == "handled"
    assert await home.say(undo(f"{ANNA}/join/event/1", ANNA)) == "handled"
    assert await taken(home, home.event) == 0


async def test_a_join_that_comes_after_its_undo_gives_no_place(home: Home) -> None:
    await home.say(undo(join(home.event)))
    assert await home.say(join(home.event)) == "dropped: they have left since"
    await home.say(join(home.event, number=2))
    assert await taken(home, home.event) == 1


async def test_a_join_repeated_after_leaving_gives_no_place(home: Home) -> None:
    await home.say(join(home.event))
    await home.say(leave(home.event))
    again = join(home.event)

    def forget_id(work: Work) -> None:  # as if the inbox took each Join anew
        work.db.delete(work.db.scalars(select(ReceivedRow).where(ReceivedRow.activity == again["id"])).one())

    await home.workshop.write(forget_id)
    assert await home.say(again) == "dropped: they have left since"
    assert await taken(home, home.event) == 0


async def test_an_earlier_join_undone_late_does_not_end_the_later(home: Home) -> None:
    await home.say(join(home.event))
    await home.say(leave(home.event))
    await home.say(join(home.event, number=2))
    assert (await home.say(undo(join(home.event)))).startswith("dropped: ")
    assert await taken(home, home.event) == 1


async def test_nobody_leaves_for_another(home: Home) -> None:
    await home.say(join(home.event))
    assert (await home.say(leave(home.event, ANNA))).startswith("dropped: ")
    await home.say(undo(f"{CARLA}/join/event/1", ANNA))
    await home.say(undo(join(home.event), ANNA))
    assert await taken(home, home.event) == 1


async def test_whoever_leaves_the_fediverse_leaves_everywhere(home: Home) -> None:
    other = await home.publish(SMALL)
    for event in (home.event, other):
        await home.say(join(event, CARLA, int(event == other)))
    await home.say(join(other, ANNA))
    await home.say(Delete(id=f"{CARLA}#delete", actor=CARLA, object=CARLA))
    assert (await taken(home, home.event), await taken(home, other)) == (0, 1)
    assert (await seen(home, other))["remainingAttendeeCapacity"] == 1


async def test_whoever_leaves_the_fediverse_leaves_nothing_though_a_date_is_gone(home: Home) -> None:
    """Dates are withdrawn with what they belong to; what comes after attendance must hear of the end as well."""
    _, date = await home.workshop.write(_publish_series, "")
    assert await home.say(join(date, ANNA)) == "handled"
    note = {"id": f"{PEER}/notes/1", "type": "Note", "attributedTo": ANNA, "to": [home.owner], "content": "<p>Hm</p>"}
    created = {"@context": CONTEXT, "id": f"{PEER}/creates/1", "type": "Create", "actor": ANNA, "object": note}
    assert await home.say({**created, "to": [home.owner]}) == "handled"
    await home.workshop.write(_publish_series, "status: zurueckgezogen")
    assert await home.say(Delete(id=f"{ANNA}#delete", actor=ANNA, object=ANNA)) == "handled"
    assert await home.workshop.read(lambda work: work.db.scalars(select(AttendanceRow)).all()) == []
    assert await home.workshop.read(lambda work: work.db.scalars(select(MessageRow)).all()) == []


def _publish_series(work: Work, more: str) -> list[str]:
    """Hand in an offer with one date; return their ids."""
    lines = f"{more}\ndates:\n  - {{startTime: 2026-12-01 15:00, endTime: 2026-12-01 17:00}}"
    text = files.opportunity(lines).replace("stadtbuecherei", "buecherei")
    return [outcome.uri for outcome in publishing.apply(work, files.read(text))]


# --- Friendica --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["Accept", "TentativeAccept"])
async def test_friendica_says_that_it_comes_and_wants_no_answer(home: Home, kind: str) -> None:
    assert await home.say(rsvp(kind, home.event)) == "handled"
    assert await taken(home, home.event) == 1
    assert await answers(home) == []
    assert await home.say(undo(rsvp(kind, home.event), ANNA)) == "handled"
    assert await taken(home, home.event) == 0


async def test_friendica_says_that_it_does_not_come(home: Home) -> None:
    assert await home.say(rsvp("Reject", home.event)) == "dropped: they had no place there"
    await home.say(rsvp("Accept", home.event, number=2))
    assert await home.say(rsvp("Reject", home.event, number=3)) == "handled"
    assert await taken(home, home.event) == 0


async def test_an_answer_to_an_invitation_to_our_event_is_one_to_it(home: Home) -> None:
    """As Hubzilla and its kin say it, which made an invitation of what they were sent."""
    event: Json = {"id": home.event, "type": "Event", "name": "Sommerfest", "attributedTo": home.owner}
    invited: Json = {"id": f"{home.event}#invite", "type": "Invite", "actor": home.owner, "object": event}
    assert await home.say({**rsvp("Accept", home.event), "object": invited}) == "handled"
    assert await taken(home, home.event) == 1
    assert await home.say({**rsvp("Reject", home.event, number=2), "object": invited}) == "handled"
    assert await taken(home, home.event) == 0


async def test_a_promise_where_there_is_no_place(home: Home) -> None:
    event = await home.publish(fest("einer", capacity=1))
    await home.say(join(event))
    said = rsvp("Accept", event)
    assert await home.say(said) == "handled"
    assert await taken(home, event) == 1
    reject = (await answers(home))[-1]
    assert (reject["type"], reject["object"], reject["to"]) == ("Reject", said["id"], [ANNA])


async def test_an_answer_to_a_follow_is_still_one(home: Home) -> None:
    said = {**rsvp("Accept", home.event), "object": f"{home.instance.workshop.settings.url}/ap/activity/f"}
    assert (await home.say(said)).endswith("was not asked")
    assert await home.say(rsvp("Accept", home.offer)) == "dropped: only an event can be attended"


# --- what is shown ----------------------------------------------------------------------------------------------------
def published(work: Work, event: str) -> list[str]:
    chosen = select(PublishedRow.kind).where(PublishedRow.object == event).order_by(PublishedRow.id)
    return list(work.db.scalars(chosen))


async def test_the_number_is_true_at_once_and_nobody_is_told(home: Home) -> None:
    event = await home.publish(fest("gross", capacity=40))
    before = await seen(home, event)
    assert (before["participantCount"], before["remainingAttendeeCapacity"]) == (0, 40)
    told = await home.workshop.read(published, event)
    await home.say(join(event))
    after = await seen(home, event)
    assert (after["participantCount"], after["remainingAttendeeCapacity"]) == (1, 39)
    changed = {"participantCount", "remainingAttendeeCapacity"}
    assert {key: before[key] for key in before.keys() - changed} == {key: after[key] for key in after.keys() - changed}
    outbox = (await home.get(f"{home.owner}/outbox")).json()["first"]["orderedItems"]
    assert [one["object"]["participantCount"] for one in outbox if one["object"]["id"] == event] == [1]
    await home.tidy()
    assert await home.workshop.read(published, event) == told
    assert CARLA not in orjson.dumps([after, outbox]).decode()


async def test_all_who_know_it_are_told_once_that_it_is_full_and_once_that_it_is_free(home: Home, clock: Clock) -> None:
    event = await home.publish(SMALL)
    before = await seen(home, event)
    for actor in (ANNA, BERTA):
        await home.say(join(event, actor))
    await home.tidy()
    full = await seen(home, event)
    assert full["name"] == "BESETZT: Sommerfest"
    assert str(full["content"]).startswith("<p><strong>BESETZT: Sommerfest</strong></p>")
    assert str(full["updated"]) > str(before["published"])
    assert (await home.workshop.read(published, event)).count("Update") == 1
    document = await home.workshop.read(search.get, event)
    assert (document.title, document.status) == ("Sommerfest", "besetzt")

    await home.say(leave(event, ANNA))
    await home.tidy()  # too soon for another Update; the number is true all the same
    assert (await seen(home, event))["name"] == "BESETZT: Sommerfest"
    assert (await seen(home, event))["remainingAttendeeCapacity"] == 1
    clock.forward(minutes=15)
    await home.tidy()
    free = await seen(home, event)
    assert free["name"] == "Sommerfest"
    assert str(free["updated"]) > str(full["updated"])
    assert (await home.workshop.read(search.get, event)).status == ""
    told = await home.workshop.read(published, event)
    await home.tidy()
    assert await home.workshop.read(published, event) == told


async def test_a_change_that_is_handed_in_meanwhile_is_not_lost(home: Home, clock: Clock) -> None:
    """On PostgreSQL both are at work at once; what is said then has the organisation's new words."""
    event = await home.publish(fest("einer", capacity=1))
    await home.say(join(event))
    clock.forward(hours=1)
    written, go_on = threading.Event(), threading.Event()

    def hand_in(work: Work) -> None:
        events.publish(work, home.owner, fest("einer", capacity=1, name="Winterfest"))
        written.set()
        assert go_on.wait(_PATIENCE)

    changing = asyncio.create_task(asyncio.to_thread(home.workshop.write_now, hand_in))
    assert await asyncio.to_thread(written.wait, _PATIENCE)
    telling = asyncio.create_task(asyncio.to_thread(home.workshop.write_now, events.tell_full))
    await asyncio.wait([telling], timeout=_MOMENT)
    go_on.set()
    await changing
    assert await telling == 0  # the change has said it
    assert (await seen(home, event))["name"] == "BESETZT: Winterfest"
    row = await home.workshop.read(things.find, event)
    assert row is not None
    assert "Winterfest" in row.draft
    assert await home.workshop.read(published, event) == ["Create", "Announce", "Update"]


async def test_coming_and_going_within_a_moment_is_told_to_nobody(home: Home) -> None:
    event = await home.publish(fest("einer", capacity=1))
    told = await home.workshop.read(published, event)
    await home.say(join(event))
    await home.say(leave(event))
    await home.tidy()
    assert await home.workshop.read(published, event) == told


@pytest.mark.parametrize(("capacity", "name"), [(1, "BESETZT: Neu"), (2, "Neu"), (None, "Neu")])
async def test_a_change_by_the_organisation_says_what_is_true(home: Home, capacity: int | None, name: str) -> None:
    event = await home.publish(fest("einer", capacity=1))
    await home.say(join(event))
    await home.tidy()
    await home.publish(fest("einer", capacity=capacity, name="Neu"))
    assert (await seen(home, event))["name"] == name
    assert (await seen(home, event))["participantCount"] == 1
    told = await home.workshop.read(published, event)
    await home.tidy()
    assert await home.workshop.read(published, event) == told


async def test_a_full_event_that_is_cancelled_says_that_first(home: Home) -> None:
    event = await home.publish(fest("einer", capacity=1))
    await home.publish(fest("einer", capacity=1, status="cancelled"))
    await home.say(join(event))
    await home.tidy()
    assert (await seen(home, event))["name"] == "ABGESAGT: Sommerfest"


async def test_who_comes_hears_of_changes(home: Home) -> None:
    """Their server follows nobody here; it must learn that the event is cancelled."""
    await home.say(join(home.event))
    reached = select(RecipientRow.inbox).where(RecipientRow.object == home.event)
    assert "https://mobilizon.example/inbox" in await home.workshop.read(lambda work: work.db.scalars(reached).all())
    await home.publish(fest(status="cancelled"))
    jobs = await home.workshop.read(lambda work: work.db.scalars(select(JobRow.argument)).all())
    assert sum("https://mobilizon.example/inbox" in job for job in jobs) == 1


# --- what is forgotten ------------------------------------------------------------------------------------------------
def kept(work: Work) -> tuple[int, int, int]:
    """Return how many rows say who comes, how full something is, and what was answered."""
    answered = PublishedRow.kind.in_(["Accept", "Reject"])
    tables = (select(AttendanceRow), select(OccupancyRow), select(PublishedRow).where(answered))
    first, second, third = (len(work.db.scalars(one).all()) for one in tables)
    return first, second, third


async def test_a_week_after_the_event_nobody_knows_who_came(home: Home, clock: Clock) -> None:
    await home.say(join(home.event, participationMessage="Mit Rollstuhl"))
    clock.now = NOW + timedelta(days=20, hours=3) + timedelta(days=7) - timedelta(seconds=1)
    await home.tidy()
    assert await home.workshop.read(kept) == (1, 1, 0)
    clock.forward(seconds=1)
    await home.tidy()
    assert await home.workshop.read(kept) == (0, 0, 0)
    assert await home.workshop.read(lambda work: work.db.get(RemoteActorRow, CARLA)) is not None
    await home.tidy()
    assert await home.workshop.read(lambda work: work.db.get(RemoteActorRow, CARLA)) is None


async def test_whoever_left_is_forgotten_after_a_week(home: Home, clock: Clock) -> None:
    await home.say(join(home.event))
    await home.say(leave(home.event))
    clock.forward(days=7)
    await home.tidy()
    assert await home.workshop.read(kept) == (0, 0, 1)
    clock.forward(days=1, seconds=1)  # now no delivery of the answer can be tried any more
    await home.tidy()
    assert await home.workshop.read(kept) == (0, 0, 0)


async def test_an_event_that_is_moved_takes_the_day_along(home: Home, clock: Clock) -> None:
    draft: Draft = fest(starts_at=NOW + timedelta(days=90), ends_at=NOW + timedelta(days=90, hours=3))
    await home.say(join(home.event))
    await home.publish(draft)
    clock.forward(days=60)
    await home.tidy()
    assert (await home.workshop.read(kept))[0] == 1


async def test_with_a_date_of_an_offer_goes_who_would_have_come(home: Home) -> None:
    _, date = await home.workshop.write(_publish_series, "")
    await home.say(join(date))
    await home.workshop.write(_publish_series, "status: zurueckgezogen")
    await home.tidy()
    assert (await home.workshop.read(kept))[:2] == (0, 0)


async def test_with_the_event_goes_who_would_have_come(home: Home) -> None:
    await home.say(join(home.event))
    await home.publish(fest(status="withdrawn"))
    assert (await home.workshop.read(kept))[:2] == (0, 0)


async def test_what_was_asked_of_us_alone_is_erased_when_it_is_answered(home: Home) -> None:
    for said in (join(home.event), rsvp("Accept", home.event), leave(home.event), undo(join(home.event, number=9))):
        await home.say(said)
    rows = await home.workshop.read(lambda work: work.db.scalars(select(ReceivedRow)).all())
    assert [row.body for row in rows] == [None] * 4


async def test_logs_and_verdicts_say_nothing_of_who_comes(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "fediverse_ehrenamt")
    await home.say(join(home.event, participationMessage="Mit Rollstuhl"))
    await home.say(leave(home.event))
    await home.say(leave(home.event, number=2))
    verdicts = await home.workshop.read(workbench.verdicts)
    assert not any(CARLA in text or "Rollstuhl" in text for text in [caplog.text, *verdicts])
