"""Delivers one activity to one inbox, signed by the activity's actor. Errors say whether to try again."""

from collections import OrderedDict
from weakref import WeakKeyDictionary

from sqlalchemy import select

from fediverse_ehrenamt.federation import fetch, outbox, recipients, sending
from fediverse_ehrenamt.federation.fetch import ACTIVITY_JSON
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.kit.errors import Gone, Rejected, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work, Workshop

_REMEMBERED = 256
_PUBLIC = PUBLIC.encode()
_GONE, _UNAUTHORISED = 410, 401

# Activities never change, and one goes to thousands of inboxes: (actor, body) by id, for each workshop.
_letters: WeakKeyDictionary[Workshop, OrderedDict[str, tuple[str, bytes]]] = WeakKeyDictionary()


async def deliver(workshop: Workshop, job: Job) -> None:
    """Post an activity. 2xx is done; 401, 408, 429, 5xx and no connection raise `Unavailable`, all else `Rejected`.

    So does what was erased meanwhile, as answers to one person are in time: the operator has to see that it was lost.
    """
    delivery = Delivery.of(job.argument)
    letter = await _letter(workshop, delivery.activity)
    if letter is None:
        if await workshop.read(_is_needless, delivery.activity, job.key):
            return
        raise Rejected(sentence("Der Inhalt ist nicht mehr vorhanden; dies wurde nicht zugestellt."))
    actor, body = letter
    response = await sending.post(
        workshop, actor, delivery.inbox, body, content_type=ACTIVITY_JSON, activity=delivery.activity
    )
    try:
        fetch.check_status(response)
    except Gone as error:
        if response.status == _GONE:
            await workshop.write(recipients.drop_inbox, delivery.inbox)
        raise Rejected(error.public, response.status) from error
    except Rejected as error:
        if response.status == _UNAUTHORISED:
            # Under every signature. Mastodon says so too where it could not fetch our key just now, and tries its own
            # deliveries again after a 401 (its DeliveryWorker).
            raise Unavailable(error.public) from error
        raise


async def _letter(workshop: Workshop, uri: str) -> tuple[str, bytes] | None:
    letters = _letters.setdefault(workshop, OrderedDict())
    if uri not in letters:
        read = await workshop.read(_read, uri)
        if read is None or _PUBLIC not in read[1]:
            return read  # what goes to one person is erased in time, and then must not live on here
        letters[uri] = read
        if len(letters) > _REMEMBERED:
            letters.popitem(last=False)
    return letters[uri]


def _is_needless(work: Work, activity: str, about: str) -> bool:
    """Say whether what is gone need not be sent: its object was withdrawn (a Delete follows), or is told of anew."""
    return outbox.is_buried(work, activity) or outbox.is_published(work, about)


def _read(work: Work, uri: str) -> tuple[str, bytes] | None:
    row = work.db.scalar(select(PublishedRow).where(PublishedRow.uri == uri))
    return (row.actor, row.body) if row else None
