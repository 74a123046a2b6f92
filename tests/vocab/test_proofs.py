"""FEP-8b32 with eddsa-jcs-2022: the vectors of the FEP and of the W3C, and everything that must not pass."""

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import BadSignature
from fediverse_ehrenamt.vocab import codec, context, jsonld, multikey, proofs
from fediverse_ehrenamt.vocab.types import Activity, Actor
from tests.vocab import samples

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ALICE = "https://server.example/users/alice"
METHOD = f"{ALICE}#ed25519-key"
_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"  # the FEP's own
KEY = Ed25519PrivateKey.from_private_bytes(multikey.from_base58(_SECRET[1:])[2:])
_VECTORS = Path(__file__).parent / "vectors"
SIGNING, VERIFYING = orjson.loads((_VECTORS / "fep-8b32.json").read_bytes())
W3C = orjson.loads((_VECTORS / "vc-di-eddsa.json").read_bytes())
SEC = "https://w3id.org/security#"

# The FEP's vector until 2025: the proof has no context of its own. As it stands then, it is hashed.
EARLIER: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"],
    "type": "Create",
    "actor": ALICE,
    "object": {"type": "Note", "content": "Hello world"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "proofValue": "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2",
        "created": "2023-02-24T23:36:38Z",
    },
}


def document() -> dict[str, Any]:
    """An activity with a place, so that there are numbers to be written in more than one way."""
    made: dict[str, Any] = deepcopy(SIGNING["documents"][0])
    made["object"]["location"]["latitude"] = 51.0
    made["object"]["tag"] = [{"type": "Hashtag", "name": "#Ehrenamt"}, {"type": "Hashtag", "name": "#Lesen"}]
    return made


def proved(made: dict[str, Any] | None = None, key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    return proofs.prove(document() if made is None else made, METHOD, key, NOW)


def options(**changes: Any) -> dict[str, Any]:
    """Return a document with a good signature over a proof that was bent before it was signed."""
    made = document()
    bent = {name: value for name, value in {**proved(made)["proof"], **changes}.items() if value is not None}
    del bent["proofValue"]
    signature = KEY.sign(proofs._hash(bent) + proofs._hash(made))
    return {**made, "proof": {**bent, "proofValue": "z" + multikey.base58(signature)}}


def holds(made: Any, key: Ed25519PublicKey | None = None) -> bool:
    claim = proofs.read(orjson.dumps(made), NOW)
    return claim is not None and proofs.verifies(claim, key or KEY.public_key())


# --- vectors ----------------------------------------------------------------------------------------------------------
def test_the_fep_signs() -> None:
    made, signed = SIGNING["documents"]
    assert proofs.prove(made, METHOD, KEY, datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)) == signed


def test_the_fep_verifies() -> None:
    signed, actor = VERIFYING["documents"]
    described = codec.parse_object(orjson.dumps(actor))
    assert isinstance(described, Actor)
    (method,) = described.assertion_methods
    claim = proofs.read(orjson.dumps(signed), NOW)
    assert claim is not None
    assert (claim.method, method.controller) == (method.id, described.id)
    assert proofs.verifies(claim, Ed25519PublicKey.from_public_bytes(multikey.decode(method.multibase)))


def test_the_w3c_verifies() -> None:
    """Its key is a DID, which we do not resolve, so the signature is looked at by itself."""
    assert not holds(W3C)
    claim = proofs._claim(W3C, W3C["proof"], NOW, b"")
    assert claim is not None
    assert proofs.verifies(claim, KEY.public_key())


def test_a_proof_without_a_context_of_its_own() -> None:
    """It may have been hashed as it stands (the FEP until 2025) or with the document's (Fedify)."""
    assert holds(EARLIER)
    fedify = proved()
    del fedify["proof"]["@context"]
    assert holds(fedify)
    for made in (EARLIER, fedify):
        assert not holds({**made, "type": "Update"})


# --- what is proved ---------------------------------------------------------------------------------------------------
Change = tuple[str, Callable[[dict[str, Any]], object]]
CHANGES: list[Change] = [
    ("a text", lambda made: made["object"].update(content="Hello World")),
    ("a number", lambda made: made["object"]["location"].update(latitude=51.00001)),
    ("a type of value", lambda made: made["object"]["location"].update(latitude="51")),
    ("a key more", lambda made: made.update(name="x")),
    ("a key more, null", lambda made: made.update(name=None)),
    ("a key more inside", lambda made: made["object"].update(summary="")),
    ("a key less", lambda made: made["object"].pop("id")),
    ("the order of a list", lambda made: made["object"]["tag"].reverse()),
    ("a value for a list of it", lambda made: made.update(type=["Create"])),
    ("the actor", lambda made: made.update(actor="https://evil.example/users/eve")),
    ("the context", lambda made: made["@context"].pop()),
    ("a context more", lambda made: made["@context"].append({"content": "https://evil.example#"})),
    ("both contexts", lambda made: (made["@context"].pop(), made["proof"].update({"@context": made["@context"]}))),
    ("the key's name", lambda made: made["proof"].update(verificationMethod="https://evil.example/users/eve#key")),
    ("the time", lambda made: made["proof"].update(created="2026-11-30T00:00:00Z")),
    ("an expiry", lambda made: made["proof"].update(expires="2030-01-01T00:00:00Z")),
    ("an option", lambda made: made["proof"].update(domain="hagen.example")),
    ("an object's own proof", lambda made: made["object"].update(proof={})),
    ("a signature inside", lambda made: made["object"].update(signature={})),
    ("no proof", lambda made: made.pop("proof")),
]


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[name for name, _ in CHANGES])
def test_every_change_shows(what: str, change: Callable[[dict[str, Any]], object]) -> None:
    made = deepcopy(proved())
    change(made)
    assert not holds(made), what


