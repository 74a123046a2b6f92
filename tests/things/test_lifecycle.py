"""The life of what we publish as followers, sisters and others are told of it: on both databases."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select, update

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import inbox as received
from fediverse_ehrenamt.federation import outbox, peers
from fediverse_ehrenamt.federation.model import FollowerRow, HostRow, PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit import clock as times
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import actions, showings, store
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Announce, Create, Event, Opportunity, Undo, Update
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import HOME, PEER, Clock, fest, offer

pytestmark = pytest.mark.anyio
RELAY = f"{HOME}/ap/actor/relay"
FAN, SISTER, MOBILIZON = f"{PEER}/users/fan", "https://sister.example/ap/actor/relay", "https://mobilizon.example/relay"
_PATIENCE, _MOMENT = 20.0, 0.3  # seconds; the second is more than a transaction takes that need not wait
AS_PEER = {"accept": "application/activity+json"}


@pytest.fixture
def home(instance: Instance) -> Workshop:
    return instance.workshop


@pytest.fixture
def owner(home: Workshop) -> str:
    """An organisation with a fan; the instance is followed by a sister and by a Mobilizon."""

    def found(work: Work) -> str:
        uri = workbench.add_organisation(work)
        for actor, follower in ((uri, FAN), (RELAY, SISTER), (RELAY, MOBILIZON)):
            workbench.add_follower(work, actor, follower)
        peers.note_host(work, "peer.example", "mastodon", sister=False)
        peers.note_host(work, "sister.example", "ehrenamt", sister=True)
        peers.note_host(work, "mobilizon.example", "mobilizon", sister=False)
        return uri

    return home.write_now(found)


def waiting(work: Work) -> list[tuple[str, str]]:
    """Return (kind of activity, host) of the letters in the queue, in their order."""
    jobs = work.db.scalars(select(JobRow).where(JobRow.name == "deliver").order_by(JobRow.id)).all()
    kinds = {row.uri: row.kind for row in work.db.scalars(select(PublishedRow))}
    return [(kinds.get(Delivery.of(job.argument).activity, "nothing"), job.host) for job in jobs]


def posted(work: Work) -> None:
    """Let everything in the queue be delivered."""
    for job in work.db.scalars(select(JobRow)).all():
        work.db.delete(job)


def last(work: Work, kind: str) -> dict[str, Any]:
    """Return the newest activity of a kind as it is written."""
    newest = select(PublishedRow).where(PublishedRow.kind == kind).order_by(PublishedRow.id.desc()).limit(1)
    activity: dict[str, Any] = orjson.loads(work.db.scalars(newest).one().body)
    return activity


async def held(home: Workshop, uri: str) -> Any:
    return await home.read(store.get, uri)


# --- updated ----------------------------------------------------------------------------------------------------------
async def test_updated_grows_by_whole_seconds_whatever_the_clock_does(home: Workshop, owner: str, clock: Clock) -> None:
    """Peers compare it as it is written, to the second."""
    first = await home.write(events.publish, owner, fest())
    opened = await held(home, first.uri)
    assert opened.updated is None, "or GoToSocial and Takahē would show it as edited"
    seen = [opened.published]
    for number, step in enumerate((0.1, 0.1, 0.3, -3600, 0, 2, 0.01)):
        clock.forward(seconds=step)
        await home.write(events.publish, owner, fest(name=f"Sommerfest {number}"))
        seen.append((await held(home, first.uri)).updated)
    said = [times.write(moment) for moment in seen]
    assert said == sorted(set(said))
    assert (await home.read(last, "Update"))["object"]["updated"] == said[-1]


# --- first words ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "words"), [("besetzt", "BESETZT: "), ("abgelaufen", "ABGELAUFEN: "), ("pausiert", "PAUSIERT: ")]
)
async def test_an_offer_says_in_its_first_words_that_it_is_not_open(
    home: Workshop, owner: str, status: str, words: str
) -> None:
    simple = "Sie lesen Kindern vor."
    first = await home.write(opportunities.publish, owner, replace(offer(), plain_language=simple))
    opened = await held(home, first.uri)
    await home.write(opportunities.publish, owner, replace(offer(status=status), plain_language=simple))
    changed = await held(home, first.uri)
    assert changed.content.startswith(f"<p><strong>{words}Lesepatin gesucht</strong></p>")
    assert changed.content_map["de-simple"].startswith(f"<p><strong>{words}Lesepatin gesucht</strong></p>")
    assert changed.content.removeprefix(f"<p><strong>{words}") == opened.content.removeprefix("<p><strong>")
    assert (changed.name, changed.summary) == ("", "")
    assert (await home.read(search.get, first.uri)).status == status
    hosts = ("mobilizon.example", "peer.example", "sister.example")
    assert (await home.read(waiting))[-3:] == [("Update", host) for host in hosts]
    await home.write(opportunities.publish, owner, replace(offer(), plain_language=simple))
    again = await held(home, first.uri)
    assert (again.content, again.content_map) == (opened.content, opened.content_map)
    assert again.updated > changed.updated > opened.published
    assert (await home.read(search.get, first.uri)).status == ""


async def test_a_cancelled_event_says_so_and_takes_it_back(home: Workshop, owner: str) -> None:
    long = "Sommerfest " + "x" * 185  # with its first words longer than Mobilizon takes
    first = await home.write(events.publish, owner, fest(name=long))
    await home.write(events.publish, owner, fest(name=long, status="cancelled"))
    update = (await home.read(last, "Update"))["object"]
    assert update["name"].startswith("ABGESAGT: Sommerfest")
    assert len(update["name"]) <= 200
    assert update["content"].startswith(f"<p><strong>ABGESAGT: {long}</strong></p>")
    assert update["summary"].startswith("Fällt aus: ")
    assert (update["status"], update["ical:status"], update["eventStatus"]) == (
        "CANCELLED",
        "CANCELLED",
        "EventCancelled",
    )
    await home.write(events.publish, owner, fest(name=long))
    event = await held(home, first.uri)
    assert isinstance(event, Event)
    assert (event.name, event.status) == (long, "confirmed")
    assert "ABGESAGT" not in event.content
    assert "Fällt aus" not in event.summary


# --- confirmations ----------------------------------------------------------------------------------------------------
async def test_a_confirmation_changes_facts_and_no_word(home: Workshop, owner: str, clock: Clock) -> None:
    """Only sisters are told, who index it; nobody's timeline shows an edit."""
    first = await home.write(opportunities.publish, owner, offer())
    before = await held(home, first.uri)
    await home.write(posted)
    clock.forward(days=100)
    outcome = await home.write(opportunities.confirm, owner, "lesepatin")
    assert (outcome.what, outcome.uri) == ("confirmed", first.uri)
    after = await held(home, first.uri)
    assert (after.updated, after.content, after.content_map) == (before.updated, before.content, before.content_map)
    assert after.details.confirmed_at == clock.now
    assert after.details.expires_at == clock.now + timedelta(days=365)
    assert await home.read(waiting) == [("Update", "sister.example")]
    document = await home.read(search.get, first.uri)
    assert (document.fresh_at, document.expires_at) == (clock.now, clock.now + timedelta(days=365))
    assert (await home.write(opportunities.publish, owner, offer())).what == "unchanged"
    assert (await home.read(last, "Create"))["object"]["opportunity"]["expiresAt"] == times.write(
        clock.now + timedelta(days=365)
    )


