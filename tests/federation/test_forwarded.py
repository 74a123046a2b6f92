"""What somebody else brings: proved, asked for at its origin, or dropped; and then out of order, twice, too late."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import forwarded, inbox, outbox, peers, sources
from fediverse_ehrenamt.federation.forwarded import WAITING_LIMIT
from fediverse_ehrenamt.federation.model import ReceivedRow
from fediverse_ehrenamt.federation.proofs import ProofKeys
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import BadSignature, Malformed, Rejected, Unavailable
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab import codec, multikey, proofs
from fediverse_ehrenamt.vocab.keys import Multikey
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Accept,
    Activity,
    Actor,
    Announce,
    Block,
    Create,
    Delete,
    Flag,
    Follow,
    Join,
    Leave,
    Like,
    Move,
    Opportunity,
    OpportunityDetails,
    Reject,
    Tombstone,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin
from tests.workbench import ANNA, HOME, NOW, PEER, Clock, person

pytestmark = pytest.mark.anyio
RELAY = "https://relay.example/actor"
KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
THING = f"{PEER}/objects/1"


def multikey_of(actor: str, key: Ed25519PrivateKey = KEY) -> Multikey:
    public = multikey.encode(key.public_key().public_bytes_raw())
    return Multikey(id=f"{actor}#ed25519-key", controller=actor, multibase=public)


def offer(title: str = "Lesepatin gesucht", uri: str = THING, **changes: Any) -> Opportunity:
    values: dict[str, Any] = {
        "attributed_to": ANNA,
        "content": f"<p>{title}</p>",
        "published": NOW - timedelta(days=3),
        "updated": NOW - timedelta(days=2),
        "to": (PUBLIC,),
        "details": OpportunityDetails(title=title, kind="regelmaessig", areas=("kultur",)),
    }
    return Opportunity(id=uri, **values | changes)


def said(kind: type[Activity], thing: Any, number: int = 1, actor: str = ANNA) -> Activity:
    return kind(id=f"{ids.origin(actor)}/activities/{kind.__name__}-{number}", actor=actor, object=thing, to=(PUBLIC,))


def proved(activity: Activity, key: Ed25519PrivateKey = KEY) -> bytes:
    return proofs.write(activity, f"{activity.actor}#ed25519-key", key, NOW)


def follow(work: Work, uri: str = ANNA) -> None:
    """Follow a source whose proving key is known."""
    workbench.add_source(work, uri)
    peers.remember(work, person(uri, assertion_methods=(multikey_of(uri),)))


async def bring(home: Workshop, body: bytes, by: str = RELAY) -> Arrival | None:
    """Bring a body as the door does, after its HTTP signature was found good."""
    activity = codec.parse_outline(body).activity
    assert activity is not None
    return await forwarded.vouched(home, ProofKeys(home), Signed(by, body, "cavage"), activity)


async def take(home: Workshop, activity: Activity, by: str = RELAY) -> str:
    """Bring a proved activity and handle it; return what became of it, "" where it got no further than the door."""
    arrival = await bring(home, proved(activity), by)
    if arrival is None:
        return ""
    await home.write(inbox.store, [arrival])
    await home.write(inbox.process, wiring.HANDLERS)
    return (await home.read(workbench.verdicts))[-1]


def titles(work: Work) -> list[str]:
    things = (codec.parse_object(row.body) for row in work.db.scalars(select(ThingRow).order_by(ThingRow.uri)))
    return [thing.details.title for thing in things if isinstance(thing, Opportunity)]


def questions(work: Work) -> list[list[str]]:
    rows = work.db.scalars(select(JobRow).where(JobRow.name == forwarded.ASK).order_by(JobRow.id))
    return [orjson.loads(row.argument) for row in rows]


# --- proved -----------------------------------------------------------------------------------------------------------
async def test_a_proved_activity_is_its_actors_whoever_brings_it(instance: Instance) -> None:
    home = instance.workshop
    await home.write(follow)
    assert await take(home, said(Create, offer())) == "handled"
    assert await home.read(titles) == ["Lesepatin gesucht"]
    row = await home.read(lambda work: work.db.scalars(select(ReceivedRow)).one())
    assert (row.actor, row.how) == (ANNA, "proof")
    assert await home.read(questions) == []


async def test_it_counts_once_however_often_and_by_whom_it_comes(instance: Instance) -> None:
    home = instance.workshop
    await home.write(follow)
    for by in (RELAY, ANNA, RELAY, "https://another.example/relay"):
        await take(home, said(Create, offer()), by)
    assert await home.read(workbench.verdicts) == ["handled"]
    assert await home.read(titles) == ["Lesepatin gesucht"]


async def test_an_older_state_that_is_brought_later_changes_nothing(instance: Instance) -> None:
    home = instance.workshop
    await home.write(follow)
    newer, older = offer("Neu", updated=NOW - timedelta(hours=1)), offer("Alt", updated=NOW - timedelta(hours=2))
    await take(home, said(Update, newer, 2))
    assert await home.read(titles) == ["Neu"]
    for activity in (said(Create, offer("Uralt")), said(Update, older, 1), said(Create, newer, 3)):
        assert await take(home, activity) == "handled"
        assert await home.read(titles) == ["Neu"]


async def test_a_tombstone_stays_whatever_is_brought_after_it(instance: Instance) -> None:
    home = instance.workshop
    await home.write(follow)
    await take(home, said(Create, offer()))
    assert await take(home, said(Delete, Tombstone(id=THING))) == "handled"
    for activity in (
        said(Create, offer(), 2),
        said(Update, offer(updated=NOW), 2),
        said(Update, offer(updated=NOW), 3),
    ):
        await take(home, activity)
    assert await home.read(titles) == []
    assert await home.read(outbox.is_buried, THING)


async def test_a_deletion_before_its_creation(instance: Instance) -> None:
    home = instance.workshop
    await home.write(follow)
    assert await take(home, said(Delete, THING)) == "handled"
    await take(home, said(Create, offer()))
    assert await home.read(titles) == []


async def test_a_proof_gives_no_right_to_what_is_anothers(home: Workshop) -> None:
    """Beside the proof the rules of origin hold as ever."""
    await home.write(follow)
    theirs = "https://other.example/objects/1"
    assert "asking the origin" in await take(home, said(Create, offer(uri=theirs)))
    before = await home.read(workbench.verdicts)
    await take(home, said(Delete, theirs))
    await take(home, replace_id(said(Create, offer(), 9), "https://other.example/activities/9"))
    assert await home.read(workbench.verdicts) == before
    assert await home.read(titles) == []


def replace_id(activity: Activity, uri: str) -> Activity:
    return replace(activity, id=uri)


async def test_what_was_added_after_the_proof_is_left_out(home: Workshop) -> None:
    await home.write(follow)
    body = orjson.loads(proved(said(Create, offer())))
    more = {**body, "signature": {"type": "RsaSignature2017", "creator": RELAY, "signatureValue": "x"}}
    arrival = await bring(home, orjson.dumps(more))
    assert arrival is not None
    assert orjson.loads(arrival.signed.body) == body
    assert arrival.activity == codec.parse_activity(orjson.dumps(body))


async def test_a_wrong_proof_is_refused(home: Workshop, peer: Origin) -> None:
    anna = peer.actor(assertion_methods=(multikey_of(peer.at("/users/anna")),))
    await home.write(follow, anna.id)
    thing = offer(uri=peer.at("/1"), attributed_to=anna.id)
    body = proved(said(Create, thing, actor=anna.id))
    with pytest.raises(BadSignature, match="does not match"):
        await bring(home, body.replace(b"Lesepatin", b"Kassiererin"))
    with pytest.raises(BadSignature, match="does not match"):
        await bring(home, proved(said(Create, thing, actor=anna.id), OTHER))
    stolen = orjson.loads(proved(said(Create, thing, actor=anna.id)))
    for method in (f"{anna.id}#another", "https://evil.example/users/eve#key", f"{PEER}/users/anna#ed25519-key"):
        stolen["proof"]["verificationMethod"] = method
        with pytest.raises(BadSignature):
            await bring(home, orjson.dumps(stolen))
    assert await home.read(questions) == []
    assert await bring(home, body) is not None


async def test_somebody_else_signs_with_a_good_key_of_his_own(home: Workshop, peer: Origin) -> None:
    """Eve's proof of what Anna is said to have written."""
    await home.write(follow)
    eve = peer.actor("/users/eve", assertion_methods=(multikey_of(peer.at("/users/eve"), OTHER),))
    body = proofs.write(said(Create, offer()), f"{eve.id}#ed25519-key", OTHER, NOW)
    with pytest.raises(BadSignature, match="another origin"):
        await bring(home, body, eve.id)
    assert peer.requests == []


