"""The ceiling of the inbox: an app that checks the same signature and digest and answers 202, and does nothing else.

`python -m tests.benchmarks.bare PORT KEYS`, KEYS being a file that `letters.Source.write_keys` wrote.
"""

import base64
import hashlib
import re
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_PARAMETER = re.compile(rb'(\w+)="([^"]*)"')
_PADDING, _HASH = padding.PKCS1v15(), hashes.SHA256()

Message = MutableMapping[str, Any]


class Bare:
    """An ASGI app; it raises, and so answers 500, for a signature that does not fit."""

    def __init__(self, keys: dict[bytes, rsa.RSAPublicKey]) -> None:
        self._keys = keys

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        self._verify(scope, dict(scope["headers"]), body)
        await send({"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    def _verify(self, scope: Message, headers: dict[bytes, bytes], body: bytes) -> None:
        claim = dict(_PARAMETER.findall(headers[b"signature"]))
        if headers[b"digest"] != b"SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()):
            raise ValueError("digest")
        target = b"(request-target): post " + scope["raw_path"]
        covered = claim[b"headers"].split(b" ")[1:]
        text = b"\n".join([target, *(name + b": " + headers[name] for name in covered)])
        self._keys[claim[b"keyId"]].verify(base64.b64decode(claim[b"signature"]), text, _PADDING, _HASH)


def _keys(file: Path) -> dict[bytes, rsa.RSAPublicKey]:
    found = {}
    for part in file.read_text().split("\n\n"):
        key_id, _, pem = part.partition("\n")
        key = serialization.load_pem_public_key(pem.encode())
        assert isinstance(key, rsa.RSAPublicKey), "the source signs with RSA"
        found[key_id.encode()] = key
    return found


if __name__ == "__main__":
    app = Bare(_keys(Path(sys.argv[2])))
    uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_config=None, access_log=False,
                server_header=False, proxy_headers=False, lifespan="off")  # fmt: skip
