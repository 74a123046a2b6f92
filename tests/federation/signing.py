"""How peers sign, written without our own signing code, so that the two can be held against each other."""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver, algorithms

from fediverse_ehrenamt.federation import signatures
from fediverse_ehrenamt.federation.signatures import OwnedKey, PublicKey, Request, Signed
from fediverse_ehrenamt.kit.errors import BadSignature

NOW = datetime(2026, 12, 1, 12, 0, 0, tzinfo=UTC)
DATE = "Tue, 01 Dec 2026 12:00:00 GMT"
STAMP = 1796126400  # the same moment
ORIGIN = "https://hagen.example"
ACTOR = "https://peer.example/users/anna"
KEY_ID = ACTOR + "#main-key"
BODY = b'{"type":"Create","actor":"https://peer.example/users/anna"}'

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED = ed25519.Ed25519PrivateKey.generate()

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def digest(body: bytes = BODY) -> str:
    return "SHA-256=" + b64(hashlib.sha256(body).digest())


def content_digest(body: bytes = BODY, name: str = "sha-256") -> str:
    return f"{name}=:{b64(hashlib.new(name.replace('-', ''), body).digest())}:"


def make_signature(key: PrivateKey, text: str, hash_name: str = "sha256") -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return b64(key.sign(text.encode(), padding.PKCS1v15(), HASHES[hash_name]))
    return b64(key.sign(text.encode()))


def received(headers: Mapping[str, str], target: str = "/inbox", body: bytes = BODY, method: str = "POST") -> Request:
    """A request as ASGI would give it, between headers that every server and proxy adds."""
    around = ((b"user-agent", b"Peer/1.0"), (b"accept-encoding", b"gzip"), (b"x-forwarded-for", b"192.0.2.7"))
    raw = tuple((name.encode(), value.encode("latin-1")) for name, value in headers.items())
    return Request(method, target, around + raw, body, ORIGIN)


@dataclass(frozen=True)
class Cavage:
    """One signed POST; every field can be bent. `lines` stand for themselves: this is no second implementation."""

    target: str = "/inbox"
    signed_target: str = "/inbox"
    covered: str = "(request-target) host date digest"
    key: PrivateKey = RSA
    hash_name: str = "sha256"
    algorithm: str | None = "rsa-sha256"
    key_id: str = KEY_ID
    body: bytes = BODY
    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: str = ""
    pseudo: Mapping[str, str] = field(default_factory=dict)

    def all_headers(self) -> dict[str, str]:
        return {"host": "hagen.example", "date": DATE, "digest": digest(self.body), **self.headers}

    def signature_header(self) -> str:
        known = {"(request-target)": f"post {self.signed_target}", **self.pseudo, **self.all_headers()}
        text = "\n".join(f"{name}: {known[name]}" for name in self.covered.split(" ") if name)
        algorithm = "" if self.algorithm is None else f'algorithm="{self.algorithm}",'
        made = make_signature(self.key, text, self.hash_name)
        return f'keyId="{self.key_id}",{algorithm}{self.parameters}headers="{self.covered}",signature="{made}"'

    def request(self) -> Request:
        headers = {"signature": self.signature_header(), **self.all_headers()}
        return received(headers, self.target, self.body)


@dataclass(frozen=True)
class Rfc9421:
    """One POST signed after RFC 9421, its signature base written out by hand."""

    target: str = "/inbox"
    components: tuple[tuple[str, str], ...] = (
        ("@method", "POST"),
        ("@target-uri", "https://hagen.example/inbox"),
        ("content-digest", content_digest()),
    )
    parameters: str = f';created={STAMP};keyid="{KEY_ID}"'
    key: PrivateKey = RSA
    body: bytes = BODY
    headers: Mapping[str, str] = field(default_factory=dict)
    label: str = "sig1"
    sign: Callable[[PrivateKey, str], str] = make_signature

    def request(self) -> Request:
        named = [(name if name.startswith('"') else f'"{name}"', value) for name, value in self.components]
        written = "(" + " ".join(name for name, _ in named) + ")" + self.parameters
        base = "".join(f"{name}: {value}\n" for name, value in named) + f'"@signature-params": {written}'
        signature = self.sign(self.key, base)
        headers = {
            "host": "hagen.example",
            "date": DATE,
            "content-digest": content_digest(),
            "signature-input": f"{self.label}={written}",
            "signature": f"{self.label}=:{signature}:",
            **self.headers,
        }
        return received(headers, self.target, self.body)


@dataclass
class Message:
    """What http-message-signatures asks for."""

    method: str
    url: str
    headers: dict[str, str]


def by_library(
    components: Sequence[str],
    target: str = "/inbox",
    key: PrivateKey = RSA,
    *,
    include_alg: bool = True,
    expires: datetime | None = None,
) -> Request:
    """A POST signed by another implementation of RFC 9421."""
    message = Message("POST", ORIGIN + target, {"host": "hagen.example", "date": DATE})
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.RSA_V1_5_SHA256 if isinstance(key, rsa.RSAPrivateKey) else algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={KEY_ID: key}),
    )
    signer.sign(
        message,
        key_id=KEY_ID,
        created=NOW,
        expires=expires,
        include_alg=include_alg,
        covered_component_ids=components,
        body=BODY,
        nonce="b3k2pp5k7z",
    )
    return received({name.lower(): value for name, value in message.headers.items()}, target)


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = timedelta(days=20_000)  # the tests' clock stands still somewhere


def by_library_verified(request: Request, key: rsa.RSAPrivateKey = RSA) -> tuple[str, ...]:
    """Return the components that a good signature covers, as another implementation reads it."""
    headers = {name.decode(): value.decode() for name, value in request.headers}
    resolver = MappingKeyResolver(public_keys={KEY_ID: key.public_key()}, private_keys={})
    verifier = _Verifier(signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=resolver)
    message = Message(request.method, request.origin + request.target, headers)
    (found,) = verifier.verify(message, max_age=None, body=request.body or None)
    return tuple(str(name).strip('"') for name in found.covered_components if "@signature-params" not in str(name))


class Keys:
    """A key source in memory that fetches nothing; `asked` lists what was asked of it."""

    def __init__(self, cached: PublicKey, published: PublicKey | None = None) -> None:
        self.cached = OwnedKey(KEY_ID, ACTOR, cached)
        self.published = self.cached if published is None else OwnedKey(KEY_ID, ACTOR, published)
        self.asked: list[tuple[str, bool]] = []
        self.good: list[str] = []

    async def find(self, key_id: str, *, refresh: bool = False) -> OwnedKey:
        self.asked.append((key_id, refresh))
        if key_id != KEY_ID:
            raise BadSignature("the key is gone")
        return self.published if refresh else self.cached

    def proved(self, key_id: str) -> None:
        self.good.append(key_id)


def verified(request: Request, key: PublicKey | None = None, now: datetime = NOW) -> Signed:
    return asyncio.run(signatures.verify(request, Keys(RSA.public_key() if key is None else key), now))


def without(request: Request, name: bytes) -> Request:
    return replace(request, headers=tuple(pair for pair in request.headers if pair[0] != name))


def with_header(request: Request, name: bytes, value: bytes) -> Request:
    """The same request with a header more, as a proxy or an attacker on the way could add it."""
    return replace(request, headers=(*request.headers, (name, value)))


def changed(request: Request, name: bytes, value: bytes) -> Request:
    return replace(request, headers=tuple((key, value if key == name else old) for key, old in request.headers))
