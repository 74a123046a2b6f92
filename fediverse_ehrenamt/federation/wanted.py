"""Which activities anybody here asked for: strangers' posts are dropped before they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, select

from fediverse_ehrenamt.federation import addresses, peers
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Announce,
    Create,
    Delete,
    Follow,
    OtherActivity,
    Reject,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop

_sources = cast("Table", SourceRow.__table__)
_CHOSEN = (
    select(_sources.c.uri, _sources.c.origin, _sources.c.whole_origin)
    .where(_sources.c.origin.in_(bindparam("origins", expanding=True)))
    .where(_sources.c.state != "rejected")
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified activity at the door."""

    signed: Signed
    activity: Activity


class Wanted:
    """Says which activities anybody here asked for; strangers' posts are dropped before they are stored."""

    def __init__(self, work: Work, arrivals: Sequence[Arrival]) -> None:
        self._work = work
        origins = {ids.origin(arrival.activity.actor) for arrival in arrivals}
        sources = work.db.connection().execute(_CHOSEN, {"origins": list(origins)}).all()
        self._sources = {row.uri for row in sources}
        self._origins = {row.origin for row in sources if row.whole_origin}
        leaving = {arrival.activity.actor for arrival in arrivals if isinstance(arrival.activity, Delete | Update)}
        self._known = peers.known(work, list(leaving)) if leaving else set()

    def __call__(self, arrival: Arrival) -> bool:
        activity = arrival.activity
        if isinstance(activity, Follow | Accept | Reject | Undo):
            return self._about_us(activity) or self._from_source(activity.actor)
        if isinstance(activity, Delete):
            return activity.actor in self._known or self._from_source(activity.actor)
        if isinstance(activity, Update) and isinstance(activity.object, Actor):
            return activity.actor in self._known
        if isinstance(activity, Create | Update | Announce):
            return self._from_source(activity.actor)
        return False

    def _from_source(self, actor: str) -> bool:
        return actor in self._sources or ids.origin(actor) in self._origins

    def _about_us(self, activity: Activity) -> bool:
        inner = activity.object
        named = ("id", "actor", "object_id")
        uris = (inner, activity.actor) if isinstance(inner, str) else [getattr(inner, name, "") for name in named]
        return any(addresses.is_ours(self._work.settings, uri) for uri in uris) or isinstance(activity, Undo)


async def worth_a_key(workshop: Workshop, activity: Activity) -> bool:
    """Say whether the sender's key is worth fetching: a Delete by somebody we never heard of is not.

    When a big server deletes an account, it tells everybody; its key is gone by then.
    """
    if not isinstance(activity, Delete | OtherActivity):
        return True
    return bool(await workshop.read(_heard_of, activity.actor))


def _heard_of(work: Work, actor: str) -> bool:
    return bool(peers.known(work, [actor]))
