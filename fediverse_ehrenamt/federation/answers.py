"""Answers of ours to one who asked for something (Accept, Reject, Ignore): sent to them alone, and forgotten in time.

They say who asked for what, so they leave when their delivery can no longer be tried.
"""

from datetime import timedelta
from typing import TypeVar, cast

from sqlalchemy import Table, delete, select, text

from fediverse_ehrenamt.federation import addresses, outbox, peers
from fediverse_ehrenamt.federation.model import ANSWERS, PublishedRow, RemoteActorRow
from fediverse_ehrenamt.jobs import retry
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.vocab.types import Accept, Activity, Ignore, Reject
from fediverse_ehrenamt.work import Work

KEPT = retry.MAX_AGE + timedelta(days=1)  # then all tries are over
_ERASED_AT_ONCE = 1_000
_published = cast("Table", PublishedRow.__table__)

A = TypeVar("A", Accept, Reject, Ignore)


def asker(work: Work, uri: str) -> RemoteActorRow:
    """Return who asked, with the inbox for the answer; `Unavailable` where its row was erased meanwhile."""
    row = peers.find(work, uri)
    if row is None:
        raise Unavailable(f"{uri} must be fetched again")
    return row


def send(work: Work, kind: type[A], actor: str, asked: Activity | str, to: RemoteActorRow) -> None:
    """Answer `asked` (an activity, whole or as its id) as `actor` of ours."""
    answer = kind(id=addresses.new_activity(work.settings), actor=actor, object=asked, to=(to.uri,), published=work.now)
    outbox.send(work, answer, [to.inbox])


def erase_old(work: Work) -> int:
    """Erase answers that were given long ago."""
    old = (
        select(_published.c.id).where(text(ANSWERS), _published.c.published_at < work.now - KEPT).limit(_ERASED_AT_ONCE)
    )
    found = list(work.db.scalars(old))
    work.db.execute(delete(PublishedRow).where(PublishedRow.id.in_(found)))
    return len(found)
