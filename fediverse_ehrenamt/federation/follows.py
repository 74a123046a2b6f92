"""Who follows us: Follow and Undo of others, answered with Accept; and the answers to our own Follows."""

from typing import cast

from sqlalchemy import Table, delete, select

from fediverse_ehrenamt.federation import addresses, blocks, outbox, peers, recipients
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.federation.model import FollowerRow, LocalActorRow, RemoteActorRow, SourceRow
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import NotFound, Unavailable
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab.types import Accept, Actor, Follow, Reject, Undo, Update
from fediverse_ehrenamt.work import Work

_followers = cast("Table", FollowerRow.__table__)


def _sender(work: Work, uri: str) -> RemoteActorRow:
    row = peers.find(work, uri)
    if row is None:  # its key was in memory, its row was erased meanwhile
        raise Unavailable(f"{uri} must be fetched again")
    return row


@receives(Follow, Actor)
def on_follow(work: Work, activity: Follow) -> None:
    """Anybody may follow an actor of ours. A repeated Follow is answered again: the first answer may have been lost."""
    target = work.db.get(LocalActorRow, activity.object_id)
    if target is None or target.gone_at is not None:
        raise NotFound(f"{activity.object_id} is no actor here")
    sender = _sender(work, activity.actor)
    blocks.hold(work, sender.uri)
    if blocks.is_blocked(work, target.uri, sender.uri):
        raise Unavailable(f"{sender.uri} has blocked {target.uri}; the end of that may be on its way")
    host = ids.host(sender.uri)
    row = {
        "actor": target.uri,
        "follower": sender.uri,
        "follow": activity.id,
        "inbox": sender.shared_inbox or sender.inbox,
        "host": host,
        "since": work.now,
    }
    upsert.put(work.db, _followers, ["actor", "follower"], [row])
    accept = Accept(
        id=addresses.new_activity(work.settings),
        actor=target.uri,
        object=activity,
        to=(sender.uri,),
        published=work.now,
    )
    outbox.send(work, accept, [sender.inbox])
    if peers.host(work, host) is None:
        queue.enqueue(work, [NewJob(host, "identify", ids.origin(sender.uri))])


@receives(Undo, Follow)
def on_undo_follow(work: Work, activity: Undo) -> None:
    """The Follow comes whole or as its id only."""
    mine = delete(FollowerRow).where(FollowerRow.follower == activity.actor)
    inner = activity.object
    if isinstance(inner, Follow):
        work.db.execute(mine.where((FollowerRow.actor == inner.object_id) | (FollowerRow.follow == (inner.id or "-"))))
    else:
        work.db.execute(mine.where(FollowerRow.follow == activity.object_id))


@receives(Accept, Follow)
def on_accept(work: Work, activity: Accept) -> None:
    """It may have refused its outbox to whoever does not follow it: a look that failed before is repeated at once."""
    source = _answer(work, activity)
    if source.state != "accepted" and source.failures:
        source.next_at = work.now
    source.state, source.contact_at = "accepted", work.now


@receives(Reject, Follow)
def on_reject(work: Work, activity: Reject) -> None:
    """Said no, or thrown out later: what it publishes is no longer indexed."""
    source = _answer(work, activity)
    source.state, source.contact_at = "rejected", work.now


def _answer(work: Work, activity: Accept | Reject) -> SourceRow:
    """Return the source that an answer is about: only the followed actor itself may answer."""
    source = work.db.scalar(select(SourceRow).where(SourceRow.uri == activity.actor))
    inner = activity.object
    names_it = activity.object_id == getattr(source, "follow", None)
    ours = isinstance(inner, Follow) and inner.actor == addresses.instance_actor(work.settings)
    if source is None or not (names_it or ours):
        raise NotFound(f"{activity.actor} was not asked")
    return source


@receives(Update, Actor)
def on_actor_update(work: Work, activity: Update) -> None:
    """An actor changed its name, its key or its inbox."""
    assert isinstance(activity.object, Actor)
    peers.remember(work, activity.object)
    work.db.expire_all()
    row = _sender(work, activity.actor)
    recipients.rename_inbox(work, row.uri, row.shared_inbox or row.inbox)


HANDLERS = [on_follow, on_undo_follow, on_accept, on_reject, on_actor_update]
