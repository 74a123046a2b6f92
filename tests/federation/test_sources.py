"""Following, catching up and asking origins, against real servers with honest and with hostile collections."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import addresses, catching_up, discovery, inbox, outbox, outboxes, peers, sources
from fediverse_ehrenamt.federation.model import PublishedRow, SourceRow
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict, NotFound, Rejected, Unavailable
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Accept,
    Announce,
    Collection,
    CollectionPage,
    Create,
    Delete,
    Event,
    Follow,
    Note,
    Undo,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin
from tests.workbench import NOW, Clock, note

pytestmark = pytest.mark.anyio
OUTBOX = "/users/anna/outbox"


def note_of(peer: Origin, number: int | str = 1, **changes: Any) -> Note:
    path = f"/notes/{number}"
    return note(peer.at(path), **{"attributed_to": peer.at("/users/anna"), "url": peer.at(path)} | changes)


def create_of(peer: Origin, number: int | str = 1, **changes: Any) -> Create:
    thing = note_of(peer, number, **changes)
    return Create(id=peer.at(f"/activities/{number}"), actor=peer.at("/users/anna"), object=thing, to=thing.to)


def uris(work: Work) -> list[str]:
    return sorted(change.uri for change in search.changes(work, START) if change.card)


def jobs(work: Work) -> list[tuple[str, str]]:
    return [(job.name, job.argument) for job in work.db.scalars(select(JobRow).order_by(JobRow.id))]


def source(work: Work) -> SourceRow:
    return work.db.scalars(select(SourceRow)).one()


async def read(home: Workshop, peer: Origin) -> list[str]:
    """Read the outbox of Anna, a source, and return what is in the index then."""
    await home.write(_choose, peer)
    await catching_up.read_outbox(home, wiring.HANDLERS, peer.at("/users/anna"))
    return await home.read(uris)


def _choose(work: Work, peer: Origin) -> None:
    if work.db.get(SourceRow, peer.at("/users/anna")) is None:
        workbench.add_source(work, peer.at("/users/anna"))


# --- following --------------------------------------------------------------------------------------------------------
async def test_a_source_is_asked_and_read_soon(home: Workshop, peer: Origin, clock: Clock) -> None:
    anna = peer.actor()
    added = await sources.add(home, anna.id)
    assert (added.uri, added.name, added.state, added.host) == (anna.id, "Anna", "pending", ids.host(peer.url))
    assert (added.added_at, added.read_at, added.error) == (clock.now, None, "")
    row = await home.read(source)
    assert (row.origin, row.whole_origin) == (peer.url, False)
    names = await home.read(jobs)
    assert [name for name, _ in names] == ["deliver", "read_outbox"]
    body = await home.read(lambda work: work.db.scalars(select(PublishedRow.body)).one())
    follow = codec.parse_activity(body)
    assert isinstance(follow, Follow)
    assert (follow.id, follow.actor, follow.object) == (row.follow, "http://hagen.example/ap/actor/relay", anna.id)
    assert await home.read(sources.count) == 1


async def test_an_instance_is_followed_as_a_whole(home: Workshop, peer: Origin) -> None:
    await sources.add(home, peer.actor("/ap/actor/relay", type="Application").id)
    assert (await home.read(source)).whole_origin


async def test_ourselves_we_need_not_follow(home: Workshop, peer: Origin) -> None:
    mine = addresses.instance_actor(home.settings)
    link = {"rel": "self", "type": "application/activity+json", "href": mine}
    host = ids.host(peer.url)
    peer.serve(f"/.well-known/webfinger?resource=acct:relay@{host}", {"links": [link]}, kind="application/json")
    for address in (mine, home.settings.url, f"@relay@{host}"):
        with pytest.raises(Conflict, match="diese Instanz selbst"):
            await sources.add(home, address)


async def test_asking_again_repeats_the_follow(home: Workshop, peer: Origin) -> None:
    anna = peer.actor()
    await sources.add(home, anna.id)
    first = (await home.read(source)).follow
    await sources.add(home, anna.id)
    row = await home.read(source)
    assert row.follow != first
    await home.write(_set_state, "accepted")
    assert (await sources.add(home, anna.id)).state == "accepted"
    await home.write(_set_state, "rejected")
    assert (await sources.add(home, anna.id)).state == "pending"
    assert await home.read(sources.count) == 1


def _set_state(work: Work, state: str) -> None:
    source(work).state = state


@pytest.mark.parametrize("by", ["uri", "page"])
async def test_a_source_is_left(home: Workshop, peer: Origin, by: str) -> None:
    anna = peer.actor()
    await sources.add(home, anna.id)
    follow = (await home.read(source)).follow
    removed = await home.write(sources.remove, anna.id if by == "uri" else anna.url)
    assert removed.uri == anna.id
    assert await home.read(sources.listing) == []
    bodies = await home.read(lambda work: list(work.db.scalars(select(PublishedRow.body).order_by(PublishedRow.id))))
    undo = codec.parse_activity(bodies[-1])
    assert isinstance(undo, Undo)
    assert isinstance(undo.object, Follow)
    assert (undo.object.id, undo.object.object) == (follow, anna.id)


async def test_a_source_that_nobody_knows_any_more_can_be_left(home: Workshop) -> None:
    await home.write(workbench.add_source)
    await home.write(peers.forget, workbench.ANNA)
    (listed,) = await home.read(sources.listing)
    assert (listed.name, listed.url) == (workbench.ANNA, workbench.ANNA)
    await home.write(sources.remove, workbench.ANNA)
    assert await home.read(jobs) == []


async def test_leaving_what_is_no_source_names_those_that_are(home: Workshop) -> None:
    with pytest.raises(NotFound, match=r"keine$"):
        await home.write(sources.remove, "https://x.example/")
    await home.write(workbench.add_source)
    with pytest.raises(NotFound, match="users/anna"):
        await home.write(sources.remove, "https://x.example/")


async def test_outboxes_are_read_again_after_six_hours(home: Workshop, clock: Clock) -> None:
    await home.write(workbench.add_source)
    await home.write(workbench.add_source, "https://no.example/users/n", state="rejected")
    assert await home.write(catching_up.read_again) == 0
    clock.now += catching_up.READ_AGAIN_AFTER + timedelta(seconds=1)
    assert await home.write(catching_up.read_again) == 1
    assert await home.read(jobs) == [("read_outbox", workbench.ANNA)]
    assert await home.write(catching_up.read_again) == 0


# --- outboxes ---------------------------------------------------------------------------------------------------------
Make = Callable[[Origin], object]


def embedded_first_page(peer: Origin) -> object:
    items = (create_of(peer, 1), create_of(peer, 2))
    return Collection(id=peer.at(OUTBOX), total=2, first=CollectionPage(id=peer.at(f"{OUTBOX}?page=1"), items=items))


def items_in_the_collection(peer: Origin) -> object:
    return Collection(id=peer.at(OUTBOX), total=2, items=(create_of(peer, 1), create_of(peer, 2)))


def several_pages(peer: Origin) -> object:
    for number in (1, 2):
        following = peer.at(f"{OUTBOX}?page=2") if number == 1 else ""
        page = CollectionPage(id=peer.at(f"{OUTBOX}?page={number}"), items=(create_of(peer, number),), next=following)
        peer.serve(f"{OUTBOX}?page={number}", page)
    return Collection(id=peer.at(OUTBOX), total=2, first=peer.at(f"{OUTBOX}?page=1"))


def pages_without_ids(peer: Origin) -> object:
    page = {"type": "OrderedCollectionPage", "orderedItems": [_plain(create_of(peer, 1)), _plain(create_of(peer, 2))]}
    peer.serve(f"{OUTBOX}?page=1", page)
    return {"type": "OrderedCollection", "first": peer.at(f"{OUTBOX}?page=1")}


def bare_objects(peer: Origin) -> object:
    return Collection(id=peer.at(OUTBOX), items=(note_of(peer, 1), note_of(peer, 2, attributed_to="")))


def announced_objects(peer: Origin) -> object:
    anna = peer.at("/users/anna")
    announced = [Announce(id=peer.at(f"/a/{one}"), actor=anna, object=note_of(peer, one)) for one in (1, 2)]
    return Collection(id=peer.at(OUTBOX), items=tuple(announced))


def _plain(value: Create) -> object:
    return orjson.loads(codec.write(value))


@pytest.mark.parametrize(
    "make",
    [
        embedded_first_page,
        items_in_the_collection,
        several_pages,
        pages_without_ids,
        bare_objects,
        announced_objects,
    ],
)
async def test_an_outbox_in_each_of_its_shapes(home: Workshop, peer: Origin, clock: Clock, make: Make) -> None:
    await sources.add(home, peer.actor().id)
    peer.serve(OUTBOX, make(peer))
    assert await read(home, peer) == [peer.at("/notes/1"), peer.at("/notes/2")]
    row = await home.read(source)
    assert (row.read_at, row.error) == (clock.now, "")


async def test_what_came_to_be_in_what_is_announced_is_asked_for(home: Workshop, peer: Origin) -> None:
    """A WordPress blog announces its authors' Creates, each as it was then, and nothing of their Updates."""
    peer.actor()
    anna = peer.at("/users/anna")
    announced = Announce(id=peer.at("/a/1"), actor=anna, object=create_of(peer, 1))
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), items=(announced, create_of(peer, 2))))
    assert await read(home, peer) == [peer.at("/notes/2")]
    assert await home.read(jobs) == [("obtain", f"{peer.at('/notes/1')} {anna}")]


