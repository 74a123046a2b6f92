"""Puts and finds things; a row and its Document are always written together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, delete, func, select, text

from fediverse_ehrenamt.federation import addresses, outbox
from fediverse_ehrenamt.federation.model import LocalActorRow, RemoteActorRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.wire import Author, Thing
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.work import Work

_things = cast("Table", ThingRow.__table__)
_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_actors = cast("Table", RemoteActorRow.__table__)

# Of all that comes in these are asked. As plain columns: whole rows as objects cost four times as much.
_HELD = select(_things.c.id, _things.c.version).where(_things.c.uri == bindparam("uri"))
_NAMED = select(_actors.c.name, _actors.c.url).where(_actors.c.uri == bindparam("uri"))
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to a thing of our own beside the thing itself."""

    key: str
    draft: str


class Held(NamedTuple):
    """The opaque id of a thing's page here, and the version that is held."""

    id: str
    version: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of something handed in.

    `what` is "published", "changed", "unchanged", "withdrawn", or "absent": not there to be withdrawn, `uri` is then
    its key.
    """

    uri: str
    page: str
    what: str


def put(work: Work, thing: Thing, document: Document, own: Own | None = None) -> None:
    """Write a thing and its Document. Whoever calls this has decided that it is newer than what is held."""
    row = {
        "uri": thing.id,
        "id": document.id,
        "kind": document.kind,
        "actor": thing.attributed_to,
        "local": own is not None,
        "body": thing.raw or codec.write(thing),
        "version": version(thing),
        "published_at": thing.published,
        "expires_at": None if document.status else document.expires_at,
        "key": own.key if own else None,
        "draft": own.draft if own else "",
    }
    upsert.put(work.db, _things, ["uri"], [row])
    search.put(work, [document])


def version(thing: Thing) -> datetime:
    """Return the time by which newer and older states of one thing are told apart."""
    return thing.updated or thing.published or _LONG_AGO


def next_version(work: Work, held: ThingRow) -> datetime:
    """Return the `updated` of a change made now: peers drop an Update that is not newer to the second."""
    return max(work.now, held.version + timedelta(seconds=1))


def hold(work: Work, name: str) -> None:
    """Let nobody else decide about a thing until this transaction ends; there may be no row yet that could be locked.

    `name` is its URI, or the owner's with the key. SQLite has one writer anyway.
    """
    if work.db.get_bind().dialect.name != "sqlite":
        work.db.execute(_HOLD, {"name": name})


def find(work: Work, uri: str) -> ThingRow | None:
    return work.db.get(ThingRow, uri)


def held(work: Work, uri: str) -> Held | None:
    """Return what has to be known of a thing to decide whether another state of it is newer."""
    row = work.db.execute(_HELD, {"uri": uri}).first()
    return Held(row.id, row.version) if row else None


def find_own(work: Work, actor: str, key: str) -> ThingRow | None:
    """Return what an organisation handed in under a key."""
    return work.db.scalar(select(ThingRow).where(ThingRow.actor == actor, ThingRow.key == key))


def get(work: Work, uri: str) -> Thing:
    """Return a thing; raises `NotFound`, or `Gone` where it was deleted."""
    row = find(work, uri)
    if row is None:
        raise Gone("Das wurde zurückgezogen.") if outbox.is_buried(work, uri) else NotFound("Das gibt es hier nicht.")
    return cast("Thing", codec.parse_object(row.body))


def remove(work: Work, uris: Sequence[str]) -> None:
    """Erase things with their Documents."""
    work.db.execute(delete(ThingRow).where(ThingRow.uri.in_(list(uris))))
    search.remove(work, list(uris))


def of_actor(work: Work, actor: str) -> list[str]:
    return list(work.db.scalars(select(ThingRow.uri).where(ThingRow.actor == actor)))


def of_origin(work: Work, origin: str) -> list[str]:
    """Return the URIs of all things received from an origin."""
    begin = f"{origin}/"
    return list(work.db.scalars(select(ThingRow.uri).where(ThingRow.uri.startswith(begin, autoescape=True))))


def count_own(work: Work) -> int:
    """Count what this instance published itself, for NodeInfo."""
    return work.db.scalar(select(func.count()).select_from(ThingRow).where(ThingRow.local)) or 0


def author(work: Work, uri: str) -> Author:
    """Return what is known of who a thing is from; a stranger is named by the host."""
    host = ids.host(uri)
    if addresses.is_ours(work.settings, uri):
        own = work.db.get(LocalActorRow, uri)
        return Author(uri, own.name if own else host, host, own.url if own else uri)
    peer = work.db.execute(_NAMED, {"uri": uri}).first()
    return Author(uri, peer.name if peer else host, host, peer.url if peer else uri)
