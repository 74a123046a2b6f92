"""A request as it was received, and what both signature schemes ask of it: no signed text can be read in two ways."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import BadSignature

MAX_VALUE = 8192  # bytes of one header value that has to do with signing; an RSA-8192 signature needs 1.4 kB
MAX_COVERED = 40  # signed headers; Fedify signs all that it sends, about 12
MAX_KEY_ID = 2048

# Mastodon's window (12 h) is the widest among our peers; deliveries that waited in a queue keep their first date there.
MAX_AGE = 12 * 3600.0  # seconds
MAX_AHEAD = 3600.0  # seconds that a peer's clock may be fast

Algorithm = Literal["rsa-sha256", "rsa-sha512", "rsa-pss-sha512", "ed25519"]

VISIBLE = re.compile(r"[!-~]+")


@dataclass(slots=True)
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
    _usable: dict[bytes, bytes] = field(init=False, repr=False, compare=False)  # those that have been judged

    def __post_init__(self) -> None:
        values: dict[bytes, bytes | None] = dict(self.headers)
        if len(values) < len(self.headers):
            values.clear()
            for name, value in self.headers:
                values[name] = None if name in values else value
        self._values, self._usable = values, {}

    def value(self, name: bytes) -> bytes | None:
        """Return the value of a header without the space around it, None where the header is missing.

        Raises BadSignature for a header that stands twice, is folded or over MAX_VALUE bytes: two programs would read
        two different values, and a signature is worth something only if there is one.
        """
        known = self._usable.get(name)  # the signed ones are asked for twice
        if known is not None or name not in self._values:
            return known
        value = self._values[name]
        if value is None:
            raise BadSignature(f"the {_shown(name)} header stands there twice")
        if len(value) > MAX_VALUE:
            raise BadSignature(f"the {_shown(name)} header is too long")
        if b"\n" in value or b"\r" in value or b"\0" in value:
            raise BadSignature(f"the {_shown(name)} header is folded or holds control characters")
        usable = self._usable[name] = value.strip(b" \t")
        return usable

    def signed_value(self, name: bytes) -> bytes:
        """Return the value of a header that the signature covers; raises BadSignature where it is missing."""
        value = self.value(name)
        if value is None:
            raise BadSignature(f"the signed header {_shown(name)} is missing")
        return value


class Evidence(NamedTuple):
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


def check_covered(covered: Sequence[Hashable]) -> None:
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