def test_another_key_did_not_make_it() -> None:
    assert not holds(proved(), Ed25519PrivateKey.generate().public_key())
    assert not holds(proved(key=Ed25519PrivateKey.generate()))


def test_how_it_is_written_does_not_matter() -> None:
    made = proved()
    text = orjson.dumps(made, option=orjson.OPT_INDENT_2).replace(b"51.0", b"5.1e1").replace(b"Hello", b"\\u0048ello")
    claim = proofs.read(text, NOW)
    assert claim is not None
    assert proofs.verifies(claim, KEY.public_key())
    assert claim.covered == text


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in _paths(one, (*path, key)))]


def _shuffled(value: Any, dice: random.Random) -> Any:
    if isinstance(value, list):
        return [_shuffled(item, dice) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    dice.shuffle(keys)
    return {key: _shuffled(value[key], dice) for key in keys}


leaves = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=3)
_SAMPLE = proved()
_PATHS = _paths(_SAMPLE)[1:]


@given(st.sampled_from(_PATHS), leaves)
def test_any_other_value_shows(path: tuple[Any, ...], value: Any) -> None:
    made = deepcopy(_SAMPLE)
    inside = made
    for step in path[:-1]:
        inside = inside[step]
    same = inside[path[-1]] == value and type(inside[path[-1]]) is not bool and type(value) is not bool
    inside[path[-1]] = value
    try:
        assert holds(made) is same
    except BadSignature:
        assert path[0] == "proof"


@given(st.sampled_from(_PATHS), st.text(max_size=3), leaves)
def test_any_key_more_shows(path: tuple[Any, ...], key: str, value: Any) -> None:
    made = deepcopy(_SAMPLE)
    inside: Any = made
    for step in path:
        inside = inside[step]
    if isinstance(inside, dict) and key not in inside:
        inside[key] = value
        assert not holds(made)


@given(st.integers())
def test_the_order_of_keys_does_not_matter(seed: int) -> None:
    made = _shuffled(_SAMPLE, random.Random(seed))  # noqa: S311 - no secret
    assert holds(made)


# --- what is ignored, and what is refused -----------------------------------------------------------------------------
IGNORED: dict[str, dict[str, Any]] = {
    "another suite": options(cryptosuite="eddsa-rdfc-2022"),
    "an earlier name of the suite": options(cryptosuite="jcs-eddsa-2022"),
    "a suite of quantum times": options(cryptosuite="mldsa44-jcs-2024"),
    "no suite": options(cryptosuite=None),
    "another type": options(type="Ed25519Signature2020"),
    "a DID": options(verificationMethod="did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6Mk"),
    "no key": options(verificationMethod=None),
    "a key that is an object": options(verificationMethod={"id": METHOD}),
    "one that has expired": options(expires="2026-12-01T12:00:00Z"),
    "a context that is not the document's": options(**{"@context": "https://www.w3.org/ns/activitystreams"}),
    "a context that is the beginning of the document's": options(
        **{"@context": ["https://www.w3.org/ns/activitystreams"]}
    ),
    "a text": {**document(), "proof": "z42"},
    "null": {**document(), "proof": None},
    "an empty list": {**document(), "proof": []},
    "no object": {**document(), "proof": [1, "x", None]},
    "inside only": {**document(), "object": proved()},
}


@pytest.mark.parametrize("made", IGNORED.values(), ids=IGNORED)
def test_what_cannot_be_checked_is_no_proof(made: dict[str, Any]) -> None:
    assert proofs.read(orjson.dumps(made), NOW) is None


@pytest.mark.parametrize("body", [b'{"proof"', b'["proof"]', b'"\\"proof\\""', b"", b'{"a": 1}'])
def test_no_document_has_no_proof(body: bytes) -> None:
    assert proofs.read(body, NOW) is None


