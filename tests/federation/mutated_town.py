"""A real instance with four peers of four origins, each with things of its own, and its door; what must not change."""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from sqlalchemy import Table, delete, insert, select

from fediverse_ehrenamt import app, setup, wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import inbox, peers
from fediverse_ehrenamt.federation.model import ReceivedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.vocab import samples
from tests.workbench import HOME, NOW, RSA, Clock

Json = dict[str, Any]
Row = tuple[Any, ...]
Rows = dict[str, set[Row]]
Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AS2 = "https://www.w3.org/ns/activitystreams"
_SMALL = 40_000  # bytes; larger payloads only cost time here, and the bounds have their own tests
_SHOWN = 300
_COUNTED = ("participantCount", "remainingAttendeeCapacity", "updated", "proof")
_WEIGHT = 4  # how often what is aimed at the held things stands in the corpus, beside each real payload once

# Whose a row is, by the first of these columns that says something; () is nobody's but ours. A table that is not named
# here is compared too, but for rows that name the sender anywhere.
_WHOSE: Mapping[str, tuple[str, ...]] = {
    "things": ("uri",),
    "documents": ("uri",),
    "remote_actors": ("uri",),
    "followers": ("follower",),
    "sources": ("uri",),
    "tombstones": ("uri",),
    "reactions": ("actor",),
    "attendances": ("actor",),
    "replies": ("author",),
    "messages": ("person",),
    "enquiries": ("message",),  # whoever wrote that; nobody's address lies open in the row itself
    "reports": ("reporter", "activity"),  # nobody's name is left when who reported has gone
    "blocked_by": ("blocker",),
    "moves": ("old",),
    "reviews": ("uri",),
    "picture_uses": ("thing",),
    "local_actors": (),
    "former_keys": (),
    "instance": (),
    "showings": (),
    "restrictions": (),
    "allowed_hosts": (),
}
# Books of our own about what came and what is to be done; what was published may only grow.
_BOOKS = {"received", "openings", "jobs", "lanes", "hosts", "occupancies", "pictures", "picture_mark", "policy_mark"}
_GROWING = {"published", "recipients"}


@dataclass(frozen=True)
class Peer:
    """One sender; `key` signs for `actor`."""

    actor: str
    type: str
    key: Key
    source: bool

    @property
    def origin(self) -> str:
        return origin(self.actor)

    @property
    def pem(self) -> str:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    def sign(self, text: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(text)
        return self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())

    def headers(self, body: bytes, clock: Clock) -> list[tuple[bytes, bytes]]:
        """Return the headers of a signed POST, written without our signing code."""
        fields = {
            "host": urlsplit(HOME).netloc,
            "date": format_datetime(clock.now, usegmt=True),
            "digest": f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}",
        }
        lines = ["(request-target): post /inbox", *(f"{name}: {value}" for name, value in fields.items())]
        made = base64.b64encode(self.sign("\n".join(lines).encode())).decode()
        signature = f'keyId="{self.actor}#main-key",algorithm="hs2019",headers="(request-target) host date digest"'
        fields |= {"signature": f'{signature},signature="{made}"', "content-type": "application/activity+json"}
        return [(name.encode(), value.encode()) for name, value in fields.items()]


PEERS = (
    Peer("https://verein.example/u/thw", "Organization", RSA, source=True),
    Peer("https://stadt.example/actor", "Application", ed25519.Ed25519PrivateKey.generate(), source=True),
    Peer("https://fremd.example/users/anna", "Person", ed25519.Ed25519PrivateKey.generate(), source=False),
    Peer("https://opfer.example/users/otto", "Person", ed25519.Ed25519PrivateKey.generate(), source=True),
)


def origin(uri: object) -> str:
    """Return the origin of a URI; apart from the product's own, which is what is tested."""
    try:
        parts = urlsplit(str(uri))
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


