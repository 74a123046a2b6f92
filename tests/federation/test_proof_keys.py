"""Proving keys, from real servers and of ours: only an actor's own count, and all that leaves here is proved."""

import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select

from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import actors, outbox, peers, proofs
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.federation.proofs import ASK_AGAIN_AFTER, Held, ProofKeys
from fediverse_ehrenamt.federation.signatures import OwnerGone
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import BadSignature, EhrenamtError, Unavailable
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.vocab import multikey
from fediverse_ehrenamt.vocab import proofs as vocab_proofs
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey
from fediverse_ehrenamt.vocab.types import Actor, Follow
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Answer, Origin
from tests.workbench import ANNA, PEER, Clock, fest, offer

pytestmark = pytest.mark.anyio
KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
METHOD = f"{ANNA}#ed25519-key"
PATH = "/users/anna"


# --- where keys come from ---------------------------------------------------------------------------------------------
def key_of(actor: str, key: Ed25519PrivateKey = KEY, name: str = "#ed25519-key", **changes: Any) -> Multikey:
    values = {
        "id": f"{actor}{name}",
        "controller": actor,
        "multibase": multikey.encode(key.public_key().public_bytes_raw()),
    }
    return Multikey(**values | changes)


def serve(peer: Origin, *keys: Multikey, path: str = PATH) -> Actor:
    return peer.actor(path, assertion_methods=keys or (key_of(peer.at(path)),))


def raw(held: Held) -> dict[str, bytes]:
    return {method: key.public_bytes_raw() for method, key in held.keys.items()}


async def test_an_actors_keys_are_asked_for_and_remembered(home: Workshop, peer: Origin, clock: Clock) -> None:
    anna = serve(peer)
    keys = ProofKeys(home)
    assert await keys.held(anna.id) == Held({}, None)
    assert peer.requests == []
    held = await keys.ask(anna.id)
    assert raw(held) == {f"{anna.id}#ed25519-key": KEY.public_key().public_bytes_raw()}
    assert held.asked_at == clock.now
    assert raw(await ProofKeys(home).held(anna.id)) == raw(held)  # after a restart
    assert peer.asked(PATH) == 1


async def test_only_an_actors_own_ed25519_keys_count(home: Workshop, peer: Origin) -> None:
    uri = peer.at(PATH)
    rsa = (
        "z4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic4G7Rou3iBf9vPmT5dbkm9qsZsuVNjq8HCuW1w24nhBFGkRE4cd2Uf2tfrB"
    )
    serve(
        peer,
        key_of(uri, controller=f"{uri}x", name="#of-another"),
        key_of(uri, id="https://evil.example/users/eve#key"),
        key_of(uri, multibase=rsa, name="#rsa"),
        key_of(uri, multibase="z", name="#empty"),
        key_of(uri, multibase="zO0lI", name="#nonsense"),
        key_of(uri, OTHER, "#second"),
        key_of(uri),
    )
    held = await ProofKeys(home).ask(uri)
    assert list(held.keys) == [f"{uri}#second", f"{uri}#ed25519-key"]


async def test_no_more_than_ten_keys(home: Workshop, peer: Origin) -> None:
    uri = peer.at(PATH)
    serve(peer, *(key_of(uri, name=f"#k{number}") for number in range(15)))
    held = await ProofKeys(home).ask(uri)
    assert list(held.keys) == [f"{uri}#k{number}" for number in range(10)]


async def test_asking_is_limited(home: Workshop, peer: Origin, clock: Clock) -> None:
    uri = serve(peer).id
    keys = ProofKeys(home)
    await asyncio.gather(*(keys.ask(uri) for _ in range(20)))
    await keys.ask(uri)
    assert peer.asked(PATH) == 1
    clock.now += ASK_AGAIN_AFTER
    serve(peer, key_of(uri, OTHER))
    assert raw(await keys.ask(uri)) == {f"{uri}#ed25519-key": OTHER.public_key().public_bytes_raw()}
    assert raw(await keys.held(uri)) == {f"{uri}#ed25519-key": OTHER.public_key().public_bytes_raw()}
    assert peer.asked(PATH) == 2


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(status=404), OwnerGone),
        (Answer(status=410), OwnerGone),
        (Answer(b"{}"), BadSignature),
        (Answer(b"<html>", kind="text/html"), BadSignature),
        (Answer(status=500), Unavailable),
        (Answer(b"{}", wait=9.0), Unavailable),
    ],
    ids=["404", "410", "no actor", "a page", "500", "slow"],
)
async def test_no_actor_no_keys(
    home: Workshop,
    peer: Origin,
    answer: Answer,
    fault: type[EhrenamtError],
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
) -> None:
    if answer.wait:
        monkeypatch.setattr(proofs, "FETCH_SECONDS", answer.wait / 4)
    peer.answers[PATH] = answer
    keys = ProofKeys(home)
    for _ in range(3):
        with pytest.raises(fault):
            await keys.ask(peer.at(PATH))
    assert peer.asked(PATH) == 1
    serve(peer)
    clock.forward(minutes=1)
    assert (await keys.ask(peer.at(PATH))).keys


