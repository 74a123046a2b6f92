"""Object integrity proofs: made and checked as eddsa-jcs-2022 wants (FEP-8b32; W3C vc-di-eddsa §3.3). Pure.

Whose key it is, and whether that actor may say what it says, is decided elsewhere (federation/proofs.py, authority.py).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import BadSignature, Malformed
from fediverse_ehrenamt.vocab import jcs, multikey, reader, writing
from fediverse_ehrenamt.vocab.types import Activity

TYPE, SUITE, PURPOSE = "DataIntegrityProof", "eddsa-jcs-2022", "assertionMethod"
MAX_PROOFS = 4  # FEP-8b32 wants one; some sign with each of their keys
MAX_AHEAD = timedelta(hours=1)  # that a peer's clock may be fast, as for HTTP signatures
_SIGNATURE_BYTES = 64
_OPTIONS_REMEMBERED = 64

_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Claim:
    """A proof of a document, checked in all that needs no key.

    `method` is the id of the key that is said to have made `signature`. The signature must be over one of `texts`:
    some peers hash the document's context with a proof that has none of its own. `covered` is the document without
    what the proof does not speak of.
    """

    method: str
    signature: bytes
    texts: tuple[bytes, ...]
    covered: bytes


def write(activity: Activity, method: str, key: Ed25519PrivateKey, made: datetime) -> bytes:
    """Write an activity with its proof by the key whose id is `method`; takes about 0.1 ms."""
    return orjson.dumps(prove(writing.document(activity, proved=True), method, key, made))


def prove(document: _Json, method: str, key: Ed25519PrivateKey, made: datetime) -> dict[str, object]:
    """Return a document with its proof.

    The proof has the document's own context, which verifiers want in three ways: there or absent (the W3C's
    algorithm), equal (Mitra), or taken from the document (Fedify up to 2.3).
    """
    options: dict[str, object] = {"@context": document["@context"]} if "@context" in document else {}
    options |= {"type": TYPE, "cryptosuite": SUITE, "verificationMethod": method, "proofPurpose": PURPOSE}
    options["created"] = clock.write(made)
    signature = key.sign(_hash_of_options(orjson.dumps(options)) + _hash(document))
    return {**document, "proof": {**options, "proofValue": "z" + multikey.base58(signature)}}


def read(body: bytes, now: datetime) -> Claim | None:
    """Return the proof of a document, None where it has none that we can check.

    Ignored are (FEP-8b32, "Proof verification") other cryptosuites, keys that are no web addresses (DIDs), proofs that
    have expired, and proofs for another context than the document's, for that decides how the document is read. Raises
    BadSignature for a proof of our suite that breaks its rules.
    """
    if b'"proof"' not in body:
        return None  # as most of what comes; to read it once more would cost more than all the rest
    document = _loaded(body)
    said = document.get("proof")
    proofs = said if isinstance(said, list) else [said]
    if len(proofs) > MAX_PROOFS:
        raise BadSignature(f"the document has more than {MAX_PROOFS} proofs")
    usable = (proof for proof in proofs if isinstance(proof, dict) and _is_ours(proof, document, now))
    proof = next(usable, None)
    return None if proof is None else _claim(document, proof, now, body)


def verifies(claim: Claim, key: Ed25519PublicKey) -> bool:
    """Say whether the claim's signature was made with this key."""
    return any(_verifies(key, claim.signature, text) for text in claim.texts)


def _loaded(body: bytes) -> dict[str, object]:
    try:
        document = orjson.loads(body)
    except ValueError:
        return {}  # whoever reads this as an activity says so
    return document if isinstance(document, dict) else {}


def _is_ours(proof: _Json, document: _Json, now: datetime) -> bool:
    if proof.get("type") != TYPE or proof.get("cryptosuite") != SUITE or not reader.uri(proof, "verificationMethod"):
        return False
    expires = clock.parse(proof.get("expires"))
    if expires is not None and expires <= now:
        return False
    return "@context" not in proof or proof["@context"] == document.get("@context")


def _claim(document: _Json, proof: _Json, now: datetime, body: bytes) -> Claim | None:
    _check(proof, now)
    # FEP-8b32, "Backward compatibility": a linked data signature was added after the proof.
    unsecured = {key: value for key, value in document.items() if key not in {"proof", "signature"}}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    forms = [options]
    if "@context" not in options and "@context" in document:
        forms.append(options | {"@context": document["@context"]})
    try:
        hashed = _hash(unsecured)
        texts = tuple(_hash(form) + hashed for form in forms)
    except Malformed:  # a number beyond those that every program reads alike
        return None
    whole = "signature" not in document and document["proof"] is proof
    covered = body if whole else orjson.dumps({**unsecured, "proof": proof})
    return Claim(reader.uri(proof, "verificationMethod"), _signature(proof), texts, covered)


def _check(proof: _Json, now: datetime) -> None:
    """Refuse what the specification forbids; raises BadSignature."""
    if proof.get("proofPurpose") != PURPOSE:
        raise BadSignature("proofPurpose must be assertionMethod")
    if "previousProof" in proof:
        raise BadSignature("chains of proofs are not accepted")
    if "expires" in proof and clock.parse(proof["expires"]) is None:
        raise BadSignature("the proof's expires cannot be read")
    created = clock.parse(proof.get("created"))
    if created is None:
        raise BadSignature("the proof does not say when it was made")
    if created > now + MAX_AHEAD:
        raise BadSignature("the proof was made in the future; is your clock right?")


def _signature(proof: _Json) -> bytes:
    value = proof.get("proofValue")
    try:
        signature = multikey.from_base58(value[1:]) if isinstance(value, str) and value.startswith("z") else b""
    except Malformed:
        signature = b""
    if len(signature) != _SIGNATURE_BYTES:
        raise BadSignature("proofValue must be an Ed25519 signature in multibase z")
    return signature


@lru_cache(_OPTIONS_REMEMBERED)
def _hash_of_options(written: bytes) -> bytes:
    """Return the hash of a proof's options, which all that an actor writes in one moment have in common."""
    return _hash(orjson.loads(written))


def _hash(value: object) -> bytes:
    return hashlib.sha256(jcs.canonical(value)).digest()


def _verifies(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True