# --- the town ---------------------------------------------------------------------------------------------------------
@dataclass
class Town:
    """The instance, its door, and all that was in its tables at the beginning."""

    instance: Instance
    clock: Clock
    own: tuple[str, ...]
    tables: dict[str, Table]
    beginning: dict[str, list[Row]] = field(default_factory=dict)

    def reset(self) -> None:
        """Put everything back to how it was in the beginning; nothing that was learnt stays in memory either."""
        self.clock.now = NOW
        self.instance.workshop.write_now(self._put_back)
        self.asgi = app.build(self.instance)

    def _put_back(self, work: Work) -> None:
        for name, table in reversed(self.tables.items()):
            work.db.execute(delete(table))
            columns = [column.name for column in table.columns]
            rows = [dict(zip(columns, row, strict=True)) for row in self.beginning[name]]
            if rows:
                work.db.execute(insert(table), rows)

    async def post(self, peer: Peer, body: bytes) -> int:
        """Send a body, signed, and return the status; what the app does not catch is raised."""
        messages = [{"type": "http.request", "body": body, "more_body": False}]
        status: list[int] = []
        scope: Json = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": "/inbox", "raw_path": b"/inbox", "query_string": b"", "root_path": "",
            "headers": peer.headers(body, self.clock), "client": ("127.0.0.1", 1), "server": ("hagen.example", 80),
        }  # fmt: skip

        async def receive() -> Json:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])

        await self.asgi(scope, receive, send)
        return status[0]

    async def handle(self) -> None:
        """What the worker does with all that came in."""
        while await self.instance.workshop.write(inbox.process, wiring.HANDLERS):
            pass

    async def verdicts(self) -> list[str]:
        return await self.instance.workshop.read(workbench.verdicts)

    # --- what must not change -----------------------------------------------------------------------------------------
    def rows(self, work: Work) -> dict[str, list[Row]]:
        return {name: [tuple(row) for row in work.db.execute(select(table))] for name, table in self.tables.items()}

    def harm(self, rows: Mapping[str, Iterable[Row]], sender: Peer) -> list[str]:
        """Return what differs from the beginning that is not the sender's to change."""
        found: list[str] = []
        writers = self._writers([*self.beginning["messages"], *rows["messages"]])
        for name, table in self.tables.items():
            if name in _BOOKS:
                continue
            before = self._others(table, self.beginning[name], sender, writers)
            after = self._others(table, rows[name], sender, writers)
            lost = before - after
            new = after - before if name not in _GROWING else set()
            found += [f"{name} lost {row}"[:_SHOWN] for row in lost] + [f"{name} has {row}"[:_SHOWN] for row in new]
        return found

    def _writers(self, messages: Iterable[Row]) -> dict[object, str]:
        """Return who wrote each message, by its number."""
        columns = [column.name for column in self.tables["messages"].columns]
        return {row[columns.index("id")]: row[columns.index("person")] for row in messages}

    def _others(self, table: Table, rows: Iterable[Row], sender: Peer, writers: Mapping[object, str]) -> set[Row]:
        """Return the rows that are not the sender's; of our event without how many come, which anybody may change."""
        columns = [column.name for column in table.columns]
        naming = _WHOSE.get(table.name)

        def theirs(row: Row) -> bool:
            named = list(row) if naming is None else [row[columns.index(column)] for column in naming]
            if naming == _WHOSE["enquiries"]:
                if row[columns.index("erased")]:  # what is left to be counted names nobody
                    return True
                named = [writers.get(value, "") for value in named]
            named = [value for value in named if value][:1] if naming else named
            return any(isinstance(value, str) and origin(value) == sender.origin for value in named)

        kept = [row for row in rows if table.name in _GROWING or not theirs(row)]
        return {_without_counts(row, columns) if self.own[-1] in row else row for row in kept}


def _without_counts(row: Row, columns: list[str]) -> Row:
    """Return a row about our event without what a Join or a Leave changes: counts, proof and the time of the change."""
    values = dict(zip(columns, row, strict=True))
    if "body" not in values:
        return row
    body = orjson.loads(values["body"])
    for node in (body, body.get("object")):
        for name in _COUNTED if isinstance(node, dict) else ():
            node.pop(name, None)
    return tuple((values | {"body": orjson.dumps(body), "version": None}).values())


@asynccontextmanager
async def open_town(database_url: str, folder: Path) -> AsyncIterator[Town]:
    """Open a town in which each of the peers has a note, an event, a reaction, a place and a follow."""
    clock = Clock()
    settings = workbench.settings(database_url, folder, INBOX_PER_MINUTE="1000000")
    workshop = workbench.open_workshop(settings, clock)
    migrate.upgrade(workshop.engines)
    index = Index(folder / "index")
    made = Instance(workshop, index, Feed(index))
    setup.create(made, "Ehrenamt Hagen", "Ehrenamt in Hagen.", None)
    own = workshop.write_now(_furnish)
    town = Town(made, clock, own, _tables())
    town.asgi = app.build(made)
    for peer in PEERS:
        for activity in _first_activities(peer, own):
            assert await town.post(peer, orjson.dumps(activity)) == 202
    await town.handle()
    workshop.write_now(_forget_received)
    town.beginning = workshop.read_now(town.rows)
    yield town
    await made.feed.close()
    await made.close()


