"""Keys of peers, from real servers: who owns a key is checked both ways, and nobody makes us ask without end."""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from fediverse_ehrenamt.federation import fetch, peers, signatures
from fediverse_ehrenamt.federation.keyring import RECHECK_AFTER, REFETCH_AFTER, STALE_AFTER, Keyring
from fediverse_ehrenamt.kit.errors import BadSignature, EhrenamtError, Unavailable
from fediverse_ehrenamt.vocab import codec, multikey
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey
from fediverse_ehrenamt.work import Work, Workshop
from tests.federation.origin import Answer, Origin, key_document
from tests.workbench import PEM, Clock

pytestmark = pytest.mark.anyio
OTHER_PEM = signatures.make_rsa()[1]
ED = ed25519.Ed25519PrivateKey.generate()
PATH = "/users/anna"


def key_at(peer: Origin, path: str = PATH, name: str = "#main-key", **changes: str) -> PublicKey:
    values = {"id": f"{peer.at(path)}{name}", "owner": peer.at(path), "pem": PEM} | changes
    return PublicKey(**values)


async def refused(home: Workshop, key_id: str) -> str:
    with pytest.raises(BadSignature) as caught:
        await Keyring(home).find(key_id)
    return caught.value.public


async def test_a_key_in_the_actor(home: Workshop, peer: Origin) -> None:
    anna = peer.actor()
    found = await Keyring(home).find(f"{anna.id}#main-key")
    assert (found.id, found.owner) == (f"{anna.id}#main-key", anna.id)
    assert found.key == signatures.load_public(PEM)
    assert "signature" in peer.headers[0]  # our requests are signed too
    row = await home.read(peers.find, anna.id)
    assert row is not None
    assert (row.key_id, row.inbox) == (f"{anna.id}#main-key", anna.inbox)


async def test_it_is_asked_for_once_and_known_after_a_restart(home: Workshop, peer: Origin) -> None:
    key_id = f"{peer.actor().id}#main-key"
    keys = Keyring(home)
    for _ in range(3):
        await keys.find(key_id)
    await Keyring(home).find(key_id)
    assert peer.asked(PATH) == 1


async def test_the_second_of_several_keys(home: Workshop, peer: Origin) -> None:
    keys = (key_at(peer, pem=OTHER_PEM), key_at(peer, name="#second"))
    document = orjson.loads(codec.write(peer.actor()))
    document["publicKey"] = [{"id": key.id, "owner": key.owner, "publicKeyPem": key.pem} for key in keys]
    peer.serve(PATH, document)
    assert (await Keyring(home).find(keys[1].id)).key == signatures.load_public(PEM)


def multikey_at(peer: Origin, name: str = "#ed25519-key", **changes: Any) -> Multikey:
    public = multikey.encode(ED.public_key().public_bytes_raw())
    return Multikey(**{"id": peer.at(PATH) + name, "controller": peer.at(PATH), "multibase": public} | changes)


async def test_an_ed25519_key_is_known_after_a_restart(home: Workshop, peer: Origin, clock: Clock) -> None:
    key_id = f"{peer.actor(assertion_methods=(multikey_at(peer),)).id}#ed25519-key"
    first = await Keyring(home).find(key_id)
    peer.answers[PATH] = Answer(status=503)
    clock.forward(hours=2)
    assert await Keyring(home).find(key_id) == first


@pytest.mark.parametrize("name", ["expires", "revoked"])
async def test_a_key_that_has_ended(home: Workshop, peer: Origin, clock: Clock, name: str) -> None:
    """FEP-521a: a signature by an expired key is not accepted."""
    document = orjson.loads(codec.write(peer.actor(assertion_methods=(multikey_at(peer),))))
    document["assertionMethod"][0][name] = (clock() + timedelta(days=1)).isoformat()
    peer.serve(PATH, document)
    key_id = f"{peer.at(PATH)}#ed25519-key"
    assert (await Keyring(home).find(key_id)).owner == peer.at(PATH)
    assert key_id in (await home.read(peers.proof_keys, peer.at(PATH)))[0]
    clock.forward(days=1)
    assert "no longer" in await refused(home, key_id)
    assert (await home.read(peers.proof_keys, peer.at(PATH)))[0] == {}


