"""Somebody else's server at a real socket of loopback: documents by path, bent as a test wants them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson

from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Actor
from tests.workbench import PEM, person

ACTIVITY_JSON = "application/activity+json"
_HEADER_BYTES = 65_536
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; `wait` is in seconds."""

    body: bytes = b""
    status: int = 200
    kind: str = ACTIVITY_JSON
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0.0


Judge = Callable[[str, str, dict[str, str], bytes], Answer | None]
"""(method, target, headers, body) → the answer, or None for the one that is served under the target."""


@dataclass
class Origin:
    """A running server; what it does not know is 404. `requests` lists "GET /path", `bodies` what was posted."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    judge: Judge | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at(self, path: str) -> str:
        return f"{self.url}{path}"

    def serve(self, path: str, value: Any, **changes: Any) -> str:
        """Serve JSON (a wire value, a dict or bytes) under a path; return its URL."""
        if not isinstance(value, bytes):
            value = orjson.dumps(value) if isinstance(value, dict | list | str) else codec.write(value)
        self.answers[path] = Answer(value, **changes)
        return self.at(path)

    def move(self, path: str, to: str, status: int = 302) -> str:
        self.answers[path] = Answer(status=status, headers=(("Location", to),))
        return self.at(path)

    def actor(self, path: str = "/users/anna", **changes: Any) -> Actor:
        """Serve an actor with the test's key, and return it."""
        made = person(self.at(path), **changes)
        self.serve(path, made)
        return made

    def asked(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(request.endswith(f" {path}") for request in self.requests)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._one(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has gone, which is its right, or the test is over
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head[:-4].split("\r\n")
        method, target, _ = line.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in fields)}
        self.bodies.append(await reader.readexactly(int(headers.get("content-length", "0"))))
        self.requests.append(f"{method} {target}")
        self.headers.append(headers)
        judged = self.judge(method, target, headers, self.bodies[-1]) if self.judge else None
        answer = judged or self.answers.get(unquote(target), Answer(status=404))
        await asyncio.sleep(answer.wait)
        lines = [f"HTTP/1.1 {answer.status} -", f"Content-Length: {len(answer.body)}", f"Content-Type: {answer.kind}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body)
        await writer.drain()


@asynccontextmanager
async def origin() -> AsyncIterator[Origin]:
    """Run a server until the block ends."""
    one, tasks = Origin(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await one.handle(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=_HEADER_BYTES)
    one.port = server.sockets[0].getsockname()[1]
    try:
        async with asyncio.timeout(_SECONDS):
            yield one
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)


def key_document(key_id: str, owner: str, pem: str = PEM) -> dict[str, Any]:
    """A key as GoToSocial serves it under its own id: in a stub of its owner, without an inbox."""
    key = {"id": key_id, "owner": owner, "publicKeyPem": pem}
    return {
        "@context": ["https://w3id.org/security/v1", "https://www.w3.org/ns/activitystreams"],
        "id": owner,
        "type": "Person",
        "preferredUsername": "anna",
        "publicKey": key,
    }
