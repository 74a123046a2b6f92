"""Texts kept unreadable at rest: sealed with a secret and bound to their place, so that none can be put elsewhere.

AES-256-GCM with a random nonce; its key comes from the secret by HKDF-SHA-256 (RFC 5869). A sealed text is
`sealed1.<secret's mark>.<base64url of nonce and ciphertext>`: the version lets the method change, the mark (it tells
nothing of the secret) says by which secret it was sealed, so that a wrong one is named and secrets can be changed.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_SECRET = 32  # characters; what `new_secret` makes has 43

_VERSION = "sealed1"
_NONCE_BYTES, _KEY_BYTES, _MARK_BYTES = 12, 32, 6
_SECRETS_KEPT = 8


class WrongSecret(ValueError):
    """The text was sealed by another secret, for another place, or was changed since."""


def new_secret() -> str:
    """Return a new secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def seal(secret: str, text: str, place: str) -> str:
    """Seal a text for a place (say, the URI of its owner); the same text is sealed differently each time."""
    key, mark = _derived(secret)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())
    return f"{_VERSION}.{mark}.{base64.urlsafe_b64encode(sealed).decode('ascii')}"


def unseal(secret: str, sealed: str, place: str) -> str:
    """Return what was sealed; raises WrongSecret."""
    key, mark = _derived(secret)
    if not is_sealed_by(secret, sealed):
        raise WrongSecret(f"sealed by another secret than {mark}")
    try:
        data = base64.b64decode(sealed.rpartition(".")[2], altchars=b"-_", validate=True)
        return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise WrongSecret("not what was sealed, or not where it was put") from error


def is_sealed(text: str) -> bool:
    """Say whether a text was made by `seal`, with whatever secret."""
    return text.startswith(f"{_VERSION}.")


def is_sealed_by(secret: str, text: str) -> bool:
    """Say whether a text was sealed by this secret, without opening it."""
    return text.startswith(f"{_VERSION}.{_derived(secret)[1]}.")


def fingerprint(secret: str, text: str) -> str:
    """Return 64 hexadecimal digits by which the same text is found again, and which tell nothing of it without us."""
    return hmac.digest(_fingerprinting(secret), text.encode(), hashlib.sha256).hex()


@lru_cache(_SECRETS_KEPT)
def _fingerprinting(secret: str) -> bytes:
    """Return a key apart from the one that seals."""
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=b"ehrenamt fingerprints 1").derive(secret.encode())


@lru_cache(_SECRETS_KEPT)
def _derived(secret: str) -> tuple[bytes, str]:
    """Return the key and the mark of a secret."""
    made = HKDF(hashes.SHA256(), _KEY_BYTES + _MARK_BYTES, salt=None, info=b"ehrenamt sealing 1").derive(
        secret.encode()
    )
    return made[:_KEY_BYTES], made[_KEY_BYTES:].hex()
