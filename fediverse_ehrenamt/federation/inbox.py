"""What comes in: accepted only as `Signed`, stored only if wanted, handled later in batches.

`Gate` joins the activities of many requests in one commit; `process` is the worker's half. The row is its own job.
"""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update

from fediverse_ehrenamt.federation import addresses, chosen, openings, peers, privacy
from fediverse_ehrenamt.federation.authority import Refetch, Refused, by_signer, judge
from fediverse_ehrenamt.federation.handlers import Handlers
from fediverse_ehrenamt.federation.model import ReceivedRow, whole
from fediverse_ehrenamt.federation.wanted import Arrival, Wanted
from fediverse_ehrenamt.jobs import batch, queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import EhrenamtError, Unavailable
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.quotes import InteractionRequest
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Accept,
    Activity,
    Announce,
    Block,
    Create,
    Follow,
    Join,
    Leave,
    Like,
    Reject,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work, Workshop

BATCH = 50  # rows handled in one transaction
_GATE_LIMIT = 500  # activities stored in one commit
_PAUSE_SECONDS = 0.001  # while further activities arrive after this, they join a commit …
_PAUSES = 20  # … up to so many times …
_ENOUGH = 64  # … and so many: while they wait for the disk, what comes after them is read
_LOG_BYTES = 16_000_000  # of log, after which it is written into the database while all wait; by itself after 24
_INDEX_BYTES = 4_096  # that a letter adds to the log beside its own: a page of the index of ids
_WAITING_LIMIT = 5_000  # activities held in memory before peers are asked to come back later
_TRIES = 5
_BODIES_LAST = timedelta(days=7)
_ERASED_AT_ONCE = 1_000
_MARK, _MARKS = 8, 32  # characters of a signature's mark that are kept, and of all that are kept for an id

# These mean something each time, also under an id that came before. Misskey makes the ids of Follows of the two
# accounts, Takahē those of whatever is undone and done again; Mobilizon's Updates have the id of their Create, and its
# Leave may have that of its Join. Of Updates their objects tell which is newer; who asks again to join, to quote or to
# recommend is answered again.
_REPEATED = Follow | Accept | Reject | Undo | Join | Leave | Like | Block | Update | InteractionRequest
_received = cast("Table", ReceivedRow.__table__)

# Built once: building a statement takes several times as long as running it, and these run many times a second.
_DUE = select(_received.c.id).where(_received.c.due_at <= bindparam("now")).limit(1)
_log = logging.getLogger(__name__)