async def test_facts_alone_are_a_confirmation_too(home: Workshop, owner: str, clock: Clock) -> None:
    until = datetime(2027, 6, 30, tzinfo=UTC)
    first = await home.write(opportunities.publish, owner, offer(expires_at=until, confirmed_at=clock.now))
    before = await held(home, first.uri)
    clock.forward(days=3)
    later = offer(expires_at=until + timedelta(days=30), confirmed_at=clock.now - timedelta(days=4))
    assert (await home.write(opportunities.publish, owner, later)).what == "confirmed"
    after = await held(home, first.uri)
    # Its day of confirmation is older than what it says of itself: nothing but `updated` tells the states apart.
    assert after.updated > before.published
    assert after.content == before.content
    assert after.details.expires_at == until + timedelta(days=30)
    assert (await home.write(opportunities.publish, owner, offer(text="Wir suchen neue Menschen."))).what == "changed"


@pytest.mark.parametrize("kind", [Create, Update])
async def test_a_sister_learns_that_an_offer_still_holds(
    home: Workshop, owner: str, clock: Clock, kind: type[Create | Update]
) -> None:
    """By the Update that it is sent, and also by the Create that it reads in the outbox."""
    await home.write(opportunities.publish, owner, offer())
    told = await home.read(last, "Create")
    clock.forward(days=9)
    await home.write(opportunities.confirm, owner, "lesepatin")
    confirmed = await home.read(last, "Create")

    async def hear(activity: dict[str, Any], kind: type[Create | Update]) -> None:
        body = orjson.dumps(activity).replace(HOME.encode(), PEER.encode())
        made = codec.parse_activity(body)
        await home.write(received.dispatch, wiring.HANDLERS, kind(id="", actor=made.actor, object=made.object))

    await home.write(workbench.add_source, owner.replace(HOME, PEER))
    await hear(told, Create)
    await hear(confirmed, kind)
    uri = told["object"]["id"].replace(HOME, PEER)
    assert (await home.read(search.get, uri)).fresh_at == clock.now
    await hear(told, Create)  # and an older state does not undo it
    assert (await home.read(search.get, uri)).fresh_at == clock.now


