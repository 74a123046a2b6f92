"""What peers tell us about coming to our events: Mobilizon's Join and Leave, Friendica's Accept and Reject of an event.

Such an activity is for us alone, so its body is erased as soon as it is handled.
"""

from fediverse_ehrenamt.attendance import actions, store
from fediverse_ehrenamt.attendance.store import Place
from fediverse_ehrenamt.federation import privacy
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Delete,
    Follow,
    Join,
    Leave,
    Reject,
    TentativeAccept,
    Undo,
)
from fediverse_ehrenamt.work import Work


@receives(Join, str)
def on_join(work: Work, activity: Join) -> None:
    privacy.erase_body(work, activity)
    actions.join(work, activity)


@receives(Leave, str)
def on_leave(work: Work, activity: Leave) -> None:
    privacy.erase_body(work, activity)
    actions.leave(work, activity.object_id, activity.actor)


@receives(Accept, str)
def on_accept(work: Work, activity: Accept) -> None:
    """Friendica: "I attend"."""
    _promise(work, activity)


@receives(TentativeAccept, str)
def on_tentative_accept(work: Work, activity: TentativeAccept) -> None:
    """Friendica: "I may attend". The place is theirs until they say no; an event overrun would be worse."""
    _promise(work, activity)


def _promise(work: Work, activity: Activity) -> None:
    privacy.erase_body(work, activity)
    actions.promise(work, Place(activity.object_id, activity.actor, activity.id))


@receives(Reject, str)
def on_reject(work: Work, activity: Reject) -> None:
    """Friendica: "I do not attend"."""
    privacy.erase_body(work, activity)
    actions.leave(work, activity.object_id, activity.actor)


def _undo(work: Work, activity: Undo) -> None:
    inner = activity.object
    assert isinstance(inner, Activity)
    privacy.erase_body(work, activity)
    actions.undo(work, Place(inner.object_id, activity.actor, inner.id))


@receives(Undo, Join)
def on_undo_join(work: Work, activity: Undo) -> None:
    _undo(work, activity)


@receives(Undo, TentativeAccept)
def on_undo_tentative_accept(work: Work, activity: Undo) -> None:
    _undo(work, activity)


@receives(Undo, Accept)
def on_undo_accept(work: Work, activity: Undo) -> None:
    """Friendica: no longer "I attend"."""
    _undo(work, activity)


@receives(Undo, Follow)
def on_undo_by_id(work: Work, activity: Undo) -> None:
    """Undo of a bare id, which may have been a Join."""
    held = store.joined_as(work, activity.object_id, activity.actor) if isinstance(activity.object, str) else None
    if held is not None:
        privacy.erase_body(work, activity)
        actions.undo(work, Place(held.event, held.actor, held.activity))


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    actions.forget(work, activity.actor)


HANDLERS = [
    on_join,
    on_leave,
    on_accept,
    on_tentative_accept,
    on_reject,
    on_undo_join,
    on_undo_tentative_accept,
    on_undo_accept,
    on_undo_by_id,
    on_delete_actor,
]
