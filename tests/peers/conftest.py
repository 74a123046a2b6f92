"""Real Fedify servers for tests with a typed client to steer each, and towns of ours that they talk to.

One process of Fedify and one town on each kind of database serve the whole session: a test gets a site of its own (a
fresh server on a port of its own, unknown to everybody) and an organisation of its own, so that none sees another's.
"""

import itertools
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.federation.model import RemoteActorRow
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.things.store import Outcome
from tests import servers, towns
from tests.conftest import DATABASES
from tests.towns import Country, Town

PATIENCE = towns.PATIENCE
NEXT = clock.now().year + 1
"""The next year: what is over is neither found nor told."""
VEREIN = "verein"  # the actor that every site has

_FOLDER = Path(__file__).parent / "fedify"
_CONTROL_SECONDS = 30.0
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Received:
    """One activity that the peer accepted, as Fedify parsed it; `object` holds the fields of its object.

    `result` is the URI of what came of what was asked.
    """

    activity: str
    id: str | None
    actor: str | None
    object_id: str | None
    object: dict[str, Any] | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    result: str | None


@dataclass(frozen=True, slots=True)
class Following:
    """An actor the peer asked to follow; `state` is "asked", "accepted" or "rejected"."""

    actor: str
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request to an inbox of the peer: how it was signed, whether Fedify verified that, what it answered.

    `signature` is the Signature-Input (RFC 9421) or Signature, `challenge` the Accept-Signature of the answer.
    """

    path: str
    scheme: str
    verified: bool
    status: int
    signature: str | None
    challenge: str | None


@dataclass(frozen=True, slots=True)
class Knock:
    """One signed request that the peer sent, with the answer's status."""

    keyId: str  # noqa: N815 - as it comes
    method: str
    url: str
    scheme: str
    status: int


@dataclass(frozen=True, slots=True)
class State:
    """What the peer knows: an actor's followers and whom it follows, what came, what came with a bad signature."""

    followers: tuple[str, ...]
    following: tuple[Following, ...]
    received: tuple[Received, ...]
    unverified: tuple[dict[str, str], ...]
    arrivals: tuple[Arrival, ...]
    knocks: tuple[Knock, ...]

    def of(self, activity: str, uri: str = "") -> list[Received]:
        """Return the received activities of one type, oldest first; with `uri` only those about that object."""
        return [one for one in self.received if one.activity == activity and uri in {"", one.object_id}]

    def knocks_at(self, url: str) -> list[tuple[str, int]]:
        """Return the scheme and the status of each delivery to a server, oldest first."""
        return [(one.scheme, one.status) for one in self.knocks if one.method == "POST" and one.url.startswith(url)]