async def test_an_actor_that_answers_for_another(home: Workshop, peer: Origin) -> None:
    serve(peer, path="/users/eve")
    peer.move(PATH, peer.at("/users/eve"))
    with pytest.raises(BadSignature, match="no actor under its own id"):
        await ProofKeys(home).ask(peer.at(PATH))


async def test_what_another_process_learnt_is_seen_after_some_minutes(home: Workshop, clock: Clock) -> None:
    keys = ProofKeys(home)
    assert (await keys.held(ANNA)).keys == {}
    await home.write(_remember, key_of(ANNA))
    assert (await keys.held(ANNA)).keys == {}
    clock.now += ASK_AGAIN_AFTER
    assert list((await keys.held(ANNA)).keys) == [METHOD]


def _remember(work: Work, *keys: Multikey) -> None:
    peers.remember(work, workbench.person(assertion_methods=keys))


async def test_memory_is_bounded(home: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "REMEMBERED", 2)
    keys = ProofKeys(home)
    for name in ("a", "b", "a", "c"):
        await keys.held(f"{PEER}/users/{name}")
    assert len(keys._held) == 2
    assert f"{PEER}/users/c" in keys._held


# --- what we send -----------------------------------------------------------------------------------------------------
def _bodies(work: Work) -> list[tuple[str, bytes]]:
    rows = work.db.scalars(select(PublishedRow).order_by(PublishedRow.id))
    return [(row.actor, row.body) for row in rows]


def _is_proved(work: Work, actor: str, body: bytes) -> bool:
    """Hold a body of ours against the actor document that we serve."""
    described = actors.to_wire(work, actors.by_uri(work, actor))
    peers.remember(work, replace(described, keys=(PublicKey(id=f"{actor}#x", owner=actor, pem=workbench.PEM),)))
    named, _ = peers.proof_keys(work, actor)
    found = vocab_proofs.read(body, work.now)
    if found is None or found.method not in named:
        return False
    return vocab_proofs.verifies(found, Ed25519PublicKey.from_public_bytes(named[found.method]))


def _life(work: Work) -> str:
    owner = workbench.add_organisation(work)
    workbench.add_follower(work, owner, f"{PEER}/users/fan")
    workbench.add_follower(work, workbench.instance_actor(work), "https://mobilizon.example/relay")
    opportunities.publish(work, owner, offer())
    events.publish(work, owner, fest())
    return owner


def _change(work: Work, owner: str) -> None:
    opportunities.publish(work, owner, offer(places=3))
    events.publish(work, owner, fest(name="Herbstfest"))


def _end(work: Work, owner: str) -> None:
    opportunities.publish(work, owner, offer(status="zurueckgezogen"))
    relay = workbench.instance_actor(work)
    outbox.send(work, Follow(id=f"{work.settings.url}/ap/activity/f", actor=relay, object=ANNA), [f"{ANNA}/inbox"])


async def test_all_that_leaves_is_proved_by_its_actor(instance: Instance, clock: Clock) -> None:
    home = instance.workshop
    owner = await home.write(_life)
    clock.forward(minutes=1)
    await home.write(_change, owner)  # which also writes the Creates anew
    clock.forward(minutes=1)
    bodies = await home.read(_bodies)
    await home.write(_end, owner)
    bodies += [one for one in await home.read(_bodies) if one not in bodies]
    kinds = {orjson.loads(body)["type"] for _, body in bodies}
    assert kinds >= {"Create", "Announce", "Update", "Delete", "Follow"}
    assert {actor for actor, _ in bodies} == {owner, await home.read(workbench.instance_actor)}
    for actor, body in bodies:
        assert await home.write(_is_proved, actor, body), body


def _proved_once(work: Work, followers: int) -> int:
    owner = workbench.add_organisation(work, f"verein_{followers}")
    for number in range(followers):
        workbench.add_follower(work, owner, f"https://h{number}.example/users/fan")
    before = len(_bodies(work))
    events.publish(work, owner, fest())
    return len(_bodies(work)) - before


async def test_a_proof_is_made_for_an_activity_not_for_each_inbox(
    home: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    real = vocab_proofs.prove

    def counted(*given: Any) -> dict[str, object]:
        made.append(given)
        return real(*given)

    monkeypatch.setattr(vocab_proofs, "prove", counted)
    for followers in (0, 40):
        made.clear()
        assert await home.write(_proved_once, followers) == len(made) == 2  # Create and Announce
