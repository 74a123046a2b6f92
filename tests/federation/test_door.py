"""The inbox as peers meet it, byte by byte: size, JSON, worth a key, signature, wanted, stored."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import door, inbox, peers
from fediverse_ehrenamt.federation.cavage import SigningKey, sign
from fediverse_ehrenamt.federation.door import BODY_LIMIT, Inbox
from fediverse_ehrenamt.federation.keyring import STALE_AFTER, Keyring
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.vocab.types import Activity, Create, Delete, Follow, Like, OtherActivity, Update
from fediverse_ehrenamt.work import Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin, key_document
from tests.federation.signing import OTHER_RSA
from tests.workbench import ANNA, HOME, PEM, RSA, Clock, creation, note, written

pytestmark = pytest.mark.anyio


@dataclass
class Call:
    """One ASGI call of the inbox, its body in the given parts."""

    parts: list[bytes]
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    method: str = "POST"
    query: bytes = b""
    breaks_off: bool = False
    raw: bool = True
    sent: list[MutableMapping[str, Any]] = field(default_factory=list)

    async def receive(self) -> MutableMapping[str, Any]:
        if self.parts:
            part = self.parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(self.parts) or self.breaks_off}
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(message)

    async def answer(self, home: Workshop) -> int:
        scope = {"type": "http", "method": self.method, "path": "/inbox", "query_string": self.query}
        if self.raw:
            scope["raw_path"] = b"/inbox"
        await Inbox(home, Keyring(home))(scope | {"headers": self.headers}, self.receive, self.send)
        status: int = self.sent[0]["status"]
        return status

    @property
    def reason(self) -> str:
        body = self.sent[1]["body"]
        return str(orjson.loads(body)["error"]) if body else ""


def signed(
    home: Workshop,
    activity: Activity,
    actor: str = "",
    target: str = "/inbox",
    *,
    key: rsa.RSAPrivateKey = RSA,
    key_id: str = "",
) -> Call:
    body = written(activity)
    signing = SigningKey(key_id or f"{actor or activity.actor}#main-key", key)
    headers = sign(signing, "POST", f"{HOME}{target}", body, home.now())
    return Call([body], [(name.encode(), value.encode()) for name, value in headers.items()])


async def test_a_wanted_activity_is_stored_before_it_is_accepted(home: Workshop) -> None:
    await home.write(workbench.add_source)
    call = signed(home, creation())
    assert await call.answer(home) == 202
    assert await home.read(workbench.verdicts) == [""]
    assert call.sent[1]["body"] == b""
    assert dict(call.sent[0]["headers"])[b"content-length"] == b"0"


async def test_it_may_come_in_parts_and_with_a_query(home: Workshop) -> None:
    await home.write(workbench.add_source)
    call = signed(home, creation(), target="/inbox?x=1")
    (body,) = call.parts
    call.parts, call.query, call.raw = [body[:10], b"", body[10:]], b"x=1", False
    assert await call.answer(home) == 202
    assert await home.read(workbench.verdicts) == [""]


async def test_a_strangers_post_is_accepted_and_dropped(home: Workshop, peer: Origin) -> None:
    anna = peer.actor()
    thing = note(peer.at("/1"), attributed_to=anna.id)
    assert await signed(home, Create(id=peer.at("/a"), actor=anna.id, object=thing)).answer(home) == 202
    assert await home.read(workbench.verdicts) == []


async def test_the_end_and_the_changes_of_somebody_unknown_cost_no_request(home: Workshop, peer: Origin) -> None:
    gone = peer.at("/users/gone")
    assert await signed(home, Delete(id=f"{gone}#delete", actor=gone, object=gone)).answer(home) == 202
    assert await signed(home, OtherActivity(id=f"{gone}#1", actor=gone, object=ANNA)).answer(home) == 202
    assert await signed(home, Update(id=f"{gone}#2", actor=gone, object=workbench.person(gone))).answer(home) == 202
    assert peer.requests == []


@pytest.fixture
async def left(home: Workshop, peer: Origin, clock: Clock) -> str:
    """Somebody of whom nothing was heard for long, and whose document is gone as Mastodon's is (410) by then."""
    uri = peer.actor().id
    await home.write(workbench.add_source, uri)
    await Keyring(home).find(f"{uri}#main-key")
    clock.now += STALE_AFTER + timedelta(seconds=1)
    peer.answers["/users/anna"] = Answer(status=410)
    return uri


