"""Who has blocked an actor of ours: they no longer follow it, and it sends them nothing until they undo that."""

from typing import cast

from sqlalchemy import Table, delete, or_, select

from fediverse_ehrenamt.federation import peers
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.federation.model import (
    BlockedByRow,
    FollowerRow,
    LocalActorRow,
    PublishedRow,
    RecipientRow,
    RemoteActorRow,
)
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab.types import Actor, Block, Delete, Follow, Undo
from fediverse_ehrenamt.work import Work

_blocked_by = cast("Table", BlockedByRow.__table__)


def is_blocked(work: Work, actor: str, by: str) -> bool:
    """Say whether somebody has blocked an actor of ours."""
    return work.db.get(BlockedByRow, (actor, by)) is not None


def hold(work: Work, uri: str) -> None:
    """Let no other worker decide about the same peer's Follow or Block until this transaction ends."""
    work.db.execute(select(RemoteActorRow.uri).where(RemoteActorRow.uri == uri).with_for_update())


@receives(Block, str)
def on_block(work: Work, activity: Block) -> None:
    """Nobody here is told: whoever blocks does not want that."""
    target = work.db.get(LocalActorRow, activity.object_id)
    if target is None:
        raise NotFound(f"{activity.object_id} is no actor here")
    hold(work, activity.actor)
    row = {"actor": target.uri, "blocker": activity.actor, "block": activity.id, "since": work.now}
    upsert.put(work.db, _blocked_by, ["actor", "blocker"], [row])
    work.db.execute(delete(FollowerRow).where(FollowerRow.actor == target.uri, FollowerRow.follower == activity.actor))
    _send_nothing_more(work, target.uri, activity.actor)


def _send_nothing_more(work: Work, actor: str, blocker: str) -> None:
    """Let Updates of what was sent pass the blocker by; a shared inbox is that of others too."""
    peer = peers.find(work, blocker)
    if peer is not None and peer.inbox != peer.shared_inbox:
        own = select(PublishedRow.object).where(PublishedRow.actor == actor)
        work.db.execute(
            delete(RecipientRow).where(RecipientRow.inbox == peer.inbox, RecipientRow.object.in_(own)),
            execution_options={"synchronize_session": False},
        )


@receives(Undo, Block)
def on_undo_block(work: Work, activity: Undo) -> None:
    inner = activity.object
    assert isinstance(inner, Block)
    theirs = or_(BlockedByRow.actor == inner.object_id, BlockedByRow.block == (inner.id or "-"))
    work.db.execute(delete(BlockedByRow).where(BlockedByRow.blocker == activity.actor, theirs))


@receives(Undo, Follow)
def on_undo_by_id(work: Work, activity: Undo) -> None:
    """What is undone by its id only may have been a Block."""
    if isinstance(activity.object, str):
        theirs = BlockedByRow.blocker == activity.actor, BlockedByRow.block == activity.object
        work.db.execute(delete(BlockedByRow).where(*theirs))


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    work.db.execute(delete(BlockedByRow).where(BlockedByRow.blocker == activity.actor))


HANDLERS = [on_block, on_undo_block, on_undo_by_id, on_delete_actor]