async def test_an_actor_without_outbox_has_nothing(home: Workshop, peer: Origin) -> None:
    peer.actor(outbox="")
    assert await read(home, peer) == []


async def test_what_is_of_elsewhere_is_asked_for_there(home: Workshop, peer: Origin, other: Origin) -> None:
    peer.actor()
    forged = create_of(peer, 3, attributed_to=other.at("/users/x"))
    items = (
        Announce(id=peer.at("/a/1"), actor=peer.at("/users/anna"), object=note_of(other, 1)),
        Announce(id=peer.at("/a/2"), actor=peer.at("/users/anna"), object=other.at("/notes/2")),
        Announce(id=peer.at("/a/3"), actor=peer.at("/users/anna"), object=create_of(other, 4)),
        forged,
        create_of(peer, 5, to=(peer.at("/users/berta"),)),
        Delete(id=peer.at("/a/4"), actor=peer.at("/users/anna"), object=peer.at("/notes/6")),
        other.at("/notes/7"),
    )
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), items=items))
    assert await read(home, peer) == []
    asked = {argument for name, argument in await home.read(jobs) if name == "obtain"}
    theirs = {other.at(f"/notes/{number}") for number in (1, 2, 4, 7)}
    mine = {peer.at("/notes/3"), peer.at("/notes/5")}
    assert asked == {f"{uri} {peer.at('/users/anna')}" for uri in theirs | mine}