@pytest.mark.parametrize("status", [410, 404])
async def test_a_farewell_is_believed_by_the_last_key_that_was_known(
    home: Workshop, peer: Origin, left: str, status: int
) -> None:
    """The key goes with the account's document, before anybody is told (Misskey's answers 404)."""
    peer.answers["/users/anna"] = Answer(status=status)
    assert await signed(home, Delete(id=f"{left}#delete", actor=left, object=left)).answer(home) == 202
    await home.write(inbox.process, wiring.HANDLERS)
    assert await home.read(workbench.verdicts) == ["handled"]
    assert await home.read(peers.find, left) is None


async def test_whoever_is_gone_says_nothing_else(home: Workshop, peer: Origin, left: str) -> None:
    thing = note(peer.at("/1"), attributed_to=left)
    assert await signed(home, Create(id=peer.at("/a"), actor=left, object=thing)).answer(home) == 401
    assert await signed(home, Delete(id=peer.at("/b"), actor=left, object=thing.id)).answer(home) == 401
    assert await home.read(workbench.verdicts) == []


async def test_nobody_else_says_farewell(home: Workshop, left: str) -> None:
    call = signed(home, Delete(id=f"{left}#delete", actor=left, object=left), key=OTHER_RSA)
    assert await call.answer(home) == 401
    assert await home.read(workbench.verdicts) == []


@pytest.mark.parametrize(("status", "answered"), [(410, 202), (200, 401)])
async def test_a_key_that_was_taken_down_says_no_farewell_while_its_owner_is_there(
    home: Workshop, peer: Origin, clock: Clock, status: int, answered: int
) -> None:
    """GoToSocial keeps a key under an address of its own; one that is gone there may have been given up."""
    anna = peer.actor(keys=(PublicKey(id=peer.at("/users/anna/main-key"), owner=peer.at("/users/anna"), pem=PEM),))
    peer.serve("/users/anna/main-key", key_document(peer.at("/users/anna/main-key"), anna.id))
    await home.write(workbench.add_source, anna.id)
    await Keyring(home).find(peer.at("/users/anna/main-key"))
    clock.now += STALE_AFTER + timedelta(seconds=1)
    peer.answers["/users/anna/main-key"] = Answer(status=410)
    peer.answers["/users/anna"] = replace(peer.answers["/users/anna"], status=status)
    said = Delete(id=f"{anna.id}#delete", actor=anna.id, object=anna.id)
    for _ in range(2):
        assert await signed(home, said, key_id=peer.at("/users/anna/main-key")).answer(home) == answered


async def test_whoever_follows_is_known_even_if_only_the_key_was(home: Workshop, peer: Origin) -> None:
    """Actors of strangers are erased after a day, their keys stay in memory longer."""
    anna, keys = peer.actor(), Keyring(home)
    await keys.find(f"{anna.id}#main-key")
    await home.write(peers.forget, anna.id)
    call = signed(home, Follow(id=peer.at("/f/1"), actor=anna.id, object=f"{HOME}/ap/actor/relay"))
    scope = {"type": "http", "method": "POST", "path": "/inbox", "query_string": b"", "headers": call.headers}
    await Inbox(home, keys)(scope, call.receive, call.send)
    assert call.sent[0]["status"] == 202
    assert await home.read(peers.find, anna.id) is not None


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_post(home: Workshop, method: str) -> None:
    call = Call([b""], method=method)
    assert await call.answer(home) == 405
    assert (b"allow", b"POST") in call.sent[0]["headers"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b"\xff", b'{"type":"Create"}', b"[" * 5_000])