async def test_a_key_that_was_given_up_no_longer_proves(home: Workshop, peer: Origin, clock: Clock) -> None:
    uri = peer.at("/users/anna")
    peer.actor(assertion_methods=(multikey_of(uri),))
    await home.write(follow, uri)
    body = proved(said(Create, offer(uri=peer.at("/1"), attributed_to=uri), actor=uri))
    assert await bring(home, body) is not None
    peer.actor(assertion_methods=(multikey_of(uri, OTHER),))
    clock.forward(days=1, seconds=1)
    with pytest.raises(BadSignature, match="does not match"):
        await bring(home, body)
    peer.actor()
    clock.forward(days=1, seconds=1)
    with pytest.raises(BadSignature, match="does not name"):
        await bring(home, body)


# --- proved, but not enough -------------------------------------------------------------------------------------------
async def test_an_update_that_says_no_time_is_asked_for(home: Workshop) -> None:
    """Nothing tells it from an older state that is brought again."""
    await home.write(follow)
    assert await take(home, said(Update, offer(updated=None))) == ""
    assert await home.read(questions) == [[THING, ANNA]]


async def test_an_actor_that_changed_is_asked_itself(home: Workshop, peer: Origin) -> None:
    """An Update of an actor, brought again, would bring back keys that were given up."""
    uri = peer.at("/users/anna")
    await home.write(follow, uri)
    old = peer.actor(name="Anna Alt", assertion_methods=(multikey_of(uri, OTHER),))
    body = proved(said(Update, old, actor=uri))
    peer.actor(name="Anna Neu", assertion_methods=(multikey_of(uri),))
    assert await bring(home, body) is None
    assert await home.read(questions) == [[uri, uri]]
    await forwarded.ask_origin(home, wiring.HANDLERS, uri, uri)
    row = await home.read(peers.find, uri)
    assert row is not None
    assert row.name == "Anna Neu"


