"""Who gets what, and who follows: on both databases."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.federation import collections, follows, inbox, outbox, peers, recipients
from fediverse_ehrenamt.federation.model import FollowerRow, PublishedRow, RecipientRow, SourceRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.things import actions as things
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Accept,
    Activity,
    Announce,
    Collection,
    CollectionPage,
    Create,
    Delete,
    Follow,
    Opportunity,
    Reject,
    Tombstone,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, PEER, Clock, arrival, fest, offer, person

pytestmark = pytest.mark.anyio
RELAY = "http://hagen.example/ap/actor/relay"
SISTER, MOBILIZON, FAN = "https://sister.example/ap/actor/relay", "https://mobilizon.example/relay", f"{PEER}/users/fan"


@pytest.fixture
def home(instance: Instance) -> Workshop:
    return instance.workshop


def _followed(work: Work) -> str:
    """An organisation with a fan; the instance is followed by a sister and by a Mobilizon."""
    owner = workbench.add_organisation(work)
    workbench.add_follower(work, owner, FAN)
    workbench.add_follower(work, owner, f"{PEER}/users/fan2")
    workbench.add_follower(work, RELAY, SISTER)
    workbench.add_follower(work, RELAY, MOBILIZON)
    peers.note_host(work, "sister.example", "ehrenamt", sister=True)
    peers.note_host(work, "mobilizon.example", "mobilizon", sister=False)
    return owner


def sent(work: Work) -> list[tuple[str, str]]:
    """Return (kind of activity, host) of what waits to be delivered, in order, and take it out of the queue."""
    found: list[tuple[str, str]] = []
    for job in work.db.scalars(select(JobRow).where(JobRow.name == "deliver").order_by(JobRow.id)).all():
        activity = Delivery.of(job.argument).activity
        kind = work.db.scalar(select(PublishedRow.kind).where(PublishedRow.uri == activity)) or "withdrawn"
        found.append((kind, job.host))
        work.db.delete(job)
    return found


def last(work: Work) -> Activity:
    newest = select(PublishedRow).order_by(PublishedRow.id.desc()).limit(1)
    return codec.parse_activity(work.db.scalars(newest).one().body)


async def test_who_gets_what(home: Workshop, clock: Clock) -> None:
    owner = await home.write(_followed)
    outcome = await home.write(opportunities.publish, owner, offer())
    assert await home.write(sent) == [
        ("Create", "peer.example"),  # once, for both of its fans
        ("Create", "sister.example"),
        ("Announce", "mobilizon.example"),
    ]
    clock.forward(minutes=1)
    await home.write(workbench.add_follower, owner, "https://new.example/users/n")
    await home.write(opportunities.publish, owner, offer(places=3))
    hosts = ["mobilizon.example", "new.example", "peer.example", "sister.example"]
    assert await home.write(sent) == [("Update", host) for host in hosts]
    await home.write(opportunities.publish, owner, offer(status="zurueckgezogen"))
    assert await home.write(sent) == [("Delete", host) for host in hosts]
    assert await home.read(outbox.is_buried, outcome.uri)
    gone = await home.read(last)
    assert isinstance(gone, Delete)
    assert gone.object == Tombstone(id=outcome.uri, former_type="Note", deleted=clock.now)
    assert await home.read(lambda work: list(work.db.scalars(select(RecipientRow)))) == []


async def test_followers_who_came_since_learn_that_it_was_withdrawn(home: Workshop) -> None:
    """A sister reads the outbox when it begins to follow, Mastodon what is featured."""
    owner = await home.write(workbench.add_organisation)
    await home.write(opportunities.publish, owner, offer())
    assert await home.write(sent) == []
    for actor, follower in ((owner, FAN), (RELAY, SISTER), (RELAY, MOBILIZON)):
        await home.write(workbench.add_follower, actor, follower)
    await home.write(opportunities.publish, owner, offer(status="zurueckgezogen"))
    assert await home.write(sent) == [
        ("Delete", host) for host in ("mobilizon.example", "peer.example", "sister.example")
    ]


async def test_a_withdrawal_goes_where_a_follower_wants_it_now(home: Workshop) -> None:
    owner = await home.write(workbench.add_organisation)
    await home.write(workbench.know, ANNA)
    await receive(home, Follow(id=f"{PEER}/f/1", actor=ANNA, object=owner))
    await home.write(opportunities.publish, owner, offer())
    await receive(home, Update(id=f"{PEER}/u/1", actor=ANNA, object=person(ANNA, shared_inbox=f"{PEER}/new")))
    await home.write(sent)
    await home.write(opportunities.publish, owner, offer(status="zurueckgezogen"))
    letters = select(JobRow.argument).where(JobRow.name == "deliver")
    jobs = await home.read(lambda work: list(work.db.scalars(letters)))
    assert sorted(Delivery.of(job).inbox for job in jobs) == [f"{PEER}/inbox", f"{PEER}/new"]


async def test_whoever_follows_both_gets_both(home: Workshop) -> None:
    """Mobilizon lists only what an actor that it follows announced, and its people share one inbox."""
    owner = await home.write(_followed)
    await home.write(workbench.add_follower, owner, MOBILIZON)
    await home.write(events.publish, owner, fest())
    assert sorted(await home.write(sent)) == [
        ("Announce", "mobilizon.example"),
        ("Create", "mobilizon.example"),
        ("Create", "peer.example"),
        ("Create", "sister.example"),
    ]


async def test_without_followers_it_is_published_all_the_same(home: Workshop) -> None:
    owner = await home.write(workbench.add_organisation)
    await home.write(events.publish, owner, fest())
    assert await home.write(sent) == []
    kinds = await home.read(lambda work: list(work.db.scalars(select(PublishedRow.kind).order_by(PublishedRow.id))))
    assert kinds == ["Create", "Announce"]


async def test_the_create_holds_the_object_as_it_is_now(home: Workshop, clock: Clock) -> None:
    owner = await home.write(workbench.add_organisation)
    await home.write(opportunities.publish, owner, offer())
    clock.forward(minutes=1)
    await home.write(opportunities.publish, owner, offer(title="Vorleser gesucht"))

    def created(work: Work) -> Activity:
        body = work.db.scalars(select(PublishedRow.body).where(PublishedRow.kind == "Create")).one()
        return codec.parse_activity(body)

    activity = await home.read(created)
    assert isinstance(activity.object, Opportunity)
    assert activity.object.details.title == "Vorleser gesucht"
    assert activity.object.updated == clock.now


async def test_the_dead_are_dropped(home: Workshop) -> None:
    owner = await home.write(_followed)
    await home.write(opportunities.publish, owner, offer())
    await home.write(recipients.drop_inbox, f"{PEER}/inbox")
    await home.write(sent)
    await home.write(opportunities.publish, owner, offer(places=1))
    assert {host for _, host in await home.write(sent)} == {"sister.example", "mobilizon.example"}


# --- follows ----------------------------------------------------------------------------------------------------------
async def receive(home: Workshop, activity: Activity) -> str:
    await home.write(inbox.store, [arrival(activity)])
    await home.write(inbox.process, wiring.HANDLERS)
    return (await home.read(workbench.verdicts))[-1]


async def test_gancio_gets_what_it_answers(home: Workshop) -> None:
    """It lets a request about a note, an actor or an Announce hang, and the events behind it would wait."""

    def followed(work: Work) -> str:
        owner = _followed(work)
        workbench.add_follower(work, owner, "https://gancio.example/federation/u/events")
        peers.note_host(work, "gancio.example", "gancio", sister=False)
        return owner

    def sent(work: Work) -> list[str]:
        jobs = work.db.scalars(select(JobRow).where(JobRow.host == "gancio.example").order_by(JobRow.id))
        activities = [Delivery.of(job.argument).activity for job in jobs]
        rows = (work.db.scalar(select(PublishedRow).where(PublishedRow.uri == uri)) for uri in activities)
        return [row.kind for row in rows if row]

    owner = await home.write(followed)
    await home.write(opportunities.publish, owner, offer())
    await home.write(opportunities.publish, owner, offer(title="Vorlesen"))
    await home.write(things.withdraw, owner, "lesepatin", "Note")
    assert await home.read(sent) == []
    await home.write(events.publish, owner, fest())
    assert await home.read(sent) == ["Create"]
    await home.write(things.withdraw, owner, "fest", "Event")
    assert (await home.read(sent))[-1:] == ["Delete"]


async def test_a_gancio_that_came_later_gets_an_event_before_its_changes(home: Workshop) -> None:
    """It answers an Update of an event that it does not have with 500, each time that it is tried again."""

    def settle(work: Work) -> str:
        owner = _followed(work)
        events.publish(work, owner, fest())
        opportunities.publish(work, owner, offer())
        workbench.add_follower(work, owner, "https://gancio.example/federation/u/events")
        peers.note_host(work, "gancio.example", "gancio", sister=False)
        return owner

    def change(work: Work, name: str) -> list[str]:
        before = {job.id for job in work.db.scalars(select(JobRow))}
        events.publish(work, owner, replace(fest(), name=name))
        opportunities.publish(work, owner, offer(title=f"Lesepatin für {name}"))
        kinds = {row.uri: row.kind for row in work.db.scalars(select(PublishedRow))}
        sent = work.db.scalars(select(JobRow).where(JobRow.host == "gancio.example").order_by(JobRow.id))
        return [kinds[Delivery.of(job.argument).activity] for job in sent if job.id not in before]

    owner = await home.write(settle)
    assert await home.write(change, "Herbstfest") == ["Create", "Update"]
    assert await home.write(change, "Winterfest") == ["Update"]


async def test_a_gancio_hears_of_an_event_when_that_is_somewhere(home: Workshop) -> None:
    """Without a place it lists none, and answers each Update with 500."""
    nowhere = replace(fest(), place=None)

    def settle(work: Work) -> str:
        owner = _followed(work)
        workbench.add_follower(work, owner, "https://gancio.example/federation/u/events")
        peers.note_host(work, "gancio.example", "gancio", sister=False)
        return owner

    def publish(work: Work, draft: Draft) -> set[str]:
        uri = events.publish(work, owner, draft).uri
        return {kind for kind, host in _delivered(work, uri) if host == "gancio.example"}

    owner = await home.write(settle)
    assert await home.write(publish, nowhere) == set()
    assert await home.write(publish, replace(nowhere, name="Herbstfest")) == set()
    assert await home.write(publish, replace(nowhere, online_url="https://treffen.example/1")) == {"Create", "Update"}


async def test_calendars_hear_of_many_events_each_in_its_way(home: Workshop) -> None:
    """Gancio takes no Announce of what is not its own (ego.js), Mobilizon lists nothing without one."""
    draft = replace(fest(), key="konzert", name="Konzert")

    def publish(work: Work) -> dict[str, set[tuple[str, str]]]:
        owner = _followed(work)
        other = workbench.add_organisation(work, "museum", "Museum")
        peers.note_host(work, "peer.example", "mastodon", sister=False)
        for host, followed in (("gancio.example", owner), ("anderes.example", other)):
            workbench.add_follower(work, followed, f"https://{host}/federation/u/events")
            peers.note_host(work, host, "gancio", sister=False)
        (made,) = events.publish_quietly(work, owner, [draft])
        (offered,) = opportunities.publish_quietly(work, owner, [offer()])
        return {uri: _delivered(work, uri) for uri in (made.uri, offered.uri)}

    of_event, of_offer = (await home.write(publish)).values()
    assert of_offer == {("Create", "sister.example")}
    assert of_event == of_offer | {("Create", "gancio.example"), ("Announce", "mobilizon.example")}


def _delivered(work: Work, uri: str) -> set[tuple[str, str]]:
    """Return what is to be delivered about an object: the kinds with the hosts that they go to."""
    jobs = work.db.scalars(select(JobRow).where(JobRow.key == uri)).all()
    kinds = {row.uri: row.kind for row in work.db.scalars(select(PublishedRow))}
    return {(kinds[Delivery.of(job.argument).activity], job.host) for job in jobs}


def followers(work: Work) -> list[tuple[str, str]]:
    return [(row.follower, row.inbox) for row in work.db.scalars(select(FollowerRow).order_by(FollowerRow.follower))]


@pytest.mark.parametrize("embedded", [{}, {"type": "Organization"}, {"type": "Organization", "name": "Bücherei"}])
async def test_whom_a_follow_embeds_is_known_by_the_id(home: Workshop, embedded: dict[str, str]) -> None:
    """A JSON-LD library may write every reference as a node with an id, and nothing or little else."""
    owner = await home.write(workbench.add_organisation)
    await home.write(workbench.know, ANNA)
    said = {"id": f"{PEER}/f/1", "type": "Follow", "actor": {"id": ANNA}, "object": {"id": owner, **embedded}}
    assert await receive(home, codec.parse_activity(orjson.dumps(said))) == "handled"
    assert await home.read(followers) == [(ANNA, f"{PEER}/inbox")]
    accept = codec.parse_activity(await home.read(_accept))
    assert isinstance(accept.object, Follow)
    assert (accept.object.id, accept.object.object_id) == (f"{PEER}/f/1", owner)


def _accept(work: Work) -> bytes:
    return work.db.scalars(select(PublishedRow.body).where(PublishedRow.kind == "Accept")).one()


async def test_a_follow_is_accepted_and_the_host_looked_at(home: Workshop) -> None:
    owner = await home.write(workbench.add_organisation)
    await home.write(workbench.know, ANNA)
    follow = Follow(id=f"{PEER}/f/1", actor=ANNA, object=owner)
    assert await receive(home, follow) == "handled"
    assert await home.read(followers) == [(ANNA, f"{PEER}/inbox")]
    accept = await home.read(last)
    assert isinstance(accept, Accept)
    assert (accept.actor, accept.object, accept.to) == (owner, follow, (ANNA,))
    jobs = await home.read(lambda work: [job.name for job in work.db.scalars(select(JobRow).order_by(JobRow.id))])
    assert jobs == ["deliver", "identify"]
    assert await home.write(sent) == [("Accept", "peer.example")]


async def test_a_follow_is_answered_again_without_a_second_follower(home: Workshop) -> None:
    owner = await home.write(workbench.add_organisation)
    await home.write(workbench.know, ANNA)
    await home.write(peers.note_host, "peer.example", "mastodon", sister=False)
    for number in (1, 2):
        await receive(home, Follow(id=f"{PEER}/f/{number}", actor=ANNA, object=owner))
    assert await home.write(sent) == [("Accept", "peer.example")] * 2
    assert len(await home.read(followers)) == 1
    assert await home.read(lambda work: work.db.scalars(select(JobRow)).first()) is None


async def test_a_follower_whose_actor_was_forgotten_is_waited_for(home: Workshop, clock: Clock) -> None:
    verdict = await receive(home, Follow(id=f"{PEER}/f/1", actor=ANNA, object=RELAY))
    assert verdict == f"failed: {ANNA} must be fetched again"
    await home.write(workbench.know, ANNA)
    clock.forward(minutes=2)
    await home.write(inbox.process, wiring.HANDLERS)
    assert await home.read(workbench.verdicts) == ["handled"]


@pytest.mark.parametrize("form", ["whole", "whole without id", "id"])
async def test_a_follow_is_undone(home: Workshop, form: str) -> None:
    await home.write(workbench.know, ANNA, FAN)
    follow = Follow(id=f"{PEER}/f/1", actor=ANNA, object=RELAY)
    await receive(home, follow)
    await receive(home, Follow(id=f"{PEER}/f/2", actor=FAN, object=RELAY))
    inner: Any = {"whole": follow, "whole without id": replace(follow, id=""), "id": follow.id}[form]
    assert await receive(home, Undo(id=f"{PEER}/u/1", actor=ANNA, object=inner)) == "handled"
    assert [follower for follower, _ in await home.read(followers)] == [FAN]


async def test_nobody_undoes_anothers_follow(home: Workshop) -> None:
    await home.write(workbench.know, ANNA, FAN)
    await receive(home, Follow(id=f"{PEER}/f/1", actor=ANNA, object=RELAY))
    await receive(home, Undo(id=f"{PEER}/u/1", actor=FAN, object=f"{PEER}/f/1"))
    assert [follower for follower, _ in await home.read(followers)] == [ANNA]


FOLLOW_ID = "http://hagen.example/ap/activity/follow-peer.example"
ANSWERS: dict[str, tuple[Any, bool]] = {
    "by id": (FOLLOW_ID, True),
    "whole": (Follow(id=FOLLOW_ID, actor=RELAY, object=ANNA), True),
    "whole with an id of its own": (Follow(id=f"{PEER}/x", actor=RELAY, object=ANNA), True),
    "of another follow": ("http://hagen.example/ap/activity/other", False),
    "of somebody else's follow": (Follow(id=f"{PEER}/x", actor=FAN, object=ANNA), False),
}


@pytest.mark.parametrize(("about", "counts"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize(("kind", "state"), [(Accept, "accepted"), (Reject, "rejected")])
async def test_the_answer_to_our_follow(
    home: Workshop, kind: type[Activity], state: str, about: Any, *, counts: bool
) -> None:
    await home.write(workbench.add_source, state="pending")
    verdict = await receive(home, kind(id=f"{PEER}/a/1", actor=ANNA, object=about))
    assert (verdict == "handled") is counts
    found = await home.read(lambda work: work.db.scalars(select(SourceRow)).one())
    assert found.state == (state if counts else "pending")


async def test_only_whom_we_asked_may_answer(home: Workshop) -> None:
    await home.write(workbench.know, FAN)
    verdict = await receive(home, Accept(id=f"{PEER}/a/1", actor=FAN, object=FOLLOW_ID))
    assert verdict == f"dropped: {FAN} was not asked"


async def test_an_inbox_that_moved_takes_no_neighbour_along(home: Workshop) -> None:
    """Both have the shared inbox of their server; one of them sends an Update that names another inbox."""
    await home.write(workbench.know, ANNA, FAN)
    for number, actor in enumerate((ANNA, FAN)):
        await receive(home, Follow(id=f"{PEER}/f/{number}", actor=actor, object=RELAY))
    moved = person(ANNA, shared_inbox="", name="Anna B.")
    assert await receive(home, Update(id=f"{PEER}/u/1", actor=ANNA, object=moved)) == "handled"
    assert await home.read(followers) == [(ANNA, f"{ANNA}/inbox"), (FAN, f"{PEER}/inbox")]
    row = await home.read(peers.find, ANNA)
    assert row is not None
    assert row.name == "Anna B."
    assert follows.HANDLERS


# --- collections ------------------------------------------------------------------------------------------------------
def read(work: Work, name: str, actor: str, page: str | None = None) -> Collection | CollectionPage:
    return collections.READERS[name](work, actor, page)


async def test_the_outbox_in_pages(home: Workshop, clock: Clock) -> None:
    owner = await home.write(workbench.add_organisation)
    assert await home.read(read, "outbox", owner) == Collection(id=f"{owner}/outbox", total=0)
    for number in range(collections.PAGE + 3):
        clock.forward(seconds=1)
        await home.write(events.publish, owner, fest(f"fest-{number}"))
    whole = await home.read(read, "outbox", owner)
    assert isinstance(whole, Collection)
    assert isinstance(whole.first, CollectionPage)
    assert (whole.total, len(whole.first.items)) == (23, 20)
    assert await home.read(read, "outbox", owner, "first") == whole.first
    rest = await home.read(read, "outbox", owner, whole.first.next.partition("?page=")[2])
    assert isinstance(rest, CollectionPage)
    assert (len(rest.items), rest.next, rest.part_of) == (3, "", f"{owner}/outbox")
    ids = [item.id for item in (*whole.first.items, *rest.items) if isinstance(item, Create)]
    assert len(set(ids)) == 23


async def test_announcements_in_the_outbox_hold_their_object(home: Workshop) -> None:
    """So a reader asks once for twenty objects."""
    owner = await home.write(workbench.add_organisation)
    outcome = await home.write(events.publish, owner, fest())
    await home.write(outbox.announce, "https://elsewhere.example/1", owner, [])
    whole = await home.read(read, "outbox", RELAY)
    assert isinstance(whole, Collection)
    assert isinstance(whole.first, CollectionPage)
    foreign, own = whole.first.items
    assert isinstance(own, Announce)
    assert isinstance(foreign, Announce)
    assert own.object_id == outcome.uri
    assert not isinstance(own.object, str)
    assert foreign.object == "https://elsewhere.example/1"
    assert PUBLIC in own.to


async def test_followers_in_pages(home: Workshop, clock: Clock) -> None:
    owner = await home.write(workbench.add_organisation)
    assert await home.read(read, "followers", owner) == Collection(id=f"{owner}/followers", total=0)
    for number in range(21):
        clock.forward(seconds=1)
        await home.write(workbench.add_follower, owner, f"{PEER}/users/{number}")
    whole = await home.read(read, "followers", owner)
    assert whole == Collection(id=f"{owner}/followers", total=21, first=f"{owner}/followers?page=1")
    first = await home.read(read, "followers", owner, "1")
    assert isinstance(first, CollectionPage)
    assert first.items[0] == f"{PEER}/users/20"
    assert first.next == f"{owner}/followers?page=2"
    second = await home.read(read, "followers", owner, "2")
    assert isinstance(second, CollectionPage)
    assert (second.items, second.next) == ((f"{PEER}/users/0",), "")


async def test_whom_the_instance_follows(home: Workshop) -> None:
    owner = await home.write(workbench.add_organisation)
    await home.write(workbench.add_source)
    await home.write(workbench.add_source, "https://no.example/u", state="pending")
    page = await home.read(read, "following", RELAY, "1")
    assert isinstance(page, CollectionPage)
    assert page.items == (ANNA,)
    assert await home.read(read, "following", owner) == Collection(id=f"{owner}/following", total=0)


@pytest.mark.parametrize("name", ["outbox", "followers", "following"])
@pytest.mark.parametrize("page", ["0", "-1", "x", "1x", "٣", "1" * 16, "before-", "before-x", " 1"])
async def test_no_such_page(home: Workshop, name: str, page: str) -> None:
    with pytest.raises(NotFound):
        await home.read(read, name, RELAY, page)


def test_a_delivery_is_written_and_read_back() -> None:
    delivery = Delivery("https://a.example/1", "https://b.example/inbox")
    assert Delivery.of(delivery.text()) == delivery
    assert orjson.loads(delivery.text())
