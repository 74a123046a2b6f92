"""A small fediverse server that is none of ours: real actors, keys, NodeInfo; it signs what it sends and keeps what
it is sent, with whose signature it found on it. Its signing is written without our signing code.
"""

import asyncio
import base64
import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab.types import PUBLIC
from tests import servers
from tests.towns import ACTIVITY_JSON, Country, Served

_CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
_NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2.0"
_KEYS = 16  # more than there are peers in a test
_peers = itertools.count()


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    """Return the key of some peers, no two in one test: to make one takes longer than many a test."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Letter:
    """One activity that came in: where, what, and whose signature on it was found to be good."""

    inbox: str
    activity: Mapping[str, Any]
    signer: str

    @property
    def type(self) -> str:
        return str(self.activity["type"])

    @property
    def object_id(self) -> str:
        thing = self.activity["object"]
        return str(thing if isinstance(thing, str) else thing["id"])


class Peer:
    """One server on loopback; `statuses` is what its inboxes answer if not 202, `documents` what else it serves.

    A `secure` one shows its documents to those alone who sign well; `takes` is the seconds that it needs for some.
    """

    def __init__(self, country: Country, software: str = "mastodon") -> None:
        self._country = country
        self.software = software
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = _key(next(_peers) % _KEYS)
        self.letters: list[Letter] = []
        self.statuses: dict[str, int] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        self.secure = False
        self.takes: dict[str, float] = {}
        self._numbers = itertools.count(1)
        self._served: Served | None = None
        self.start()

    # --- running ------------------------------------------------------------------------------------------------------
    def start(self) -> None:
        routes = [
            Route("/.well-known/nodeinfo", self._nodeinfo_links),
            Route("/nodeinfo/2.0", self._nodeinfo),
            Route("/inbox", self._inbox, methods=["POST"]),
            Route("/users/{name}/inbox", self._inbox, methods=["POST"]),
            Route("/{path:path}", self._document),
        ]
        self._served = self._country.serve(Starlette(routes=routes), self.port)

    def stop(self) -> None:
        assert self._served is not None
        self._served.stop()

    # --- what it says -------------------------------------------------------------------------------------------------
    def actor(self, name: str = "anna", *, shared: bool = True) -> str:
        """Add an actor and return its URI; `shared` says whether it names the server's shared inbox."""
        uri = f"{self.url}/users/{name}"
        self.documents[f"/users/{name}"] = {
            "id": uri,
            "type": "Person",
            "preferredUsername": name,
            "name": name.title(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": self._public_pem()},
            "indexable": True,
            **({"endpoints": {"sharedInbox": f"{self.url}/inbox"}} if shared else {}),
        }
        self.documents[f"/users/{name}/outbox"] = {
            "id": f"{uri}/outbox",
            "type": "OrderedCollection",
            "totalItems": 0,
            "orderedItems": [],
        }
        return uri

    def change_key(self, name: str) -> None:
        """Let an actor sign with another key from now on, under the id of the one before."""
        self.key = _key(next(_peers) % _KEYS)
        self.documents[f"/users/{name}"]["publicKey"]["publicKeyPem"] = self._public_pem()

    def _public_pem(self) -> str:
        public = self.key.public_key()
        return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def activity(self, kind: str, actor: str, thing: Any, **fields: Any) -> dict[str, Any]:
        """Return an activity with an id of its own."""
        made = {"id": f"{self.url}/activities/{next(self._numbers)}", "type": kind, "actor": actor, "object": thing}
        return {"@context": _CONTEXT, **made, "to": [PUBLIC], **fields}

    def note(self, actor: str, words: str, *, updated: str = "", name: str = "") -> dict[str, Any]:
        """Return a public note; one with a `name` (of its id) given before is a later state of it."""
        made = {
            "id": f"{self.url}/notes/{name or next(self._numbers)}",
            "type": "Note",
            "attributedTo": actor,
            "content": f"<p>{words}</p>",
            "published": self.ago(days=30),
            "to": [PUBLIC],
        }
        return {**made, "updated": updated} if updated else made

    def ago(self, **by: float) -> str:
        """Return the time that was so long ago, as it is written in objects."""
        return clock.write(self._country.clock.now() - timedelta(**by))

    def send(self, inbox: str, activity: Mapping[str, Any], *, signer: str = "", body: bytes = b"") -> httpx.Response:
        """Post an activity, signed by its actor or by `signer`; `body` goes out in place of what was signed."""
        signed = json.dumps(activity).encode()
        headers = self.signed(inbox, signed, signer or str(activity["actor"]))
        return self._country.client.post(inbox, content=body or signed, headers=headers)

    def signed(self, url: str, body: bytes, signer: str) -> dict[str, str]:
        """Return the headers of a signed POST (draft-cavage, as Mastodon signs)."""
        parts = urlsplit(url)
        headers = {
            "host": parts.netloc,
            "date": format_datetime(self._country.clock.now(), usegmt=True),
            "digest": f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}",
        }
        lines = [f"(request-target): post {parts.path}", *(f"{name}: {value}" for name, value in headers.items())]
        made = base64.b64encode(self.key.sign("\n".join(lines).encode(), padding.PKCS1v15(), hashes.SHA256()))
        covered = "(request-target) host date digest"
        signature = f'keyId="{signer}#main-key",algorithm="rsa-sha256",headers="{covered}",signature="{made.decode()}"'
        return {**headers, "content-type": ACTIVITY_JSON, "signature": signature}

    def of(self, *kinds: str) -> list[Letter]:
        """Return what came in of some types, the oldest first."""
        return [letter for letter in self.letters if letter.type in kinds]

    def until(self, kind: str, count: int = 1) -> list[Letter]:
        """Wait until `count` activities of a type came in."""
        servers.wait_until(lambda: len(self.of(kind)) >= count, f"{count} {kind} at {self.url}")
        return self.of(kind)

    # --- what it serves -----------------------------------------------------------------------------------------------
    async def _inbox(self, request: Request) -> Response:
        body = await request.body()
        status = self.statuses.get(request.url.path, 202)
        if status == 202:
            self.letters.append(Letter(request.url.path, json.loads(body), await self._signer(request, body)))
        return Response(status_code=status)

    async def _signer(self, request: Request, body: bytes) -> str:
        """Return the actor whose key signed a request, "" where the signature does not hold."""
        parameters = dict(part.split("=", 1) for part in request.headers.get("signature", "").split(",") if part)
        parameters = {name: value.strip('"') for name, value in parameters.items()}
        covered = parameters.get("headers", "").split()
        if not {"(request-target)", "host", "date", *(["digest"] if body else [])} <= set(covered):
            return ""
        target = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        digest = f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"
        known = {"(request-target)": f"{request.method.lower()} {target}", **request.headers, "digest": digest}
        text = "\n".join(f"{name}: {known[name]}" for name in covered)
        async with httpx.AsyncClient(trust_env=False) as client:
            actor = (await client.get(parameters["keyId"].partition("#")[0], headers={"Accept": ACTIVITY_JSON})).json()
        key = serialization.load_pem_public_key(actor["publicKey"]["publicKeyPem"].encode())
        assert isinstance(key, rsa.RSAPublicKey)
        try:
            key.verify(base64.b64decode(parameters["signature"]), text.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return ""
        return str(actor["id"])

    async def _document(self, request: Request) -> Response:
        await asyncio.sleep(self.takes.get(request.url.path, 0))
        if self.secure and not await self._signer(request, b""):
            return JSONResponse({"error": "http request wasn't signed or http signature was invalid"}, 401)
        found = self.documents.get(request.url.path)
        if found is None:
            return JSONResponse({"error": "no such thing"}, 404)
        status = 410 if found.get("type") == "Tombstone" else 200
        return JSONResponse({"@context": _CONTEXT, **found}, status, media_type=ACTIVITY_JSON)

    async def _nodeinfo_links(self, _request: Request) -> Response:
        return JSONResponse({"links": [{"rel": _NODEINFO, "href": f"{self.url}/nodeinfo/2.0"}]})

    async def _nodeinfo(self, _request: Request) -> Response:
        return JSONResponse({"version": "2.0", "software": {"name": self.software, "version": "1.0"}})
