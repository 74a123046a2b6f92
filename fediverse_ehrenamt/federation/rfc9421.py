"""RFC 9421 (HTTP Message Signatures), read: method, target, time and body are signed, or it is refused.

Only what peers send is taken: one signature, plain components without parameters. Structured fields are parsed and
written by http-sf, the rest is here, because a verifier for one request has little to resolve: the library that does
all of RFC 9421 costs ten times as much and leaves coverage, clock and body to its caller.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import http_sf
from http_sf.types import ParamsType

from fediverse_ehrenamt.federation.evidence import (
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
from fediverse_ehrenamt.kit.errors import BadSignature

_ALGORITHMS: dict[str | None, tuple[Algorithm, ...]] = {
    None: ("rsa-sha256", "ed25519"),  # the key tells (section 3.2, step 6)
    "rsa-v1_5-sha256": ("rsa-sha256",),
    "ed25519": ("ed25519",),
}
_HASHES = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}

# Section 2.2. The authority is our own setting: what the request says of itself is checked, never believed.
_DERIVED: dict[str, Callable[[Request], str]] = {
    "@method": lambda request: request.method,
    "@target-uri": lambda request: ids.origin(request.origin) + request.target,
    "@authority": lambda request: ids.host(request.origin),
    "@scheme": lambda request: ids.origin(request.origin).partition("://")[0],
    "@request-target": lambda request: request.target,
    "@path": lambda request: request.target.partition("?")[0],
    "@query": lambda request: "?" + request.target.partition("?")[2],
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What `Signature-Input` and `Signature` say; nothing of it has been checked against the request yet.

    `parameters` is the value of `@signature-params`, written anew from what was parsed (section 2.3).
    """

    key_id: str
    algorithms: tuple[Algorithm, ...]
    covered: tuple[str, ...]
    parameters: str
    signature: bytes
    created: int
    expires: int | None = None

    def check(self, request: Request, now: datetime) -> Evidence:
        """Check all that needs no key; raises BadSignature with the reason."""
        check_request_line(request)
        _check_coverage(frozenset(self.covered), request)
        check_made(self.created, now)
        check_expires(self.expires, now)
        if "content-digest" in self.covered:
            _check_digest(request)
        return Evidence("rfc9421", (signature_base(self, request),), self.signature, self.algorithms)


def read(request: Request) -> Claim:
    """Read the two headers; raises BadSignature where they are malformed or hold more than one signature."""
    inputs, signatures = _dictionary(request, "signature-input"), _dictionary(request, "signature")
    if len(inputs) != 1 or inputs.keys() != signatures.keys():
        raise BadSignature("there must be one signature, under the same label in both headers")
    (member,), (item,) = inputs.values(), signatures.values()
    match member, item:
        case (list() as components, dict() as parameters), (bytes() as signature, _):
            return _claim(components, parameters, signature)
    raise BadSignature("Signature-Input must hold an inner list, Signature a byte sequence")


def signature_base(claim: Claim, request: Request) -> bytes:
    """Return the text that was signed (section 2.5)."""
    lines = [_line(name, request) for name in claim.covered]
    lines.append(f'"@signature-params": {claim.parameters}'.encode("ascii"))
    return b"\n".join(lines)


def _dictionary(request: Request, name: str) -> Mapping[str, object]:
    try:
        parsed = http_sf.parse(request.signed_value(name), tltype="dictionary", on_duplicate_key=_refuse_duplicate)
    except ValueError as error:
        raise BadSignature(f"the {name} header is malformed") from error
    assert isinstance(parsed, dict), "that is what tltype asks for"
    return parsed


def _refuse_duplicate(key: str, context: str) -> None:
    raise BadSignature(f"the {context} key {key[:64]} stands there twice")


def _claim(components: list[http_sf.ItemType], parameters: ParamsType, signature: bytes) -> Claim:
    covered = tuple(_component(item) for item in components)
    check_covered(covered)
    created, expires = parameters.get("created"), parameters.get("expires")
    key_id, algorithm = parameters.get("keyid"), parameters.get("alg")
    if type(created) is not int or not (expires is None or type(expires) is int):  # True is an int to isinstance
        raise BadSignature("created must be there, it and expires in whole seconds since 1970")
    if not isinstance(key_id, str):
        raise BadSignature("keyid must be there, as a string")
    if not (algorithm is None or isinstance(algorithm, str)) or algorithm not in _ALGORITHMS:
        raise BadSignature("alg must be rsa-v1_5-sha256, ed25519 or absent")
    return Claim(
        key_id=check_key_id(key_id),
        algorithms=_ALGORITHMS[algorithm],
        covered=covered,
        parameters=http_sf.ser([(components, parameters)]),
        signature=signature,
        created=created,
        expires=expires,
    )


def _component(item: object) -> str:
    match item:
        case (str() as name, dict() as parameters) if not parameters:
            return name
    raise BadSignature("components must be strings without parameters")


def _check_coverage(covered: frozenset[str], request: Request) -> None:
    """Ask for the method, the whole target on our authority, and the body where there is one (section 7.2.1)."""
    parts = {"@authority", "@path", "@query"} if "?" in request.target else {"@authority", "@path"}
    targets = ({"@target-uri"}, parts, {"@authority", "@request-target"})
    if "@method" not in covered or not any(covered >= target for target in targets):
        raise BadSignature("the signature must also cover @method and @target-uri")
    if request.body and "content-digest" not in covered:
        raise BadSignature("the signature must also cover content-digest")


def _check_digest(request: Request) -> None:
    """Check every digest that we know (RFC 9530); at least one must be known."""
    digests = _dictionary(request, "content-digest")
    known = [name for name in digests if name in _HASHES]
    if not known:
        raise BadSignature("content-digest must be sha-256 or sha-512")
    for name in known:
        match digests[name]:
            case (bytes() as digest, _) if digest == _HASHES[name](request.body).digest():
                continue
        raise BadSignature("content-digest does not match the body")


def _line(name: str, request: Request) -> bytes:
    if not name.startswith("@"):
        return f'"{name}": '.encode("ascii") + request.signed_value(name)
    derived = _DERIVED.get(name)
    if derived is None:
        raise BadSignature(f"the component {name[:64]} is not known for a request")
    return f'"{name}": {derived(request)}'.encode("ascii")