async def test_a_stored_key_that_cannot_be_used_is_asked_for_anew(home: Workshop, peer: Origin) -> None:
    """An actor that was fetched for its name may have come with a key too short for us, and mended it since."""
    weak = peer.actor(keys=(key_at(peer, pem="no PEM"),))
    await fetch.actor(home, weak.id)
    peer.actor()
    assert (await Keyring(home).find(f"{weak.id}#main-key")).key == signatures.load_public(PEM)


async def test_an_ed25519_key_among_the_assertion_methods(home: Workshop, peer: Origin) -> None:
    """FEP-521a; Mastodon 4.7 and Mitra name RSA and Ed25519 keys so."""
    anna = peer.actor(assertion_methods=(multikey_at(peer, "#other"), multikey_at(peer)))
    keys = Keyring(home)
    found = await keys.find(f"{anna.id}#ed25519-key")
    assert (found.owner, found.key) == (anna.id, ED.public_key())
    assert (await keys.find(f"{anna.id}#main-key")).key == signatures.load_public(PEM)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"controller": "https://evil.example/users/eve"}, "does not name"),
        ({"multibase": "z6MkbroKen"}, "cannot be read"),
        ({"multibase": "uAAAA"}, "cannot be read"),
    ],
)
async def test_a_multikey_that_is_none(home: Workshop, peer: Origin, changes: dict[str, str], reason: str) -> None:
    peer.actor(assertion_methods=(multikey_at(peer, **changes),))
    assert reason in await refused(home, peer.at(f"{PATH}#ed25519-key"))


async def test_the_actor_itself_as_key_id_means_its_first_key(home: Workshop, peer: Origin) -> None:
    anna = peer.actor(assertion_methods=(multikey_at(peer),))
    found = await Keyring(home).find(anna.id)
    assert (found.id, found.owner, found.key) == (anna.id, anna.id, signatures.load_public(PEM))
    peer.actor("/users/berta", keys=())
    assert "does not name" in await refused(home, peer.at("/users/berta"))


async def test_a_key_in_a_document_of_its_own(home: Workshop, peer: Origin) -> None:
    """GoToSocial serves a stub of the actor at the key's address; the actor itself has the last word."""
    key_id = peer.at(f"{PATH}/main-key")
    anna = peer.actor(keys=(key_at(peer, id=key_id),))
    peer.serve(f"{PATH}/main-key", key_document(key_id, anna.id))
    found = await Keyring(home).find(key_id)
    assert (found.id, found.owner) == (key_id, anna.id)
    assert peer.asked(PATH) == 1


async def test_a_key_that_its_owner_does_not_name(home: Workshop, peer: Origin) -> None:
    key_id = peer.at("/uploads/key.json")
    anna = peer.actor()
    peer.serve("/uploads/key.json", key_document(key_id, anna.id, OTHER_PEM))
    assert "does not name" in await refused(home, key_id)


async def test_a_key_with_another_owner(home: Workshop, peer: Origin) -> None:
    berta = peer.actor("/users/berta")
    anna = peer.actor(keys=(key_at(peer, owner=berta.id),))
    assert "does not name" in await refused(home, f"{anna.id}#main-key")


async def test_a_key_of_another_origin(home: Workshop, peer: Origin, other: Origin) -> None:
    victim = other.actor()
    peer.serve("/key", key_document(peer.at("/key"), victim.id))
    assert "of another origin" in await refused(home, peer.at("/key"))
    peer.serve("/actor", replace(victim, keys=(key_at(other, pem=OTHER_PEM),)))
    assert "of another origin" in await refused(home, peer.at("/actor"))


