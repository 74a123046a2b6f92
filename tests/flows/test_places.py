"""Places at an event through the real door: Joins and Leaves of a foreign server, answered; never one too many."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import func, select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.attendance import store
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.federation import inbox
from fediverse_ehrenamt.federation.model import PublishedRow, ReceivedRow
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.reactions import store as reactions
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.vocab.types import EventDetails, Like, Undo
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.flows.peer import Peer
from tests.processes import FORKS
from tests.towns import Country, Town

ASKERS = 130
CAPACITY = 40
_MOMENT = 0.3  # seconds in which a transaction that need not wait is done
WORKERS = 3  # processes that handle the inbox at once, beside the serving one


def _fest(town: Town, capacity: int | None, key: str = "fest") -> Draft:
    begin = town.clock.now() + timedelta(days=20)
    return Draft(
        key=key,
        name="Sommerfest",
        details=EventDetails(kind="fest", areas=("freizeit",)),
        text="Mit Kuchen.",
        starts_at=begin,
        ends_at=begin + timedelta(hours=3),
        capacity=capacity,
    )


def _count(work: Work, kind: str) -> int:
    return work.db.scalar(select(func.count()).select_from(PublishedRow).where(PublishedRow.kind == kind)) or 0


def _waiting(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(ReceivedRow).where(ReceivedRow.due_at.is_not(None))) or 0


@pytest.fixture
def peer(country: Country) -> Peer:
    return Peer(country, "mobilizon")


def _ask(town: Town, peer: Peer, event: str, names: list[str]) -> None:
    """Let everybody ask for a place at the same time."""

    def one(name: str) -> int:
        return peer.send(f"{town.url}/inbox", peer.activity("Join", peer.actor(name), event, to=[])).status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(one, names)) == {202}


def _restart(town: Town, *, working: bool) -> None:
    """Serve on, with or without the work beside requests."""
    town.stop()
    changed = towns.with_background if working else towns.without_background
    town.settings = changed(town.settings)
    town.start()


def _work(environ: Mapping[str, str], together: Barrier, done: "Queue[int]") -> None:
    """Handle the inbox of a town, in a process beside it; tell how much there was to do."""
    workshop = open_instance(Settings.load(environ)).workshop
    together.wait()
    handled = 0
    while some := workshop.write_now(inbox.process, wiring.HANDLERS):
        handled += some
    done.put(handled)


def _work_together(town: Town) -> list[int]:
    """Let several processes handle the inbox at once; return how much each of them did, this one last."""
    together, done = FORKS.Barrier(WORKERS + 1), FORKS.Queue()
    workers = [FORKS.Process(target=_work, args=(town.environ, together, done)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    together.wait(towns.PATIENCE)
    mine = 0
    while town.read(_waiting):
        mine += town.write(inbox.process, wiring.HANDLERS)
    handled = [done.get(timeout=towns.PATIENCE) for _ in workers]
    for worker in workers:
        worker.join(towns.PATIENCE)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS
    return [*handled, mine]


def test_exactly_as_many_are_accepted_as_there_are_places(hagen: Town, peer: Peer) -> None:
    """All workers begin at once with more Joins than there are places; each sees what the others have given out."""
    event = hagen.publish(_fest(hagen, CAPACITY)).uri
    other = hagen.publish(_fest(hagen, None, "offen")).uri
    _restart(hagen, working=False)
    _ask(hagen, peer, event, [f"gast_{number}" for number in range(ASKERS)])
    _ask(hagen, peer, other, [f"gast_{number}" for number in range(20)])
    assert hagen.read(_waiting) == ASKERS + 20
    done = _work_together(hagen)
    assert sum(done) == ASKERS + 20

    assert (hagen.read(store.taken, event), hagen.read(store.taken, other)) == (CAPACITY, 20)
    assert hagen.read(_count, "Accept") == CAPACITY + 20
    assert hagen.read(_count, "Reject") == ASKERS - CAPACITY
    shown = hagen.get(event).json()
    assert (shown["participantCount"], shown["remainingAttendeeCapacity"]) == (CAPACITY, 0)

    _restart(hagen, working=True)
    accepts = peer.until("Accept", CAPACITY + 20)
    rejects = peer.until("Reject", ASKERS - CAPACITY)
    inside = [letter for letter in accepts if letter.activity["object"]["object"] == event]
    assert len({letter.activity["object"]["actor"] for letter in inside}) == CAPACITY
    assert {letter.signer for letter in [*accepts, *rejects]} == {hagen.owner("buecherei")}


def test_join_leave_and_join_again(hagen: Town, peer: Peer) -> None:
    event = hagen.publish(_fest(hagen, 1)).uri
    anna, berta = peer.actor("anna"), peer.actor("berta")
    door = f"{hagen.url}/inbox"
    first = peer.activity("Join", anna, event, participationMessage="Ich bringe Kuchen mit")
    assert peer.send(door, first).status_code == 202
    (accept,) = peer.until("Accept")
    assert accept.inbox == "/users/anna/inbox"
    assert accept.activity["object"] == {
        "id": first["id"], "type": "Join", "actor": anna, "object": event, "to": [], "cc": [],
    }  # fmt: skip
    peer.send(door, peer.activity("Join", berta, event))
    peer.until("Reject")
    peer.send(door, peer.activity("Leave", anna, event))
    hagen.until(lambda: hagen.get(event).json()["remainingAttendeeCapacity"] == 1, "has a place again")
    peer.send(door, peer.activity("Join", berta, event))
    peer.until("Accept", 2)
    shown = hagen.commanded("event", "attendees", event)
    assert (shown["coming"], shown["capacity"]) == (1, 1)
    assert [one["actor"] for one in shown["attendees"]] == [berta]
    assert hagen.read(store.taken, event) == 1


def test_whose_place_it_is_can_be_read_by_the_operator_only(hagen: Town, peer: Peer) -> None:
    outcome = hagen.publish(_fest(hagen, 3))
    said = peer.activity("Join", peer.actor("anna"), outcome.uri, participationMessage="Ich bringe\nKuchen mit")
    peer.send(f"{hagen.url}/inbox", said)
    (accept,) = peer.until("Accept")
    for named in (outcome.uri, f"{hagen.url}/termine/{outcome.page}", outcome.page, "fest"):
        listed = hagen.command("event", "attendees", named)
        assert listed.startswith("Sommerfest: 1 von 3 Plätzen\n")
        assert f"Anna {peer.url}/users/anna  „Ich bringe Kuchen mit“" in listed
    failed = hagen.try_command("event", "attendees", "unbekannt")
    assert failed.returncode == 1
    assert "Eine Veranstaltung „unbekannt“ gibt es hier nicht" in failed.stderr
    hagen.add("sport", "Sportverein")
    hagen.publish(_fest(hagen, None), "sport")
    failed = hagen.try_command("event", "attendees", "fest")
    assert "heißen mehrere Veranstaltungen" in failed.stderr
    assert "anna" not in hagen.get(outcome.uri).text
    assert hagen.get(accept.activity["id"]).status_code == 404


def test_likes_come_through_the_door(hagen: Town, peer: Peer) -> None:
    event = hagen.publish(_fest(hagen, None)).uri
    door, anna = f"{hagen.url}/inbox", peer.actor("anna")
    liked = {**peer.activity("Like", anna, event), "id": f"{anna}#likes/1"}
    assert peer.send(door, liked).status_code == 202
    hagen.until(lambda: hagen.get(event).json()["likes"]["totalItems"] == 1, "counts the Like")
    undo = {**peer.activity("Undo", anna, liked), "id": f"{anna}#likes/1/undo"}
    assert peer.send(door, undo).status_code == 202
    hagen.until(lambda: hagen.get(event).json()["likes"]["totalItems"] == 0, "counts no more")
    react = peer.activity("EmojiReact", peer.actor("berta"), event, content=":kuchen:")
    assert peer.send(door, react).status_code == 202
    hagen.until(lambda: hagen.get(f"{event}/likes").json()["totalItems"] == 1, "counts an emoji")


@pytest.mark.parametrize("like_first", [True, False])
def test_a_like_and_its_undo_handled_at_once_leave_nothing(
    country: Country, migrated_postgresql_url: str, like_first: bool
) -> None:
    """Two workers take the two out of the inbox at the same time: neither sees what the other has not committed."""
    town = country.town("Hagen", migrated_postgresql_url, EHRENAMT_REDIS_URL="redis://127.0.0.1:9/0")
    town.add()
    event, actor = town.publish(_fest(town, None)).uri, "http://peer.example/users/anna"
    like = Like(id=f"{actor}#likes/1", actor=actor, object=event)
    undo = Undo(id=f"{actor}#undo/1", actor=actor, object=like)
    written, go_on = threading.Event(), threading.Event()

    def first(work: Work) -> None:
        inbox.dispatch(work, wiring.HANDLERS, like if like_first else undo)
        written.set()
        assert go_on.wait(towns.PATIENCE)

    def second(work: Work) -> None:
        inbox.dispatch(work, wiring.HANDLERS, undo if like_first else like)

    with ThreadPoolExecutor(2) as threads:
        earlier = threads.submit(town.workshop.write_now, first)
        assert written.wait(towns.PATIENCE)
        later = threads.submit(town.workshop.write_now, second)
        wait([later], _MOMENT)
        go_on.set()
        earlier.result()
        later.result()
    assert town.read(reactions.counts, event) == (0, 0)