def test_a_number_that_has_no_canonical_form_makes_it_uncheckable() -> None:
    assert proofs.read(orjson.dumps({**proved(), "size": 2**53}), NOW) is None


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another purpose": (options(proofPurpose="authentication"), "proofPurpose"),
    "no purpose": (options(proofPurpose=None), "proofPurpose"),
    "a chain": (options(previousProof="urn:uuid:1"), "chains"),
    "no time": (options(created=None), "when it was made"),
    "a time that is none": (options(created="yesterday"), "when it was made"),
    "a time as a number": (options(created=1_796_126_400), "when it was made"),
    "the future": (options(created="2026-12-01T13:00:01Z"), "in the future"),
    "an expiry that is none": (options(expires="never"), "expires"),
    "an expiry that is null": (proved() | {"proof": proved()["proof"] | {"expires": None}}, "expires"),
    **{
        f"the value {value!r:.20}": ({**proved(), "proof": {**proved()["proof"], "proofValue": value}}, "proofValue")
        for value in (None, 1, "", "z", "zz", "z0", "u" + "A" * 86, "z" + "1" * 63, "z" + "2" * 2_000, ["z1"])
    },
    "too many": ({**proved(), "proof": [proved()["proof"]] * (proofs.MAX_PROOFS + 1)}, "more than 4"),
}


@pytest.mark.parametrize(("made", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_the_rules_is_refused(made: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadSignature, match=reason):
        proofs.read(orjson.dumps(made), NOW)


def test_the_edges_of_time() -> None:
    assert holds(options(created="2026-12-01T13:00:00Z"))
    assert holds(options(created="2006-01-01T00:00:00Z"))  # a proof does not age; its key may
    assert holds(options(created="2023-01-28T01:22:40.183273595Z"))  # Mitra writes nanoseconds
    assert holds(options(expires="2026-12-01T12:00:01Z"))


def test_one_of_several_proofs_is_enough_and_the_others_are_left_out() -> None:
    good = proved()
    other = options(cryptosuite="mldsa44-jcs-2024")["proof"]
    claim = proofs.read(orjson.dumps({**good, "proof": [other, good["proof"]]}), NOW)
    assert claim is not None
    assert proofs.verifies(claim, KEY.public_key())
    assert orjson.loads(claim.covered) == good


def test_a_linked_data_signature_was_added_later_and_is_not_covered() -> None:
    good = proved()
    claim = proofs.read(orjson.dumps({**good, "signature": {"type": "RsaSignature2017", "x": "anything"}}), NOW)
    assert claim is not None
    assert proofs.verifies(claim, KEY.public_key())
    assert orjson.loads(claim.covered) == good


# --- what we send -----------------------------------------------------------------------------------------------------
ACTIVITIES = [
    path for path in sorted(samples.OURS.glob("*.json")) if isinstance(codec.parse_object(path.read_bytes()), Activity)
]


@pytest.mark.parametrize("path", ACTIVITIES, ids=lambda path: path.name)
def test_all_that_we_send_is_proved_and_expands(path: Path) -> None:
    activity = codec.parse_object(path.read_bytes())
    assert isinstance(activity, Activity)
    body = proofs.write(activity, METHOD, KEY, NOW)
    made = orjson.loads(body)
    assert holds(made)
    assert codec.parse_activity(body) == activity  # a proof changes nothing of what is said
    plain = orjson.loads(codec.write(activity))
    assert {key: value for key, value in made.items() if key not in {"proof", "@context"}} == {
        key: value for key, value in plain.items() if key != "@context"
    }
    # Mastodon compares lists; Mitra wants the two contexts equal.
    assert isinstance(made["@context"], list)
    assert made["@context"] == made["proof"]["@context"]
    assert "https://www.w3.org/ns/activitystreams" in made["@context"]
    node: Any = jsonld.expand(made)[0]
    (expanded,) = node[f"{SEC}proof"]
    assert expanded["@type"] == [f"{SEC}DataIntegrityProof"]
    for term in ("cryptosuite", "verificationMethod", "proofPurpose", "proofValue"):
        assert f"{SEC}{term}" in expanded, term
    assert "http://purl.org/dc/terms/created" in expanded


def test_there_are_activities_of_every_kind_that_we_send() -> None:
    kinds = {orjson.loads(path.read_bytes())["type"] for path in ACTIVITIES}
    assert kinds >= {"Create", "Update", "Delete", "Announce", "Follow", "Accept", "Undo"}


def test_the_context_of_an_actor_has_both() -> None:
    terms = context.inline(context.ACTOR, proved=True)
    assert terms[:3] == [context.ACTIVITYSTREAMS, context.SECURITY, context.DATA_INTEGRITY]
    assert context.inline((), proved=True) == [context.ACTIVITYSTREAMS, context.DATA_INTEGRITY]
    assert context.inline(()) == context.ACTIVITYSTREAMS


def test_two_actors_do_not_sign_alike() -> None:
    activity = codec.parse_activity(ACTIVITIES[0].read_bytes())
    other = replace(activity, actor="https://server.example/users/bob")
    mine, theirs = (orjson.loads(proofs.write(one, METHOD, KEY, NOW)) for one in (activity, other))
    assert mine["proof"]["proofValue"] != theirs["proof"]["proofValue"]
    assert not holds({**theirs, "proof": mine["proof"]})
    assert timedelta(0) < proofs.MAX_AHEAD <= timedelta(hours=1)
