"""What somebody else brings, at the door: signatures and keys are real, only the servers of others are played."""

from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from fediverse_ehrenamt.federation import forwarded
from fediverse_ehrenamt.federation.cavage import SigningKey, sign
from fediverse_ehrenamt.federation.door import Inbox
from fediverse_ehrenamt.federation.keyring import Keyring
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.vocab import codec, multikey, proofs
from fediverse_ehrenamt.vocab.keys import Multikey
from fediverse_ehrenamt.vocab.types import Activity, Create, Delete
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Origin
from tests.workbench import HOME, RSA, note

pytestmark = pytest.mark.anyio
KEY = Ed25519PrivateKey.generate()
SOURCE, RELAY = "/users/anna", "/relay"


async def post(home: Workshop, body: bytes, by: str) -> tuple[int, str]:
    """Post a body, signed by an actor; return the status and the reason."""
    headers = sign(SigningKey(f"{by}#main-key", RSA), "POST", f"{HOME}/inbox", body, home.now())
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/inbox", "query_string": b"", "headers": fields}
    await Inbox(home, Keyring(home))(scope, receive, send)
    said = sent[1]["body"]
    return sent[0]["status"], str(orjson.loads(said)["error"]) if said else ""


def follow(work: Work, uri: str) -> None:
    workbench.add_source(work, uri)


def questions(work: Work) -> list[list[str]]:
    return [orjson.loads(row) for row in work.db.scalars(select(JobRow.argument).where(JobRow.name == forwarded.ASK))]


@pytest.fixture
async def create(home: Workshop, peer: Origin) -> Activity:
    """Something that a source wrote."""
    uri = peer.at(SOURCE)
    public = multikey.encode(KEY.public_key().public_bytes_raw())
    peer.actor(SOURCE, assertion_methods=(Multikey(id=f"{uri}#ed25519-key", controller=uri, multibase=public),))
    await home.write(follow, uri)
    return Create(id=peer.at("/a/1"), actor=uri, object=note(peer.at("/1"), attributed_to=uri))


def proved(activity: Activity, home: Workshop) -> bytes:
    return proofs.write(activity, f"{activity.actor}#ed25519-key", KEY, home.now())


async def test_with_its_actors_proof_it_is_stored(home: Workshop, other: Origin, create: Activity) -> None:
    relay = other.actor(RELAY).id
    assert await post(home, proved(create, home), relay) == (202, "")
    assert await home.read(workbench.verdicts) == [""]
    assert await home.read(questions) == []


async def test_without_one_its_origin_is_asked(home: Workshop, other: Origin, create: Activity) -> None:
    relay = other.actor(RELAY).id
    assert await post(home, codec.write(create), relay) == (202, "")
    assert await home.read(workbench.verdicts) == []
    assert await home.read(questions) == [[create.object_id, create.actor]]


@pytest.mark.parametrize("by_its_actor", [False, True])
async def test_a_wrong_proof_is_refused(home: Workshop, other: Origin, create: Activity, by_its_actor: bool) -> None:
    """Beside its actor's own signature only once the actor's keys are known, as they are after this first one."""
    relay = other.actor(RELAY).id
    assert await post(home, proved(create, home), relay) == (202, "")
    body = proved(create, home).replace(b"Helfer:innen", b"Niemand")
    status, reason = await post(home, body, create.actor if by_its_actor else relay)
    assert (status, reason) == (401, "the proof does not match the activity and the key")


@pytest.mark.parametrize("smuggler", ["@graph", "@included", "@reverse"])
async def test_bodies_that_say_two_things_are_refused_before_any_request(
    home: Workshop, other: Origin, create: Activity, smuggler: str
) -> None:
    document = orjson.loads(codec.write(create)) | {smuggler: [{"type": "Create"}]}
    body = orjson.dumps(proofs.prove(document, f"{create.actor}#ed25519-key", KEY, home.now()))
    assert (await post(home, body, other.at(RELAY)))[0] == 400
    assert other.requests == []


async def test_the_end_of_somebody_unknown_costs_no_request(home: Workshop, peer: Origin, other: Origin) -> None:
    gone = peer.at("/users/gone")
    body = proved(Delete(id=f"{gone}#delete", actor=gone, object=gone), home)
    assert await post(home, body, other.at(RELAY)) == (202, "")
    assert (peer.requests, other.requests) == ([], [])
