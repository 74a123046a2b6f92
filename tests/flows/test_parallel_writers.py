"""160 parallel writers on one row with the command line as a second process: none is lost, none finds it locked."""

import asyncio
import subprocess
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation.inbox import dispatch
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import LaneRow
from fediverse_ehrenamt.jobs.queue import NewJob, Outcome
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Delete, Note
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.flows.conftest import Found
from tests.flows.peer import Peer
from tests.processes import FORKS
from tests.towns import Country, Town

WRITERS = 160
PLACES = 60
_ROUNDS = 1  # of commands beside the writers; each starts a process
_OFFERS = 30
_MOMENT = 0.3  # seconds in which a transaction that need not wait is done
_HOST = "booked.example"

_ENTRIES = """
organisation: buecherei
opportunities:
  - id: beiher-{number}
    title: Beiher veröffentlicht {number}
    kind: regelmaessig
    areas: [kultur]
    text: Ein Angebot, das die Befehlszeile veröffentlicht, während andere schreiben.
    place: {{postcode: 58095, locality: Hagen}}
"""


def _book(work: Work) -> bool:
    """Take one of the places if there is one: read, decide, write, as a booking does."""
    lane = work.db.scalars(select(LaneRow).where(LaneRow.host == _HOST).with_for_update()).one()
    if lane.failures >= PLACES:
        return False
    lane.failures = lane.failures + 1
    return True


def _count(work: Work) -> None:
    lane = work.db.scalars(select(LaneRow).where(LaneRow.host == _HOST).with_for_update()).one()
    lane.openings = lane.openings + 1


def _taken(work: Work) -> tuple[int, int]:
    lane = work.db.scalars(select(LaneRow).where(LaneRow.host == _HOST)).one()
    return lane.failures, lane.openings


@contextmanager
def _commands(town: Town) -> Iterator[list[subprocess.CompletedProcess[str]]]:
    """Run `organisation add` and `publish` in processes of their own while the block runs, to their end."""
    done: list[subprocess.CompletedProcess[str]] = []
    started = threading.Event()

    def run() -> None:
        for number in range(_ROUNDS):
            file = town.folder / f"{number}.yaml"
            file.write_text(_ENTRIES.format(number=number))
            started.set()
            done.append(town.try_command("organisation", "add", f"verein_{number}", f"Verein {number}"))
            done.append(town.try_command("publish", file))

    thread = threading.Thread(target=run)
    thread.start()
    started.wait()
    try:
        yield done
    finally:
        thread.join()


def test_none_of_160_writers_is_lost_beside_the_command_line(found: Found) -> None:
    town = found("Hagen")
    town.add()
    town.write(lambda work: work.db.add(LaneRow(host=_HOST, leased=0, failures=0, openings=0)))

    async def together() -> list[bool]:
        bookings = [town.workshop.write(_book) for _ in range(WRITERS)]
        counts = [town.workshop.write(_count) for _ in range(WRITERS)]
        booked, _ = await asyncio.gather(asyncio.gather(*bookings), asyncio.gather(*counts))
        return list(booked)

    rounds = 0
    with _commands(town) as done:
        while len(done) < 2 * _ROUNDS:  # as long as the commands run, so that they really run beside it
            booked = town.stage.run(together())
            rounds += 1
            assert sum(booked) == (PLACES if rounds == 1 else 0)
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * len(done)
    assert town.read(_taken) == (PLACES, WRITERS * rounds)
    assert [one.handle for one in town.read(organisations.listing)] == ["buecherei", "verein_0"]
    assert town.read(documents.count) == _ROUNDS
    for number in range(_ROUNDS):
        town.until_found(f"Beiher {number}", f"Beiher veröffentlicht {number}")


def _count_beside(environ: Mapping[str, str]) -> None:
    """Count as often as there are writers, in a process of its own."""
    workshop = open_instance(Settings.load(environ)).workshop
    for _ in range(WRITERS):
        workshop.write_now(_count)


def test_none_is_lost_between_two_processes(found: Found) -> None:
    town = found("Hagen")
    town.write(lambda work: work.db.add(LaneRow(host=_HOST, leased=0, failures=0, openings=0)))
    beside = FORKS.Process(target=_count_beside, args=(town.environ,))
    beside.start()

    async def together() -> None:
        await asyncio.gather(*(town.workshop.write(_count) for _ in range(WRITERS)))

    rounds = 0
    while beside.is_alive():
        town.stage.run(together())
        rounds += 1
    assert beside.exitcode == 0
    assert town.read(_taken) == (0, WRITERS * (rounds + 1))


def test_an_actors_key_is_made_once_however_many_ask(found: Found) -> None:
    town = found("Hagen")
    actor = town.add()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: town.get(actor).json(), range(16)))
    assert len({answer["publicKey"]["publicKeyPem"] for answer in answers}) == 1
    assert len({answer["assertionMethod"][0]["publicKeyMultibase"] for answer in answers}) == 1


