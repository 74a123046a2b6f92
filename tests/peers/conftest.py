"""A real Fedify server for tests, and a typed client to steer it."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import servers

_FOLDER = Path(__file__).parent / "fedify"
_CONTROL_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Received:
    """One activity that the peer accepted, as Fedify parsed it; `object` holds the fields of its object."""

    activity: str
    id: str | None
    actor: str | None
    object_id: str | None
    object: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Following:
    """An actor the peer asked to follow; `state` is "asked", "accepted" or "rejected"."""

    actor: str
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class State:
    """What the peer knows: its followers' URIs, whom it follows, what came, what came with a bad signature."""

    followers: tuple[str, ...]
    following: tuple[Following, ...]
    received: tuple[Received, ...]
    unverified: tuple[dict[str, str], ...]

    def of(self, activity: str) -> list[Received]:
        """Return the received activities of one type, oldest first."""
        return [one for one in self.received if one.activity == activity]


@dataclass(frozen=True, slots=True)
class FedifyPeer:
    """The steering wheel of one running peer. AssertionError with the peer's words where it refuses an order."""

    port: int
    client: httpx.Client
    log: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def actor(self) -> str:
        return f"{self.origin}/users/verein"

    @property
    def handle(self) -> str:
        return f"@verein@127.0.0.1:{self.port}"

    def lookup(self, handle: str) -> dict[str, Any] | None:
        """Let the peer resolve "@name@host" by WebFinger; the actor as it parsed it, or None."""
        found: dict[str, Any] | None = self._order("lookup", handle=handle)["found"]
        return found

    def fetch(self, uri: str) -> dict[str, Any] | None:
        """Let the peer fetch an object by its id; the object as it parsed it, or None."""
        found: dict[str, Any] | None = self._order("fetch", uri=uri)["found"]
        return found

    def follow(self, actor: str) -> None:
        """Let the peer ask `actor` (a URI) to be followed."""
        self._order("follow", actorUri=actor)

    def unfollow(self, actor: str) -> None:
        """Let the peer undo its Follow."""
        self._order("unfollow", actorUri=actor)

    def post(self, content: str, **fields: Any) -> str:
        """Publish to the followers; return the object's id.

        An Event if `startTime` (RFC 3339) is among the fields, else a Note. Further fields: name, summary, endTime,
        location (name, latitude, longitude).
        """
        return str(self._order("post", content=content, **fields)["id"])

    def update(self, post: str, **changes: Any) -> None:
        """Change fields of a post, by its id, and tell the followers."""
        self._order("update", id=post, **changes)

    def delete(self, post: str) -> None:
        """Withdraw a post, by its id, and tell the followers."""
        self._order("delete", id=post)

    def state(self) -> State:
        """Ask the peer what it knows."""
        answer = self._order("state")
        return State(
            followers=tuple(answer["followers"]),
            following=tuple(Following(**one) for one in answer["following"]),
            received=tuple(
                Received(one["activity"], one["id"], one["actor"], one["objectId"], one["object"])
                for one in answer["received"]
            ),
            unverified=tuple(answer["unverified"]),
        )

    def _order(self, control: str, **body: Any) -> dict[str, Any]:
        answer = self.client.post(f"{self.origin}/control/{control}", json=body)
        said: dict[str, Any] = answer.json()
        assert answer.status_code == httpx.codes.OK, f"{control}: {said.get('error')}\n{self.log.read_text()[-2000:]}"
        return said


def _launch(folder: Path) -> Iterator[FedifyPeer]:
    assert (_FOLDER / "node_modules").is_dir(), "Fedify fehlt: make test installiert es (npm ci in tests/peers/fedify)"
    log = folder / "fedify.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [servers.node(), "peer.mjs", "0"],
            cwd=_FOLDER,
            stdin=subprocess.PIPE,  # the peer ends with it, even where nobody could end the peer
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    with process, httpx.Client(timeout=_CONTROL_SECONDS, trust_env=False) as client:
        try:
            assert process.stdout is not None
            word, _, port = process.stdout.readline().decode().partition(" ")
            assert word == "ready", f"Fedify does not start:\n{log.read_text()[-2000:]}"
            yield FedifyPeer(int(port), client, log)
        finally:
            servers.stop(process)


@pytest.fixture
def fedify(tmp_path: Path) -> Iterator[FedifyPeer]:
    """A fresh Fedify server on loopback, for one test."""
    yield from _launch(tmp_path)


@pytest.fixture
def second_fedify(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FedifyPeer]:
    """Another one, to see that two of them understand each other (and that the fault is ours if we don't)."""
    yield from _launch(tmp_path_factory.mktemp("second-fedify"))
