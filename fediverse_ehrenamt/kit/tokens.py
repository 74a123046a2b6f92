"""Signed marks in links that need no login: whoever has the link may do one thing with one subject until it expires.

HMAC-SHA-256, cut to 128 bits, over purpose, subject and expiry; its key comes from the secret by HKDF (RFC 5869), apart
from the one that seals keys at rest. A token is 8 hexadecimal digits of its expiry (seconds since 1970) and 26 letters
and digits: no sign that a mail program would take for the end of a sentence, nothing that differs by case.
"""

import base64
import hashlib
import hmac
import math
import re
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SHAPE = re.compile(r"[0-9a-f]{8}[a-z2-7]{26}")
_EXPIRY_DIGITS, _MAC_BYTES, _KEY_BYTES = 8, 16, 32
_SECRETS_KEPT = 8


class WrongToken(ValueError):
    """The token was not made by this secret for this purpose and subject."""


def sign(secret: str, purpose: str, subject: str, until: datetime) -> str:
    """Return a token for a subject (say, a URI) that counts until a moment, to the second.

    Raises ValueError where there is no secret: anybody could make such a token.
    """
    expiry = f"{math.floor(until.timestamp()):08x}"
    return expiry + _mac(secret, purpose, subject, expiry)


def check(secret: str, token: str, purpose: str, subject: str) -> datetime:
    """Return until when a token counts, whether or not that is over; raises WrongToken."""
    said = token.lower()
    if not _SHAPE.fullmatch(said):
        raise WrongToken("no token")
    expiry, mac = said[:_EXPIRY_DIGITS], said[_EXPIRY_DIGITS:]
    if not hmac.compare_digest(mac, _mac(secret, purpose, subject, expiry)):
        raise WrongToken("signed otherwise")
    return datetime.fromtimestamp(int(expiry, 16), UTC)


def _mac(secret: str, purpose: str, subject: str, expiry: str) -> str:
    # No part can end where another begins: NUL stands in none of them.
    said = f"{purpose}\0{expiry}\0{subject}".encode()
    return base64.b32encode(hmac.digest(_key(secret), said, hashlib.sha256)[:_MAC_BYTES]).decode().lower().rstrip("=")


@lru_cache(_SECRETS_KEPT)
def _key(secret: str) -> bytes:
    if not secret:
        raise WrongToken("there is no secret to sign with")
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=b"ehrenamt links 1").derive(secret.encode())