async def test_an_actor_that_claims_another_id(home: Workshop, peer: Origin) -> None:
    """An upload that says it is Anna is not Anna."""
    anna = peer.actor()
    peer.serve("/uploads/1.json", replace(anna, keys=(key_at(peer, pem=OTHER_PEM, id=peer.at("/uploads/1.json")),)))
    assert "does not name" in await refused(home, peer.at("/uploads/1.json"))


async def test_an_owner_that_is_no_actor(home: Workshop, peer: Origin) -> None:
    key_id = peer.at("/key")
    peer.serve("/key", key_document(key_id, peer.at(PATH)))
    peer.serve(PATH, key_document(key_id, peer.at(PATH)))
    assert "is no actor under its own id" in await refused(home, key_id)
    peer.actor("/users/berta")
    peer.answers[PATH] = peer.answers["/users/berta"]
    assert "is no actor under its own id" in await refused(home, f"{key_id}#again")


async def test_a_key_id_that_leads_elsewhere(home: Workshop, peer: Origin, other: Origin) -> None:
    """An open redirect of a good server must not let another speak for it."""
    evil = other.actor()
    peer.move(PATH, evil.id)
    assert "of another origin" in await refused(home, f"{peer.at(PATH)}#main-key")


async def test_an_owner_that_leads_elsewhere(home: Workshop, peer: Origin, other: Origin) -> None:
    key_id = peer.at("/key")
    peer.serve("/key", key_document(key_id, peer.at("/go")))
    peer.move("/go", other.at("/fake"))
    fake = PublicKey(id=key_id, owner=peer.at("/go"), pem=PEM)
    other.serve("/fake", replace(peer.actor(), id=peer.at("/go"), keys=(fake,)))
    assert "is no actor under its own id" in await refused(home, key_id)


async def test_a_key_id_that_moved_within_its_server(home: Workshop, peer: Origin) -> None:
    anna = peer.actor()
    peer.move("/@anna", anna.id)
    moved = PublicKey(id=f"{peer.at('/@anna')}#main-key", owner=anna.id, pem=PEM)
    peer.actor(keys=(moved,))
    assert (await Keyring(home).find(moved.id)).owner == anna.id


GONE = {
    "not found": Answer(status=404),
    "gone": Answer(status=410),
    "a page": Answer(b"<html>", kind="text/html"),
    "no JSON": Answer(b"{"),
    "no key": Answer(b'{"type":"Person","id":"http://127.0.0.1/x","inbox":"http://127.0.0.1/i"}'),
}


@pytest.mark.parametrize("answer", GONE.values(), ids=GONE)
async def test_a_key_that_is_not_to_be_had(home: Workshop, peer: Origin, answer: Answer) -> None:
    peer.answers[PATH] = answer
    keys = Keyring(home)
    for _ in range(3):
        with pytest.raises(BadSignature):
            await keys.find(f"{peer.at(PATH)}#main-key")
    assert peer.asked(PATH) == 1


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_host_that_does_not_let_us_in_may_do_so_later(home: Workshop, peer: Origin, status: int) -> None:
    """A guard before it, or a server that could not fetch our own key just now: no reason to lose what it delivers."""
    peer.answers[PATH] = Answer(status=status)
    with pytest.raises(Unavailable, match=f"is not to be had: .* answers with the status {status}"):
        await Keyring(home).find(f"{peer.at(PATH)}#main-key")


@pytest.mark.parametrize("pem", ["no PEM", signatures.make_rsa()[0]], ids=["nonsense", "a private key"])
async def test_a_key_that_cannot_be_read(home: Workshop, peer: Origin, pem: str) -> None:
    peer.actor(keys=(key_at(peer, pem=pem),))
    assert "cannot be read" in await refused(home, f"{peer.at(PATH)}#main-key")


