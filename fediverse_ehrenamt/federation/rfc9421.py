"""RFC 9421 (HTTP Message Signatures), made and read: method, target, time and body are signed, or it is refused.

What may be covered is in components.py. Structured fields are parsed and written by http-sf; the rest is ours, for a
verifier for one request has little to resolve: the library that does all of RFC 9421 costs ten times as much, and
leaves coverage, clock and body to its caller.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

import http_sf
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from http_sf.types import ParamsType

from fediverse_ehrenamt.federation.cavage import SigningKey
from fediverse_ehrenamt.federation.components import DERIVED, DIGEST, Component, dictionary, line, read_component
from fediverse_ehrenamt.federation.evidence import (
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

MAX_SIGNATURES = 4  # in one request; proxies and content networks add theirs
OUR_ALGORITHM = "rsa-v1_5-sha256"
_EXPIRES_AFTER = 300  # seconds, where a peer wants an end

_ALGORITHMS: dict[str | None, tuple[Algorithm, ...]] = {
    None: ("rsa-sha256", "rsa-pss-sha512", "ed25519"),  # the key tells (section 3.2, step 6)
    "rsa-v1_5-sha256": ("rsa-sha256",),
    "rsa-pss-sha512": ("rsa-pss-sha512",),
    "ed25519": ("ed25519",),
}
_HASHES = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


@dataclass(frozen=True, slots=True)
class Wish:
    """One signature as a peer wants it: what it must cover beyond what we always sign, and its parameters."""

    label: str = "sig1"
    components: tuple[str, ...] = ()
    expires: bool = False
    nonce: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What `Signature-Input` and `Signature` say; nothing of it has been checked against the request yet.

    `parameters` is the value of `@signature-params`, written anew from what was parsed (section 2.3).
    """

    key_id: str
    algorithms: tuple[Algorithm, ...]
    covered: tuple[Component, ...]
    parameters: str
    signature: bytes
    created: int
    expires: int | None = None

    def check(self, request: Request, now: datetime) -> Evidence:
        """Check all that needs no key; raises BadSignature with the reason."""
        check_request_line(request)
        check_made(self.created, now)
        check_expires(self.expires, now)
        if any(_covers_body(component) for component in self.covered):
            _check_digest(request)
        return Evidence("rfc9421", (signature_base(self, request),), self.signature, self.algorithms)


def read(request: Request) -> Claim:
    """Read the two headers; of several signatures the first that could be one of an actor over this request.

    Raises BadSignature with what is wrong with the first, where none could. Which one is taken decides nothing: it must
    cover what one alone has to cover, and be proved.
    """
    inputs, signatures = dictionary(request, "signature-input"), dictionary(request, "signature")
    labels = [label for label in inputs if label in signatures]
    if not labels:
        raise BadSignature("there must be a signature, under the same label in both headers")
    if len(labels) > MAX_SIGNATURES:
        raise BadSignature("there are too many signatures")
    faults: list[BadSignature] = []
    for label in labels:
        try:
            return _covering(inputs[label], signatures[label], request)
        except BadSignature as error:
            faults.append(error)
    raise faults[0]


def _covering(member: object, item: object, request: Request) -> Claim:
    match member, item:
        case (list() as components, dict() as parameters), (bytes() as signature, _):
            claim = _claim(components, parameters, signature)
            _check_coverage(claim.covered, request)
            return claim
    raise BadSignature("Signature-Input must hold an inner list, Signature a byte sequence")


def signature_base(claim: Claim, request: Request) -> bytes:
    """Return the text that was signed (section 2.5)."""
    lines = [line(component, request) for component in claim.covered]
    lines.append(f'"@signature-params": {claim.parameters}'.encode("ascii"))
    return b"\n".join(lines)