async def test_what_is_confirmed_must_be_open(home: Workshop, owner: str, clock: Clock) -> None:
    with pytest.raises(NotFound, match="gibt es bei dieser Organisation nicht"):
        await home.write(opportunities.confirm, owner, "lesepatin")
    await home.write(opportunities.publish, owner, offer(status="besetzt"))
    with pytest.raises(Conflict, match=r"ist: Besetzt. Bestätigt wird nur, was offen ist"):
        await home.write(opportunities.confirm, owner, "lesepatin")
    await home.write(opportunities.publish, owner, offer("kurz", expires_at=clock.now + timedelta(days=1)))
    clock.forward(days=2)
    assert await home.write(opportunities.expire) == 1
    with pytest.raises(Invalid, match="liegt in der Vergangenheit"):
        await home.write(opportunities.confirm, owner, "kurz")


async def test_an_expired_offer_is_open_again_once_it_is_confirmed(home: Workshop, owner: str, clock: Clock) -> None:
    first = await home.write(opportunities.publish, owner, offer())
    opened = await held(home, first.uri)
    clock.forward(days=366)
    await home.write(opportunities.expire)
    assert (await held(home, first.uri)).content.startswith("<p><strong>ABGELAUFEN: ")
    assert (await home.write(opportunities.confirm, owner, "lesepatin")).what == "changed"
    again = await held(home, first.uri)
    assert (again.content, again.details.status) == (opened.content, "veroeffentlicht")
    assert again.details.expires_at == again.updated + timedelta(days=365)
    assert (await home.write(opportunities.publish, owner, offer())).what == "unchanged"


async def test_an_offer_that_is_changed_at_this_moment_does_not_expire(
    home: Workshop, owner: str, clock: Clock
) -> None:
    """On PostgreSQL both are at work at once: whoever hands in something holds its name before there is a new row."""
    first = await home.write(opportunities.publish, owner, offer(expires_at=clock.now + timedelta(days=1)))
    clock.forward(days=2)
    written, go_on = threading.Event(), threading.Event()

    def hand_in(work: Work) -> None:
        store.hold(work, f"{owner} lesepatin")
        store.find_own(work, owner, "lesepatin")
        written.set()
        assert go_on.wait(_PATIENCE)
        opportunities.publish(work, owner, offer(text="Wir suchen neue Menschen."))

    changing = asyncio.create_task(asyncio.to_thread(home.write_now, hand_in))
    assert await asyncio.to_thread(written.wait, _PATIENCE)
    expiring = asyncio.create_task(asyncio.to_thread(home.write_now, opportunities.expire))
    await asyncio.wait([expiring], timeout=_MOMENT)
    go_on.set()
    await changing
    assert await expiring == 0
    assert (await held(home, first.uri)).content.startswith("<p><strong>Lesepatin gesucht")


# --- the queue --------------------------------------------------------------------------------------------------------
async def test_waiting_updates_of_one_object_collapse_into_the_newest(home: Workshop, owner: str, clock: Clock) -> None:
    await home.write(events.publish, owner, fest("andere"))
    await home.write(posted)
    await home.write(events.publish, owner, fest())
    for number in range(5):
        clock.forward(minutes=1)
        await home.write(events.publish, owner, fest(name=f"Sommerfest {number}"))
    await home.write(events.publish, owner, fest("andere", name="Anderes Fest"))
    hosts = ["mobilizon.example", "peer.example", "sister.example"]
    assert await home.read(waiting) == [
        *[("Create", "peer.example"), ("Create", "sister.example"), ("Announce", "mobilizon.example")],
        *(("Update", host) for host in hosts),
        *(("Update", host) for host in hosts),  # of the other event
    ]
    names = await home.read(
        lambda work: [
            orjson.loads(body)["object"]["name"]
            for body in work.db.scalars(select(PublishedRow.body).where(PublishedRow.kind == "Update"))
        ]
    )
    assert sorted(names) == ["Anderes Fest", "Sommerfest 4"]
    assert (await home.read(last, "Create"))["object"]["name"] == "Sommerfest 4"