async def test_a_host_that_is_down_is_asked_again_after_a_minute(home: Workshop, peer: Origin, clock: Clock) -> None:
    peer.answers[PATH] = Answer(status=503, headers=(("Retry-After", "7"),))
    keys, key_id = Keyring(home), f"{peer.at(PATH)}#main-key"
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            await keys.find(key_id)
        assert caught.value.retry_after == 7.0
    assert peer.asked(PATH) == 1
    peer.actor()
    clock.forward(seconds=61)
    assert (await keys.find(key_id)).owner == peer.at(PATH)


async def test_nobody_listens(home: Workshop, free_port: int) -> None:
    with pytest.raises(Unavailable):
        await Keyring(home).find(f"http://127.0.0.1:{free_port}/users/anna#main-key")


async def test_a_remembered_failure_holds_no_frames(home: Workshop, free_port: int) -> None:
    """Raised a thousand times, one exception would collect a thousand stacks with the bodies in them."""
    keys, key_id = Keyring(home), f"http://127.0.0.1:{free_port}/users/anna#main-key"
    depths = []
    for _ in range(20):
        try:
            await keys.find(key_id)
        except EhrenamtError as error:
            trace, depth = error.__traceback__, 0
            while trace:
                trace, depth = trace.tb_next, depth + 1
            depths.append(depth)
    assert max(depths[1:]) == min(depths[1:])
    assert sys.exc_info() == (None, None, None)


async def test_fifty_who_ask_at_once_make_one_request(home: Workshop, peer: Origin) -> None:
    peer.actor()
    peer.answers[PATH] = replace(peer.answers[PATH], wait=0.1)
    keys = Keyring(home)
    found = await asyncio.gather(*(keys.find(f"{peer.at(PATH)}#main-key") for _ in range(50)))
    assert peer.asked(PATH) == 1
    assert len({one.owner for one in found}) == 1


async def test_fifty_who_ask_in_vain_hear_it_of_one_request(home: Workshop, peer: Origin) -> None:
    peer.answers[PATH] = Answer(status=410, wait=0.1)
    keys = Keyring(home)
    asked = (keys.find(f"{peer.at(PATH)}#main-key") for _ in range(50))
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert peer.asked(PATH) == 1
    assert all(isinstance(one, BadSignature) for one in found)


async def test_a_changed_key_is_found_when_asked_anew(home: Workshop, peer: Origin) -> None:
    key_id = f"{peer.actor(keys=(key_at(peer, pem=OTHER_PEM),)).id}#main-key"
    await Keyring(home).find(key_id)
    peer.actor()
    keys = Keyring(home)  # after a restart: it does not know when that key was fetched
    assert (await keys.find(key_id)).key == signatures.load_public(OTHER_PEM)
    assert (await keys.find(key_id, refresh=True)).key == signatures.load_public(PEM)
    assert (await keys.find(key_id)).key == signatures.load_public(PEM)


async def test_a_key_that_was_replaced_by_an_update_is_of_no_use_after_an_hour(
    home: Workshop, peer: Origin, clock: Clock
) -> None:
    """What leaked must not open the door for as long as this process lives."""
    old = f"{peer.actor(keys=(key_at(peer, pem=OTHER_PEM),)).id}#main-key"
    keys = Keyring(home)
    await keys.find(old)
    await home.write(peers.remember, peer.actor(keys=(key_at(peer, name="#main-key-2"),)))
    assert (await keys.find(old)).key == signatures.load_public(OTHER_PEM)
    clock.now += RECHECK_AFTER
    with pytest.raises(BadSignature, match="does not name"):
        await keys.find(old)
    assert (await keys.find(f"{peer.at(PATH)}#main-key-2")).key == signatures.load_public(PEM)


async def test_a_key_that_was_replaced_without_a_word_is_of_no_use_after_a_week(
    home: Workshop, peer: Origin, clock: Clock
) -> None:
    old = f"{peer.actor(keys=(key_at(peer, pem=OTHER_PEM),)).id}#main-key"
    keys = Keyring(home)
    await keys.find(old)
    peer.actor(keys=(key_at(peer, name="#main-key-2"),))
    clock.now += RECHECK_AFTER
    assert (await keys.find(old)).key == signatures.load_public(OTHER_PEM)
    clock.now += STALE_AFTER
    with pytest.raises(BadSignature, match="does not name"):
        await keys.find(old)
    assert peer.asked(PATH) == 2