def _tables() -> dict[str, Table]:
    return {table.name: table for table in wiring.TABLES.sorted_tables}


def _furnish(work: Work) -> tuple[str, ...]:
    """Return what is ours: instance, organisation, an offer, an event."""
    owner = workbench.add_organisation(work)
    offer = opportunities.publish(work, owner, workbench.offer())
    event = events.publish(work, owner, workbench.fest(capacity=100))
    for peer in PEERS:
        keys = (PublicKey(id=f"{peer.actor}#main-key", owner=peer.actor, pem=peer.pem),)
        actor = workbench.person(peer.actor, type=peer.type, keys=keys)
        if peer.source:
            workbench.add_source(work, peer.actor, whole=peer.type == "Application")
        peers.remember(work, actor)
    return (workbench.instance_actor(work), owner, offer.uri, event.uri)


def _forget_received(work: Work) -> None:
    work.db.execute(delete(ReceivedRow))


def _first_activities(peer: Peer, own: tuple[str, ...]) -> list[Json]:
    _, owner, offer, event = own
    return [
        _activity(peer, "first-follow", "Follow", owner),
        _activity(peer, "first-note", "Create", _note(peer)),
        _activity(peer, "first-event", "Create", _event(peer)),
        _activity(peer, "first-like", "Like", offer),
        _activity(peer, "first-join", "Join", event),
    ]


def _activity(peer: Peer, name: str, kind: str, thing: Any, **fields: Any) -> Json:
    made = {"@context": AS2, "id": f"{peer.origin.removesuffix(':443')}/activities/{name}", "type": kind}
    return made | {"actor": peer.actor, "object": thing, "to": [PUBLIC]} | fields


def thing_ids(peer: Peer) -> tuple[str, str]:
    base = peer.origin.removesuffix(":443")
    return f"{base}/o/note", f"{base}/o/event"


def _note(peer: Peer, **changes: Any) -> Json:
    made = {"id": thing_ids(peer)[0], "type": "Note", "attributedTo": peer.actor, "content": "<p>Helfer gesucht</p>"}
    return made | {"published": "2026-11-22T10:00:00Z", "to": [PUBLIC]} | changes


def _event(peer: Peer, **changes: Any) -> Json:
    times = {"startTime": "2026-12-12T14:00:00+01:00", "endTime": "2026-12-12T17:00:00+01:00"}
    made = {
        "id": thing_ids(peer)[1],
        "type": "Event",
        "attributedTo": peer.actor,
        "name": "Fest",
        "content": "<p>x</p>",
    }
    return made | times | {"published": "2026-11-22T10:00:00Z", "to": [PUBLIC]} | changes


# --- what is bent -----------------------------------------------------------------------------------------------------
def others(town: Town, peer: Peer) -> tuple[str, ...]:
    """Return addresses that are not the sender's to speak for, some that look as if they were."""
    found = [*town.own, f"{town.own[1]}/followers", HOME]
    for other in PEERS:
        if other is not peer:
            found += [other.actor, *thing_ids(other), f"{other.actor}#main-key", f"{other.actor}/followers"]
            found.append(str(_activity(other, "first-like", "Like", "")["id"]))
    host = urlsplit(peer.actor).hostname
    note = urlsplit(thing_ids(PEERS[3])[0]).path
    return (
        *found,
        f"https://{host}@opfer.example{note}",
        f"https://opfer.example{note}#https://{host}/",
        f"https://opfer.example:443{note}",
        f"HTTPS://OPFER.EXAMPLE{note}",
        f"https://{host}.opfer.example{note}",
        f"http://{host}/o/note",
        f"https://{host}:8443/o/note",
        f"https://{host}./o/note",
    )


def corpus(town: Town, peer: Peer) -> list[Any]:
    """Return every sample there is as the sender would send it, and what is aimed at the things that are held."""
    real = [_as_sent_by(peer, orjson.loads(body), number) for number, body in enumerate(_bodies())]
    return [*(one for one in real if one is not None), *(_aimed(town, peer) * _WEIGHT)]


