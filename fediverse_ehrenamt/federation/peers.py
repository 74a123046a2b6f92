"""Other people's actors and hosts, as their own origin described them when last asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, delete, select

from fediverse_ehrenamt.federation.model import FollowerRow, HostRow, RemoteActorRow, SourceRow
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab.types import Actor
from fediverse_ehrenamt.work import Work

_actors = cast("Table", RemoteActorRow.__table__)
_hosts = cast("Table", HostRow.__table__)
_NAME_LENGTH = 200
_STRANGERS_LAST = timedelta(days=1)
_ERASED_AT_ONCE = 500


def remember(work: Work, actor: Actor) -> None:
    """Write down an actor as its own origin describes it. A key that it doesn't own is not its key."""
    own = (key for key in actor.keys if key.owner == actor.id and ids.same_origin(key.id, actor.id))
    key = next(own, None)
    upsert.put(
        work.db,
        _actors,
        ["uri"],
        [
            {
                "uri": actor.id,
                "origin": ids.origin(actor.id),
                "type": actor.type,
                "handle": actor.handle,
                "name": (actor.name or actor.handle)[:_NAME_LENGTH],
                "summary": html.safe(actor.summary),
                "url": actor.url or actor.id,
                "inbox": actor.inbox,
                "shared_inbox": actor.shared_inbox if ids.same_origin(actor.shared_inbox, actor.id) else "",
                "outbox": actor.outbox,
                "key_id": key.id if key else "",
                "key_pem": key.pem if key else "",
                "fetched_at": work.now,
            }
        ],
    )


def find(work: Work, uri: str) -> RemoteActorRow | None:
    return work.db.get(RemoteActorRow, uri)


def find_by_key(work: Work, key_id: str) -> RemoteActorRow | None:
    return work.db.scalar(select(RemoteActorRow).where(RemoteActorRow.key_id == key_id))


def known(work: Work, uris: Sequence[str]) -> set[str]:
    """Return those of the actors that have been fetched before."""
    return set(work.db.scalars(select(RemoteActorRow.uri).where(RemoteActorRow.uri.in_(list(uris)))))


def forget(work: Work, uri: str) -> None:
    """Erase an actor that is gone, and that it followed us."""
    work.db.execute(delete(RemoteActorRow).where(RemoteActorRow.uri == uri))
    work.db.execute(delete(FollowerRow).where(FollowerRow.follower == uri))


def note_host(work: Work, host: str, software: str, *, sister: bool) -> None:
    row = {"host": host, "software": software[:100], "sister": sister, "asked_at": work.now}
    upsert.put(work.db, _hosts, ["host"], [row])


def host(work: Work, name: str) -> HostRow | None:
    return work.db.get(HostRow, name)


def forget_strangers(work: Work) -> int:
    """Erase actors that neither follow us nor are followed: their keys were only needed to refuse what they sent."""
    sources = select(SourceRow.uri)
    origins = select(SourceRow.origin).where(SourceRow.whole_origin)
    strangers = (
        select(RemoteActorRow.uri)
        .where(RemoteActorRow.fetched_at < work.now - _STRANGERS_LAST)
        .where(RemoteActorRow.uri.not_in(sources), RemoteActorRow.origin.not_in(origins))
        .where(RemoteActorRow.uri.not_in(select(FollowerRow.follower)))
        .limit(_ERASED_AT_ONCE)
    )
    found = list(work.db.scalars(strangers))
    work.db.execute(delete(RemoteActorRow).where(RemoteActorRow.uri.in_(found)))
    return len(found)