async def test_what_cannot_be_used_is_left_out(home: Workshop, peer: Origin) -> None:
    peer.actor()
    place = {"type": "Place", "id": peer.at("/p/1"), "attributedTo": peer.at("/users/anna")}
    create = {"type": "Create", "id": peer.at("/a/1"), "actor": peer.at("/users/anna"), "object": place}
    items = [create, 7, None, {}, {"type": "Note"}, "no uri", [[]], _plain(create_of(peer, 1))]
    peer.serve(OUTBOX, {"type": "OrderedCollection", "id": peer.at(OUTBOX), "orderedItems": items})
    assert await read(home, peer) == [peer.at("/notes/1")]
    assert await home.read(jobs) == []


async def test_a_circle_of_pages_ends(home: Workshop, peer: Origin) -> None:
    peer.actor()
    for number, following in ((1, 2), (2, 1)):
        page = CollectionPage(
            id=peer.at(f"/p{number}"), items=(create_of(peer, number),), next=peer.at(f"/p{following}")
        )
        peer.serve(f"/p{number}", page)
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), first=peer.at("/p1")))
    assert len(await read(home, peer)) == 2
    assert peer.asked("/p1") == 1


async def test_pages_without_end_are_read_to_the_bound(home: Workshop, peer: Origin) -> None:
    peer.actor()
    for number in range(outboxes.PAGES + 5):
        items = (create_of(peer, number),) if number % 2 else ()  # a page of what is not for all is empty
        page = CollectionPage(id=peer.at(f"/p{number}"), items=items, next=peer.at(f"/p{number + 1}"))
        peer.serve(f"/p{number}", page)
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), first=peer.at("/p0")))
    await read(home, peer)
    assert sum(request.startswith("GET /p") for request in peer.requests) == outboxes.PAGES