def test_nothing_is_forgotten_where_a_lane_is_given_back_while_jobs_are_added(found: Found, country: Country) -> None:
    """Publishing and delivering meet on the lane of a host: whichever is later has to see the other's work."""
    hagen, peers = found("Hagen"), [Peer(country) for _ in range(2)]
    hagen.add()
    hagen.add("sport", "Sportverein")
    for peer in peers:
        for handle in ("buecherei", "sport"):
            actor = peer.actor(f"leserin_{handle}")
            peer.send(f"{hagen.url}/inbox", peer.activity("Follow", actor, hagen.owner(handle)))
    for peer in peers:
        peer.until("Accept", 2)

    def publish(number: int) -> None:
        handle = ("buecherei", "sport")[number % 2]
        hagen.publish(towns.opportunity(f"Lesepatin {number}", key=f"angebot-{number}"), handle)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(publish, range(_OFFERS)))
    for peer in peers:
        peer.until("Create", _OFFERS)
        assert len({letter.object_id for letter in peer.of("Create")}) == _OFFERS
        assert {letter.signer for letter in peer.of("Create")} == {hagen.owner("buecherei"), hagen.owner("sport")}
    hagen.until(lambda: towns.waiting(hagen) == 0, "has told everybody")


@pytest.fixture
def idle(country: Country, migrated_postgresql_url: str) -> Town:
    """A town on PostgreSQL where nobody works, with one job that is under way."""
    return country.town("Hagen", migrated_postgresql_url, EHRENAMT_REDIS_URL="redis://127.0.0.1:9/0")


@pytest.mark.parametrize("settling_first", [True, False])
@pytest.mark.parametrize(
    ("host", "error"), [(_HOST, None), (_HOST, Unavailable("busy")), (queue.LOCAL, Unavailable("busy"))]
)
def test_a_job_added_while_its_lane_is_given_back_is_looked_at(
    idle: Town, host: str, error: Exception | None, settling_first: bool
) -> None:
    """Neither transaction sees what the other has not committed, so the later one has to wait and look again."""
    idle.write(queue.enqueue, [NewJob(host, "deliver", "1", "first")])
    (lane,) = idle.write(queue.claim, 1)
    written, go_on = threading.Event(), threading.Event()

    def settle(work: Work) -> None:
        queue.settle(work, [[Outcome(lane.jobs[0], error)]])

    def add(work: Work) -> None:
        queue.enqueue(work, [NewJob(host, "deliver", "2", "second")])

    earlier, later = (settle, add) if settling_first else (add, settle)

    def write_and_wait(work: Work) -> None:
        earlier(work)
        written.set()
        assert go_on.wait(towns.PATIENCE)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(idle.write, write_and_wait)
        assert written.wait(towns.PATIENCE)
        second = threads.submit(idle.write, later)
        wait([second], _MOMENT)
        go_on.set()
        first.result()
        second.result()
    assert [job.argument for lane in idle.write(queue.claim, 1) for job in lane.jobs] == ["2"]


@pytest.mark.parametrize("create_first", [True, False])
def test_a_create_and_its_delete_handled_at_once_leave_nothing(idle: Town, create_first: bool) -> None:
    """Two workers take the two out of the inbox at the same time: neither sees what the other has not committed."""
    uri, actor = "http://peer.example/notes/1", "http://peer.example/users/anna"
    note = Note(id=uri, attributed_to=actor, content="<p>Apfelfest</p>", to=(PUBLIC,))
    create = Create(id=f"{uri}/create", actor=actor, object=note, to=(PUBLIC,))
    delete = Delete(id=f"{uri}/delete", actor=actor, object=uri)
    written, go_on = threading.Event(), threading.Event()

    def first(work: Work) -> None:
        dispatch(work, wiring.HANDLERS, create if create_first else delete)
        written.set()
        assert go_on.wait(towns.PATIENCE)

    def second(work: Work) -> None:
        dispatch(work, wiring.HANDLERS, delete if create_first else create)

    with ThreadPoolExecutor(2) as threads:
        earlier = threads.submit(idle.write, first)
        assert written.wait(towns.PATIENCE)
        later = threads.submit(idle.write, second)
        wait([later], _MOMENT)
        go_on.set()
        earlier.result()
        later.result()
    assert idle.read(things.find, uri) is None
    assert idle.read(documents.count) == 0


def test_the_same_draft_handed_in_many_times_at_once_is_published_once(found: Found) -> None:
    town = found("Hagen")
    town.add()
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: town.publish(towns.opportunity("Lesepatin gesucht")), range(16)))
    assert sorted(outcome.what for outcome in outcomes) == ["published"] + ["unchanged"] * 15
    assert len({outcome.uri for outcome in outcomes}) == 1
