"""What somebody else than its actor delivers: believed with a proof, else asked for at its origin, else dropped.

Forwarders are relays, groups, and servers that pass on an answer to a conversation. A proof shows who wrote, not that
it is still so: whatever could be brought again later, to undo what came since, is asked for at its origin as well.
"""

import asyncio
import logging

import orjson
from sqlalchemy import select

from fediverse_ehrenamt.federation import addresses, fetch, inbox, outboxes, proofs
from fediverse_ehrenamt.federation.handlers import Handlers, Lost
from fediverse_ehrenamt.federation.proofs import KeySource
from fediverse_ehrenamt.federation.signatures import OwnerGone, Signed
from fediverse_ehrenamt.federation.wanted import Arrival, Wanted
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Gone, Missing, Unavailable
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab import proofs as vocab_proofs
from fediverse_ehrenamt.vocab.types import (
    Activity,
    Actor,
    Announce,
    Create,
    Delete,
    Event,
    Note,
    Opportunity,
    Tombstone,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop

ASK = "ask_origin"
WAITING_LIMIT = 100  # questions to one host that strangers can make us queue

# Follow, Accept, Undo and the like go from one to one. Brought again by a third, they would turn back what came since.
_PASSED_ON = Create | Update | Delete | Announce
_log = logging.getLogger(__name__)


async def vouched(workshop: Workshop, keys: KeySource, signed: Signed, activity: Activity) -> Arrival | None:
    """Return what may go through the inbox of what an HTTP signature vouches for, None where that is nothing.

    `activity` is read from the body, at least in outline. Whoever signs for somebody else needs that actor's proof;
    without it the object is asked for at its origin, by a job. Raises BadSignature for a proof that is wrong,
    Malformed, and Unavailable where a known key does not fit and cannot be had anew.
    """
    claim = vocab_proofs.read(signed.body, workshop.now())
    if signed.actor == activity.actor:
        if claim is not None:
            await proofs.check(claim, activity.actor, keys)
        return Arrival(signed, activity)
    if not isinstance(activity, _PASSED_ON) or not await workshop.read(_is_wanted, Arrival(signed, activity)):
        _log.info("activity %s dropped: brought by %s for %s", activity.id, signed.actor, activity.actor)
        return None
    proved = None if claim is None else await _proved(workshop, keys, claim, activity.actor)
    body = signed.body if proved is None else proved.body
    whole = await asyncio.to_thread(codec.parse_activity, body)
    if proved is not None and _speaks_for_itself(whole):
        return Arrival(proved, whole)
    await workshop.write(_ask, whole)
    return None


async def _proved(workshop: Workshop, keys: KeySource, claim: vocab_proofs.Claim, actor: str) -> Signed | None:
    """Return what the proof shows, None where the keys are not to be had now or ever again; raises BadSignature."""
    try:
        return await proofs.verify(claim, actor, keys, workshop.now())
    except (Unavailable, OwnerGone):
        return None


def _is_wanted(work: Work, arrival: Arrival) -> bool:
    return Wanted(work, [arrival])(arrival)


def _speaks_for_itself(activity: Activity) -> bool:
    """Say whether something can be told from an older state of itself that is brought again later.

    An Update of a thing can be by its `updated`; one of an actor would bring back keys that were given up since.
    """
    if not isinstance(activity, Update) or isinstance(activity.object, str):
        return True
    return getattr(activity.object, "updated", None) is not None


# --- asking -----------------------------------------------------------------------------------------------------------
def _ask(work: Work, activity: Activity) -> None:
    """Enqueue the question what became of the object, unless it is not its actor's or is asked already."""
    uri, actor = activity.object_id, activity.actor
    if isinstance(activity, Announce) or not ids.same_origin(uri, actor) or addresses.is_ours(work.settings, uri):
        return
    host, question = ids.host(uri), orjson.dumps([uri, actor]).decode()
    of_host = select(JobRow.argument).where(JobRow.host == host, JobRow.name == ASK, JobRow.given_up_at.is_(None))
    waiting = work.db.scalars(of_host.limit(WAITING_LIMIT)).all()
    if question not in waiting and len(waiting) < WAITING_LIMIT:
        queue.enqueue(work, [NewJob(host, ASK, question, key=uri)])


def jobs(handlers: Handlers) -> dict[str, JobFunction]:
    """Return the jobs of this module."""

    async def run(workshop: Workshop, job: Job) -> None:
        uri, actor = orjson.loads(job.argument)
        await ask_origin(workshop, handlers, uri, actor)

    return {ASK: run}


async def ask_origin(workshop: Workshop, handlers: Handlers, uri: str, actor: str) -> None:
    """Take over what the origin says of an object that was said to be by `actor`, if it says so too.

    410 and a Tombstone are its end. 404 is that of what is held of a thing, if it is answered again some minutes later
    (`absence`); of an actor it says nothing.
    """
    try:
        _, value = await fetch.from_origin(workshop, uri)
    except Missing:
        if uri != actor:
            await workshop.write(_dispatch, handlers, Lost(id="", actor=ids.origin(uri), object=uri))
        return
    except Gone:
        value = Tombstone(id=uri)
    if isinstance(value, Tombstone):
        await workshop.write(_dispatch, handlers, Delete(id="", actor=actor, object=uri))
    elif isinstance(value, Actor) and value.id == actor:
        await workshop.write(_dispatch, handlers, Update(id="", actor=actor, object=value))
    elif isinstance(value, Note | Opportunity | Event) and value.public and value.attributed_to == actor:
        await outboxes.introduce(workshop, actor)
        await workshop.write(_dispatch, handlers, Update(id="", actor=actor, object=value, to=value.to))


def _dispatch(work: Work, handlers: Handlers, activity: Activity) -> None:
    inbox.dispatch(work, handlers, activity)