async def test_an_old_key_stays_in_use_while_its_owner_cannot_be_asked(
    home: Workshop, peer: Origin, clock: Clock
) -> None:
    key_id = f"{peer.actor().id}#main-key"
    keys = Keyring(home)
    await keys.find(key_id)
    clock.now += STALE_AFTER + timedelta(seconds=1)
    peer.answers[PATH] = Answer(status=503)
    for _ in range(3):
        assert (await keys.find(key_id)).key == signatures.load_public(PEM)
    assert peer.asked(PATH) == 2
    clock.now += REFETCH_AFTER + timedelta(seconds=1)
    with pytest.raises(Unavailable):
        await keys.find(key_id, refresh=True)


async def test_asking_anew_is_rate_limited(home: Workshop, peer: Origin, clock: Clock) -> None:
    """Otherwise every bad signature in somebody's name would cost that somebody a request."""
    key_id = f"{peer.actor().id}#main-key"
    keys = Keyring(home)
    for _ in range(5):
        await keys.find(key_id, refresh=True)
    assert peer.asked(PATH) == 1
    clock.now += REFETCH_AFTER + timedelta(seconds=1)
    await keys.find(key_id, refresh=True)
    await keys.find(key_id, refresh=True)
    assert peer.asked(PATH) == 2


async def test_a_key_that_was_in_use_is_asked_for_anew_at_once(home: Workshop, peer: Origin, clock: Clock) -> None:
    """Who changes it a moment after a letter, as whoever tries us out does, would be refused for a minute."""
    key_id = f"{peer.actor(keys=(key_at(peer, pem=OTHER_PEM),)).id}#main-key"
    keys = Keyring(home)
    await keys.find(key_id)
    keys.proved(key_id)
    peer.actor()
    assert (await keys.find(key_id, refresh=True)).key == signatures.load_public(PEM)
    for _ in range(5):  # whoever else signs in that name goes on to cost one request a minute
        keys.proved(key_id)
        await keys.find(key_id, refresh=True)
    assert peer.asked(PATH) == 2
    clock.now += REFETCH_AFTER + timedelta(seconds=1)
    await keys.find(key_id, refresh=True)
    assert peer.asked(PATH) == 3


async def test_memory_is_bounded(home: Workshop, peer: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fediverse_ehrenamt.federation.keyring.REMEMBERED", 2)
    keys = Keyring(home)
    for name in ("anna", "berta", "carla"):
        await keys.find(f"{peer.actor(f'/users/{name}').id}#main-key")
    assert list(keys._keys) == [f"{peer.at(f'/users/{name}')}#main-key" for name in ("berta", "carla")]


def _poison(work: Work, peer: Origin, victim: str) -> None:
    """An actor describes itself with a key that has the id of somebody else's."""
    foreign = PublicKey(id=victim, owner=peer.at("/users/eve"), pem=OTHER_PEM)
    peers.remember(work, replace(peer.actor("/users/eve"), keys=(foreign,)))


async def test_nobody_can_occupy_the_id_of_anothers_key(home: Workshop, peer: Origin, other: Origin) -> None:
    victim = f"{other.actor().id}#main-key"
    await home.write(_poison, peer, victim)
    found = await Keyring(home).find(victim)
    assert (found.owner, found.key) == (other.at(PATH), signatures.load_public(PEM))


# --- keys that are documents of their own -----------------------------------------------------------------------------
KEY = "/keys/1"
_SECURITY = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]


def apart(peer: Origin, name: str, *addresses: str) -> str:
    """Serve an actor that names its keys by their addresses alone; return its URI."""
    document = orjson.loads(codec.write(peer.actor(keys=())))
    document[name] = addresses[0] if len(addresses) == 1 else list(addresses)
    peer.serve(PATH, document)
    return peer.at(PATH)