async def test_what_a_worker_has_in_hand_is_left_to_it(home: Workshop, owner: str) -> None:
    await home.write(events.publish, owner, fest())
    await home.write(posted)
    await home.write(events.publish, owner, fest(name="Winterfest"))
    await home.write(
        lambda work: work.db.execute(update(LaneRow).where(LaneRow.host == "peer.example").values(leased=1))
    )
    await home.write(events.publish, owner, fest(name="Herbstfest"))
    kinds = await home.read(waiting)
    assert kinds.count(("Update", "sister.example")) == 1
    assert [kind for kind, host in kinds if host == "peer.example"] == ["nothing", "Update"]  # in this order


async def test_a_confirmation_takes_no_update_away(home: Workshop, owner: str, clock: Clock) -> None:
    await home.write(opportunities.publish, owner, offer())
    await home.write(posted)
    await home.write(opportunities.publish, owner, offer(text="Wir suchen neue Menschen."))
    clock.forward(days=1)
    await home.write(opportunities.confirm, owner, "lesepatin")
    kinds = await home.read(waiting)
    assert ("Update", "peer.example") in kinds
    assert ("Update", "mobilizon.example") in kinds
    assert kinds.count(("Update", "sister.example")) == 1  # the newer one says all that the other did


async def test_confirmations_that_wait_collapse_and_leave_no_copies(home: Workshop, owner: str, clock: Clock) -> None:
    await home.write(opportunities.publish, owner, offer())
    await home.write(posted)
    for _ in range(6):
        clock.forward(days=1)
        await home.write(opportunities.confirm, owner, "lesepatin")
    assert await home.read(waiting) == [("Update", "sister.example")]
    await home.write(posted)
    clock.forward(days=1)
    await home.write(opportunities.confirm, owner, "lesepatin")
    updates = select(PublishedRow.body).where(PublishedRow.kind == "Update")
    (body,) = await home.read(lambda work: work.db.scalars(updates).all())
    assert orjson.loads(body)["object"]["opportunity"]["confirmedAt"] == times.write(clock.now)


async def test_a_confirmation_takes_no_update_from_a_neighbour_of_a_sister(
    home: Workshop, owner: str, clock: Clock
) -> None:
    """What counts is the inbox, not the host."""
    await home.write(workbench.add_follower, owner, "https://sister.example/users/fan", "https://sister.example/fan")
    await home.write(lambda work: work.db.execute(update(FollowerRow).where(FollowerRow.inbox.endswith("/fan")).values(
        host="behind.example")))  # fmt: skip
    await home.write(peers.note_host, "behind.example", "mastodon", sister=False)
    await home.write(opportunities.publish, owner, offer())
    await home.write(posted)
    await home.write(opportunities.publish, owner, offer(text="Wir suchen neue Menschen."))
    clock.forward(days=1)
    await home.write(opportunities.confirm, owner, "lesepatin")
    assert (await home.read(waiting)).count(("Update", "sister.example")) == 2


async def test_a_withdrawal_leaves_nothing_but_the_delete(home: Workshop, owner: str) -> None:
    await home.write(events.publish, owner, fest("bleibt"))
    await home.write(events.publish, owner, fest())
    await home.write(events.publish, owner, fest(name="Winterfest"))
    await home.write(events.publish, owner, fest(status="withdrawn"))
    hosts = ["mobilizon.example", "peer.example", "sister.example"]
    assert await home.read(waiting) == [
        *[("Create", "peer.example"), ("Create", "sister.example"), ("Announce", "mobilizon.example")],
        *(("Delete", host) for host in hosts),
    ]


