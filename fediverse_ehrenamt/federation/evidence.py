"""A request as it was received, and what both signature schemes ask of it: no signed text can be read in two ways."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import BadSignature

MAX_VALUE = 8192  # bytes of one header value that has to do with signing; an RSA-8192 signature needs 1.4 kB
MAX_COVERED = 40  # signed headers; Fedify signs all that it sends, about 12
MAX_KEY_ID = 2048

# Mastodon's window (12 h) is the widest among our peers; deliveries that waited in a queue keep their first date there.
MAX_AGE = 12 * 3600.0  # seconds
MAX_AHEAD = 3600.0  # seconds that a peer's clock may be fast

Algorithm = Literal["rsa-sha256", "rsa-sha512", "ed25519"]

_AMBIGUOUS = re.compile(rb"[\x00\r\n]")
VISIBLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Request:
    """What was received, raw.

    `target` is the path with its query as it stood in the request line. `headers` are as ASGI gives them: lower-case
    names, duplicates kept. `origin` is ours as peers address us ("https://hagen.example"); it comes from the settings,
    never from the request.
    """

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    origin: str
    _values: dict[bytes, bytes | None] = field(init=False, repr=False, compare=False)  # None: stands there twice

    def __post_init__(self) -> None:
        values: dict[bytes, bytes | None] = {}
        for name, value in self.headers:
            values[name] = None if name in values else value
        object.__setattr__(self, "_values", values)  # each is asked for several times

    def value(self, name: bytes) -> bytes | None:
        """Return the value of a header without the space around it, None where the header is missing.

        Raises BadSignature for a header that stands twice, is folded or over MAX_VALUE bytes: two programs would read
        two different values, and a signature is worth something only if there is one.
        """
        if name not in self._values:
            return None
        value = self._values[name]
        if value is None:
            raise BadSignature(f"the {_shown(name)} header stands there twice")
        if len(value) > MAX_VALUE:
            raise BadSignature(f"the {_shown(name)} header is too long")
        if _AMBIGUOUS.search(value):
            raise BadSignature(f"the {_shown(name)} header is folded or holds control characters")
        return value.strip(b" \t")

    def signed_value(self, name: str) -> bytes:
        """Return the value of a header that the signature covers; raises BadSignature where it is missing."""
        value = self.value(name.encode("ascii"))
        if value is None:
            raise BadSignature(f"the signed header {_shown(name.encode('ascii'))} is missing")
        return value


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is left to be checked with the key: `signature` over one of `texts` by one of `algorithms`."""

    how: Literal["cavage", "rfc9421"]
    texts: tuple[bytes, ...]
    signature: bytes
    algorithms: tuple[Algorithm, ...]


def check_request_line(request: Request) -> None:
    """Refuse a method or target that could add a line to the signed text."""
    if not VISIBLE.fullmatch(request.method) or not VISIBLE.fullmatch(request.target):
        raise BadSignature("the request line holds characters that cannot be signed")


def check_key_id(text: str) -> str:
    """Return a key id that can be fetched: an http(s) URL in visible ASCII of at most MAX_KEY_ID characters."""
    if len(text) > MAX_KEY_ID:
        raise BadSignature("keyId is too long")
    if not VISIBLE.fullmatch(text) or not ids.origin(text):
        raise BadSignature("keyId must be an http(s) URL")
    return text


def check_covered(covered: tuple[str, ...]) -> None:
    """Refuse a list of signed headers that is too long, or names one twice."""
    if len(covered) > MAX_COVERED:
        raise BadSignature("too many headers are signed")
    if len(set(covered)) != len(covered):
        raise BadSignature("a header is listed twice among the signed ones")


def check_made(made: float, now: datetime) -> None:
    """Refuse a signature made (seconds since 1970) more than MAX_AGE ago or MAX_AHEAD in the future."""
    age = now.timestamp() - made
    if age > MAX_AGE:
        raise BadSignature("the signature is too old; is your clock right?")
    if age < -MAX_AHEAD:
        raise BadSignature("the signature was made in the future; is your clock right?")


def check_expires(expires: int | None, now: datetime) -> None:
    """Refuse a signature that its maker has declared expired (seconds since 1970)."""
    if expires is not None and expires < now.timestamp():
        raise BadSignature("the signature has expired")


def _shown(name: bytes) -> str:
    return name[:64].decode("ascii", "replace")