def serve_rsa(peer: Origin, path: str = KEY, **changes: str) -> str:
    key = {"id": peer.at(path), "type": "Key", "owner": peer.at(PATH), "publicKeyPem": PEM, **changes}
    return peer.serve(path, {"@context": _SECURITY, **key})


def serve_multikey(peer: Origin, path: str = KEY, **changes: str) -> str:
    made = multikey_at(peer)
    key = {"id": peer.at(path), "type": "Multikey", "controller": made.controller, "publicKeyMultibase": made.multibase}
    return peer.serve(path, {"@context": [*_SECURITY, "https://w3id.org/security/multikey/v1"], **key, **changes})


async def test_an_rsa_key_apart(home: Workshop, peer: Origin) -> None:
    anna = apart(peer, "publicKey", serve_rsa(peer))
    found = await Keyring(home).find(peer.at(KEY))
    assert (found.owner, found.key) == (anna, signatures.load_public(PEM))
    before = peer.asked(PATH)
    assert (await Keyring(home).find(peer.at(KEY))).owner == anna
    assert peer.asked(PATH) == before, "it is known after a restart"
    assert (await Keyring(home).find(anna)).key == signatures.load_public(PEM)


async def test_a_multikey_apart_signs_and_proves(home: Workshop, peer: Origin) -> None:
    anna = apart(peer, "assertionMethod", serve_multikey(peer))
    found = await Keyring(home).find(peer.at(KEY))
    assert (found.owner, found.key) == (anna, ED.public_key())
    await fetch.actor(home, anna)
    assert list((await home.read(peers.proof_keys, anna))[0]) == [peer.at(KEY)]


async def test_a_multikey_apart_that_the_actor_holds_in_full(home: Workshop, peer: Origin) -> None:
    serve_multikey(peer)
    anna = peer.actor(assertion_methods=(multikey_at(peer, id=peer.at(KEY)),))
    assert (await Keyring(home).find(peer.at(KEY))).owner == anna.id


async def test_a_key_apart_is_nobodys_unless_both_name_each_other(home: Workshop, peer: Origin) -> None:
    eve = peer.at("/users/eve")
    for serve, name, field in ((serve_rsa, "publicKey", "owner"), (serve_multikey, "assertionMethod", "controller")):
        apart(peer, name, peer.at("/keys/other"))
        serve(peer)
        assert "does not name" in await refused(home, peer.at(KEY)), "the actor names another"
        apart(peer, name, peer.at(KEY))
        serve(peer, **{field: "https://evil.example/users/eve"})
        assert "of another origin" in await refused(home, peer.at(KEY))
        serve(peer, id=peer.at("/keys/2"))
        assert "does not name" in await refused(home, peer.at(KEY)), "it stands under another id"
        peer.actor("/users/eve", keys=())
        serve(peer, **{field: eve})
        assert "does not name" in await refused(home, peer.at(KEY)), "whom it names does not name it"


async def test_of_keys_apart_few_are_asked_for_and_none_elsewhere(home: Workshop, peer: Origin) -> None:
    paths = [f"/keys/{number}" for number in range(5)]
    elsewhere = "https://evil.example/keys/1"
    apart(peer, "publicKey", elsewhere, f"{peer.at(PATH)}#gone", *(serve_rsa(peer, path) for path in paths))
    await fetch.actor(home, peer.at(PATH))
    assert [peer.asked(path) for path in paths] == [1, 0, 0, 0, 0]
    assert not any("evil" in request for request in peer.requests)
    row = await home.read(peers.find, peer.at(PATH))
    assert row is not None
    assert row.key_id == peer.at(paths[0])
    peer.answers[paths[0]] = Answer(status=503)
    assert (await fetch.actor(home, peer.at(PATH))).keys == (), "the actor is good without it"