class Gate:
    """Stores arrivals in group commits: while one commit is under way, the next group gathers."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None
        self._logged = 0  # bytes since the last checkpoint

    async def take(self, arrival: Arrival) -> None:
        """Return when the activity is durably stored, or dropped as unwanted; `Unavailable` when overrun."""
        if len(self._waiting) >= _WAITING_LIMIT:
            raise Unavailable("this inbox is busy", 60.0)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())
        await done

    async def _store(self) -> None:
        while self._waiting:
            await self._gathered()
            group, self._waiting = self._waiting[:_GATE_LIMIT], self._waiting[_GATE_LIMIT:]
            outcome = (await asyncio.gather(self._commit([arrival for arrival, _ in group]), return_exceptions=True))[0]
            for _, done in group:
                if done.done():
                    continue
                if isinstance(outcome, BaseException):
                    done.set_exception(outcome)
                else:
                    done.set_result(None)
            await self._tidied(sum(map(_logged, (arrival for arrival, _ in group))))
        self._storing = None

    async def _tidied(self, stored: int) -> None:
        """Have the log written into the database where it is long, while those who come next are looked at.

        A commit that does it by itself takes several times as long, and all of its group wait for their answers.
        """
        self._logged += stored
        if self._logged < _LOG_BYTES:
            return
        self._logged = 0
        fault = (await asyncio.gather(self._workshop.checkpoint(), return_exceptions=True))[0]
        if fault is not None:  # the next commit that finds the log long tries it again
            _log.warning("the log of the database stays as it is for now: %s", fault)

    async def _gathered(self) -> None:
        """Return when no more arrive, or enough wait: a commit costs as much as twenty activities in it."""
        for _ in range(_PAUSES):
            before = len(self._waiting)
            if before >= _ENOUGH:
                return
            await asyncio.sleep(_PAUSE_SECONDS)
            if len(self._waiting) == before:
                return

    async def _commit(self, arrivals: list[Arrival]) -> None:
        await self._workshop.write(store, arrivals)


def _logged(arrival: Arrival) -> int:
    """Return about how many bytes a letter takes in the log."""
    return len(arrival.signed.body) - len(arrival.opening) + _INDEX_BYTES


def store(work: Work, arrivals: Sequence[Arrival]) -> int:
    """Store the wanted ones among verified activities, each id once, and return how many were wanted.

    What may be repeated is handled each time it comes, unless it is the very same request again: whoever got hold of a
    Follow could otherwise bring it back after its Undo.
    """
    queue.host_is_alive(work, sorted({ids.host(arrival.signed.actor) for arrival in arrivals}))
    allowed = [arrival for arrival in arrivals if _may_say(arrival)]
    wanted = Wanted(work, allowed)
    once: list[Mapping[str, object]] = []
    again: dict[str, Mapping[str, object]] = {}
    kept = [arrival for arrival in allowed if wanted(arrival)]
    begun = openings.numbers(work, {arrival.opening for arrival in kept if arrival.opening})
    for arrival in kept:
        row = _row(work, arrival, begun)
        if _may_repeat(work, arrival.activity):
            again[str(row["activity"])] = {**row, "mark": arrival.signed.mark}
        else:
            once.append(row)
    upsert.add_missing(work.db, _received, ["activity"], once)
    upsert.put(work.db, _received, ["activity"], _not_replayed(work, again))
    return len(kept)


def _may_repeat(work: Work, activity: Activity) -> bool:
    if isinstance(activity, Announce):  # of ours only: any other costs its object's origin a request
        return addresses.is_ours(work.settings, activity.object_id)
    return isinstance(activity, _REPEATED)


def _not_replayed(work: Work, again: Mapping[str, Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Return the rows that do not come with a signature with which their ids came before.

    Each keeps the signatures before its own: whoever follows, leaves, follows again under the same id and leaves for
    good must not be brought back by what was caught the first time.
    """
    if not again:
        return []
    held = select(_received.c.activity, _received.c.mark).where(_received.c.activity.in_(list(again)))
    before = {row.activity: row.mark for row in work.db.execute(held)}
    return [
        {**row, "mark": (_short(row) + before.get(activity, ""))[:_MARKS]}
        for activity, row in again.items()
        if not _short(row) or _short(row) not in _each(before.get(activity, ""))
    ]


def _short(row: Mapping[str, object]) -> str:
    return str(row["mark"])[:_MARK]


def _each(marks: str) -> list[str]:
    return [marks[start : start + _MARK] for start in range(0, len(marks), _MARK)]


def _row(work: Work, arrival: Arrival, begun: Mapping[bytes, int]) -> dict[str, object]:
    body = arrival.signed.body
    opening = begun.get(arrival.opening) if body.startswith(arrival.opening) else None  # a proof's body may be another
    return {
        "activity": arrival.activity.id or f"sha256:{hashlib.sha256(body).hexdigest()}",
        "actor": arrival.signed.actor,
        "how": arrival.signed.how,
        "mark": "",
        "opening": opening,
        "rest": body if opening is None else body[len(arrival.opening) :],
        "received_at": work.now,
        "due_at": work.now,
        "tries": 0,
        "verdict": "",
    }


def _may_say(arrival: Arrival) -> bool:
    """Drop a claim before it is stored: it would also occupy the id of the true activity, which may be foreseen."""
    judgement = judge(arrival.signed.actor, arrival.activity)
    if isinstance(judgement, Refused):
        _log.info("activity %s dropped: %s", arrival.activity.id, judgement.reason)
    return not isinstance(judgement, Refused)


# --- the worker's half ------------------------------------------------------------------------------------------------
def anything_due(work: Work) -> bool:
    """Say whether a row waits to be handled: one step in an index."""
    return work.db.connection().scalar(_DUE, {"now": work.now}) is not None


