"""A foreign server that lets in only who signs in one way; it verifies without any code of ours."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.exceptions import InvalidSignature as Unfit
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver, algorithms

from tests.federation.origin import Answer, Origin
from tests.federation.signing import Message

YES = Answer(b"{}")
NO = Answer(b'{"error":"no"}', status=401)


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = timedelta(days=20_000)  # the tests' clock stands still somewhere


@dataclass
class Door:
    """Opens to the ways of signing that `opens` says; `came` lists how each knocked, as "key id way".

    Ways are "cavage", "cavage-path" (the path without its query), "rfc9421", "rfc9421 wished" with other components
    than the usual ones, each with "bad " before it where the signature is not good. `keys` are PEMs by key id.
    """

    origin: Origin
    keys: dict[str, str]
    opens: Callable[[str], bool]
    refusal: Answer = NO
    welcome: Answer = YES
    came: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.origin.judge = self._judge

    @property
    def ways(self) -> list[str]:
        return [one.partition(" ")[2] for one in self.came]

    @property
    def key_ids(self) -> list[str]:
        return [one.partition(" ")[0].partition("#")[2] for one in self.came]

    def _judge(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer | None:
        new = "signature-input" in headers
        name = "keyid" if new else "keyId"
        key_id = headers["signature-input" if new else "signature"].partition(f'{name}="')[2].partition('"')[0]
        pem = self.keys.get(key_id)
        if pem is None:
            self.came.append(f"{key_id} unknown key")
            return self.refusal
        way = self._new(pem, key_id, method, target, headers, body) if new else _old(pem, method, target, headers, body)
        self.came.append(f"{key_id} {way}")
        return self.welcome if self.opens(way) else self.refusal

    def _new(  # what a request consists of
        self, pem: str, key_id: str, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> str:
        self.inputs.append(headers["signature-input"])
        usual = ["@method", "@target-uri", *(["content-digest"] if body else [])]
        key = load_pem_public_key(pem.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        resolver = MappingKeyResolver(public_keys={key_id: key}, private_keys={})
        verifier = _Verifier(signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=resolver)
        message = Message(method, self.origin.at(target), headers)
        try:
            (found,) = verifier.verify(message, max_age=None, require_components=usual, body=body or None)
        except InvalidSignature:
            return "bad rfc9421"
        return "rfc9421" if len(found.covered_components) == len(usual) + 1 else "rfc9421 wished"


def _old(pem: str, method: str, target: str, headers: dict[str, str], body: bytes) -> str:
    covered = headers["signature"].partition('headers="')[2].partition('"')[0]
    if covered != "(request-target) host date" + (" digest" if body else ""):
        return "bad cavage"
    values = [f"{name}: {headers[name]}" for name in covered.split()[1:]]
    for way, path in (("cavage", target), ("cavage-path", target.partition("?")[0])):
        if _fits(pem, headers["signature"], "\n".join([f"(request-target): {method.lower()} {path}", *values])):
            return way
    return "bad cavage"


def _fits(pem: str, header: str, text: str) -> bool:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    made = base64.b64decode(header.partition('signature="')[2].partition('"')[0])
    try:
        key.verify(made, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except Unfit:
        return False
    return True