async def test_no_activity(home: Workshop, body: bytes) -> None:
    call = Call([body])
    assert await call.answer(home) == 400
    assert call.reason


async def test_announced_as_too_large(home: Workshop) -> None:
    call = Call([b"x", b"x"], [(b"content-length", str(BODY_LIMIT + 1).encode())])
    assert await call.answer(home) == 413
    assert call.parts == [b"x"]  # no more was read


@pytest.mark.parametrize("length", [b"", b"x", b"-1", b"9" * 30, b"10"])
async def test_too_large_whatever_was_announced(home: Workshop, length: bytes) -> None:
    chunk = b"x" * (BODY_LIMIT // 2)
    call = Call([chunk, chunk, b"x", chunk], [(b"content-length", length)])
    assert await call.answer(home) == 413
    assert len(call.parts) >= 1


async def test_too_large_in_one_piece(home: Workshop) -> None:
    assert await Call([b"x" * (BODY_LIMIT + 1)]).answer(home) == 413


async def test_a_connection_that_ends_in_the_middle(home: Workshop) -> None:
    call = Call([b"{"], breaks_off=True)
    assert await call.answer(home) == 503


async def test_unsigned_or_signed_by_another(home: Workshop, peer: Origin) -> None:
    await home.write(workbench.add_source)
    call = Call([written(creation())])
    assert await call.answer(home) == 401
    assert call.reason == "the request is not signed"
    call = signed(home, creation())
    call.parts = [written(creation(note(content="<p>anders</p>")))]
    assert await call.answer(home) == 401
    uri = peer.actor().id
    call = signed(home, Follow(id=f"{uri}/f", actor=uri, object=f"{HOME}/ap/actor/relay"), target="/elsewhere")
    assert await call.answer(home) == 401
    assert "does not match" in call.reason


async def test_what_is_of_no_use_has_to_claim_to_be_signed_all_the_same(home: Workshop, peer: Origin) -> None:
    """Whoever tries the door with an activity that is about nothing of ours must not think that it is open."""
    gone = peer.at("/users/gone")
    for activity in (
        Delete(id=f"{gone}#delete", actor=gone, object=gone),
        OtherActivity(id=f"{gone}#1", actor=gone, object=ANNA),
        Update(id=f"{gone}#2", actor=gone, object=workbench.person(gone)),
        Like(id=f"{gone}#3", actor=gone, object=peer.at("/1")),
    ):
        call = Call([written(activity)])
        assert await call.answer(home) == 401
        assert call.reason == "the request is not signed"
    assert peer.requests == []


async def test_signed_by_a_neighbour_is_accepted_and_dropped(home: Workshop) -> None:
    """The signature is good; what it claims is not its signer's to say."""
    berta = "https://peer.example/users/berta"
    await home.write(workbench.add_source)
    await home.write(workbench.know, berta)
    await signed(home, creation(), berta).answer(home)
    assert await home.read(workbench.verdicts) == []


@pytest.mark.parametrize(
    ("answer", "status", "patience"),
    [
        (Answer(status=404), 401, None),
        (Answer(status=410), 401, None),
        (Answer(status=503, headers=(("Retry-After", "17"),)), 503, b"17"),
        (Answer(status=500), 503, b"300"),
    ],
)
async def test_a_key_that_is_not_to_be_had(
    home: Workshop, peer: Origin, answer: Answer, status: int, patience: bytes | None
) -> None:
    uri = peer.at("/users/anna")
    peer.answers["/users/anna"] = answer
    call = signed(home, Create(id=peer.at("/a"), actor=uri, object=note(peer.at("/1"), attributed_to=uri)))
    assert await call.answer(home) == status
    assert dict(call.sent[0]["headers"]).get(b"retry-after") == patience


async def test_an_unknown_host(home: Workshop) -> None:
    uri = "http://nowhere.invalid/users/anna"
    call = signed(home, Create(id=f"{uri}/1", actor=uri, object=note(f"{uri}/n", attributed_to=uri)))
    assert await call.answer(home) == 503
    assert door.BODY_LIMIT == 1_000_000
