"""What peers tell us about what is ours: who likes it, who shares it, who doesn't any more.

A reaction and its Undo may be in the hands of two workers at once, so both hold the actor's name.
"""

from fediverse_ehrenamt.federation import peers, recipients
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.reactions import store
from fediverse_ehrenamt.reactions.store import Kind
from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.vocab.types import Activity, Actor, Announce, Delete, Follow, Like, Tombstone, Undo
from fediverse_ehrenamt.work import Work


@receives(Like, str)
def on_like(work: Work, activity: Like) -> None:
    """A Like, whatever its emoji; an actor that sends several counts once (as at Mastodon)."""
    _count(work, "like", activity)


@receives(Announce, str)
def on_share(work: Work, activity: Announce) -> None:
    """An Announce of an object of ours; those of others never get here, their origin is asked."""
    _count(work, "share", activity)


def _count(work: Work, kind: Kind, activity: Activity) -> None:
    locks.hold(work.db, activity.actor)
    if store.settle_undone(work, activity.id, activity.actor):
        raise Conflict("it was undone before it came")
    uri = store.our_object(work, activity.object_id)
    store.put(work, kind, uri, activity.actor, activity.id)
    recipients.send_changes_to(work, uri, peers.find(work, activity.actor))


@receives(Undo, Like)
def on_undo_like(work: Work, activity: Undo) -> None:
    _take_back(work, "like", activity)


@receives(Undo, Announce)
def on_undo_share(work: Work, activity: Undo) -> None:
    _take_back(work, "share", activity)


def _take_back(work: Work, kind: Kind, activity: Undo) -> None:
    inner = activity.object
    assert isinstance(inner, Activity)
    locks.hold(work.db, activity.actor)
    known = store.take_back(work, kind, inner.object_id, activity.actor)
    if not known and not store.take_back_by_id(work, inner.id, activity.actor):
        store.note_undone(work, inner.id, activity.actor)


@receives(Undo, Follow)
def on_undo_by_id(work: Work, activity: Undo) -> None:
    """Undo of a bare id, which may have been anything."""
    if isinstance(activity.object, str):
        locks.hold(work.db, activity.actor)
        if not store.take_back_by_id(work, activity.object, activity.actor):
            store.note_undone(work, activity.object, activity.actor)


@receives(Delete, Tombstone)
def on_delete(work: Work, activity: Delete) -> None:
    """Some delete what others undo."""
    store.take_back_by_id(work, activity.object_id, activity.actor)


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    locks.hold(work.db, activity.actor)
    store.forget_actor(work, activity.actor)


HANDLERS = [on_like, on_share, on_undo_like, on_undo_share, on_undo_by_id, on_delete, on_delete_actor]
