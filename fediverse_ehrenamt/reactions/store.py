"""Puts, counts and erases reactions. Nothing here ever says who: peers and pages get numbers."""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal, NamedTuple, cast

from sqlalchemy import Select, Table, delete, func, select, text

from fediverse_ehrenamt.federation import outbox
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.reactions.model import UNDONE, ReactionRow
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work

Kind = Literal["like", "share"]
_UNDONE = "undone"
_UNDONE_KEPT = timedelta(days=7)  # what was undone comes at once or, repeated, within the days in which peers try
_ERASED_AT_ONCE = 1_000
_reactions = cast("Table", ReactionRow.__table__)


class Counts(NamedTuple):
    """How many like an object and how many share it."""

    likes: int
    shares: int


def our_object(work: Work, uri: str) -> str:
    """Return the public object of ours that a URI names, its own or that of its Create; `Gone` or `NotFound` otherwise.

    A direct answer to somebody is no such object: nobody else may learn that there is one.
    """
    named = (PublishedRow.object == uri) | (PublishedRow.uri == uri)
    found = work.db.scalar(select(PublishedRow).where(named, PublishedRow.kind == "Create").limit(1))
    if found is not None:
        said = codec.parse_activity(found.body)
        if PUBLIC in (*said.to, *said.cc):
            return found.object
    raise Gone(f"{uri} was withdrawn") if outbox.is_buried(work, uri) else NotFound(f"{uri} is no object of ours")


def put(work: Work, kind: Kind, uri: str, actor: str, activity: str) -> None:
    """Count an actor's reaction to an object once, however often it comes."""
    row = {"object": uri, "kind": kind, "actor": actor, "activity": activity, "at": work.now}
    upsert.put(work.db, _reactions, ["object", "kind", "actor"], [row])


def take_back(work: Work, kind: Kind, uri: str, actor: str) -> bool:
    """Erase an actor's reaction to an object, by whatever id it came; say whether there was one."""
    mine = delete(_reactions).where(_reactions.c.object == uri, _reactions.c.kind == kind, _reactions.c.actor == actor)
    return work.db.connection().execute(mine).rowcount > 0


def take_back_by_id(work: Work, activity: str, actor: str) -> bool:
    """Erase the reaction that an actor sent under an id; say whether there was one."""
    mine = delete(_reactions).where(_reactions.c.activity == activity, _reactions.c.actor == actor)
    return work.db.connection().execute(mine).rowcount > 0


def note_undone(work: Work, activity: str, actor: str) -> None:
    """Remember that an actor took back what has not come yet: it will do nothing when it does."""
    if activity:
        row = {"object": activity, "kind": _UNDONE, "actor": actor, "activity": activity, "at": work.now}
        upsert.put(work.db, _reactions, ["object", "kind", "actor"], [row])


def settle_undone(work: Work, activity: str, actor: str) -> bool:
    """Say whether an actor took something back before it came. That is settled then: Takahē likes again by that id."""
    here = (_reactions.c.object == activity) & (_reactions.c.kind == _UNDONE) & (_reactions.c.actor == actor)
    return work.db.connection().execute(delete(_reactions).where(here)).rowcount > 0


def erase_old(work: Work) -> int:
    """Erase what was undone long ago and never came."""
    old = select(_reactions.c.object, _reactions.c.actor).where(text(UNDONE), _reactions.c.at < work.now - _UNDONE_KEPT)
    found = work.db.execute(old.limit(_ERASED_AT_ONCE)).all()
    for row in found:
        one = (_reactions.c.object == row.object) & (_reactions.c.actor == row.actor) & (_reactions.c.kind == _UNDONE)
        work.db.execute(delete(_reactions).where(one))
    return len(found)


def forget_actor(work: Work, actor: str) -> None:
    work.db.connection().execute(delete(_reactions).where(_reactions.c.actor == actor))


def forget_object(work: Work, uri: str) -> None:
    work.db.connection().execute(delete(_reactions).where(_reactions.c.object == uri))


def people() -> list[Select[str]]:
    """Return the queries of all actors that something is kept of: they have to stay known, to be able to undo it."""
    return [select(ReactionRow.actor).where(ReactionRow.kind != _UNDONE)]


def counts(work: Work, uri: str) -> Counts:
    """Count the reactions to an object."""
    return counts_of(work, [uri])[uri]


def counts_of(work: Work, uris: Collection[str]) -> dict[str, Counts]:
    """Count the reactions to each of some objects."""
    object_, kind = _reactions.c.object, _reactions.c.kind
    counted = select(object_, kind, func.count()).where(object_.in_(uris)).group_by(object_, kind)
    found = {(row[0], row[1]): row[2] for row in work.db.connection().execute(counted)}
    return {uri: Counts(found.get((uri, "like"), 0), found.get((uri, "share"), 0)) for uri in uris}