@dataclass(frozen=True, slots=True)
class FedifyPeer:
    """The steering wheel of one running site. AssertionError with the peer's words where it refuses an order.

    `acting` names the actor of the site that does what is ordered.
    """

    port: int
    client: httpx.Client
    log: Path
    acting: str = VEREIN

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def actor(self) -> str:
        return f"{self.origin}/users/{self.acting}"

    @property
    def handle(self) -> str:
        return f"@{self.acting}@127.0.0.1:{self.port}"

    def another(self, identifier: str, **details: Any) -> "FedifyPeer":
        """Add an actor to the site and return its steering wheel; details as `Site.addActor` has them."""
        self.order("actor", identifier=identifier, **details)
        return replace(self, acting=identifier)

    # --- looking ------------------------------------------------------------------------------------------------------
    def lookup(self, handle: str) -> dict[str, Any] | None:
        """Let the peer resolve "@name@host" by WebFinger; the actor as it parsed it, or None."""
        found: dict[str, Any] | None = self.order("lookup", handle=handle)["found"]
        return found

    def fetch(self, uri: str, *, signed: bool = False) -> dict[str, Any] | None:
        """Let the peer fetch an object or actor by its id, `signed` if so wished; as it parsed it, or None."""
        found: dict[str, Any] | None = self.order("fetch", uri=uri, signed=signed)["found"]
        return found

    def reactions(self, uri: str) -> dict[str, int | None]:
        """Return the totals of an object's collections likes, shares and replies, as the peer reads them."""
        return {name: one and one["total"] for name, one in self.order("reactions", uri=uri).items()}

    def collection(self, uri: str) -> dict[str, Any]:
        """Let the peer read a collection to its end: `type`, `total`, `items` (type, id, object with type and id)."""
        return self.order("collection", uri=uri)

    def quotable(self, uri: str) -> list[str] | None:
        """Return who may quote an object without being asked about, as the peer reads it; None: it does not say."""
        found: list[str] | None = self.order("quotable", uri=uri)["found"]
        return found

    def stamp(self, uri: str) -> dict[str, str | None] | None:
        """Let the peer fetch a QuoteAuthorization; None where there is none."""
        found: dict[str, str | None] | None = self.order("stamp", uri=uri)["found"]
        return found

    # --- doing --------------------------------------------------------------------------------------------------------
    def follow(self, actor: str) -> str:
        """Let the peer ask `actor` (a URI) to be followed; return the Follow's id."""
        return str(self.order("follow", actorUri=actor)["id"])

    def unfollow(self, actor: str) -> None:
        """Let the peer undo its Follow."""
        self.order("unfollow", actorUri=actor)

    def post(self, content: str, **fields: Any) -> str:
        """Publish to the followers; return the object's id.

        An Event if `startTime` (RFC 3339) is among the fields, else a Note. Further fields: name, summary, endTime,
        location (name, latitude, longitude), inReplyTo, mentions; `tell` are actors that get it too, a `direct` one
        goes to them alone.
        """
        return str(self.order("post", content=content, **fields)["id"])

    def quote(self, uri: str, content: str, *, to: str) -> tuple[str, str]:
        """Ask the actor `to` whether a new post may quote an object; return the ids of the request and the post."""
        answer = self.order("quote", quote=uri, content=content, to=to)
        return str(answer["id"]), str(answer["post"])

    def update(self, post: str, **changes: Any) -> None:
        """Change fields of a post, by its id, and tell all that were told of it."""
        self.order("update", id=post, **changes)

    def delete(self, post: str) -> None:
        """Withdraw a post, by its id, and tell all that were told of it."""
        self.order("delete", id=post)

    def say(self, activity: str, *objects: str, to: str, **fields: Any) -> str:
        """Send an activity about some URIs to the actor `to`; return its id.

        Further fields: target, content; with `followers` it goes to the followers too.
        """
        return str(self.order("say", type=activity, objects=list(objects), to=[to], **fields)["id"])

    def undo(self, activity: str, *, bare: bool = False) -> str:
        """Take back what was said under an id; return the Undo's id. `bare` names it by its id only."""
        return str(self.order("undo", id=activity, bare=bare)["id"])

    def state(self) -> State:
        """Ask the peer what it knows."""
        answer = self.order("state")
        return State(
            followers=tuple(answer["followers"]),
            following=tuple(Following(**one) for one in answer["following"]),
            received=tuple(_received(one) for one in answer["received"]),
            unverified=tuple(answer["unverified"]),
            arrivals=tuple(Arrival(**one) for one in answer["arrivals"]),
            knocks=tuple(Knock(**one) for one in answer["knocks"]),
        )

    def order(self, control: str, **body: Any) -> dict[str, Any]:
        """Give any order that `controls.mjs` knows, as the acting actor; return its answer."""
        answer = self.client.post(f"{self.origin}/control/{control}", json={"as": self.acting, **body})
        said: dict[str, Any] = answer.json()
        assert answer.status_code == httpx.codes.OK, f"{control}: {said.get('error')}\n{self.log.read_text()[-2000:]}"
        return said


def _received(one: dict[str, Any]) -> Received:
    to, cc = tuple(one["to"]), tuple(one["cc"])
    return Received(one["activity"], one["id"], one["actor"], one["objectId"], one["object"], to, cc, one["result"])


OpenSite = Callable[..., FedifyPeer]


@pytest.fixture(scope="session")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSite]:
    """Opens fresh Fedify servers on loopback; options: firstKnock, accept, challenge (see `site.mjs`)."""
    assert (_FOLDER / "node_modules").is_dir(), "Fedify fehlt: make test installiert es (npm ci in tests/peers/fedify)"
    log = tmp_path_factory.mktemp("fedify") / "fedify.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [servers.node(), "peer.mjs", "0"],
            cwd=_FOLDER,
            stdin=subprocess.PIPE,  # the peer ends with it, even where nobody could end the peer
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    with process, httpx.Client(timeout=_CONTROL_SECONDS, limits=towns.EACH_ANEW, trust_env=False) as client:
        try:
            assert process.stdout is not None
            word, _, port = process.stdout.readline().decode().partition(" ")
            assert word == "ready", f"Fedify does not start:\n{log.read_text()[-2000:]}"

            def open_one(**options: Any) -> FedifyPeer:
                answer = client.post(f"http://127.0.0.1:{int(port)}/", json=options)
                assert answer.status_code == httpx.codes.OK, answer.text
                return FedifyPeer(answer.json()["port"], client, log)

            yield open_one
        finally:
            servers.stop(process)