async def test_items_are_read_to_the_bound(home: Workshop, peer: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outboxes, "ITEMS", 3)
    peer.actor()
    items = tuple(create_of(peer, number) for number in range(5))
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), items=items, first=peer.at("/p1")))
    assert await read(home, peer) == [peer.at(f"/notes/{number}") for number in range(3)]
    assert peer.asked("/p1") == 0


async def test_pages_of_elsewhere_are_not_followed(home: Workshop, peer: Origin, other: Origin) -> None:
    peer.actor()
    other.serve("/p", CollectionPage(id=other.at("/p"), items=(create_of(peer, 9),)))
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), items=(create_of(peer, 1),), first=other.at("/p")))
    assert await read(home, peer) == [peer.at("/notes/1")]
    assert other.requests == []


async def test_a_redirect_does_not_make_a_page_ones_own(home: Workshop, peer: Origin, other: Origin) -> None:
    await sources.add(home, peer.actor().id)
    other.serve("/p", CollectionPage(id=other.at("/p"), items=(create_of(peer, 9),)))
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), first=peer.move("/go", other.at("/p"))))
    with pytest.raises(Rejected, match="keine Sammlung von"):
        await read(home, peer)
    assert await home.read(uris) == []


@pytest.mark.parametrize(
    ("answer", "fault"), [(Answer(status=503), Unavailable), (Answer(b"<p>", kind="text/html"), Rejected)]
)
async def test_a_failure_is_shown_to_the_operator(
    home: Workshop, peer: Origin, clock: Clock, answer: Answer, fault: type[Exception]
) -> None:
    await sources.add(home, peer.actor().id)
    peer.answers[OUTBOX] = answer
    with pytest.raises(fault):
        await read(home, peer)
    row = await home.read(source)
    assert row.read_at == clock.now
    assert row.error
    peer.serve(OUTBOX, items_in_the_collection(peer))
    await read(home, peer)
    assert (await home.read(source)).error == ""


async def test_a_source_that_lets_us_in_is_read_at_once_if_it_refused_before(
    home: Workshop, peer: Origin, clock: Clock
) -> None:
    anna = (await sources.add(home, peer.actor().id)).uri
    follow = (await home.read(source)).follow
    accept = Accept(id=f"{anna}/accepts/1", actor=anna, object=follow)
    peer.answers[OUTBOX] = Answer(status=403)
    with pytest.raises(Rejected):
        await read(home, peer)
    clock.forward(minutes=5)
    assert await home.write(catching_up.read_again) == 0
    assert await home.write(inbox.dispatch, wiring.HANDLERS, accept) == "handled"
    await home.write(_forget_looks)
    assert await home.write(catching_up.read_again) == 1
    peer.serve(OUTBOX, items_in_the_collection(peer))
    await read(home, peer)
    due = (await home.read(source)).next_at
    assert await home.write(inbox.dispatch, wiring.HANDLERS, accept) == "handled"
    assert (await home.read(source)).next_at == due, "one who says so twice is not asked more often"


def _forget_looks(work: Work) -> None:
    work.db.execute(delete(JobRow))


async def test_an_outbox_that_is_no_collection(home: Workshop, peer: Origin) -> None:
    peer.actor()
    peer.serve(OUTBOX, note_of(peer, "outbox"))
    peer.answers[OUTBOX] = Answer(codec.write(note(peer.at(OUTBOX), attributed_to=peer.at("/users/anna"))))
    with pytest.raises(Rejected, match="keine Sammlung von"):
        await read(home, peer)


