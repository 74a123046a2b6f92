"""How servers that are not in the package registries speak, byte by byte, over a socket of their own.

Read in their sources. GoToSocial 57cb4fe: internal/transport/{transport,signing,dereference,deliver}.go and its
httpsig; Takahē d45f22c: core/signatures.py; Gancio dea1bd9: server/federation/helpers.js (`signAndSend`); Mobilizon
c64a0ea: lib/federation/activity_pub/{publisher,fetcher,utils}.ex.
"""

import base64
import hashlib
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.towns import Country

Field = tuple[str, str]
_SECONDS = 30.0
_LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one software signs; `form` is its Signature header, `posts` and `gets` the other fields that it sends.

    `port` says whether its Host names ours, `query` whether its request-target has one, `covered` and `asked` what it
    signs of a POST and of a GET, in its order.
    """

    form: str
    covered: str
    asked: str
    posts: Sequence[Field]
    gets: Sequence[Field]
    port: bool = True
    query: bool = False


_OLD = 'keyId="{key}",algorithm="rsa-sha256",headers="{covered}",signature="{made}"'

GOTOSOCIAL = Dialect(
    form='keyId="{key}",algorithm="hs2019",headers="{covered}",signature="{made}"',
    covered="(request-target) host date digest",
    asked="(request-target) host date",
    posts=(("Content-Type", _LD), ("Accept-Charset", "utf-8")),
    gets=(("Accept", f"{_LD},application/activity+json"), ("Accept-Charset", "utf-8")),
    query=True,
)
TAKAHE = Dialect(
    form='keyId="{key}",headers="{covered}",signature="{made}",algorithm="rsa-sha256"',
    covered="(request-target) host date digest content-type",
    asked="(request-target) host date accept",
    posts=(("Content-Type", "application/activity+json"),),
    gets=(("Accept", "application/activity+json,application/ld+json"),),
    port=False,
)
GANCIO = Dialect(
    form=_OLD,
    covered="(request-target) host date digest",
    asked="(request-target) host date",
    posts=(("Content-Type", "application/activity+json"), ("Accept", "application/activity+json")),
    gets=(("Accept", "application/activity+json"),),
    port=False,
)
MOBILIZON = Dialect(
    form=_OLD,
    covered="(request-target) content-length date digest host",
    asked="(request-target) date host",
    posts=(("Content-Type", "application/activity+json"), ("Accept", "application/activity+json")),
    gets=(("Accept", "application/activity+json"), ("Accept", "application/activity+json")),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `kind` is its Content-Type."""

    status: int
    kind: str
    body: bytes

    @property
    def value(self) -> dict[str, Any]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True, slots=True)
class Speaker:
    """One server that speaks a dialect with one key."""

    country: Country
    dialect: Dialect
    key: rsa.RSAPrivateKey

    def post(self, url: str, activity: Mapping[str, object], key_id: str) -> Answer:
        """Post an activity, signed by the key that goes by an id."""
        return self._ask("POST", url, key_id, json.dumps(activity).encode(), self.dialect.posts)

    def get(self, url: str, key_id: str, accept: str = "") -> Answer:
        """Ask for a document, signed; `accept` is what it asks for where that is not ActivityPub."""
        return self._ask("GET", url, key_id, b"", [("Accept", accept)] if accept else self.dialect.gets)

    def _ask(self, method: str, url: str, key_id: str, body: bytes, more: Sequence[Field]) -> Answer:
        parts = urlsplit(url)
        assert parts.hostname is not None
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        fields = [
            ("Host", parts.netloc if self.dialect.port else parts.hostname),
            ("Date", format_datetime(self.country.clock.now(), usegmt=True)),
            *more,
        ]
        if body:
            fields.append(("Digest", f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"))
            fields.append(("Content-Length", str(len(body))))
        signed = f"{method.lower()} {target if self.dialect.query else parts.path}"
        fields.append(("Signature", self._signature(key_id, signed, fields, bool(body))))
        return _sent(parts.hostname, parts.port or 80, method, target, fields, body)

    def _signature(self, key_id: str, target: str, fields: Sequence[Field], has_body: bool) -> str:
        known = {name.lower(): value for name, value in fields} | {"(request-target)": target}
        covered = self.dialect.covered if has_body else self.dialect.asked
        text = "\n".join(f"{name}: {known[name]}" for name in covered.split())
        made = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return self.dialect.form.format(key=key_id, covered=covered, made=base64.b64encode(made).decode())


def _sent(  # what a request consists of
    host: str, port: int, method: str, target: str, fields: Sequence[Field], body: bytes
) -> Answer:
    """Send a request with exactly these fields in this order."""
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in fields:
            connection.putheader(name, value)
        connection.endheaders(body or None)
        response = connection.getresponse()
        return Answer(response.status, response.headers.get("Content-Type", ""), response.read())
    finally:
        connection.close()
