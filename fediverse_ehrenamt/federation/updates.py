"""Tells others what an actor of ours is now: its name, text, picture and facts."""

from sqlalchemy import select

from fediverse_ehrenamt.federation import actors, addresses, outbox
from fediverse_ehrenamt.federation.model import FollowerRow, HostRow
from fediverse_ehrenamt.vocab.types import Update
from fediverse_ehrenamt.work import Work


def tell(work: Work, uri: str) -> int:
    """Send an Update of an actor to its followers, and to sisters that follow the instance; return to how many inboxes.

    An earlier one is not dropped: it may be the one that brings other keys (`rotation`).
    """
    to, cc = outbox.audience(uri)
    document = actors.to_wire(work, actors.with_keys(work, uri))
    activity = addresses.new_activity(work.settings)
    inboxes = set(work.db.scalars(select(FollowerRow.inbox).where(FollowerRow.actor == uri)))
    instance = FollowerRow.actor == addresses.instance_actor(work.settings)
    sisters = select(FollowerRow.inbox).join(HostRow, HostRow.host == FollowerRow.host).where(instance, HostRow.sister)
    inboxes |= set(work.db.scalars(sisters))
    outbox.send(work, Update(id=activity, actor=uri, object=document, to=to, cc=cc, published=work.now), inboxes)
    return len(inboxes)
