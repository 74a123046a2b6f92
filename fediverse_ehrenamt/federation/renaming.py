"""Calls the instance by another name, and tells all who follow it."""

from sqlalchemy import select

from fediverse_ehrenamt.federation import actors, addresses, outbox
from fediverse_ehrenamt.federation.model import FollowerRow
from fediverse_ehrenamt.vocab.types import Update
from fediverse_ehrenamt.work import Work


def rename_instance(work: Work, name: str) -> None:
    """Give the instance a name, whose length was looked at before; its address stays."""
    actors.instance(work).name = name
    row = actors.with_keys(work, addresses.instance_actor(work.settings))
    row.name = name
    work.db.flush()
    inboxes = set(work.db.scalars(select(FollowerRow.inbox).where(FollowerRow.actor == row.uri).distinct()))
    to, cc = outbox.audience(row.uri)
    activity = addresses.new_activity(work.settings)
    update = Update(id=activity, actor=row.uri, object=actors.to_wire(work, row), to=to, cc=cc, published=work.now)
    outbox.send(work, update, inboxes)
