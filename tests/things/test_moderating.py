"""What a block and a limit do to what is held, and that nothing new of the kind comes in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import inbox as received
from fediverse_ehrenamt.federation import peers, restrictions
from fediverse_ehrenamt.federation.inbox import store as store_arrivals
from fediverse_ehrenamt.federation.model import FollowerRow, ReceivedRow, SourceRow
from fediverse_ehrenamt.federation.policy_model import RestrictionRow
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.things.model import ReviewRow, ThingRow
from fediverse_ehrenamt.things.moderating import Dropped
from fediverse_ehrenamt.vocab.types import Create, Event
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import NOW, Clock, creation, fest

pytestmark = pytest.mark.anyio
EVA, ELI = "https://evil.example/users/eva", "https://sub.evil.example/users/eli"
GOOD, TWIN = "https://good.example/users/gert", "https://notevil.example/users/nora"
ALL = (EVA, ELI, GOOD, TWIN)


def event(author: str, number: int = 1, **changes: Any) -> Event:
    values: dict[str, Any] = {
        "id": f"{ids.origin(author)}/events/{number}",
        "attributed_to": author,
        "name": "Apfelfest",
        "starts_at": NOW + timedelta(days=20),
        "published": NOW,
        "to": ("https://www.w3.org/ns/activitystreams#Public",),
    }
    return Event(**values | changes)


def create(thing: Event) -> Create:
    return Create(id="", actor=thing.attributed_to, object=thing, to=thing.to)


def fill(work: Work) -> str:
    """Let everybody be a source with an event and a follower of an organisation of ours, which has an event, too."""
    owner = workbench.add_organisation(work)
    events.publish(work, owner, fest())
    for uri in ALL:
        workbench.add_source(work, uri)
        workbench.add_follower(work, owner, uri)
        received.dispatch(work, wiring.HANDLERS, create(event(uri)))
        queue.enqueue(work, [NewJob(ids.host(uri), "obtain", uri)])
    return owner


@pytest.fixture
def home(instance: Instance) -> Workshop:
    instance.workshop.write_now(fill)
    return instance.workshop


def held(work: Work) -> set[str]:
    return set(work.db.scalars(select(ThingRow.actor).where(~ThingRow.local)))


def relations(work: Work) -> tuple[set[str], set[str], set[str]]:
    hosts = set(work.db.scalars(select(JobRow.host))) & {ids.host(uri) for uri in ALL}
    return set(work.db.scalars(select(FollowerRow.follower))), set(work.db.scalars(select(SourceRow.uri))), hosts


async def restrict(home: Workshop, *entries: Restriction) -> Dropped:
    await home.write(moderating.restrict, *entries)
    total = Dropped()
    while (step := await home.write(moderating.sweep)) != Dropped():
        total += step
    return total


async def test_a_blocked_host_takes_along_all_that_is_held_of_it_and_below_it(home: Workshop) -> None:
    assert await restrict(home, Restriction("evil.example", "block")) == Dropped(2, 2, 2)
    assert await home.read(held) == {GOOD, TWIN}
    assert await home.read(relations) == ({GOOD, TWIN}, {GOOD, TWIN}, {"good.example", "notevil.example"})
    assert await home.read(peers.known, list(ALL)) == {GOOD, TWIN}
    assert await home.read(search.count) == 3, "of ours nothing goes"


async def test_a_blocked_actor_goes_alone(home: Workshop) -> None:
    await home.write(received.dispatch, wiring.HANDLERS, create(event(GOOD, 2)))
    assert await restrict(home, Restriction(GOOD, "block")) == Dropped(2, 1, 1)
    assert await home.read(held) == {EVA, ELI, TWIN}
    assert (await home.read(relations))[1] == {EVA, ELI, TWIN}


async def test_a_more_specific_entry_exempts(home: Workshop) -> None:
    entries = (Restriction("evil.example", "block"), Restriction("sub.evil.example", "none", reject_media=True))
    assert await restrict(home, *entries) == Dropped(1, 1, 1)
    assert await home.read(held) == {ELI, GOOD, TWIN}


async def test_nothing_of_the_blocked_comes_in_by_whomever(home: Workshop) -> None:
    await restrict(home, Restriction("evil.example", "block"))
    for activity in (create(event(EVA)), Create(id="", actor=EVA, object=event(EVA), to=(), via=GOOD)):
        await home.write(received.dispatch, wiring.HANDLERS, activity)
    assert await home.read(held) == {GOOD, TWIN}


async def test_what_waited_to_be_handled_or_decided_goes(home: Workshop) -> None:
    def wait(work: Work) -> None:
        workbench.know(work, EVA)
        source = work.db.get_one(SourceRow, EVA)
        source.trust = "review"
        work.db.flush()
        work.db.info.clear()
        received.dispatch(work, wiring.HANDLERS, create(event(EVA, 7)))
        note = workbench.note("https://evil.example/notes/1", attributed_to=EVA)
        arrival = workbench.arrival(creation(note, "https://evil.example/activities/1", EVA))
        assert store_arrivals(work, [arrival]) == 1
        assert [row.actor for row in work.db.scalars(select(ReviewRow))] == [EVA]

    await home.write(wait)
    await restrict(home, Restriction("evil.example", "block"))
    rows: Sequence[ReceivedRow] = await home.read(lambda work: work.db.scalars(select(ReceivedRow)).all())
    assert [(row.due_at, row.body, row.verdict) for row in rows] == [(None, None, "dropped: blocked")]
    assert await home.read(lambda work: work.db.scalars(select(ReviewRow)).all()) == []


async def test_what_a_blocked_source_passed_on_goes_unless_another_gives_it_too(home: Workshop) -> None:
    stranger = "https://third.example/users/theo"
    passed_on = Create(id="", actor=stranger, object=event(stranger), to=(), via=EVA)
    await home.write(received.dispatch, wiring.HANDLERS, passed_on)
    assert stranger in await home.read(held)
    await restrict(home, Restriction("evil.example", "block"))
    assert await home.read(held) == {GOOD, TWIN}


async def test_a_limited_host_is_heard_only_where_somebody_chose_that_very_actor(home: Workshop) -> None:
    def choose(work: Work) -> None:
        workbench.add_source(work, "https://big.example/actor", whole=True)
        workbench.add_source(work, "https://big.example/users/named")
        for name in ("named", "other"):
            received.dispatch(work, wiring.HANDLERS, create(event(f"https://big.example/users/{name}", len(name))))
        elsewhere = event("https://far.example/users/x")
        received.dispatch(
            work, wiring.HANDLERS, Create(id="", actor=elsewhere.attributed_to, object=elsewhere, to=(), via=GOOD)
        )

    await home.write(choose)
    others = {EVA, ELI, GOOD, TWIN}
    named, other = "https://big.example/users/named", "https://big.example/users/other"
    far = "https://far.example/users/x"
    assert await home.read(held) >= {named, far}
    await home.write(received.dispatch, wiring.HANDLERS, create(event(other, 99)))
    assert await home.read(held) == others | {named, other, far}
    limits = Restriction("big.example", "limit"), Restriction("far.example", "limit")
    dropped = await restrict(home, *limits)
    assert (dropped.followers, dropped.sources) == (0, 0), "followers and sources stay"
    assert await home.read(held) == others | {named}
    for again in (create(event(other, 100)), Create(id="", actor=far, object=event(far, 2), to=(), via=GOOD)):
        await home.write(received.dispatch, wiring.HANDLERS, again)
    assert await home.read(held) == others | {named}
    await home.write(moderating.lift, "big.example")
    await home.write(received.dispatch, wiring.HANDLERS, create(event(other, 101)))
    assert await home.read(held) == others | {named, other}


async def test_dropping_goes_in_steps_and_housekeeping_looks_once_more(
    home: Workshop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderating, "THINGS_AT_ONCE", 2)
    for number in range(2, 7):
        await home.write(received.dispatch, wiring.HANDLERS, create(event(EVA, number)))
    await home.write(moderating.restrict, Restriction("evil.example", "block"))
    steps = [await home.write(moderating.enforce) for _ in range(6)]
    assert sum(steps) == 7 + 2 + 2
    assert steps[-1] == 0

    def swept(work: Work) -> bool:
        return work.db.get_one(RestrictionRow, "evil.example").swept_at is not None

    assert not await home.read(swept), "something may be on its way in another process"
    clock.forward(minutes=3)
    assert await home.write(moderating.enforce) == 0
    assert await home.read(swept)


async def test_an_entry_can_be_replaced_and_lifted(home: Workshop) -> None:
    await restrict(home, Restriction("good.example", "block", reason="Irrtum"))
    await restrict(home, Restriction("good.example", "none", reject_reports=True))
    (entry,) = await home.read(restrictions.listing)
    assert (entry.severity, entry.reject_reports, entry.reason) == ("none", True, "")
    assert (await home.write(moderating.lift, "good.example")).subject == "good.example"
    assert await home.read(restrictions.listing) == []
    await home.write(workbench.add_source, GOOD)
    await home.write(received.dispatch, wiring.HANDLERS, create(event(GOOD)))
    assert GOOD in await home.read(held), "what was dropped may come again"


async def test_how_much_a_block_would_end(home: Workshop) -> None:
    entries = [Restriction("evil.example", "block"), Restriction("good.example", "limit")]
    assert await home.read(restrictions.touched, entries) == restrictions.Touched(followers=2, sources=2)