def process(work: Work, handlers: Handlers) -> int:
    """Handle up to `BATCH` received activities in this transaction and return their number."""
    due = (
        select(_received.c.id, _received.c.actor, _received.c.tries, ReceivedRow.beginning, _received.c.rest)
        .where(_received.c.due_at <= work.now)
        .order_by(_received.c.due_at, _received.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = work.db.execute(due).all()
    if not rows:
        return 0
    activities = batch.each(work, rows, lambda _, row: codec.parse_activity(whole(row.beginning, row.rest)))
    actors = {row.actor for row in rows}
    chosen.foresee(work, actors)
    peers.foresee(work, actors)
    handlers.foresee(work, {one.object_id for one in activities if isinstance(one, Create | Update)})
    pairs = [(row.actor, activity) for row, activity in zip(rows, activities, strict=True)]
    verdicts = batch.each(work, pairs, lambda work, pair: _handle(work, handlers, *pair), handlers.together)
    settled = [_settled(work, row.id, row.tries, verdict) for row, verdict in zip(rows, verdicts, strict=True)]
    one = update(_received).where(_received.c.id == bindparam("one"))
    changed = one.values(due_at=bindparam("due"), tries=bindparam("tried"), verdict=bindparam("said"))
    work.db.connection().execute(changed, settled)
    return len(rows)


def _handle(work: Work, handlers: Handlers, signer: str, activity: Activity | Exception) -> str:
    if isinstance(activity, Exception):
        raise activity
    return handle(work, handlers, signer, by_signer(signer, activity))


def handle(work: Work, handlers: Handlers, signer: str, activity: Activity) -> str:
    """Judge and handle one activity; return what became of it in a few words."""
    if isinstance(activity, Create | Update) and PUBLIC not in (*activity.to, *activity.cc):
        privacy.erase_body(work, activity)
    judgement = judge(signer, activity)
    if isinstance(judgement, Refused):
        return f"dropped: {judgement.reason}"
    if isinstance(judgement, Refetch):
        if addresses.is_ours(work.settings, judgement.uri):
            return _about_ours(work, handlers, activity, judgement.uri)
        queue.enqueue(work, [obtain(judgement.uri, activity.actor)])
        return f"asking the origin of {judgement.uri}"
    return dispatch(work, handlers, activity)


def _about_ours(work: Work, handlers: Handlers, activity: Activity, uri: str) -> str:
    """Ask nobody for what we know best: it was shared. A group that passes on a Like of it shares nothing."""
    inner = activity.object
    if not isinstance(activity, Announce) or (isinstance(inner, Activity) and not isinstance(inner, Create)):
        return f"dropped: {uri} is ours"
    return dispatch(work, handlers, replace(activity, object=uri))


def dispatch(work: Work, handlers: Handlers, activity: Activity) -> str:
    """Hand a trusted activity to its handler."""
    activity = handlers.by_ids(work, activity)
    function = handlers.find(activity)
    if function is None:
        return "dropped: nobody here has a use for it"
    try:
        function(work, activity)
    except Unavailable:
        raise
    except EhrenamtError as error:
        return f"dropped: {error.public}"
    return "handled"


def obtain(uri: str, via: str = "") -> NewJob:
    """Return the job that asks an object's origin what it is, for `via` who spoke of it; `sources.obtain` does that."""
    return NewJob(host=ids.host(uri), name="obtain", argument=f"{uri} {via}".rstrip(), key=uri)


def _settled(work: Work, row: int, tries: int, verdict: str | Exception) -> dict[str, object]:
    again = None
    if isinstance(verdict, Exception):
        if not isinstance(verdict, EhrenamtError):
            _log.error("received activity %s failed", row, exc_info=verdict)
        if tries + 1 < _TRIES and not (isinstance(verdict, EhrenamtError) and not isinstance(verdict, Unavailable)):
            again = work.now + timedelta(minutes=2**tries)
        verdict = f"failed: {verdict}"
    if not verdict.startswith("handled"):
        _log.info("activity %s %s", row, verdict)
    return {"one": row, "due": again, "tried": tries + 1, "said": verdict[:1000]}


def received(work: Work, uri: str, actor: str) -> Activity | None:
    """Return what an actor said under an id, None where nothing is known of it any more (after a week)."""
    said = select(ReceivedRow.beginning, _received.c.rest).where(_received.c.rest.is_not(None))
    row = work.db.execute(said.where(_received.c.activity == uri, _received.c.actor == actor)).first()
    return None if row is None else codec.parse_activity(whole(row.beginning, row.rest))


def erase_bodies(work: Work) -> int:
    """Erase the bodies of activities handled a week ago; their ids stay, so that a repetition is recognised."""
    old = (
        select(_received.c.id)
        .where(_received.c.rest.is_not(None), _received.c.received_at < work.now - _BODIES_LAST)
        .where(_received.c.due_at.is_(None))
        .limit(_ERASED_AT_ONCE)
    )
    found = list(work.db.scalars(old))
    work.db.execute(update(_received).where(_received.c.id.in_(found)).values(rest=None))
    return len(found)
