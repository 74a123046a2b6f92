"""Which activities anybody here asked for: strangers' posts are dropped before they are stored.

Wanted is what followed sources publish, and what concerns us: it is about an object of ours, answers or quotes one, or
names an actor of ours as its receiver. The second is seen from the activity alone; only who is followed and who is
known is asked of the database, once for all activities of a group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, select

from fediverse_ehrenamt.federation import addresses, peers
from fediverse_ehrenamt.federation.chosen import SILENT
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.vocab.quotes import InteractionRequest
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Announce,
    Block,
    Create,
    Delete,
    Flag,
    Follow,
    Ignore,
    Join,
    Leave,
    Like,
    Move,
    Offer,
    OtherActivity,
    Reject,
    TentativeAccept,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop

_REACTIONS = Like | Join | Leave | Offer | TentativeAccept | Block | Flag | InteractionRequest
DOUBTFUL = _REACTIONS | Delete | Update | Move | Ignore | OtherActivity  # of which `worth_a_key` is to be asked
_PUBLISHING = Create | Update | Announce
_OF_THE_KNOWN = Delete | Update | Move  # by strangers they would be about nothing that we have
_NAMING = ("id", "actor", "object_id")
_sources = cast("Table", SourceRow.__table__)
_CHOSEN = (
    select(_sources.c.uri, _sources.c.origin, _sources.c.whole_origin)
    .where(_sources.c.origin.in_(bindparam("origins", expanding=True)))
    .where(_sources.c.state.not_in(SILENT))
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified activity at the door; `opening` is what its body begins with like many others, b"" for nothing."""

    signed: Signed
    activity: Activity
    opening: bytes = b""


class Wanted:
    """Says which activities anybody here asked for; strangers' posts are dropped before they are stored."""

    def __init__(self, work: Work, arrivals: Sequence[Arrival]) -> None:
        self._work = work
        origins = {ids.origin(arrival.activity.actor) for arrival in arrivals}
        sources = work.db.connection().execute(_CHOSEN, {"origins": list(origins)}).all()
        self._sources = {row.uri for row in sources}
        self._origins = {row.origin for row in sources if row.whole_origin}
        changing = {one.activity.actor for one in arrivals if isinstance(one.activity, _OF_THE_KNOWN)}
        self._known = peers.known(work, list(changing)) if changing else set()

    def __call__(self, arrival: Arrival) -> bool:
        activity = arrival.activity
        if isinstance(activity, Update) and isinstance(activity.object, Actor):
            return activity.actor in self._known
        if isinstance(activity, _PUBLISHING):
            return self._from_source(activity.actor) or concerns_us(self._work.settings, activity)
        if isinstance(activity, Follow | Accept | Reject | Undo):
            return concerns_us(self._work.settings, activity) or self._from_source(activity.actor)
        if isinstance(activity, Delete):
            return activity.actor in self._known or self._from_source(activity.actor)
        if isinstance(activity, Move):
            return activity.actor in self._known
        return isinstance(activity, _REACTIONS) and concerns_us(self._work.settings, activity)

    def _from_source(self, actor: str) -> bool:
        return actor in self._sources or ids.origin(actor) in self._origins


def concerns_us(settings: Settings, activity: Activity) -> bool:
    """Say whether an activity is about an object or an actor of ours, or speaks to an actor of ours."""
    if isinstance(activity, Create | Update):
        return speaks_to_us(settings, activity)
    if isinstance(activity, Flag):
        return any(addresses.is_ours(settings, uri) for uri in activity.objects) or speaks_to_us(settings, activity)
    if isinstance(activity, Undo) and isinstance(activity.object, str):
        return True  # nobody can tell from an id alone what it was
    if isinstance(activity, Follow | Accept | Reject | Undo):
        inner = activity.object
        uris = [inner, activity.actor] if isinstance(inner, str) else [getattr(inner, name, "") for name in _NAMING]
        return any(addresses.is_ours(settings, uri) for uri in uris)
    return addresses.is_ours(settings, activity.object_id)


def speaks_to_us(settings: Settings, activity: Activity) -> bool:
    """Say whether an activity names an actor of ours among its receivers, or answers or quotes an object of ours.

    An actor's followers are not the actor. Of what is embedded, the door sees the id and what it answers or quotes.
    """
    if any(addresses.is_actor(settings, uri) for uri in (*activity.to, *activity.cc)):
        return True
    named = (getattr(activity.object, name, "") for name in ("in_reply_to", "quote"))
    return any(uri and addresses.is_ours(settings, uri) for uri in named)


async def worth_a_key(workshop: Workshop, activity: Activity) -> bool:
    """Say whether the sender's key is worth fetching: a Delete by somebody we never heard of is not, nor is another
    name or picture of theirs, or a Like of something that isn't ours.

    When a big server deletes an account, it tells everybody; its key is gone by then.
    """
    if isinstance(activity, _REACTIONS):
        return concerns_us(workshop.settings, activity)
    is_thing = isinstance(activity, Update) and not isinstance(activity.object, Actor)
    if is_thing or not isinstance(activity, DOUBTFUL):
        return True
    return bool(await workshop.read(_heard_of, activity.actor))


def _heard_of(work: Work, actor: str) -> bool:
    return bool(peers.known(work, [actor]))
