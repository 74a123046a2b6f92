"""Proofs between us and Fedify, both ways: it verifies all kinds of activities of ours, and we verify its own."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fediverse_ehrenamt.federation import peers
from fediverse_ehrenamt.vocab import codec, multikey, proofs
from fediverse_ehrenamt.vocab.keys import Multikey
from fediverse_ehrenamt.vocab.types import Activity, Actor
from tests import servers, towns
from tests.peers.conftest import FedifyPeer
from tests.towns import Country
from tests.vocab import samples

_FEDIFY = Path(__file__).parent / "fedify"
_ACTOR = "https://hagen.example/ap/actor/buecherei"
_KEY = Ed25519PrivateKey.generate()
_SECONDS = 60.0


def _ours() -> list[dict[str, Any]]:
    """Return an activity of each kind that we send, by one actor, with its proof."""
    made = []
    for path in sorted(samples.OURS.glob("*.json")):
        activity = codec.parse_object(path.read_bytes())
        if isinstance(activity, Activity):
            thing = activity.object
            if hasattr(thing, "attributed_to"):
                thing = replace(thing, attributed_to=_ACTOR)  # type: ignore[type-var] # a thing
            by_one = replace(activity, actor=_ACTOR, object=thing)
            made.append(orjson.loads(proofs.write(by_one, f"{_ACTOR}#ed25519-key", _KEY, datetime.now(UTC))))
    return made


def _fedify(documents: list[dict[str, Any]]) -> Any:
    """Let Fedify verify documents of ours, and sign one of its own."""
    public = multikey.encode(_KEY.public_key().public_bytes_raw())
    key = Multikey(id=f"{_ACTOR}#ed25519-key", controller=_ACTOR, multibase=public)
    actor = Actor(id=_ACTOR, type="Organization", handle="buecherei", inbox=f"{_ACTOR}/inbox", assertion_methods=(key,))
    done = subprocess.run(
        [servers.node(), "proofs.mjs"],
        cwd=_FEDIFY,
        input=orjson.dumps({"actor": orjson.loads(codec.write(actor)), "documents": documents}),
        capture_output=True,
        check=False,
        timeout=_SECONDS,
    )
    assert done.returncode == 0, done.stderr.decode()
    return orjson.loads(done.stdout)


def test_fedify_verifies_ours_and_we_verify_its() -> None:
    ours = _ours()
    bent = [{**one, "to": ["https://evil.example/users/eve"]} for one in ours]
    answer = _fedify([*ours, *bent])
    assert answer["verified"] == [one["id"] for one in ours] + [None] * len(bent)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(answer["key"]))
    claim = proofs.read(orjson.dumps(answer["signed"]), datetime.now(UTC))
    assert claim is not None
    assert proofs.verifies(claim, key)
    other = proofs.read(orjson.dumps({**answer["signed"], "published": "2026-01-01T00:00:00Z"}), datetime.now(UTC))
    assert other is not None
    assert not proofs.verifies(other, key)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with towns.country(tmp_path) as made:
        yield made


def test_what_fedify_really_sends_is_proved_by_a_key_that_its_actor_names(country: Country, fedify: FedifyPeer) -> None:
    hagen = country.town("Hagen")
    hagen.follow(fedify.actor)
    hagen.until(lambda: fedify.state().followers == (hagen.actor,), "follows Fedify")
    fedify.post("<p>Grüße 🌻 mit „Anführung“ und \\ und 51.0</p>", name="Fest", startTime="2030-06-01T12:00:00Z")
    hagen.until(lambda: any(b'"proof"' in (row.body or b"") for row in hagen.received()), "gets a post with a proof")
    body = next(row.body for row in hagen.received() if row.body and b'"proof"' in row.body)
    claim = proofs.read(body, datetime.now(UTC))
    assert claim is not None
    keys, asked_at = hagen.read(peers.proof_keys, fedify.actor)
    assert asked_at is not None
    assert proofs.verifies(claim, Ed25519PublicKey.from_public_bytes(keys[claim.method]))