async def test_an_author_who_left_does_not_hide_the_rest(home: Workshop, peer: Origin) -> None:
    peer.actor()
    left = peer.at("/users/gone")
    event = Event(id=peer.at("/events/1"), name="Fest", starts_at=NOW, attributed_to=left, to=(PUBLIC,))
    items = (event, create_of(peer, 1, attributed_to=left), create_of(peer, 2))
    peer.serve(OUTBOX, Collection(id=peer.at(OUTBOX), items=items))
    assert await read(home, peer) == [event.id, peer.at("/notes/2")], "of whose consent nothing is known, posts are not"
    assert (await home.read(search.get, event.id)).organisation == ids.host(peer.url)


# --- single objects ---------------------------------------------------------------------------------------------------
async def obtain(home: Workshop, uri: str, via: str = "") -> list[str]:
    await sources.obtain(home, wiring.HANDLERS, uri, via)
    return await home.read(uris)


async def test_an_object_is_asked_for_at_its_origin(home: Workshop, peer: Origin) -> None:
    peer.actor()
    uri = peer.serve("/notes/1", note_of(peer))
    assert await obtain(home, uri) == []
    await home.write(_choose, peer)
    assert await obtain(home, uri) == [uri]
    assert (await home.read(search.get, uri)).organisation == "Anna"


async def test_a_private_object_or_another_thing_is_left_alone(home: Workshop, peer: Origin) -> None:
    peer.serve("/notes/1", note_of(peer, to=(peer.at("/users/berta"),)))
    assert await obtain(home, peer.at("/notes/1")) == []
    assert await obtain(home, peer.actor().id) == []


async def test_our_own_things_are_not_asked_for(home: Workshop) -> None:
    assert await obtain(home, "http://hagen.example/ap/object/1") == []


async def test_an_activity_leads_to_its_object(home: Workshop, peer: Origin) -> None:
    peer.serve("/activities/1", create_of(peer))
    await obtain(home, peer.at("/activities/1"))
    assert await home.read(jobs) == [("obtain", peer.at("/notes/1"))]
    await obtain(home, peer.at("/activities/1"), "https://group.example/g")
    assert (await home.read(jobs))[-1] == ("obtain", f"{peer.at('/notes/1')} https://group.example/g")


async def test_what_is_gone_at_its_origin_is_gone_here(home: Workshop, peer: Origin) -> None:
    peer.actor()
    uri = peer.serve("/notes/1", note_of(peer))
    await obtain(home, uri)
    peer.answers["/notes/1"] = Answer(status=410)
    assert await obtain(home, uri) == []
    assert await home.read(outbox.is_buried, uri)


async def test_the_jobs_do_what_the_functions_do(home: Workshop, peer: Origin) -> None:
    peer.serve("/.well-known/nodeinfo", {"links": []}, kind="application/json")
    anna = peer.actor()
    peer.serve(OUTBOX, items_in_the_collection(peer))
    peer.serve("/notes/7", note_of(peer, 7))
    peer.answers["/users/anna/inbox"] = Answer(status=202)
    await sources.add(home, anna.id)
    await home.write(queue.enqueue, [queue.NewJob(ids.host(peer.url), "obtain", peer.at("/notes/7"))])
    await Runner(home, wiring.JOBS).run_due()
    assert await home.read(jobs) == []
    assert len(await home.read(uris)) == 3
    assert "POST /users/anna/inbox" in peer.requests
    host = await home.read(peers.host, ids.host(peer.url))
    assert host is not None
    assert (host.software, host.sister) == ("", False)


async def test_a_sister_is_known_by_its_software(home: Workshop, peer: Origin, clock: Clock) -> None:
    links = {"links": [{"rel": discovery.NODEINFO_RELS[0], "href": peer.at("/n")}]}
    peer.serve("/.well-known/nodeinfo", links, kind="application/json")
    peer.serve("/n", {"software": {"name": "ehrenamt"}}, kind="application/json")
    job = Job(1, ids.host(peer.url), "", "identify", peer.url, 0, clock.now)
    await sources.identify(home, job)
    host = await home.read(peers.host, ids.host(peer.url))
    assert host is not None
    assert (host.software, host.sister, host.asked_at) == ("ehrenamt", True, clock.now)