def _bodies() -> list[bytes]:
    found: list[bytes] = []
    for path in samples.everything():
        body = path.read_bytes()
        try:
            orjson.loads(body)
        except orjson.JSONDecodeError:
            continue  # no mutation of what is no JSON
        if len(body) <= _SMALL:
            found.append(body)
    return found


def _as_sent_by(peer: Peer, payload: Any, number: int) -> Any:
    """Let a payload speak of the sender's origin where it spoke of its own; put objects in a Create or an Update."""
    if not isinstance(payload, dict):
        return payload
    home = next((origin(one) for one in _names(payload) if origin(one).startswith("http")), "")
    written = home.removesuffix(":443").removesuffix(":80")
    base = peer.origin.removesuffix(":443")
    moved: Json = orjson.loads(orjson.dumps(payload).replace(written.encode(), base.encode())) if written else payload
    if "actor" in moved:
        return moved | {"actor": peer.actor}
    owner = {"attributedTo": peer.actor} if "attributedTo" in moved else {}
    name = f"wrapped-{number}"
    made = _activity(peer, name, "Update" if "inbox" in moved else "Create", moved | owner)
    return made | {"@context": payload.get("@context", AS2)}


def _names(payload: Json) -> list[str]:
    return [one for key in ("actor", "attributedTo", "id") if isinstance(one := payload.get(key), str)]


def _aimed(town: Town, peer: Peer) -> list[Json]:
    """Return what is dangerous if its sender is not looked at: about the sender's own things, until it is bent."""
    _, owner, offer, event = town.own
    note, fest = thing_ids(peer)
    later = "2026-11-22T11:00:00Z"
    base = peer.origin.removesuffix(":443")
    gone = {"id": note, "type": "Tombstone"}
    key = {"id": f"{peer.actor}#main-key", "owner": peer.actor, "publicKeyPem": peer.pem}
    actor: Json = {"id": peer.actor, "type": peer.type, "preferredUsername": "x", "name": "Neu", "publicKey": key}
    actor |= {"inbox": f"{peer.actor}/inbox", "outbox": f"{peer.actor}/outbox", "indexable": True}
    follow = {"id": f"{base}/activities/first-follow", "type": "Follow", "actor": peer.actor, "object": owner}
    like = {"id": f"{base}/activities/first-like", "type": "Like", "actor": peer.actor, "object": offer}
    join = {"id": f"{base}/activities/first-join", "type": "Join", "actor": peer.actor, "object": event}
    reply = _note(peer, id=f"{base}/o/reply", inReplyTo=offer, content="<p>Ich komme</p>")
    letter = reply | {"id": f"{base}/o/letter", "to": [owner], "inReplyTo": None}
    return [
        _activity(peer, "a1", "Update", _note(peer, content="<p>Neu</p>", updated=later)),
        _activity(peer, "a2", "Update", _event(peer, name="Neues Fest", updated=later)),
        _activity(peer, "a3", "Delete", gone),
        _activity(peer, "a4", "Delete", fest),
        _activity(peer, "a5", "Announce", note),
        _activity(peer, "a6", "Announce", offer),
        _activity(peer, "a7", "Announce", _activity(peer, "a1", "Create", _note(peer))),
        _activity(peer, "a8", "Undo", follow),
        _activity(peer, "a9", "Undo", like),
        _activity(peer, "a10", "Undo", join),
        _activity(peer, "a11", "Like", offer),
        _activity(peer, "a12", "Join", event, participationMessage="Ich komme"),
        _activity(peer, "a13", "Leave", event),
        _activity(peer, "a14", "Flag", [owner, offer], content="Spam"),
        _activity(peer, "a15", "Block", owner),
        _activity(peer, "a16", "Move", peer.actor, target=f"{base}/users/neu"),
        _activity(peer, "a17", "Update", actor),
        _activity(peer, "a18", "Create", reply),
        _activity(peer, "a19", "Create", letter, to=[owner]),
        _activity(peer, "a20", "Accept", {"type": "Follow", "actor": town.own[0], "object": peer.actor}),
        _activity(peer, "a21", "Reject", {"type": "Follow", "actor": town.own[0], "object": peer.actor}),
        _activity(peer, "a22", "Follow", owner),
        _activity(peer, "a23", "Add", note, target=f"{peer.actor}/collections/featured"),
        _activity(peer, "a24", "Remove", note, target=f"{peer.actor}/collections/featured"),
        _activity(peer, "a25", "Delete", peer.actor),
    ]
