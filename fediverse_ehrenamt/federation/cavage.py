"""draft-cavage-http-signatures-12, made and read: method, target, host, time and body are signed, or it is refused.

Most peers sign `(request-target) host date digest` with RSA and SHA-256 and call it rsa-sha256 or hs2019. Mobilizon,
Friendica and Fedify sign the path without its query, Lemmy signs `(created)` and `(expires)`.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from fediverse_ehrenamt.federation.evidence import (
    MAX_VALUE,
    VISIBLE,
    Algorithm,
    Evidence,
    Request,
    check_covered,
    check_expires,
    check_key_id,
    check_made,
    check_request_line,
)
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import BadSignature, Rejected

# hs2019 says that the key tells (section 2.1); the fediverse means RSA with SHA-256 by it, some SHA-512.
_BY_KEY: tuple[Algorithm, ...] = ("rsa-sha256", "rsa-sha512", "ed25519")
_ALGORITHMS: dict[str, tuple[Algorithm, ...]] = {
    "": _BY_KEY,
    "hs2019": _BY_KEY,
    "rsa-sha256": ("rsa-sha256",),
    "rsa-sha512": ("rsa-sha512",),
    "ed25519": ("ed25519",),
    "ed25519-sha512": ("ed25519",),  # what Misskey's library calls it
}
_HASHES = {b"sha-256": hashlib.sha256, b"sha-512": hashlib.sha512}
_MAX_DIGESTS = 4
_SIGNATURE, _SHA_256 = b'signature="', b"SHA-256="
_TWICE = "a parameter of the Signature header stands there twice"
_NO_DATE = "the Date header is no HTTP date"
_NOT_BASE64 = "the signature is not base64"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

_PARAMETER = re.compile(r'[ \t]*([A-Za-z][A-Za-z0-9_-]*)=(?:"([^"\\]*)"|([0-9]{1,12}))[ \t]*(?:,|\Z)')
_SECONDS = re.compile(r"[0-9]{1,12}")
_MINUTE = re.compile(rb"[A-Z][a-z]{2}, ([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2})")
_SECOND = re.compile(rb"([0-5][0-9]) (?:GMT|UTC|[+-]0000)")
_MONTHS = {
    month: number for number, month in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a `Signature` header says beside the signature itself."""

    key_id: str
    algorithms: tuple[Algorithm, ...]
    covered: tuple[bytes, ...]
    created: int | None = None
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a `Signature` header says (section 2.1); nothing of it has been checked against the request yet."""

    terms: Terms
    signature: bytes

    @property
    def key_id(self) -> str:
        return self.terms.key_id

    def check(self, request: Request, now: datetime) -> Evidence:
        """Check all that needs no key; raises BadSignature with the reason."""
        check_request_line(request)
        _check_coverage(self.terms.covered, request)
        _check_host(request)
        _check_times(self.terms, request, now)
        if b"digest" in self.terms.covered:
            _check_digest(request)
        texts = [signing_string(self.terms, request, request.target)]
        if "?" in request.target:
            texts.append(signing_string(self.terms, request, request.target.partition("?")[0]))
        return Evidence("cavage", tuple(texts), self.signature, self.terms.algorithms)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of ours and the id under which peers fetch its public half."""

    id: str
    private: rsa.RSAPrivateKey


def read(header: bytes) -> Claim:
    """Read a `Signature` header; raises BadSignature where it is malformed or names what we do not know."""
    if len(header) > MAX_VALUE:
        raise BadSignature("the Signature header is too long")
    rest, _, last = header.rpartition(_SIGNATURE)
    if 0 < last.find(b'"') == len(last) - 1 and rest.endswith(b","):
        return Claim(_known(rest), _decode(last[:-1], _NOT_BASE64))
    found = _parameters(header)
    terms = _terms(found)
    if not found.get("signature"):
        raise BadSignature("the Signature header has no signature")
    return Claim(terms, _decode(found["signature"].encode("ascii"), _NOT_BASE64))


@lru_cache(maxsize=1024)
def _known(written: bytes) -> Terms:
    """Read all but the signature, which most write last: the rest is the same in all that an actor sends."""
    found = _parameters(written)
    if "signature" in found:
        raise BadSignature(_TWICE)
    return _terms(found)


def _terms(found: dict[str, str]) -> Terms:
    for name in ("keyId", "headers"):
        if not found.get(name):
            raise BadSignature(f"the Signature header has no {name}")
    algorithm = found.get("algorithm", "").lower()
    if algorithm not in _ALGORITHMS:
        raise BadSignature("the algorithm must be rsa-sha256, rsa-sha512, ed25519 or hs2019")
    covered = tuple(found["headers"].lower().encode("ascii").split(b" "))
    check_covered(covered)
    if algorithm.startswith("rsa") and not {b"(created)", b"(expires)"}.isdisjoint(covered):
        raise BadSignature(f"(created) and (expires) must not be used with {algorithm}")  # section 2.3
    return Terms(
        key_id=check_key_id(found["keyId"]),
        algorithms=_ALGORITHMS[algorithm],
        covered=covered,
        created=_seconds(found, "created"),
        expires=_seconds(found, "expires"),
    )


def signing_string(terms: Terms, request: Request, target: str) -> bytes:
    """Return the text that was signed (section 2.3), with `target` as the request's target."""
    return b"\n".join([_line(name, terms, request, target) for name in terms.covered])


