"""Delivering to real servers: what each answer means for the job and for the follower."""

from functools import partial

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import actors, answers, delivery, evidence, outbox, peers, signatures
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.federation.signatures import OwnedKey
from fediverse_ehrenamt.jobs import again, overview
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Accept, Create
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin
from tests.workbench import Clock, fest

pytestmark = pytest.mark.anyio


def _published(work: Work, inbox: str) -> tuple[str, Outcome]:
    owner = workbench.add_organisation(work)
    workbench.add_follower(work, owner, f"{ids.origin(inbox)}/users/fan", inbox)
    return owner, events.publish(work, owner, fest())


def _activity(work: Work, owner: str) -> str:
    rows, _ = outbox.outbox_page(work, owner, None, 1)
    return rows[0].uri


async def deliver(home: Workshop, clock: Clock, owner: str, inbox: str) -> None:
    activity = await home.read(_activity, owner)
    job = Job(1, ids.host(inbox), "", "deliver", Delivery(activity, inbox).text(), 0, clock.now)
    await delivery.deliver(home, job)


class Ours(signatures.KeySource):
    """The key of an actor of ours, as its document shows it."""

    def __init__(self, home: Workshop, owner: str) -> None:
        self._home, self._owner = home, owner

    async def find(self, key_id: str, *, refresh: bool = False) -> OwnedKey:
        assert not refresh
        key = await self._home.write(lambda work: signatures.load_public(_public(work, self._owner)))
        return OwnedKey(key_id, self._owner, key)

    def proved(self, key_id: str) -> None:
        assert key_id.startswith(self._owner)


def _public(work: Work, owner: str) -> str:
    return actors.with_keys(work, owner).rsa_public


async def test_an_activity_arrives_signed_by_its_actor(home: Workshop, peer: Origin, clock: Clock) -> None:
    inbox = peer.at("/inbox")
    owner, outcome = await home.write(_published, inbox)
    peer.answers["/inbox"] = Answer(status=202)
    assert await Runner(home, wiring.JOBS).run_due() == 1
    assert peer.requests == ["POST /inbox"]
    activity = codec.parse_activity(peer.bodies[0])
    assert isinstance(activity, Create)
    assert (activity.actor, activity.object_id) == (owner, outcome.uri)
    headers = tuple((name.encode(), value.encode()) for name, value in peer.headers[0].items())
    assert dict(headers)[b"content-type"] == b"application/activity+json"
    request = evidence.Request("POST", "/inbox", headers, peer.bodies[0], peer.url)
    assert (await signatures.verify(request, Ours(home, owner), clock.now)).actor == owner


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_done(home: Workshop, peer: Origin, clock: Clock, status: int) -> None:
    owner, _ = await home.write(_published, peer.at("/inbox"))
    peer.answers["/inbox"] = Answer(status=status)
    await deliver(home, clock, owner, peer.at("/inbox"))


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (302, Rejected),
        (400, Rejected),
        (403, Rejected),
        (404, Rejected),
        (405, Rejected),
        (408, Unavailable),
        (410, Rejected),
        (413, Rejected),
        (422, Rejected),
        (429, Unreachable),
        (500, Unavailable),
        (502, Unavailable),
        (503, Unreachable),
    ],
)
async def test_refused(home: Workshop, peer: Origin, clock: Clock, status: int, fault: type[Exception]) -> None:
    owner, _ = await home.write(_published, peer.at("/inbox"))
    peer.answers["/inbox"] = Answer(status=status, headers=(("Retry-After", "77"),))
    with pytest.raises(fault) as caught:
        await deliver(home, clock, owner, peer.at("/inbox"))
    assert type(caught.value) is fault
    assert getattr(caught.value, "retry_after", 77.0) == 77.0
    left = await home.read(organisations.followers, owner)
    assert left == (0 if status == 410 else 1)


async def test_a_peer_that_could_not_fetch_our_key_gets_it_later(home: Workshop, peer: Origin, clock: Clock) -> None:
    """Mastodon answers 401 then, to each signature."""
    await home.write(_published, peer.at("/inbox"))
    peer.answers["/inbox"] = Answer(status=401, body=b"Public key not found for key")
    await Runner(home, wiring.JOBS).run_due()
    (lane,) = await home.read(overview.lanes)
    assert (lane.waiting, lane.given_up, lane.opened_until) == (1, 0, None)
    peer.answers["/inbox"] = Answer(status=202)
    clock.forward(minutes=1)
    await Runner(home, wiring.JOBS).run_due()
    assert await home.read(overview.lanes) == []


