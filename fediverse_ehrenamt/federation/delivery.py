"""Delivers one activity to one inbox, signed by the activity's actor. Errors say whether to try again."""

from collections import OrderedDict
from weakref import WeakKeyDictionary

from sqlalchemy import select

from fediverse_ehrenamt.federation import fetch, outbox, sending
from fediverse_ehrenamt.federation.fetch import ACTIVITY_JSON
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.kit.errors import Gone, Rejected
from fediverse_ehrenamt.work import Work, Workshop

_REMEMBERED = 256
_GONE = 410

# Activities never change, and one goes to thousands of inboxes: (actor, body) by id, for each workshop.
_letters: WeakKeyDictionary[Workshop, OrderedDict[str, tuple[str, bytes]]] = WeakKeyDictionary()


async def deliver(workshop: Workshop, job: Job) -> None:
    """Post an activity. 2xx is done; 408, 429, 5xx and no connection raise `Unavailable`, all else `Rejected`."""
    delivery = Delivery.of(job.argument)
    letter = await _letter(workshop, delivery.activity)
    if letter is None:
        return  # the object was withdrawn before this could be delivered, and its Delete follows
    actor, body = letter
    response = await sending.post(
        workshop, actor, delivery.inbox, body, content_type=ACTIVITY_JSON, activity=delivery.activity
    )
    try:
        fetch.check_status(response)
    except Gone as error:
        if response.status == _GONE:
            await workshop.write(outbox.drop_inbox, delivery.inbox)
        raise Rejected(error.public, response.status) from error


async def _letter(workshop: Workshop, uri: str) -> tuple[str, bytes] | None:
    letters = _letters.setdefault(workshop, OrderedDict())
    if uri not in letters:
        read = await workshop.read(_read, uri)
        if read is None:
            return None
        letters[uri] = read
        if len(letters) > _REMEMBERED:
            letters.popitem(last=False)
    return letters[uri]


def _read(work: Work, uri: str) -> tuple[str, bytes] | None:
    row = work.db.scalar(select(PublishedRow).where(PublishedRow.uri == uri))
    return (row.actor, row.body) if row else None