NOT_PASSED_ON = [
    said(Follow, f"{HOME}/ap/actor/relay"),
    said(Accept, f"{HOME}/ap/activity/1"),
    said(Reject, f"{HOME}/ap/activity/1"),
    said(Undo, Follow(id=f"{PEER}/f/1", actor=ANNA, object=f"{HOME}/ap/actor/relay")),
    said(Undo, f"{PEER}/f/1"),
    said(Like, f"{HOME}/ap/object/1"),
    said(Join, f"{HOME}/ap/object/1"),
    said(Leave, f"{HOME}/ap/object/1"),
    said(Block, f"{HOME}/ap/actor/relay"),
    said(Move, ANNA),
    said(Flag, f"{HOME}/ap/object/1"),
]


@pytest.mark.parametrize("activity", NOT_PASSED_ON, ids=lambda one: type(one).__name__)
async def test_what_goes_from_one_to_one_is_not_believed_from_a_third(home: Workshop, activity: Activity) -> None:
    """Brought again later, an old Undo or Accept would turn back what came since."""
    await home.write(follow)
    assert await bring(home, proved(activity)) is None
    assert await home.read(questions) == []


async def test_an_announcement_is_its_announcers_with_a_proof_only(home: Workshop) -> None:
    await home.write(follow)
    announced = said(Announce, "https://other.example/objects/1")
    assert await bring(home, codec.write(announced)) is None
    assert await home.read(questions) == []
    assert "asking the origin" in await take(home, announced)


@pytest.mark.parametrize("kind", [Create, Update, Delete, Announce])
async def test_what_nobody_asked_for_costs_nothing(home: Workshop, peer: Origin, kind: type[Activity]) -> None:
    """Anybody can bring something, of anybody: for strangers no key is asked for, proved or not."""
    uri = peer.at("/users/anna")
    thing = THING if kind in {Delete, Announce} else offer(uri=peer.at("/1"), attributed_to=uri)
    for body in (proved(said(kind, thing, actor=uri)), codec.write(said(kind, thing, actor=uri))):
        assert await bring(home, body) is None
    assert peer.requests == []
    assert await home.read(questions) == []


