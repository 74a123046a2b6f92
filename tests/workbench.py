"""What tests of the inner parts stand on: a Workshop with a clock that can be set, an instance, actors and offers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select

from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.federation import actors, addresses, own_keys, peers, policy
from fediverse_ehrenamt.federation.model import FollowerRow, ReceivedRow, SourceRow
from fediverse_ehrenamt.federation.own_keys import Pairs
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.http import Client
from fediverse_ehrenamt.opportunities.rules import Draft as OpportunityDraft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Activity,
    Actor,
    Create,
    EventDetails,
    Note,
    OpportunityDetails,
    OtherActivity,
    Place,
)
from fediverse_ehrenamt.work import Work, Workshop

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME = "http://hagen.example"
SECRET = "das-geheimnis-dieser-instanz-nur-im-test"
PEER = "https://peer.example"
ANNA = f"{PEER}/users/anna"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = (
    RSA.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode("ascii")
)


@dataclass
class Clock:
    """The time as a test sets it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


def settings(database_url: str, data: Path, **changes: str) -> Settings:
    given = {"URL": HOME, "ALLOWED_NETWORKS": "127.0.0.0/8", "DATABASE_URL": database_url, "DATA": str(data)}
    given["SECRET"] = SECRET
    return Settings.load({f"EHRENAMT_{name}": value for name, value in (given | changes).items()})


def open_workshop(made: Settings, clock: Callable[[], datetime]) -> Workshop:
    client = Client(user_agent="ehrenamt-test", allowed_networks=made.allowed_networks)
    workshop = Workshop(open_engines(made.database_url), client, made, clock)
    policy.stand_guard(workshop)
    return workshop


# --- peers ------------------------------------------------------------------------------------------------------------
def person(uri: str = ANNA, **changes: Any) -> Actor:
    """An actor as its own origin describes it, with a key of its own name."""
    values: dict[str, Any] = {
        "id": uri,
        "type": "Person",
        "handle": uri.rpartition("/")[2],
        "name": "Anna",
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "shared_inbox": f"{ids.origin(uri)}/inbox",
        "url": f"{ids.origin(uri)}/@{uri.rpartition('/')[2]}",
        "keys": (PublicKey(id=f"{uri}#main-key", owner=uri, pem=PEM),),
        "indexable": True,
    }
    return Actor(**values | changes)


def note(uri: str = f"{PEER}/notes/1", **changes: Any) -> Note:
    values: dict[str, Any] = {
        "id": uri,
        "attributed_to": ANNA,
        "content": "<p>Helfer:innen gesucht</p>",
        "published": NOW - timedelta(hours=1),
        "to": (PUBLIC,),
        "url": uri,
    }
    return Note(**values | changes)


def creation(thing: Note | None = None, activity: str = f"{PEER}/activities/1", actor: str = ANNA) -> Create:
    return Create(id=activity, actor=actor, object=thing or note(), to=(PUBLIC,))


def arrival(activity: Activity, signer: str = "") -> Arrival:
    """The activity as the door hands it on, signed by its actor or by somebody else."""
    return Arrival(Signed(signer or activity.actor, written(activity), "cavage"), activity)


def written(activity: Activity) -> bytes:
    """Return an activity as its sender writes it; one that we have no word for is a View."""
    if not isinstance(activity, OtherActivity):
        return codec.write(activity)
    return orjson.dumps({"id": activity.id, "type": "View", "actor": activity.actor, "object": activity.object})


def know(work: Work, *uris: str) -> None:
    for uri in uris:
        peers.remember(work, person(uri))


def add_source(work: Work, uri: str = ANNA, *, whole: bool = False, state: str = "accepted") -> None:
    """Let the instance follow an actor without asking it."""
    know(work, uri)
    work.db.add(
        SourceRow(
            uri=uri,
            origin=ids.origin(uri),
            whole_origin=whole,
            follow=f"{work.settings.url}/ap/activity/follow-{ids.host(uri)}",
            state=state,
            added_at=work.now,
            read_at=work.now,
            error="",
        )
    )
    work.db.flush()


def add_follower(work: Work, actor: str, follower: str, inbox: str = "") -> None:
    row = FollowerRow(
        actor=actor,
        follower=follower,
        follow=f"{follower}/follows/1",
        inbox=inbox or f"{ids.origin(follower)}/inbox",
        host=ids.host(follower),
        since=work.now,
    )
    work.db.add(row)
    work.db.flush()


def verdicts(work: Work) -> list[str]:
    """What became of all that was received, in its order."""
    return list(work.db.scalars(select(ReceivedRow.verdict).order_by(ReceivedRow.id)))


# --- offers of our own ------------------------------------------------------------------------------------------------
def add_organisation(work: Work, handle: str = "buecherei", name: str = "Stadtbücherei Hagen") -> str:
    """Add an organisation, with keys as if it had published before, and return its actor's URI."""
    uri = add_keyless(work, handle, name)
    if work.settings.secret:
        own_keys.put(work, actors.by_uri(work, uri), _pairs(handle))
    return uri


def add_keyless(work: Work, handle: str = "buecherei", name: str = "Stadtbücherei Hagen") -> str:
    """Add an organisation as the program does, which makes its keys on their first use; return its actor's URI."""
    return organisations.add(work, handle, name, "Lesen für alle.").uri


@cache
def _pairs(handle: str) -> Pairs:
    """Return the keys of all organisations of a handle, one in each test: an RSA key takes longer than many a test."""
    del handle
    return own_keys.generate()


def instance_actor(work: Work) -> str:
    return addresses.instance_actor(work.settings)


def offer(
    key: str = "lesepatin", *, text: str = "Wir suchen Menschen, die vorlesen.", **details: Any
) -> OpportunityDraft:
    values: dict[str, Any] = {"title": "Lesepatin gesucht", "kind": "regelmaessig", "areas": ("kultur",)}
    place = Place(name="Bücherei", locality="Hagen", postcode="58095", country="DE")
    return OpportunityDraft(key=key, details=OpportunityDetails(**values | details), text=text, place=place)


def fest(key: str = "fest", **changes: Any) -> EventDraft:
    draft = EventDraft(
        key=key,
        name="Sommerfest",
        details=EventDetails(kind="fest", areas=("freizeit",)),
        text="Mit Kuchen und Musik.",
        starts_at=NOW + timedelta(days=20),
        ends_at=NOW + timedelta(days=20, hours=3),
        place=Place(name="Bürgerhaus", locality="Hagen", country="DE", latitude=51.36, longitude=7.47),
    )
    return replace(draft, **changes)
