"""Attacks that need a key server or a whole inbox: whose key it is, where it lies, and the same request once more.

Each in both schemes, since what is asked of a key does not depend on how something was signed with it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from fediverse_ehrenamt import setup, wiring
from fediverse_ehrenamt.federation import cavage, door, inbox, peers, rfc9421, signatures
from fediverse_ehrenamt.federation.keyring import Keyring
from fediverse_ehrenamt.federation.model import ReceivedRow
from fediverse_ehrenamt.federation.signatures import Request, Signed, SigningKey
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import BadSignature
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Origin, key_document
from tests.workbench import HOME, PEM, RSA, Clock, creation, note

pytestmark = pytest.mark.anyio
PATH = "/users/anna"
BODY = b'{"type":"Create"}'
Sign = Callable[[str, str, bytes, Clock], Request]


def _request(headers: Mapping[str, str], url: str, body: bytes) -> Request:
    raw = tuple((name.encode(), value.encode()) for name, value in headers.items())
    return Request("POST", "/" + url.split("/", 3)[3], raw, body, HOME)


def by_cavage(key_id: str, url: str, body: bytes, clock: Clock) -> Request:
    return _request(cavage.sign(SigningKey(key_id, RSA), "POST", url, body, clock.now), url, body)


def by_rfc9421(key_id: str, url: str, body: bytes, clock: Clock) -> Request:
    return _request(rfc9421.sign(SigningKey(key_id, RSA), "POST", url, body, clock.now, fields={}), url, body)


@pytest.fixture(params=[by_cavage, by_rfc9421], ids=["cavage", "rfc9421"])
def sign(request: pytest.FixtureRequest) -> Sign:
    made: Sign = request.param
    return made


async def verify(home: Workshop, request: Request, clock: Clock) -> Signed:
    return await signatures.verify(request, Keyring(home), clock.now)


async def refused(home: Workshop, request: Request, clock: Clock) -> str:
    with pytest.raises(BadSignature) as caught:
        await verify(home, request, clock)
    assert caught.value.status == 401
    return caught.value.public


async def test_without_an_attack_it_is_accepted(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    anna = peer.actor()
    request = sign(f"{anna.id}#main-key", f"{HOME}/inbox", BODY, clock)
    assert (await verify(home, request, clock)).actor == anna.id


async def test_key_of_another_actor(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    """Eve signs with her own key under Anna's name, and Anna's document names another key."""
    peer.actor(keys=(PublicKey(id=peer.at(f"{PATH}#main-key"), owner=peer.at(PATH), pem=signatures.make_rsa()[1]),))
    reason = await refused(home, sign(peer.at(f"{PATH}#main-key"), f"{HOME}/inbox", BODY, clock), clock)
    assert "does not match" in reason


async def test_key_that_names_another_as_its_owner(
    home: Workshop, peer: Origin, other: Origin, clock: Clock, sign: Sign
) -> None:
    victim = other.actor(keys=())
    peer.serve("/key", key_document(peer.at("/key"), victim.id))
    assert "of another origin" in await refused(home, sign(peer.at("/key"), f"{HOME}/inbox", BODY, clock), clock)


async def test_key_of_the_same_server_that_its_owner_does_not_name(
    home: Workshop, peer: Origin, clock: Clock, sign: Sign
) -> None:
    peer.actor(keys=())
    peer.serve("/uploads/key", key_document(peer.at("/uploads/key"), peer.at(PATH)))
    reason = await refused(home, sign(peer.at("/uploads/key"), f"{HOME}/inbox", BODY, clock), clock)
    assert "does not name" in reason


async def test_redirecting_key_id(home: Workshop, peer: Origin, other: Origin, clock: Clock, sign: Sign) -> None:
    """An open redirect of a good server must not let another speak for it."""
    other.serve("/evil", replace(other.actor(), id=peer.at(PATH)))
    key_id = peer.move("/go", other.at("/evil")) + "#main-key"
    assert "of another origin" in await refused(home, sign(key_id, f"{HOME}/inbox", BODY, clock), clock)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[fd00::1]", "100.64.0.1"])
async def test_key_on_a_private_address(home: Workshop, clock: Clock, sign: Sign, address: str) -> None:
    request = sign(f"https://{address}/users/anna#main-key", f"{HOME}/inbox", BODY, clock)
    assert "must not be fetched" in await refused(home, request, clock)


async def test_key_that_redirects_to_a_private_address(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    key_id = peer.move(PATH, "http://10.0.0.1/users/anna") + "#main-key"
    reason = await refused(home, sign(key_id, f"{HOME}/inbox", BODY, clock), clock)
    assert "address that is not allowed" in reason


async def test_key_on_our_own_loopback(town_without_loopback: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    peer.actor()
    for key_id in (peer.at(f"{PATH}#main-key"), peer.at(PATH).replace("http://", "https://")):
        await refused(town_without_loopback, sign(key_id, f"{HOME}/inbox", BODY, clock), clock)
    assert peer.requests == []


@pytest.fixture
async def town_without_loopback(home: Workshop, clock: Clock, tmp_path: Path) -> AsyncIterator[Workshop]:
    """The same instance as operators run it: nothing private may be spoken to."""
    made = workbench.settings(home.settings.database_url, tmp_path, ALLOWED_NETWORKS="")
    opened = workbench.open_workshop(made, clock)
    yield opened
    await opened.close()


# --- the same request once more ---------------------------------------------------------------------------------------
async def send(home: Workshop, request: Request) -> int:
    """Hand a request to the inbox as the server would, byte for byte; return the status of the answer."""
    sent: list[Mapping[str, Any]] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": request.target,
        "raw_path": request.target.encode(),
        "query_string": b"",
        "headers": list(request.headers),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def answer(message: Mapping[str, Any]) -> None:
        sent.append(message)

    await door.Inbox(home, Keyring(home))(scope, receive, answer)
    status: int = sent[0]["status"]
    return status


def _received(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(ReceivedRow)) or 0


async def captured(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> Request:
    """A request as it was taken off the wire: a Create of a source, well signed."""
    anna = peer.actor()
    await home.write(workbench.add_source, anna.id)
    await home.write(peers.remember, anna)
    thing = note(peer.at("/notes/1"), attributed_to=anna.id, url=peer.at("/notes/1"))
    body = codec.write(creation(thing, peer.at("/activities/1"), anna.id))
    return sign(f"{anna.id}#main-key", f"{HOME}/inbox", body, clock)


async def test_replay_changes_nothing(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    request = await captured(home, peer, clock, sign)
    assert await send(home, request) == 202
    assert await home.read(_received) == 1
    await home.write(inbox.process, wiring.HANDLERS)
    before = await home.read(things.get, peer.at("/notes/1"))
    clock.forward(hours=2)
    assert await asyncio.gather(*(send(home, request) for _ in range(5))) == [202] * 5
    assert await home.read(_received) == 1
    assert await home.write(inbox.process, wiring.HANDLERS) == 0
    assert await home.read(things.get, peer.at("/notes/1")) == before


async def test_replay_after_half_a_day_is_refused(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    request = await captured(home, peer, clock, sign)
    clock.forward(hours=12, seconds=1)
    assert await send(home, request) == 401


async def test_replay_to_another_instance_is_refused(
    flensburg: Workshop, peer: Origin, clock: Clock, sign: Sign
) -> None:
    """The instance believes its settings, not the Host header that came along."""
    request = await captured(flensburg, peer, clock, sign)
    assert await send(flensburg, request) == 401
    renamed = tuple((name, b"flensburg.example" if name == b"host" else value) for name, value in request.headers)
    assert await send(flensburg, replace(request, headers=renamed)) == 401
    assert await flensburg.read(_received) == 0


@pytest.fixture
async def flensburg(tmp_path: Path, clock: Clock) -> AsyncIterator[Workshop]:
    """Another instance, to which nothing of these tests is addressed."""
    made = workbench.settings(f"sqlite:///{tmp_path}/f.sqlite", tmp_path / "f", URL="http://flensburg.example")
    opened = workbench.open_workshop(made, clock)
    index = Index(tmp_path / "f" / "index")
    setup.create(Instance(opened, index, Feed(index)), "Ehrenamt Flensburg", "", None)
    yield opened
    await opened.close()


async def test_replay_to_another_inbox_is_refused(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    request = await captured(home, peer, clock, sign)
    assert await send(home, replace(request, target="/ap/actor/relay/inbox")) == 401
    assert await home.read(_received) == 0


async def test_replay_with_another_body_is_refused(home: Workshop, peer: Origin, clock: Clock, sign: Sign) -> None:
    request = await captured(home, peer, clock, sign)
    assert await send(home, replace(request, body=request.body.replace(b"Helfer", b"Opfer!"))) == 401
    assert await home.read(_received) == 0


def test_the_key_of_these_tests_is_the_one_that_actors_show() -> None:
    assert signatures.load_public(PEM) == RSA.public_key()