# --- without a proof --------------------------------------------------------------------------------------------------
def published(peer: Origin, title: str = "Wie es wirklich ist", **changes: Any) -> Opportunity:
    made = offer(title, uri=peer.at("/1"), **{"attributed_to": peer.at("/users/anna")} | changes)
    peer.serve("/1", made)
    return made


async def asked(home: Workshop) -> list[str]:
    """Ask what waits to be asked, and return the titles that are held then."""
    for uri, actor in await home.read(questions):
        await forwarded.ask_origin(home, wiring.HANDLERS, uri, actor)
    return await home.read(titles)


@pytest.fixture
async def anna(home: Workshop, peer: Origin) -> Actor:
    """A source at a real server."""
    made = peer.actor(assertion_methods=(multikey_of(peer.at("/users/anna")),))
    await home.write(follow, made.id)
    return made


@pytest.mark.parametrize("kind", [Create, Update])
@pytest.mark.parametrize("suite", ["", "eddsa-rdfc-2022"])
async def test_the_object_is_asked_for_at_its_origin(
    home: Workshop, peer: Origin, anna: Actor, kind: type[Activity], suite: str
) -> None:
    thing = published(peer)
    body = orjson.loads(codec.write(said(kind, replace(thing, name="Wie es gefälscht ist"), actor=anna.id)))
    if suite:
        body["proof"] = {"type": "DataIntegrityProof", "cryptosuite": suite, "proofValue": "z1"}
    assert await bring(home, orjson.dumps(body)) is None
    assert await home.read(questions) == [[thing.id, anna.id]]
    assert await asked(home) == ["Wie es wirklich ist"]


async def test_its_keys_are_not_to_be_had_now(home: Workshop, peer: Origin, anna: Actor, clock: Clock) -> None:
    thing = published(peer)
    clock.forward(days=2)
    peer.answers["/users/anna"] = Answer(status=503)
    assert await bring(home, proved(said(Create, thing, actor=anna.id))) is None
    assert await asked(home) == ["Wie es wirklich ist"]


async def test_a_changed_object_without_a_time_is_taken_from_its_origin(
    home: Workshop, peer: Origin, anna: Actor
) -> None:
    await take(home, said(Create, published(peer, "Alt", updated=None), actor=anna.id))
    published(peer, "Neu", updated=None)
    assert await bring(home, codec.write(said(Update, peer.at("/1"), actor=anna.id))) is None
    assert await asked(home) == ["Neu"]


async def test_an_object_that_is_another_authors_is_not_taken(home: Workshop, peer: Origin, anna: Actor) -> None:
    """A forwarder cannot make us index somebody whom we don't follow, at a server where we follow somebody."""
    published(peer, attributed_to=peer.at("/users/berta"))
    peer.actor("/users/berta")
    await bring(home, codec.write(said(Create, peer.at("/1"), actor=anna.id)))
    assert await asked(home) == []


@pytest.mark.parametrize("uri", ["https://other.example/1", f"{HOME}/ap/object/1"])
async def test_an_object_of_elsewhere_is_not_asked_for(home: Workshop, anna: Actor, uri: str) -> None:
    for kind in (Create, Update, Delete):
        assert await bring(home, codec.write(said(kind, uri, actor=anna.id))) is None
    assert await home.read(questions) == []


Expected = tuple[list[str], bool, list[str]]
ENDS: dict[str, tuple[Answer | None, Expected]] = {
    "gone": (Answer(status=410), ([], True, [])),
    "a tombstone": (Answer(b'{"id":"%s","type":"Tombstone"}'), ([], True, [])),
    "not found, for now": (Answer(status=404), (["Lesepatin gesucht"], False, ["Wieder da"])),
    "still there": (None, (["Lesepatin gesucht"], False, ["Wieder da"])),
    "not for us": (Answer(status=403), (["Lesepatin gesucht"], False, ["Wieder da"])),
}