# --- shown again ------------------------------------------------------------------------------------------------------
async def test_an_open_offer_is_shown_again_to_its_followers(home: Workshop, owner: str, clock: Clock) -> None:
    first = await home.write(opportunities.publish, owner, offer())
    await home.write(posted)
    with pytest.raises(Conflict, match=r"stand zuletzt am 22\.11\.2026 in den Timelines; wieder ab 22\.12\.2026"):
        await home.write(actions.show_again, owner, "lesepatin")
    clock.forward(days=30)
    shown = await home.write(actions.show_again, owner, "lesepatin")
    assert (shown.uri, shown.title, shown.again_from) == (
        first.uri,
        "Lesepatin gesucht",
        clock.now + timedelta(days=30),
    )
    assert await home.read(waiting) == [("Announce", "peer.example")]
    announce = await home.read(last, "Announce")
    assert (announce["actor"], announce["object"]) == (owner, first.uri)
    assert announce["to"] == ["https://www.w3.org/ns/activitystreams#Public"]
    assert announce["cc"] == [f"{owner}/followers"]
    with pytest.raises(Conflict, match="wieder ab"):
        await home.write(actions.show_again, owner, "lesepatin")
    rows, _ = await home.read(outbox.outbox_page, owner, None, 5)
    assert [row.kind for row in rows] == ["Announce", "Create"]


async def test_what_was_shown_again_is_taken_back_before_the_next_time(
    home: Workshop, owner: str, clock: Clock
) -> None:
    """Mastodon keeps one boost of a post by an account, and ignores a second."""
    await home.write(opportunities.publish, owner, offer())
    clock.forward(days=30)
    await home.write(actions.show_again, owner, "lesepatin")
    first = await home.read(last, "Announce")
    await home.write(posted)
    assert await home.write(actions.take_back_shown) == 0
    clock.forward(days=7, seconds=1)
    assert await home.write(actions.take_back_shown) == 1
    assert await home.write(actions.take_back_shown) == 0
    assert await home.read(waiting) == [("Undo", "peer.example")]
    undo = codec.parse_activity(orjson.dumps(await home.read(last, "Undo")))
    assert isinstance(undo, Undo)
    assert isinstance(undo.object, Announce)
    assert (undo.actor, undo.object.id, undo.object.actor) == (owner, first["id"], owner)
    clock.forward(days=23)
    await home.write(actions.show_again, owner, "lesepatin")
    assert (await home.read(last, "Announce"))["id"] != first["id"]


async def test_what_still_stands_is_taken_back_first(home: Workshop, owner: str, clock: Clock) -> None:
    """Where housekeeping had no time to."""
    await home.write(opportunities.publish, owner, offer())
    for _ in range(2):
        await home.write(posted)
        clock.forward(days=30)
        await home.write(actions.show_again, owner, "lesepatin")
    assert await home.read(waiting) == [("Undo", "peer.example"), ("Announce", "peer.example")]


async def test_only_what_is_open_is_shown_again(home: Workshop, owner: str, clock: Clock) -> None:
    with pytest.raises(NotFound, match="gibt es bei dieser Organisation nicht"):
        await home.write(actions.show_again, owner, "nichts")
    await home.write(opportunities.publish, owner, offer("voll", status="besetzt"))
    await home.write(opportunities.publish, owner, offer("kurz", expires_at=clock.now + timedelta(days=31)))
    await home.write(events.publish, owner, fest(**_in(clock, days=31)))
    clock.forward(days=32)
    await home.write(opportunities.expire)
    for key, reason in (("voll", "ist: Besetzt"), ("kurz", "ist:? [Aa]bgelaufen"), ("fest", "ist:? [Aa]bgelaufen")):
        with pytest.raises(Conflict, match=reason):
            await home.write(actions.show_again, owner, key)


# --- featured ---------------------------------------------------------------------------------------------------------
@pytest.fixture
async def client(instance: Instance) -> AsyncIterator[httpx.AsyncClient]:
    front = app.build(instance)
    front.state.instance_name = "Ehrenamt Hagen"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url=HOME) as made:
        yield made


