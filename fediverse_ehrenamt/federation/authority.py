"""Who may say what: actor, key and object are of one origin, or the object is asked for at its own (FEP-fe34). Pure."""

from dataclasses import dataclass, replace

from fediverse_ehrenamt.kit.ids import same_origin
from fediverse_ehrenamt.vocab.types import Activity, Actor, Announce, Create, Delete, Undo, Update


@dataclass(frozen=True, slots=True)
class Trusted:
    """The activity may be handled as it stands."""


@dataclass(frozen=True, slots=True)
class Refetch:
    """Nothing but the URI is to be believed: ask its origin what it is."""

    uri: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The activity claims what its signer may not say; `reason` goes to the log."""

    reason: str


_WRITING, _ENDING = Create | Update, Delete | Undo
Judgement = Trusted | Refetch | Refused


def by_signer(signer: str, activity: Activity) -> Activity:
    """Return an activity that names no actor, or takes back one that does not, as that of whoever signed it."""
    inner = activity.object
    if isinstance(activity, Undo) and isinstance(inner, Activity) and not inner.actor:
        return replace(activity, object=replace(inner, actor=signer))
    return activity if activity.actor else replace(activity, actor=signer)


def judge(signer: str, activity: Activity) -> Judgement:
    """Decide what an activity is worth that `signer` vouches for."""
    if signer != activity.actor:
        return Refused(f"signed by {signer} for {activity.actor}")
    if activity.id and not same_origin(activity.id, signer):
        return Refused(f"activity {activity.id} is not of its actor's origin")
    if isinstance(activity, Announce):
        return _announced(activity)
    if isinstance(activity, _WRITING):
        return _written(signer, activity)
    if isinstance(activity, _ENDING) and not _own(signer, activity):
        return Refused(f"{activity.object_id} is not {signer}'s to delete or undo")
    return Trusted()


def _announced(activity: Announce) -> Judgement:
    """What is passed on is never believed, however it is wrapped: the innermost object's origin is asked."""
    inner = activity.object
    for _ in range(2):  # Announce{object}, Announce{Create{object}}; nothing honest is nested deeper
        if not isinstance(inner, Activity) or isinstance(inner, Announce):
            break
        inner = inner.object
    uri = inner if isinstance(inner, str) else inner.id
    if isinstance(inner, Activity) or not uri:
        return Refused("an announcement of an announcement")
    return Refetch(uri)


def _written(signer: str, activity: Create | Update) -> Judgement:
    thing = activity.object
    if isinstance(thing, str):
        return Refetch(thing)
    if isinstance(thing, Activity):
        return Refused("an activity is no object to create or change")
    if isinstance(thing, Actor):
        return Trusted() if thing.id == signer else Refused(f"{signer} may not change {thing.id}")
    if not same_origin(thing.id, signer):
        return Refetch(thing.id)
    author = getattr(thing, "attributed_to", "")
    if author and not same_origin(author, signer):
        return Refused(f"{thing.id} is attributed to {author}, of another origin")
    return Trusted()


def _own(signer: str, activity: Activity) -> bool:
    inner = activity.object
    return inner.actor == signer if isinstance(inner, Activity) else same_origin(activity.object_id, signer)
