"""Where things go: the inboxes of followers and of sisters, and those that were sent an object of ours."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table, delete, func, select, update

from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.federation.model import (
    FollowerRow,
    HostRow,
    PublishedRow,
    RecipientRow,
    RemoteActorRow,
    SourceRow,
)
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.work import Work

_GANCIO, _MOBILIZON = "gancio", "mobilizon"

_recipients = cast("Table", RecipientRow.__table__)


def followers(work: Work, actor: str, *, sisters: bool | None = None) -> set[str]:
    """Return the distinct inboxes of an actor's followers: all, only those of sisters, or only the others."""
    chosen = select(FollowerRow.inbox).where(FollowerRow.actor == actor).distinct()
    if sisters is not None:
        is_sister = func.coalesce(HostRow.sister, False).is_(sisters)
        chosen = chosen.outerjoin(HostRow, HostRow.host == FollowerRow.host).where(is_sister)
    return set(work.db.scalars(chosen))


def sisters(work: Work, actor: str) -> set[str]:
    """Return the inboxes of sisters that follow an actor of ours or the instance.

    A host that nobody has asked yet what it runs counts as one of them.
    """
    actors = [actor, addresses.instance_actor(work.settings)]
    chosen = select(FollowerRow.inbox).where(FollowerRow.actor.in_(actors)).distinct()
    chosen = chosen.outerjoin(HostRow, HostRow.host == FollowerRow.host)
    return set(work.db.scalars(chosen.where(func.coalesce(HostRow.sister, True))))


def of_sharers(work: Work, uri: str) -> set[str]:
    """Return the inboxes of those that follow an actor of ours in whose outbox an object is announced."""
    sharers = select(PublishedRow.actor).where(PublishedRow.object == uri, PublishedRow.kind == "Announce")
    return set(work.db.scalars(select(FollowerRow.inbox).where(FollowerRow.actor.in_(sharers)).distinct()))


def were_sent(work: Work, uri: str) -> set[str]:
    """Return the inboxes that were sent an object of ours."""
    return set(work.db.scalars(select(RecipientRow.inbox).where(RecipientRow.object == uri)))


def acquainted(work: Work, actor: str) -> set[str]:
    """Return the inboxes of all that may hold an actor of ours with its key, and not only of its followers.

    Those that were sent something that it published, and of the instance, which signs our GETs, its sources. A Gancio
    looks at the actor by itself when a signature does not hold.
    """
    said = select(PublishedRow.object).where(PublishedRow.actor == actor)
    found = followers(work, actor) | set(
        work.db.scalars(select(RecipientRow.inbox).where(RecipientRow.object.in_(said)).distinct())
    )
    if actor == addresses.instance_actor(work.settings):
        sources = select(RemoteActorRow).where(RemoteActorRow.uri.in_(select(SourceRow.uri)))
        found |= {source.shared_inbox or source.inbox for source in work.db.scalars(sources)}
    return found - gancios(work, found)


def note_sent(work: Work, sent: Iterable[tuple[str, str]]) -> None:
    """Note that objects of ours (by their URIs) go to inboxes, so that their changes will too."""
    rows = [{"object": uri, "inbox": inbox} for uri, inbox in sent]
    upsert.add_missing(work.db, _recipients, ["object", "inbox"], rows)


def send_changes_to(work: Work, uri: str, peer: RemoteActorRow | None) -> None:
    """Let the server of somebody who has to do with an object of ours hear of its changes: it shows it, or they come.

    Of an actor that is not known no inbox is either. Who takes back what they did stays: the object may still be there.
    """
    if peer is not None:
        note_sent(work, [(uri, peer.shared_inbox or peer.inbox)])


def gancios(work: Work, inboxes: Iterable[str]) -> set[str]:
    """Return those of some inboxes that are a Gancio's: a request that is not about an event gets no answer there.

    (Its server/federation/inbox.js; resources.js with `enable_resources` off, as it is from the start.) Each would wait
    until its time runs out, twelve times, and the events behind it with it.
    """
    hosts = set(work.db.scalars(select(HostRow.host).where(HostRow.software == _GANCIO)))
    return {inbox for inbox in inboxes if ids.host(inbox) in hosts}


def mobilizons(work: Work) -> set[str]:
    """Return the inboxes of followers, of whomever here, that are a Mobilizon's."""
    chosen = select(FollowerRow.inbox).join(HostRow, HostRow.host == FollowerRow.host)
    return set(work.db.scalars(chosen.where(HostRow.software == _MOBILIZON).distinct()))


def forget(work: Work, uri: str) -> None:
    """Forget who was sent an object of ours."""
    work.db.execute(delete(RecipientRow).where(RecipientRow.object == uri))


def drop_inbox(work: Work, inbox: str) -> None:
    """Forget an inbox that is gone: its followers, and that it was sent anything."""
    work.db.execute(delete(FollowerRow).where(FollowerRow.inbox == inbox))
    work.db.execute(delete(RecipientRow).where(RecipientRow.inbox == inbox))


def rename_inbox(work: Work, follower: str, inbox: str) -> None:
    """Deliver to a follower where it now wants it; others that share its old inbox stay where they are."""
    work.db.execute(update(FollowerRow).where(FollowerRow.follower == follower).values(inbox=inbox))
