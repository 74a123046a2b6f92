"""How many letters each scheme signs and verifies in a second on one core, beside the bare operation on the key.

Each letter is signed and verified once a round, so nothing is remembered but what an inbox remembers: keys.
"""

import asyncio
import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fediverse_ehrenamt.federation import rfc9421, signatures
from fediverse_ehrenamt.federation.signatures import OwnedKey, Request, SigningKey
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab import codec, proofs
from fediverse_ehrenamt.vocab.types import Activity
from tests.benchmarks.letters import Source
from tests.benchmarks.measuring import ROUNDS, Figures, cores, middle, on_core

_COUNT = 300  # letters of a round
_ORIGIN = "https://ehrenamt.ziel.example"
_INBOX = f"{_ORIGIN}/inbox"
_FIELDS = {"content-type": "application/activity+json"}
_PADDING, _HASH = padding.PKCS1v15(), hashes.SHA256()

Sign = Callable[[SigningKey, str, str, bytes, datetime], Mapping[str, str]]


class _Keys:
    """A key source that holds one key."""

    def __init__(self, key: OwnedKey) -> None:
        self._key = key

    async def find(self, key_id: str, *, refresh: bool = False) -> OwnedKey:
        assert not refresh, f"every signature by {key_id} is good"
        return self._key

    def proved(self, key_id: str) -> None:
        pass


def run(folder: Path) -> Figures:  # noqa: ARG001 - the other parts need a folder
    """Measure in this process, on one core."""
    core, _ = cores()
    now = clock.now()
    source = Source(now)
    sender = source.senders[0]
    activities = [source.activity(sender, draft) for draft in source.drafts[:_COUNT]]
    bodies = [codec.write(activity) for activity in activities]
    owned = OwnedKey(sender.key.id, sender.actor.id, signatures.load_public(sender.public_pem))
    with on_core(core):
        figures = _http("cavage", signatures.sign, sender.key, owned, bodies)
        figures |= _http("rfc9421", partial(rfc9421.sign, fields=_FIELDS), sender.key, owned, bodies)
        figures |= _proofs(activities, f"{sender.actor.id}#ed25519-key")
        return figures | _bare(sender.key, owned, bodies)


def _http(name: str, sign: Sign, key: SigningKey, owned: OwnedKey, bodies: list[bytes]) -> Figures:
    now, keys = clock.now(), _Keys(owned)

    def request(body: bytes) -> Request:
        headers = sign(key, "POST", _INBOX, body, now)
        raw = tuple((field.lower().encode(), value.encode()) for field, value in headers.items())
        return Request("POST", "/inbox", raw, body, _ORIGIN)

    async def verify(requests: list[Request]) -> None:
        for one in requests:
            signed = await signatures.verify(one, keys, now)
            assert signed.actor == owned.owner, "every signature is good"

    made = [_per_s(lambda: [sign(key, "POST", _INBOX, body, now) for body in bodies]) for _ in range(ROUNDS)]
    checked = []
    for _ in range(ROUNDS):
        requests = [request(body) for body in bodies]
        checked.append(_per_s(lambda: asyncio.run(verify(requests))))  # noqa: B023 - called at once
    return {f"sign_per_s_{name}": middle(made), f"verify_per_s_{name}": middle(checked)}


def _proofs(activities: list[Activity], method: str) -> Figures:
    """A proof is made while the activity is written, and read from the body: both are part of it."""
    now, key = clock.now(), Ed25519PrivateKey.generate()
    public = key.public_key()
    bodies = [proofs.write(activity, method, key, now) for activity in activities]

    def verify() -> None:
        for body in bodies:
            claim = proofs.read(body, now)
            assert claim is not None, "every body has a proof"
            assert proofs.verifies(claim, public), "every proof is good"

    made = [
        _per_s(lambda: [proofs.write(activity, method, key, now) for activity in activities]) for _ in range(ROUNDS)
    ]
    checked = [_per_s(verify) for _ in range(ROUNDS)]
    return {"sign_per_s_proof": middle(made), "verify_per_s_proof": middle(checked)}


def _bare(key: SigningKey, owned: OwnedKey, bodies: list[bytes]) -> Figures:
    """The ceilings: a digest and one operation on the key."""
    edwards, public = Ed25519PrivateKey.generate(), owned.key
    assert isinstance(public, rsa.RSAPublicKey), "the source signs with RSA"
    figures = _ceiling("rsa", partial(key.private.sign, padding=_PADDING, algorithm=_HASH),
                       partial(public.verify, padding=_PADDING, algorithm=_HASH), bodies)  # fmt: skip
    return figures | _ceiling("ed25519", edwards.sign, edwards.public_key().verify, bodies)


def _ceiling(
    name: str, sign: Callable[[bytes], bytes], verify: Callable[[bytes, bytes], None], bodies: list[bytes]
) -> Figures:
    signed = [sign(_digest(body)) for body in bodies]
    made = [_per_s(lambda: [sign(_digest(body)) for body in bodies]) for _ in range(ROUNDS)]

    def check() -> None:
        for one, body in zip(signed, bodies, strict=True):
            verify(one, _digest(body))

    checked = [_per_s(check) for _ in range(ROUNDS)]
    return {f"sign_ceiling_{name}_per_s": middle(made), f"verify_ceiling_{name}_per_s": middle(checked)}


def _digest(body: bytes) -> bytes:
    return base64.b64encode(hashlib.sha256(body).digest())


def _per_s(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return _COUNT / (time.perf_counter() - started)
