"""Other people's actors and hosts, as their own origin described them when last asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

import orjson
from sqlalchemy import Select, Table, bindparam, delete, select

from fediverse_ehrenamt.federation.model import BlockedByRow, FollowerRow, HostRow, RemoteActorRow, SourceRow
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import clock, html, ids
from fediverse_ehrenamt.kit.errors import Malformed, Rejected
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab import multikey
from fediverse_ehrenamt.vocab.keys import Multikey
from fediverse_ehrenamt.vocab.types import Actor
from fediverse_ehrenamt.work import Work

_actors = cast("Table", RemoteActorRow.__table__)
_hosts = cast("Table", HostRow.__table__)
_KNOWN = select(_actors.c.indexable, _actors.c.suspended).where(_actors.c.uri == bindparam("uri"))
_PROOF_KEYS = select(_actors.c.proof_keys, _actors.c.fetched_at).where(_actors.c.uri == bindparam("uri"))
_DESCRIBED = select(_actors.c.uri, _actors.c.name, _actors.c.url, _actors.c.indexable, _actors.c.suspended).where(
    _actors.c.uri.in_(bindparam("uris", expanding=True))
)
_KEPT = "actors of this transaction"
FORGET_POSTS = "forget_posts"  # the jobs of `things.tasks`; their argument is an actor
FOLLOW_SUSPENSION = "follow_suspension"
_NAME_LENGTH = 200
_STRANGERS_LAST = timedelta(days=1)
_ERASED_AT_ONCE = 500


def remember(work: Work, actor: Actor) -> None:
    """Write down an actor as its own origin describes it. A key that it doesn't own is not its key.

    Who consented to being searched (FEP-5feb) and does so no longer, however that is learnt, has its posts forgotten.
    Not so who is suspended by their own server, which says nothing of them then: what is theirs is kept out until that
    is lifted, whether an Update says so or whoever fetches the actor.

    Raises `Rejected` for an inbox that is somebody else's: whoever makes many actors could have us deliver all there.
    """
    if not ids.related(actor.inbox, actor.id):
        raise Rejected(
            sentence("%(id)s nennt einen Posteingang auf einem anderen Host: %(inbox)s", id=actor.id, inbox=actor.inbox)
        )
    work.db.info.pop(_KEPT, None)
    known = work.db.execute(_KNOWN, {"uri": actor.id}).first()
    consents = actor.indexable or actor.suspended
    consent_withdrawn = known is not None and known.indexable is not False and not consents
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
                "proof_keys": _proof_keys(actor),
                "fetched_at": work.now,
                "indexable": bool(actor.indexable),
                "discoverable": bool(actor.discoverable),
                "suspended": actor.suspended,
            }
        ],
    )
    if consent_withdrawn:
        queue.enqueue(work, [NewJob(queue.LOCAL, FORGET_POSTS, actor.id)])
    if actor.suspended != (known is not None and known.suspended):
        queue.enqueue(work, [NewJob(queue.LOCAL, FOLLOW_SUSPENSION, actor.id)])


class Described(NamedTuple):
    """What is shown of an actor, whether it consents to being searched (None: it was never asked), and is suspended."""

    name: str
    url: str
    indexable: bool | None
    suspended: bool


def described(work: Work, uri: str) -> Described | None:
    """Return what is shown of an actor; asked for all that comes in, so once in a transaction."""
    return _described(work, {uri})[uri]


def foresee(work: Work, uris: Iterable[str]) -> None:
    """Ask for the actors of a whole batch at once, so that `described` asks no more."""
    _described(work, set(uris))


def _described(work: Work, uris: set[str]) -> dict[str, Described | None]:
    kept = cast("dict[str, Described | None]", work.db.info.setdefault(_KEPT, {}))
    if missing := uris - kept.keys():
        kept.update(dict.fromkeys(missing))
        for row in work.db.execute(_DESCRIBED, {"uris": sorted(missing)}):
            kept[row.uri] = Described(row.name, row.url, row.indexable, row.suspended)
    return kept


def find(work: Work, uri: str) -> RemoteActorRow | None:
    return work.db.get(RemoteActorRow, uri)


def find_by_key(work: Work, key_id: str) -> RemoteActorRow | None:
    return work.db.scalar(select(RemoteActorRow).where(RemoteActorRow.key_id == key_id))


def proof_keys(work: Work, uri: str) -> tuple[dict[str, bytes], datetime | None]:
    """Return an actor's Ed25519 keys (32 bytes) for proofs by their ids, and when its origin named them, if ever.

    Keys that have expired are no longer among them.
    """
    row = work.db.execute(_PROOF_KEYS, {"uri": uri}).first()
    if row is None:
        return {}, None
    keys = [
        Multikey(id=name, controller=uri, multibase=key, until=clock.parse(until))
        for name, key, until in _three(row.proof_keys)
    ]
    return {key.id: multikey.decode(key.multibase) for key in keys if key.holds(work.now)}, row.fetched_at


def _three(text: str) -> list[tuple[str, str, str]]:
    """Return id, key and end of each; those written before ends were read have none."""
    return [(name, key, *(end or [""])) for name, key, *end in orjson.loads(text or "[]")]


def _proof_keys(actor: Actor) -> str:
    """Return as text what FEP-521a lets an actor name as its own: Ed25519 keys, of its origin, that name it in turn."""
    found: list[tuple[str, str, str]] = []
    for key in actor.assertion_methods:
        if key.controller != actor.id or not ids.same_origin(key.id, actor.id):
            continue
        try:
            multikey.decode(key.multibase)
        except Malformed:  # of another kind, as RSA, or no key at all
            continue
        found.append((key.id, key.multibase, clock.write(key.until) if key.until else ""))
    return orjson.dumps(found).decode() if found else ""


def known(work: Work, uris: Sequence[str]) -> set[str]:
    """Return those of the actors that have been fetched before."""
    return set(work.db.scalars(select(RemoteActorRow.uri).where(RemoteActorRow.uri.in_(list(uris)))))


def forget(work: Work, uri: str) -> None:
    """Erase an actor that is gone, and that it followed us."""
    work.db.info.pop(_KEPT, None)
    work.db.execute(delete(RemoteActorRow).where(RemoteActorRow.uri == uri))
    work.db.execute(delete(FollowerRow).where(FollowerRow.follower == uri))


def note_host(work: Work, host: str, software: str, *, sister: bool) -> None:
    row = {"host": host, "software": software[:100], "sister": sister, "asked_at": work.now}
    upsert.put(work.db, _hosts, ["host"], [row])


def host(work: Work, name: str) -> HostRow | None:
    return work.db.get(HostRow, name)


def forget_strangers(work: Work, needed: Sequence[Select[str]] = ()) -> int:
    """Erase actors that neither follow us nor are followed: their keys were only needed to refuse what they sent.

    `needed` are queries of those of whom a capability keeps something: who is unknown cannot take it back.
    """
    sources = select(SourceRow.uri)
    origins = select(SourceRow.origin).where(SourceRow.whole_origin)
    strangers = (
        select(RemoteActorRow.uri)
        .where(RemoteActorRow.fetched_at < work.now - _STRANGERS_LAST)
        .where(RemoteActorRow.uri.not_in(sources), RemoteActorRow.origin.not_in(origins))
        .where(RemoteActorRow.uri.not_in(select(FollowerRow.follower)))
        .where(RemoteActorRow.uri.not_in(select(BlockedByRow.blocker)))
        .where(*(RemoteActorRow.uri.not_in(query) for query in needed))
        .limit(_ERASED_AT_ONCE)
    )
    found = list(work.db.scalars(strangers))
    work.db.execute(delete(RemoteActorRow).where(RemoteActorRow.uri.in_(found)))
    return len(found)