@pytest.mark.parametrize(("answer", "expected"), ENDS.values(), ids=ENDS)
async def test_a_deletion_is_believed_as_far_as_the_origin_says_so(
    home: Workshop, peer: Origin, anna: Actor, answer: Answer | None, expected: Expected
) -> None:
    """410 buries for ever; of a 404 the origin is asked again later (`test_absence`)."""
    held, buried, later = expected
    thing = published(peer, "Lesepatin gesucht")
    await take(home, said(Create, thing, actor=anna.id))
    if answer is not None:
        peer.answers["/1"] = replace(answer, body=answer.body.replace(b"%s", thing.id.encode()))
    assert await bring(home, codec.write(said(Delete, thing.id, actor=anna.id))) is None
    with contextlib.suppress(Rejected):  # 403: the job is given up
        await asked(home)
    assert await home.read(titles) == held
    assert await home.read(outbox.is_buried, thing.id) is buried
    again = offer("Wieder da", uri=thing.id, attributed_to=anna.id, updated=NOW + timedelta(minutes=1))
    await take(home, said(Update, again, 2, actor=anna.id))
    assert await home.read(titles) == later


@pytest.mark.parametrize(("status", "left"), [(410, []), (404, ["Lesepatin gesucht"]), (200, ["Lesepatin gesucht"])])
async def test_the_end_of_an_actor_is_believed_of_its_own_server_only(
    home: Workshop, peer: Origin, anna: Actor, status: int, left: list[str]
) -> None:
    await take(home, said(Create, published(peer, "Lesepatin gesucht"), actor=anna.id))
    if status != 200:
        peer.answers["/users/anna"] = Answer(status=status)
    assert await bring(home, codec.write(said(Delete, anna.id, actor=anna.id))) is None
    assert await asked(home) == left
    forgotten = await home.read(peers.find, anna.id) is None
    assert forgotten == (status == 410)


async def test_an_actor_that_is_gone_can_prove_nothing_and_is_asked_for(
    home: Workshop, peer: Origin, anna: Actor, clock: Clock
) -> None:
    """The keys go with the document: what its last Delete proves by has gone before it."""
    await take(home, said(Create, published(peer, "Lesepatin gesucht"), actor=anna.id))
    clock.forward(days=2)
    peer.answers["/users/anna"] = Answer(status=410)
    assert await bring(home, proved(said(Delete, anna.id, actor=anna.id))) is None
    assert await asked(home) == []
    assert await home.read(peers.find, anna.id) is None


async def test_strangers_cannot_make_us_ask_without_end(home: Workshop, peer: Origin, anna: Actor) -> None:
    for _ in range(3):
        await bring(home, codec.write(said(Create, peer.at("/1"), actor=anna.id)))
    assert await home.read(questions) == [[peer.at("/1"), anna.id]]
    for number in range(WAITING_LIMIT + 20):
        await bring(home, codec.write(said(Create, peer.at(f"/{number}"), actor=anna.id)))
    assert len(await home.read(questions)) == WAITING_LIMIT


async def test_the_job_asks_what_was_asked(home: Workshop, peer: Origin, anna: Actor) -> None:
    thing = published(peer)
    await bring(home, codec.write(said(Create, thing.id, actor=anna.id)))
    row = await home.read(lambda work: work.db.scalars(select(JobRow).where(JobRow.name == forwarded.ASK)).one())
    assert (row.host, row.key) == (ids.host(thing.id), thing.id)
    job = Job(row.id, row.host, row.key, row.name, row.argument, row.tries, row.created_at)
    await wiring.JOBS[row.name](home, job)
    assert await home.read(titles) == ["Wie es wirklich ist"]


async def test_a_private_object_and_what_is_no_thing_are_left_alone(home: Workshop, peer: Origin, anna: Actor) -> None:
    published(peer, to=(anna.id,))
    await forwarded.ask_origin(home, wiring.HANDLERS, peer.at("/1"), anna.id)
    peer.serve("/1", said(Create, offer(uri=peer.at("/2"), attributed_to=anna.id), actor=anna.id))
    await forwarded.ask_origin(home, wiring.HANDLERS, peer.at("/1"), anna.id)
    assert await home.read(titles) == []


