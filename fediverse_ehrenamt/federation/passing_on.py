"""Inbox forwarding (ActivityPub §7.1.2) for what feeds announced of others: their Updates and Deletes, as they came.

Whoever knows an object only by our Announce is not told of its changes by its author. We cannot sign for the author, so
only what proves itself is passed on: with a proof (FEP-8b32: ourselves, Mitra, Fedify, Mastodon since 4.7) or a linked
data signature, which Mastodon asks of what others bring, and forwards likewise (its ActivityPub::Forwarder).
"""

from datetime import timedelta

import msgspec
from sqlalchemy import delete, select, update

from fediverse_ehrenamt.federation import recipients, restrictions
from fediverse_ehrenamt.federation.model import PublishedRow, ReceivedRow, whole
from fediverse_ehrenamt.federation.outbox import DELIVER, Delivery
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import PUBLIC, Activity, Delete, Update
from fediverse_ehrenamt.work import Work

FORWARD = "Forward"  # kind of a `PublishedRow` that is somebody else's, letter for letter
_RECENT = timedelta(hours=6)  # changes are followed within minutes
_MOST_LOOKED_AT = 200  # activities of one author


class _Vouched(msgspec.Struct):
    """What proves an activity, whoever brings it."""

    proof: msgspec.Raw = msgspec.Raw()
    signature: msgspec.Raw = msgspec.Raw()


_vouched = msgspec.json.Decoder(_Vouched)


def pass_on(work: Work, uri: str, author: str, actor: str) -> bool:
    """Forward the last Update or Delete of an object to all that were sent it; `actor` of ours signs the requests.

    Return whether there was one that proves itself and was not forwarded yet.
    """
    found = _newest(work, uri, author)
    inboxes = restrictions.deliverable(work, recipients.were_sent(work, uri)) if found else []
    if found is None or not inboxes:
        return False
    activity, body = found
    known = select(PublishedRow.id).where(PublishedRow.uri == activity.id)
    if work.db.scalar(known) is not None:
        return False
    forget(work, uri)
    queue.supersede(work, uri, DELIVER)
    work.db.add(
        PublishedRow(
            uri=activity.id,
            actor=actor,
            kind=FORWARD,
            object=uri,
            body=body,
            listed=False,
            published_at=work.now,
        )
    )
    work.db.flush()
    is_update = isinstance(activity, Update)
    queue.enqueue(
        work,
        [NewJob(ids.host(inbox), DELIVER, Delivery(activity.id, inbox).text(), uri, is_update) for inbox in inboxes],
    )
    return True


def forget(work: Work, uri: str) -> None:
    """Erase what was forwarded of an object."""
    work.db.execute(delete(PublishedRow).where(PublishedRow.object == uri, PublishedRow.kind == FORWARD))


def list_share(work: Work, announcement: str, *, listed: bool) -> None:
    """Say whether an Announce stands in its actor's outbox."""
    work.db.execute(update(PublishedRow).where(PublishedRow.uri == announcement).values(listed=listed))


def forget_repeated(work: Work, actor: str, uri: str, first: str) -> None:
    """Erase the Announces of an object that only sisters got, all but the `first`."""
    others = delete(PublishedRow).where(PublishedRow.object == uri, PublishedRow.actor == actor)
    work.db.execute(others.where(PublishedRow.kind == "Announce", PublishedRow.uri != first))


def _newest(work: Work, uri: str, author: str) -> tuple[Activity, bytes] | None:
    """Return the last public Update or Delete of an object that came from its author, if it proves itself."""
    came = select(ReceivedRow.beginning, ReceivedRow.rest).where(
        ReceivedRow.rest.is_not(None), ReceivedRow.received_at > work.now - _RECENT, ReceivedRow.actor == author
    )
    for row in work.db.execute(came.order_by(ReceivedRow.received_at.desc()).limit(_MOST_LOOKED_AT)):
        body = whole(row.beginning, row.rest)
        if uri.encode() not in body or PUBLIC.encode() not in body:
            continue
        try:
            activity = codec.parse_activity(body)
        except EhrenamtError:
            continue
        if isinstance(activity, Update | Delete) and activity.object_id == uri:
            return (activity, body) if activity.id and _proves_itself(body) else None
    return None


def _proves_itself(body: bytes) -> bool:
    try:
        found = _vouched.decode(body)
    except msgspec.DecodeError:
        return False
    return bool(bytes(found.proof) or bytes(found.signature))