@pytest.fixture
def fedify(open_site: OpenSite) -> FedifyPeer:
    """A fresh Fedify server, for one test."""
    return open_site()


@pytest.fixture
def second_fedify(open_site: OpenSite) -> FedifyPeer:
    """Another one, to see that two of them understand each other (and that the fault is ours if we don't)."""
    return open_site()


# --- ours -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of one test in a town that it shares with others."""

    town: Town
    handle: str
    uri: str

    def publish(self, draft: Draft | EventDraft) -> str:
        """Publish, change or withdraw, and return the URI."""
        return self.outcome(draft).uri

    def outcome(self, draft: Draft | EventDraft) -> Outcome:
        return self.town.publish(draft, self.handle)


@pytest.fixture(scope="session")
def shared_country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    with towns.country(tmp_path_factory.mktemp("country")) as made:
        yield made


@pytest.fixture(scope="session", params=DATABASES)
def hagen(request: pytest.FixtureRequest, shared_country: Country) -> Iterator[Town]:
    """A town on a database of each kind in turn, for the whole session."""
    if request.param == "sqlite":
        yield shared_country.town("Hagen")
        return
    server: servers.Postgres = request.getfixturevalue("postgres_server")
    with server.database() as name:
        town = shared_country.town("Hagen-PostgreSQL", server.url(name))
        yield town
        town.stop()


@pytest.fixture
def organisation(hagen: Town) -> Organisation:
    """A fresh organisation there, for one test."""
    handle = f"buecherei_{next(_numbers)}"
    return Organisation(hagen, handle, hagen.add(handle, "Stadtbücherei Hagen"))


# --- between them -----------------------------------------------------------------------------------------------------
def until(town: Town, ready: Callable[[], bool], what: str) -> None:
    """Wait until `ready()` holds; AssertionError with what the town is at if it doesn't."""
    town.until(ready, what, PATIENCE)


def until_received(town: Town, fedify: FedifyPeer, activity: str, uri: str) -> Received:
    """Wait until the peer got an activity about an object, and return the newest of these."""
    until(town, lambda: bool(fedify.state().of(activity, uri)), f"tells Fedify {activity} {uri}")
    return fedify.state().of(activity, uri)[-1]


def parsed(town: Town, fedify: FedifyPeer, activity: str, uri: str) -> dict[str, Any]:
    """Wait until the peer got its one activity about an object, and return that object as the peer parsed it."""
    until_received(town, fedify, activity, uri)
    (one,) = fedify.state().of(activity, uri)
    assert one.object is not None
    return one.object


def until_handled(town: Town, activity: str) -> str:
    """Wait until the town handled what came in under an id, and return what became of it."""
    verdicts: list[str] = []

    def handled() -> bool:
        verdicts[:] = [row.verdict for row in town.received(activity) if row.due_at is None]
        return bool(verdicts)

    until(town, handled, f"handles {activity}")  # it may come twice, and is looked at anew then
    return verdicts[0]


def follow_ours(town: Town, fedify: FedifyPeer, actor: str) -> None:
    """Let the peer follow an actor of the town, and wait until both know it."""
    fedify.follow(actor)

    def answered() -> bool:
        return [one.state for one in fedify.state().following if one.actor == actor] == ["accepted"]

    until(town, answered, "accepts Fedify's Follow")
    assert fedify.actor in town.followers(actor)


def follow_theirs(town: Town, fedify: FedifyPeer, address: str = "") -> None:
    """Let the town follow the peer's actor, and wait until it is accepted and has read the outbox."""
    assert town.follow(address or fedify.actor).uri == fedify.actor

    def accepted() -> bool:
        source = town.source(fedify.actor)
        return source is not None and source.state == "accepted" and source.read_at is not None

    until(town, accepted, "is let follow Fedify")
    assert town.actor in fedify.state().followers


def came_from(town: Town, fedify: FedifyPeer) -> list[tuple[str, str]]:
    """Return how (by which scheme) and with what verdict everything came in from a site, oldest first."""
    return [(row.how, row.verdict) for row in town.received() if row.actor.startswith(f"{fedify.origin}/")]


def known(town: Town, uri: str) -> RemoteActorRow:
    """Return what the town knows of somebody else's actor."""
    return town.read(lambda work: work.db.get_one(RemoteActorRow, uri))