def sign(key: SigningKey, method: str, url: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that sign a request: host, date, signature, and digest where there is a body or a POST.

    `url` must be as it goes over the wire: percent-encoded, its host in punycode. The content type is not signed.
    Raises Rejected for an address that cannot be one.
    """
    authority = ids.host(url)
    if not authority or not VISIBLE.fullmatch(url):
        raise Rejected("not a usable http(s) address")
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if "?" in url.partition("#")[0] else "")
    headers = {"host": authority, "date": format_datetime(now.astimezone(UTC), usegmt=True)}
    if body or method == "POST":
        headers["digest"] = f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}"
    lines = [f"(request-target): {method.lower()} {target}", *(f"{name}: {value}" for name, value in headers.items())]
    signature = key.private.sign("\n".join(lines).encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    headers["signature"] = (
        f'keyId="{key.id}",algorithm="rsa-sha256",headers="{" ".join(["(request-target)", *headers])}",'
        f'signature="{base64.b64encode(signature).decode("ascii")}"'
    )
    return headers


def _parameters(header: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    if not header.isascii():
        raise BadSignature("the Signature header must be ASCII")
    text = header.decode("ascii")
    while position < len(text):
        match = _PARAMETER.match(text, position)
        if match is None:
            raise BadSignature("the Signature header is malformed")
        name, quoted, number = match.groups()
        if name in found:
            raise BadSignature(_TWICE)
        found[name] = quoted if number is None else number
        position = match.end()
    return found


def _seconds(found: dict[str, str], name: str) -> int | None:
    text = found.get(name)
    if text is None:
        return None
    if not _SECONDS.fullmatch(text):
        raise BadSignature(f"{name} must be in whole seconds since 1970")
    return int(text)


def _decode(text: bytes, reason: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error as error:
        raise BadSignature(reason) from error


def _check_coverage(covered: tuple[bytes, ...], request: Request) -> None:
    needed = [b"(request-target)", b"host"]
    if request.body:
        needed.append(b"digest")
    missing = [name for name in needed if name not in covered]
    if b"date" not in covered and b"(created)" not in covered:
        missing.append(b"date")
    if missing:
        raise BadSignature(f"the signature must also cover {b' '.join(missing).decode()}")


def _check_host(request: Request) -> None:
    """A signature made for another host is a replay, even where a proxy has let the request through."""
    if request.signed_value(b"host").lower() not in _authorities(request.origin):
        raise BadSignature("the signature was made for another host")


@lru_cache(maxsize=64)
def _authorities(origin: str) -> frozenset[bytes]:
    """Return how our authority may stand in a Host header: with the default port or without.

    Gancio and Takahē send and sign the name alone, whatever the port is.
    """
    canonical = ids.origin(origin)
    scheme, _, authority = canonical.partition("://")
    assert authority, "the settings give an http(s) origin"
    host, _, port = authority.rpartition(":")
    has_port = bool(host) and port.isdigit()
    spellings = {authority, host} if has_port else {authority, authority + _DEFAULT_PORTS[scheme]}
    return frozenset(spelling.encode("ascii") for spelling in spellings)


def _check_times(terms: Terms, request: Request, now: datetime) -> None:
    if b"date" in terms.covered:
        check_made(_read_date(request.signed_value(b"date")), now)
    if b"(created)" in terms.covered and terms.created is not None:
        check_made(terms.created, now)
    check_expires(terms.expires, now)


def _read_date(value: bytes) -> float:
    """Read an HTTP date (RFC 9110, section 5.6.7); seconds since 1970.

    Peers send the one form only, some with the zone that mails have. Both halves are remembered: letters that come
    together were made within a few minutes, or waited in a queue.
    """
    minute, _, second = value.rpartition(b":")
    return _read_minute(minute) + _read_second(second)


@lru_cache(maxsize=256)
def _read_minute(written: bytes) -> float:
    match = _MINUTE.fullmatch(written)
    if match is None or match[2] not in _MONTHS:
        raise BadSignature(_NO_DATE)
    day, year, hour, minute = (int(match[group]) for group in (1, 3, 4, 5))
    try:
        return datetime(year, _MONTHS[match[2]], day, hour, minute, tzinfo=UTC).timestamp()
    except ValueError as error:
        raise BadSignature(_NO_DATE) from error


@lru_cache(maxsize=256)
def _read_second(written: bytes) -> int:
    match = _SECOND.fullmatch(written)
    if match is None:
        raise BadSignature(_NO_DATE)
    return int(match[1])


def _check_digest(request: Request) -> None:
    """Check every digest that we know (RFC 3230), each name once; at least one must be known."""
    value = request.signed_value(b"digest")
    if value.startswith(_SHA_256) and value == _SHA_256 + base64.b64encode(hashlib.sha256(request.body).digest()):
        return  # as nearly everybody writes it
    seen: set[bytes] = set()
    parts = value.split(b",")
    if len(parts) > _MAX_DIGESTS:
        raise BadSignature("there are too many digests")
    for part in parts:
        name, _, encoded = part.strip(b" \t").partition(b"=")
        name = name.lower()
        if name in seen:
            raise BadSignature("a digest stands there twice")
        seen.add(name)
        if name in _HASHES and _decode(encoded, "the digest is not base64") != _HASHES[name](request.body).digest():
            raise BadSignature("digest does not match the body")
    if seen.isdisjoint(_HASHES):
        raise BadSignature("the digest must be SHA-256 or SHA-512")


def _line(name: bytes, terms: Terms, request: Request, target: str) -> bytes:
    if not name.startswith(b"("):
        return name + b": " + request.signed_value(name)
    if name == b"(request-target)":
        return f"(request-target): {request.method.lower()} {target}".encode("ascii")
    seconds = {b"(created)": terms.created, b"(expires)": terms.expires}.get(name)
    if seconds is None:
        raise BadSignature(f"{name[:64].decode()} cannot be signed, or its parameter is missing")
    return b"%b: %d" % (name, seconds)