def sign(  # noqa: PLR0913 - the request, the key, the time and what the peer wants
    key: SigningKey,
    method: str,
    url: str,
    body: bytes,
    now: datetime,
    *,
    fields: Mapping[str, str],
    wishes: Sequence[Wish] = (),
) -> dict[str, str]:
    """Return the headers that sign a request as Mastodon and Fedify read it, or as a peer wants it (section 5).

    `url` must be as it goes over the wire, `fields` are the request's other headers by lower-case names. Whatever is
    wanted, method, target and body are covered: no peer gets a signature that it could use elsewhere. Raises Rejected
    for an address that cannot be one.
    """
    origin = ids.origin(url)
    if not origin or not VISIBLE.fullmatch(url):
        raise Rejected("not a usable http(s) address")
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if "?" in url.partition("#")[0] else "")
    headers = {"host": ids.host(url), "date": format_datetime(now.astimezone(UTC), usegmt=True)}
    if body or method == "POST":
        headers["content-digest"] = http_sf.ser({"sha-256": (hashlib.sha256(body).digest(), {})})
    named = tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in {**fields, **headers}.items())
    request = Request(method, target, named, body, origin)
    inputs, signatures = {}, {}
    for wish in wishes or (Wish(),):
        covered = _covered(wish, request)
        parameters = _parameters(wish, key.id, int(now.timestamp()))
        components: list[http_sf.ItemType] = [(name, {}) for name in covered]
        claim = Claim(
            key.id,
            (),
            tuple(map(Component, covered)),
            http_sf.ser([(components, parameters)]),
            b"",
            int(now.timestamp()),
        )
        made = key.private.sign(signature_base(claim, request), padding.PKCS1v15(), hashes.SHA256())
        inputs[wish.label] = f"{wish.label}={claim.parameters}"
        signatures[wish.label] = f"{wish.label}=:{base64.b64encode(made).decode('ascii')}:"
    return headers | {"signature-input": ", ".join(inputs.values()), "signature": ", ".join(signatures.values())}


def _covered(wish: Wish, request: Request) -> tuple[str, ...]:
    """Return what to cover: method, target and body in any case, then what is wanted and there."""
    ours = ["@method", "@target-uri"]
    if request.value(b"content-digest") is not None:
        ours.append("content-digest")
    there = (name for name in wish.components if name in DERIVED or request.value(name.encode("ascii")) is not None)
    return tuple(dict.fromkeys([*ours, *there]))


def _parameters(wish: Wish, key_id: str, created: int) -> ParamsType:
    parameters: ParamsType = {"created": created, "keyid": key_id, "alg": OUR_ALGORITHM}
    if wish.expires:
        parameters["expires"] = created + _EXPIRES_AFTER
    if wish.nonce:
        parameters["nonce"] = wish.nonce
    if wish.tag:
        parameters["tag"] = wish.tag
    return parameters


def _claim(components: list[http_sf.ItemType], parameters: ParamsType, signature: bytes) -> Claim:
    covered = tuple(map(read_component, components))
    check_covered(covered)
    created, expires = parameters.get("created"), parameters.get("expires")
    key_id, algorithm = parameters.get("keyid"), parameters.get("alg")
    if type(created) is not int or not (expires is None or type(expires) is int):  # True is an int to isinstance
        raise BadSignature("created must be there, it and expires in whole seconds since 1970")
    if not isinstance(key_id, str):
        raise BadSignature("keyid must be there, as a string")
    if not (algorithm is None or isinstance(algorithm, str)) or algorithm not in _ALGORITHMS:
        raise BadSignature("alg must be rsa-v1_5-sha256, rsa-pss-sha512, ed25519 or absent")
    return Claim(
        key_id=check_key_id(key_id),
        algorithms=_ALGORITHMS[algorithm],
        covered=covered,
        parameters=http_sf.ser([(components, parameters)]),
        signature=signature,
        created=created,
        expires=expires,
    )


def _check_coverage(components: Sequence[Component], request: Request) -> None:
    """Ask for the method, the whole target on our authority, and the body where there is one (section 7.2.1)."""
    covered = frozenset(component.name for component in components)
    parts = {"@authority", "@path", "@query"} if "?" in request.target else {"@authority", "@path"}
    targets = ({"@target-uri"}, parts, {"@authority", "@request-target"})
    if "@method" not in covered or not any(covered >= target for target in targets):
        raise BadSignature("the signature must also cover @method and @target-uri")
    if request.body and not any(_covers_body(component) for component in components):
        raise BadSignature("the signature must also cover content-digest")


def _covers_body(component: Component) -> bool:
    """Say whether a digest of the body is signed: all that are there, or one that we hold against it."""
    return component.name == DIGEST and dict(component.parameters).get("key", "sha-256") in _HASHES


def _check_digest(request: Request) -> None:
    """Check every digest that we know (RFC 9530); at least one must be known."""
    digests = dictionary(request, DIGEST)
    known = [name for name in digests if name in _HASHES]
    if not known:
        raise BadSignature("content-digest must be sha-256 or sha-512")
    for name in known:
        match digests[name]:
            case (bytes() as digest, _) if digest == _HASHES[name](request.body).digest():
                continue
        raise BadSignature("content-digest does not match the body")
