"""Who sent a request: the one way from what was received to `Signed`, and the keys for it.

Nothing here talks to the net; keys come from a `KeySource`. The schemes are in cavage.py and rfc9421.py.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding

from fediverse_ehrenamt.federation import cavage, rfc9421
from fediverse_ehrenamt.federation.cavage import SigningKey, sign
from fediverse_ehrenamt.federation.evidence import Algorithm, Evidence, Request
from fediverse_ehrenamt.kit.errors import BadSignature

__all__ = [
    "KeySource",
    "OwnedKey",
    "OwnerGone",
    "PublicKey",
    "Request",
    "Signed",
    "SigningKey",
    "check_claimed",
    "key_id",
    "load_private",
    "load_public",
    "make_rsa",
    "sign",
    "verify",
]

PublicKey = rsa.RSAPublicKey | ed25519.Ed25519PublicKey

OUR_KEY_BITS = 2048  # what every peer reads; some refuse more
MIN_KEY_BITS, MAX_KEY_BITS = 2048, 8192
MAX_EXPONENT_BITS = 32  # everybody uses 65537; a long exponent makes each verification slow
MAX_PEM = 8192  # characters
_MARK = 32  # characters
_UNSIGNED = "the request is not signed"

_RSA: dict[Algorithm, tuple[AsymmetricPadding, hashes.HashAlgorithm]] = {
    "rsa-sha256": (padding.PKCS1v15(), hashes.SHA256()),
    "rsa-sha512": (padding.PKCS1v15(), hashes.SHA512()),
    "rsa-pss-sha512": (padding.PSS(padding.MGF1(hashes.SHA512()), 64), hashes.SHA512()),  # RFC 9421, section 3.3.1
}


@dataclass(frozen=True, slots=True)
class Signed:
    """What the inbox accepts and nothing else; made only by `verify`, `proofs.verify` and `fetch.from_origin`.

    `actor` is the URI of the actor that vouches for `body`; `how` is "cavage", "rfc9421", "proof" or "origin".
    `signature` is that of a request, b"" elsewhere.
    """

    actor: str
    body: bytes
    how: str
    signature: bytes = b""

    @property
    def mark(self) -> str:
        """A digest of the signature, "" where there is none: the same again is a replay."""
        return hashlib.sha256(self.signature).hexdigest()[:_MARK] if self.signature else ""


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """A public key and the actor that owns it; whoever made this has checked the ownership both ways."""

    id: str
    owner: str
    key: PublicKey


class OwnerGone(BadSignature):
    """Nobody is there any more who could name the key; `last` is the key as it was known before, if it was."""

    def __init__(self, public: str, last: OwnedKey | None = None) -> None:
        super().__init__(public)
        self.last = last


class KeySource(Protocol):
    async def find(self, key_id: str, *, refresh: bool = False) -> OwnedKey:
        """Return the key.

        `refresh` asks to fetch it anew; the known one comes back if it may not be fetched again yet. Raises
        Unavailable where it cannot be had now, BadSignature where it is gone, malformed or not its actor's, of that
        OwnerGone where its actor is gone with it.
        """

    def proved(self, key_id: str) -> None:
        """Hear that somebody who has this key has signed with it."""


def key_id(request: Request) -> str:
    """Return the key id that the request claims, "" where it is unsigned; raises BadSignature where it is malformed."""
    claim = _read(request)
    return "" if claim is None else claim.key_id


async def verify(request: Request, keys: KeySource, now: datetime, *, farewell: bool = False) -> Signed:
    """Return what the request proves; raises BadSignature (401) or, from `keys`, Unavailable (503).

    All that needs no key is checked first, so that a worthless request costs no fetch. A signature that fails is tried
    once more with the key fetched anew: actors change their keys without telling. For a `farewell` the last known key
    of somebody who is gone will do: the document that named it was gone before.
    """
    claim = _read(request)
    if claim is None:
        raise BadSignature(_UNSIGNED)
    evidence = claim.check(request, now)
    try:
        owned = await keys.find(claim.key_id)
    except OwnerGone as gone:
        if not farewell or gone.last is None:
            raise
        owned = gone.last
    try:
        _prove(evidence, owned.key)
    except BadSignature:
        fresh = await keys.find(claim.key_id, refresh=True)
        if fresh == owned:
            raise
        _prove(evidence, fresh.key)
        owned = fresh
    keys.proved(claim.key_id)
    return Signed(owned.owner, request.body, evidence.how, evidence.signature)


def check_claimed(request: Request) -> None:
    """Raise BadSignature for a request that does not even claim to be signed; what a claim is worth its key tells."""
    named = (request.value(b"signature"), request.value(b"signature-input"), _authorization(request))
    if not any(named):
        raise BadSignature(_UNSIGNED)


def load_public(pem: str) -> PublicKey:
    """Load a peer's public key: RSA of MIN_KEY_BITS to MAX_KEY_BITS, or Ed25519; raises BadSignature."""
    if len(pem) > MAX_PEM:
        raise BadSignature("the public key is too long")
    try:
        key = serialization.load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadSignature("the public key cannot be read") from error
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if not isinstance(key, rsa.RSAPublicKey):
        raise BadSignature("the public key must be RSA or Ed25519")
    if not MIN_KEY_BITS <= key.key_size <= MAX_KEY_BITS:
        raise BadSignature(f"an RSA key must have {MIN_KEY_BITS} to {MAX_KEY_BITS} bits")
    if key.public_numbers().e.bit_length() > MAX_EXPONENT_BITS:
        raise BadSignature("the RSA key has an unusual exponent")
    return key


def load_private(pem: str) -> rsa.RSAPrivateKey:
    """Load a key of our own, as `make_rsa` wrote it; raises ValueError for anything else."""
    # The validation is for keys of strangers; it takes 36 ms, and we made this one.
    key = serialization.load_pem_private_key(pem.encode("ascii"), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")  # noqa: TRY004 - what was read is wrong, not what the caller passed
    return key


def make_rsa() -> tuple[str, str]:
    """Make a key and return its private and its public half as PEM; takes about 40 ms."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=OUR_KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode("ascii"), public.decode("ascii")


def _read(request: Request) -> cavage.Claim | rfc9421.Claim | None:
    if request.value(b"signature-input") is not None:
        return rfc9421.read(request)
    header = request.value(b"signature")
    if header is None:
        header = _authorization(request)
    return None if header is None else cavage.read(header)


def _authorization(request: Request) -> bytes | None:
    """Return what a `Signature` header would say where it stands as credentials (draft-cavage, section 3)."""
    scheme, _, credentials = (request.value(b"authorization") or b"").partition(b" ")
    return credentials if scheme.lower() == b"signature" else None


def _prove(evidence: Evidence, key: PublicKey) -> None:
    is_rsa = _is_rsa(type(key))
    fitting = [algorithm for algorithm in evidence.algorithms if (algorithm in _RSA) == is_rsa]
    if not fitting:
        raise BadSignature("the algorithm does not fit the key")
    for algorithm in fitting:
        for text in evidence.texts:
            if _verifies(key, evidence.signature, text, algorithm):
                return
    raise BadSignature("the signature does not match the request and the key")


@cache
def _is_rsa(kind: type[PublicKey]) -> bool:
    """Remember what an abstract class says of the one that is behind it: it takes its time."""
    return issubclass(kind, rsa.RSAPublicKey)


def _verifies(key: PublicKey, signature: bytes, text: bytes, algorithm: Algorithm) -> bool:
    check: Callable[..., None] = key.verify
    try:
        check(signature, text, *_RSA.get(algorithm, ()))
    except InvalidSignature:
        return False
    return True