async def collection(client: httpx.AsyncClient, uri: str) -> dict[str, Any]:
    answer = await client.get(uri.removeprefix(HOME), headers=AS_PEER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_newest_open_offers_are_featured(
    home: Workshop, owner: str, clock: Clock, client: httpx.AsyncClient
) -> None:
    other = await home.write(workbench.add_organisation, "andere")
    await home.write(opportunities.publish, other, offer("andere"))
    await home.write(events.publish, owner, fest())
    uris = []
    for number in range(showings.FEATURED + 2):
        clock.forward(minutes=1)
        uris.append((await home.write(opportunities.publish, owner, offer(str(number)))).uri)
    found = await collection(client, f"{owner}/featured")
    assert (found["type"], found["totalItems"]) == ("OrderedCollection", showings.FEATURED)
    assert [item["id"] for item in found["orderedItems"]] == uris[:1:-1]
    assert {item["type"] for item in found["orderedItems"]} == {"Note"}  # Mastodon pins nothing else
    assert all(item["content"] and item["attributedTo"] == owner for item in found["orderedItems"])
    await home.write(opportunities.publish, owner, offer("6", status="besetzt"))
    await home.write(opportunities.publish, owner, offer("5", status="zurueckgezogen"))
    found = await collection(client, f"{owner}/featured")
    assert [item["id"] for item in found["orderedItems"]] == uris[4::-1]
    assert (await client.get(f"{owner}/featured?page=1".removeprefix(HOME), headers=AS_PEER)).status_code == 404
    assert (await client.get("/ap/actor/nobody/featured", headers=AS_PEER)).status_code == 404


# --- upcoming events --------------------------------------------------------------------------------------------------
async def test_upcoming_events_come_in_the_order_of_their_beginning(
    home: Workshop, owner: str, clock: Clock, client: httpx.AsyncClient
) -> None:
    other = await home.write(workbench.add_organisation, "andere")
    later = await home.write(events.publish, owner, fest("b", **_in(clock, days=9)))
    sooner = await home.write(events.publish, other, fest("a", **_in(clock, days=8)))
    await home.write(events.publish, owner, fest("jetzt", **_in(clock, hours=1)))
    clock.forward(hours=2)
    assert await _upcoming(client, owner) == [later.uri]
    assert await _upcoming(client, RELAY) == [sooner.uri, later.uri]
    await home.write(events.publish, owner, fest("b", **_in(clock, days=2)))
    assert await _upcoming(client, RELAY) == [later.uri, sooner.uri]
    await home.write(events.publish, owner, fest("b", status="withdrawn"))
    assert await _upcoming(client, owner) == []


async def test_upcoming_events_in_pages(home: Workshop, owner: str, clock: Clock, client: httpx.AsyncClient) -> None:
    def publish_many(work: Work) -> list[str]:
        return [
            events.publish(work, owner, fest(str(number), **_in(clock, days=number))).uri for number in range(1, 24)
        ]

    uris = await home.write(publish_many)
    whole = await collection(client, f"{owner}/upcoming")
    assert (whole["type"], whole["totalItems"], whole["id"]) == ("OrderedCollection", 23, f"{owner}/upcoming")
    first = whole["first"]
    assert [item["id"] for item in first["orderedItems"]] == uris[:20]
    assert all(item["type"] == "Event" and item["startTime"] for item in first["orderedItems"])
    assert first["partOf"] == f"{owner}/upcoming"
    second = await collection(client, first["next"])
    assert [item["id"] for item in second["orderedItems"]] == uris[20:]
    assert second["partOf"] == f"{owner}/upcoming"
    assert "next" not in second
    for page in ("0", "x", "-1", "9" * 16):
        answer = await client.get(f"{owner}/upcoming?page={page}".removeprefix(HOME), headers=AS_PEER)
        assert answer.status_code == 404


def _in(clock: Clock, **time: float) -> dict[str, Any]:
    starts_at = clock.now + timedelta(**time)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}


async def _upcoming(client: httpx.AsyncClient, actor: str) -> list[str]:
    found = await collection(client, f"{actor}/upcoming")
    return [item["id"] for item in found.get("first", {}).get("orderedItems", [])]


async def test_a_host_nobody_asked_yet_counts_as_a_sister(home: Workshop, owner: str, clock: Clock) -> None:
    await home.write(opportunities.publish, owner, offer())
    await home.write(posted)
    await home.write(lambda work: work.db.delete(work.db.get_one(HostRow, "mobilizon.example")))
    clock.forward(days=1)
    await home.write(opportunities.confirm, owner, "lesepatin")
    assert sorted(await home.read(waiting)) == [("Update", "mobilizon.example"), ("Update", "sister.example")]


async def test_an_offer_of_ours_is_read_back_as_it_was_made(home: Workshop, owner: str) -> None:
    """What tells a confirmation from a change compares what is held with what is made."""
    outcome = await home.write(opportunities.publish, owner, offer(places=3, effort=None))
    thing = await held(home, outcome.uri)
    assert isinstance(thing, Opportunity)
    read = codec.parse_object(codec.write(thing))
    assert isinstance(read, Opportunity)
    assert actions._words(thing) == actions._words(read)