@pytest.mark.parametrize(
    ("answer", "buried"),
    [(Answer(status=404), False), (Answer(status=410), True), (Answer(b'{"id":"%s","type":"Tombstone"}'), True)],
    ids=["404", "410", "a tombstone"],
)
async def test_what_was_announced_ends_in_the_same_ways(
    home: Workshop, peer: Origin, anna: Actor, answer: Answer, buried: bool
) -> None:
    thing = published(peer, "Lesepatin gesucht")
    await take(home, said(Create, thing, actor=anna.id))
    peer.answers["/1"] = replace(answer, body=answer.body.replace(b"%s", thing.id.encode()))
    await sources.obtain(home, wiring.HANDLERS, thing.id, again=True)
    assert await home.read(titles) == []
    assert await home.read(outbox.is_buried, thing.id) is buried
    published(peer, "Wieder da")
    await sources.obtain(home, wiring.HANDLERS, thing.id)
    assert await home.read(titles) == ([] if buried else ["Wieder da"])


# --- beside an HTTP signature of the same actor -----------------------------------------------------------------------
async def test_its_own_http_signature_is_enough(home: Workshop) -> None:
    body = codec.write(said(Create, offer()))
    arrival = await bring(home, body, ANNA)
    assert arrival is not None
    assert arrival.signed == Signed(ANNA, body, "cavage")


async def test_a_proof_beside_it_is_checked_where_its_key_is_known(home: Workshop, peer: Origin, anna: Actor) -> None:
    activity = said(Create, offer(uri=peer.at("/1"), attributed_to=anna.id), actor=anna.id)
    arrival = await bring(home, proved(activity), anna.id)
    assert arrival is not None
    assert arrival.signed.how == "cavage"
    assert peer.requests == []
    with pytest.raises(BadSignature, match="does not match"):
        await bring(home, proved(activity, OTHER), anna.id)
    stranger = said(Create, offer())  # nothing is known of this one's keys, and nobody is asked
    assert await bring(home, proved(stranger), ANNA) is not None


async def test_a_proof_that_does_not_fit_while_its_actor_is_away(home: Workshop, peer: Origin, anna: Actor) -> None:
    peer.answers["/users/anna"] = Answer(status=500)
    activity = said(Create, offer(uri=peer.at("/1"), attributed_to=anna.id), actor=anna.id)
    with pytest.raises(Unavailable):
        await bring(home, proved(activity, OTHER), anna.id)


# --- bodies that say two things ---------------------------------------------------------------------------------------
SMUGGLED: dict[str, dict[str, Any]] = {
    "@graph": {"@graph": [{"type": "Create"}]},
    "@included": {"@included": [{"type": "Create"}]},
    "@reverse": {"@reverse": {"object": {"id": THING}}},
    "@reverse by another name": {"@context": [{"about": {"@reverse": "https://www.w3.org/ns/activitystreams#object"}}]},
    "another actor": {"@context": [{"actor": "https://evil.example#actor"}]},
    "another proof": {"@context": [{"proof": "https://evil.example#proof"}]},
}


@pytest.mark.parametrize("more", SMUGGLED.values(), ids=SMUGGLED)
@pytest.mark.parametrize("inside", [False, True])
async def test_a_proof_does_not_excuse_a_body_that_says_two_things(
    home: Workshop, more: dict[str, Any], inside: bool
) -> None:
    await home.write(follow)
    made = orjson.loads(codec.write(said(Create, offer())))
    if inside:
        made["object"] |= more
    else:
        made |= {"@context": [made["@context"][0], *more["@context"]]} if "@context" in more else more
    body = orjson.dumps(proofs.prove(made, f"{ANNA}#ed25519-key", KEY, NOW))
    with pytest.raises(Malformed):
        codec.parse_outline(body)
    with pytest.raises(Malformed):
        codec.parse_activity(body)


async def test_aliased_terms_are_read_in_full_before_they_are_believed(home: Workshop) -> None:
    await home.write(follow)
    made = orjson.loads(codec.write(said(Create, offer())))
    made["as:content"] = made["object"].pop("content")
    body = orjson.dumps(proofs.prove(made, f"{ANNA}#ed25519-key", KEY, NOW))
    activity = await asyncio.to_thread(codec.parse_activity, body)
    arrival = await forwarded.vouched(home, ProofKeys(home), Signed(RELAY, body, "cavage"), activity)
    assert arrival is not None
    assert arrival.activity == activity
