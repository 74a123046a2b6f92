"""The public keys that an actor names as its own, as they stand in its document."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key in the form of the W3ID security vocabulary (`publicKey`): RSA or Ed25519 as PEM."""

    id: str
    owner: str
    pem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multikey:
    """A key of `assertionMethod` (FEP-521a): `multibase` is "z" + base58btc of multicodec and key.

    `until` is when it expires or was revoked, whichever is first.
    """

    id: str
    controller: str
    multibase: str
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until