async def test_nobody_is_there(home: Workshop, clock: Clock, free_port: int) -> None:
    inbox = f"http://127.0.0.1:{free_port}/inbox"
    owner, _ = await home.write(_published, inbox)
    with pytest.raises(Unreachable):
        await deliver(home, clock, owner, inbox)
    await Runner(home, wiring.JOBS).run_due()
    (lane,) = await home.read(overview.lanes)
    assert (lane.waiting, lane.given_up) == (1, 0)
    assert lane.opened_until is not None


async def test_what_was_withdrawn_meanwhile_is_not_delivered(home: Workshop, peer: Origin) -> None:
    owner, _ = await home.write(_published, peer.at("/inbox"))
    peer.answers["/inbox"] = Answer(status=202)
    await home.write(events.publish, owner, fest(status="withdrawn"))
    await Runner(home, wiring.JOBS).run_due()
    assert [type(codec.parse_activity(body)).__name__ for body in peer.bodies] == ["Delete"]


async def test_what_is_withdrawn_while_it_waits_is_not_delivered_from_memory(
    home: Workshop, peer: Origin, other: Origin, clock: Clock
) -> None:
    """One follower got it, so that this process has it in memory; to the other it could not be delivered."""
    for one in (peer, other):
        one.answers["/inbox"] = Answer(status=202)
    other.answers["/inbox"] = Answer(status=500)
    owner, _ = await home.write(_published, peer.at("/inbox"))
    await home.write(workbench.add_follower, owner, other.at("/users/fan"), other.at("/inbox"))
    await home.write(events.publish, owner, fest("zweites"))
    await Runner(home, wiring.JOBS).run_due()
    await home.write(events.publish, owner, fest("zweites", status="withdrawn"))
    other.answers["/inbox"] = Answer(status=202)
    other.bodies.clear()
    clock.forward(days=1)
    await Runner(home, wiring.JOBS).run_due()
    assert [orjson.loads(body)["type"] for body in other.bodies] == ["Delete"]
    assert [orjson.loads(body)["type"] for body in peer.bodies] == ["Create", "Create", "Delete"]


async def test_what_was_erased_before_it_could_be_delivered_is_shown_as_lost(
    home: Workshop, peer: Origin, clock: Clock
) -> None:
    """An answer to one person goes in time: an operator who brings its delivery back has to see that it was in vain."""

    def answer(work: Work) -> None:
        owner = workbench.add_organisation(work)
        asker = f"{peer.url}/users/fan"
        peers.remember(work, workbench.person(asker))
        answers.send(work, Accept, owner, f"{asker}/follows/1", answers.asker(work, asker))

    peer.answers["/users/fan/inbox"] = Answer(status=403)
    await home.write(answer)
    await Runner(home, wiring.JOBS).run_due()
    clock.forward(days=8, seconds=1)
    assert await home.write(answers.erase_old) == 1
    await home.write(partial(again.replay, given_up=True), ids.host(peer.url))
    await Runner(home, wiring.JOBS).run_due()
    (lane,) = await home.read(overview.lanes)
    assert (lane.waiting, lane.given_up) == (0, 1)
    assert "nicht mehr vorhanden" in lane.error
    assert len(peer.requests) == 1


async def test_an_update_that_a_newer_one_replaces_in_a_workers_hands_is_not_lost(
    home: Workshop, peer: Origin, clock: Clock
) -> None:
    owner, outcome = await home.write(_published, peer.at("/inbox"))
    await home.write(events.publish, owner, fest(name="Winterfest"))
    old = await home.read(_of_kind, "Update")
    await home.write(events.publish, owner, fest(name="Herbstfest"))
    job = Job(1, ids.host(peer.url), outcome.uri, "deliver", Delivery(old, peer.at("/inbox")).text(), 0, clock.now)
    await delivery.deliver(home, job)
    assert peer.requests == []


def _of_kind(work: Work, kind: str) -> str:
    return work.db.scalars(select(PublishedRow.uri).where(PublishedRow.kind == kind)).one()


async def test_memory_of_activities_is_bounded(
    home: Workshop, peer: Origin, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_REMEMBERED", 2)
    peer.answers["/inbox"] = Answer(status=202)
    owner, _ = await home.write(_published, peer.at("/inbox"))
    for number in range(4):
        await home.write(events.publish, owner, fest(f"fest-{number}"))
        await deliver(home, clock, owner, peer.at("/inbox"))
    assert len(delivery._letters[home]) == 2
