"""The durable queue: `enqueue` in the caller's transaction, `turn` settles what is done and leases what is due.

Order is kept per (host, key); up to `AT_ONCE` jobs of a host run together; a failing job steps aside with its key only;
a host that cannot be reached is left alone as a whole. At least once: a job whose process dies comes back after the
lease.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import aliased

from fediverse_ehrenamt.jobs import health, retry
from fediverse_ehrenamt.jobs.health import Tried
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit.errors import Rejected
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.storage.once import among
from fediverse_ehrenamt.storage.types import UtcDateTime
from fediverse_ehrenamt.work import Work

LOCAL = ""  # the lane of jobs that reach no peer; it has no breaker
AT_ONCE = 4
LEASE = timedelta(minutes=5)  # far longer than any job's own time limit
_CHUNK = 500  # values in one IN list

_jobs = cast("Table", JobRow.__table__)
_lanes = cast("Table", LaneRow.__table__)

_NO_KEY: ColumnElement[str] = literal_column(
    "''"
)  # not as a parameter: only so does SQLite see that the index "order" is the one

_REPLACEABLE: ColumnElement[bool] = literal_column("jobs.replaceable", Boolean)  # likewise

# Built once: building a statement takes several times as long as running it, and these run many times a second.
_DUE = select(_lanes.c.host).where(_lanes.c.next_at <= bindparam("now")).limit(1)
_WANTED = (
    select(_lanes.c.host)
    .where(_lanes.c.next_at <= bindparam("now"))
    .order_by(_lanes.c.next_at)
    .limit(bindparam("free"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(_lanes)
    .where(among(_lanes.c.host, _WANTED))
    .values(next_at=bindparam("until"), leased=1)
    .returning(_lanes.c.host)
)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be; `key` orders it with others of the same host, "" for none.

    `replaceable` says that it carries nothing but a state of the object `key` (an Update), so that a newer one makes it
    needless: `supersede` takes it away. It waits for `delay`, unless a host that comes back has all its jobs tried.
    """

    host: str
    name: str
    argument: str
    key: str = ""
    replaceable: bool = False
    delay: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    host: str
    key: str
    name: str
    argument: str
    tries: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try of a job went; `error` is None when it is done."""

    job: Job
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A leased lane with the jobs to be tried now; all their outcomes are settled together."""

    host: str
    jobs: tuple[Job, ...]


def enqueue(work: Work, jobs: Sequence[NewJob]) -> None:
    """Add jobs in the caller's transaction; they exist if and only if it commits."""
    if not jobs:
        return
    last = work.db.scalar(select(func.max(_jobs.c.id))) or 0
    work.db.execute(
        insert(_jobs),
        [
            {
                "host": job.host, "key": job.key, "name": job.name, "argument": job.argument,
                "tries": 0, "created_at": work.now, "due_at": work.now + job.delay, "error": "",
                "replaceable": job.replaceable,
            }
            for job in jobs
        ],
    )  # fmt: skip
    _wait_for_earlier(work, _jobs.c.id > last)
    hosts = sorted({job.host for job in jobs})
    upsert.add_missing(
        work.db, _lanes, ["host"], [{"host": host, "leased": 0, "failures": 0, "openings": 0} for host in hosts]
    )
    # No condition may keep this from a lane that is being given back: it has to wait for that, and look again.
    free = (_lanes.c.leased == 0) & ((_lanes.c.opened_until.is_(None)) | (_lanes.c.opened_until <= work.now))
    next_at = case((free, bindparam("now", work.now, UtcDateTime)), else_=_lanes.c.next_at)
    wake = update(_lanes).where(_lanes.c.host == bindparam("one")).values(next_at=next_at)
    work.db.connection().execute(wake, [{"one": host} for host in hosts])


def supersede(work: Work, key: str, name: str, chosen: Callable[[str], bool] | None = None) -> int:
    """Remove the `replaceable` jobs `name` of the object `key` and return their number; to be followed by newer ones.

    `chosen` says by their arguments which of them; for all it is one statement, along an index that holds nothing else.
    What is leased is left to its worker, and what was given up goes too: brought back later it would undo the newer
    state at peers that do not compare `updated`.
    """
    idle = select(_lanes.c.host).where(_lanes.c.host == _jobs.c.host, _lanes.c.leased == 0).exists()
    older = (
        select(_jobs.c.id)
        .where(_jobs.c.key == key, _REPLACEABLE, _jobs.c.name == name)
        .where(_jobs.c.given_up_at.is_not(None) | idle)
        .with_for_update(skip_locked=True)
    )
    if chosen is None:
        return work.db.connection().execute(delete(_jobs).where(among(_jobs.c.id, older))).rowcount
    found = work.db.execute(older.add_columns(_jobs.c.argument)).all()
    ids = [row.id for row in found if chosen(row.argument)]
    for start in range(0, len(ids), _CHUNK):
        work.db.execute(delete(_jobs).where(_jobs.c.id.in_(ids[start : start + _CHUNK])))
    return len(ids)


def replaceable(work: Work, key: str, name: str) -> Sequence[str]:
    """Return the arguments of the `replaceable` jobs `name` of the object `key`, the given up among them."""
    return work.db.scalars(select(_jobs.c.argument).where(_jobs.c.key == key, _REPLACEABLE, _jobs.c.name == name)).all()


def cancel(work: Work, hosts: Sequence[str], key: str, name: str) -> None:
    """Remove all jobs `name` of the object `key` at these hosts: what they are about is no more.

    Also what was given up, so that nobody brings it back. What a worker has in hand at this moment it brings to its
    end; later jobs of the key still wait for that, since lanes are leased as a whole.
    """
    for start in range(0, len(hosts), _CHUNK):
        some = select(_jobs.c.id).where(_jobs.c.host.in_(hosts[start : start + _CHUNK]), _jobs.c.key == key)
        gone = some.where(_jobs.c.name == name).with_for_update(skip_locked=True)
        work.db.connection().execute(delete(_jobs).where(among(_jobs.c.id, gone)))


def _wait_for_earlier(work: Work, chosen: ColumnElement[bool]) -> None:
    """Let jobs wait as long as the earlier ones of their key do, so that none is looked at in vain."""
    earlier = _jobs.alias()
    latest = (
        # As a sum, or SQLite would walk all jobs of the host by their time to find the latest of one key.
        select(func.max(earlier.c.due_at + literal_column("0")))
        .where(earlier.c.host == _jobs.c.host, earlier.c.key == _jobs.c.key, earlier.c.given_up_at.is_(None))
        .where(earlier.c.key != _NO_KEY)
        .scalar_subquery()
    )
    work.db.execute(update(_jobs).where(chosen, _jobs.c.key != "").values(due_at=latest))


def anything_due(work: Work) -> bool:
    """Say whether any lane wants a look now: one step in an index, so that idle waiting costs next to nothing."""
    return work.db.connection().scalar(_DUE, {"now": work.now}) is not None


def turn(work: Work, settled: Sequence[Sequence[Outcome]], free: int) -> list[Lane]:
    """Settle lanes (each with the outcomes of all its jobs) and lease up to `free` others; one transaction for both."""
    settle(work, settled)
    return claim(work, free)


def claim(work: Work, free: int) -> list[Lane]:
    """Lease up to `free` due lanes, each with up to `AT_ONCE` jobs, oldest first."""
    if free <= 0 or not anything_due(work):  # to look costs a fifth of an UPDATE that finds nothing
        return []
    lease = {"now": work.now, "free": free, "until": work.now + LEASE}
    hosts = list(work.db.connection().scalars(_LEASE, lease))
    if not hosts:
        return []
    found: dict[str, list[Job]] = {host: [] for host in hosts}
    for start in range(0, len(hosts), _CHUNK):
        for row in work.db.execute(_ready(work.now, hosts[start : start + _CHUNK])):
            found[row.host].append(
                Job(row.id, row.host, row.key, row.name, row.argument, row.tries, row.created_at)
            )  # fmt: skip
    in_vain = [host for host, jobs in found.items() if not jobs]
    if in_vain:
        # Added while an earlier one of their key failed in another transaction, so neither saw the other.
        blocked = _jobs.c.host.in_(in_vain) & _jobs.c.given_up_at.is_(None) & (_jobs.c.due_at <= work.now)
        _wait_for_earlier(work, blocked)
    _release(work, in_vain)
    return [Lane(host, tuple(jobs)) for host, jobs in found.items() if jobs]


def _ready(now: datetime, hosts: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Select the first jobs of each host that are due and have no earlier one of their key before them."""
    earlier, candidate = aliased(_jobs), aliased(_jobs)
    blocked = (
        select(earlier.c.id)
        .where(earlier.c.host == candidate.c.host, earlier.c.key == candidate.c.key, earlier.c.id < candidate.c.id)
        .where(earlier.c.given_up_at.is_(None), earlier.c.key != _NO_KEY)
        .exists()
    )
    first = (
        select(candidate.c.id)
        .where(candidate.c.host == _lanes.c.host, candidate.c.given_up_at.is_(None), candidate.c.due_at <= now)
        .where((candidate.c.key == "") | ~blocked)
        .order_by(candidate.c.due_at, candidate.c.id)
        .limit(AT_ONCE)
        .correlate(_lanes)
    )
    columns = (_jobs.c.id, _jobs.c.host, _jobs.c.key, _jobs.c.name, _jobs.c.argument, _jobs.c.tries, _jobs.c.created_at)
    return (
        select(*columns)
        .select_from(_lanes.join(_jobs, _jobs.c.id.in_(first)))
        .where(_lanes.c.host.in_(hosts))
        .order_by(_jobs.c.due_at, _jobs.c.id)
    )


def settle(work: Work, settled: Sequence[Sequence[Outcome]]) -> None:
    """Write down how the jobs of leased lanes went, and give the lanes back."""
    if not settled:
        return
    outcomes = [outcome for lane in settled for outcome in lane]
    done = [outcome.job.id for outcome in outcomes if outcome.error is None]
    for start in range(0, len(done), _CHUNK):
        work.db.execute(delete(_jobs).where(_jobs.c.id.in_(done[start : start + _CHUNK])))
    for outcome in outcomes:
        if outcome.error is not None:
            _put_back(work, outcome.job, outcome.error)
    _lock(work, [lane[0].job.host for lane in settled])
    health.note(
        work, [Tried(lane[0].job.host, {outcome.job.id: outcome.error for outcome in lane}) for lane in settled]
    )
    _release(work, [lane[0].job.host for lane in settled])


def _lock(work: Work, hosts: Sequence[str]) -> None:
    """Wait for those who are adding jobs to lanes, so that what follows sees these jobs; SQLite has one writer anyway.

    In one order, as `enqueue` has it, so that two never wait for each other.
    """
    if work.db.get_bind().dialect.name != "sqlite":
        for start in range(0, len(hosts), _CHUNK):
            some = sorted(hosts)[start : start + _CHUNK]
            chosen = select(_lanes.c.host).where(_lanes.c.host.in_(some)).order_by(_lanes.c.host)
            work.db.execute(chosen.with_for_update()).all()


def _put_back(work: Work, job: Job, error: Exception) -> None:
    tries = job.tries + 1
    wait = None
    if not isinstance(error, Rejected) and work.now - job.created_at < retry.MAX_AGE:
        wait = retry.delay(tries, random.random(), getattr(error, "retry_after", None))  # noqa: S311 - jitter
    text = health.text(error)
    one = update(_jobs).where(_jobs.c.id == job.id)
    if wait is None:
        work.db.execute(one.values(tries=tries, error=text, given_up_at=work.now))
        return
    due = work.now + wait
    work.db.execute(one.values(tries=tries, error=text, due_at=due))
    if job.key:
        later = update(_jobs).where(_jobs.c.host == job.host, _jobs.c.key == job.key, _jobs.c.id > job.id)
        work.db.execute(
            later.where(_jobs.c.given_up_at.is_(None), _jobs.c.key != _NO_KEY, _jobs.c.due_at < due).values(due_at=due)
        )


def _release(work: Work, hosts: Sequence[str]) -> None:
    """Give lanes back: each wants its next look when its earliest job is due, or when its breaker closes."""
    earliest = (
        select(func.min(_jobs.c.due_at))
        .where(_jobs.c.host == _lanes.c.host, _jobs.c.given_up_at.is_(None))
        .scalar_subquery()
    )
    look = case((_lanes.c.opened_until > work.now, _lanes.c.opened_until), else_=earliest)
    free = update(_lanes).where(_lanes.c.host == bindparam("one")).values(leased=0, next_at=look)
    if hosts:
        work.db.connection().execute(free, [{"one": host} for host in hosts])


def host_is_alive(work: Work, hosts: Sequence[str]) -> None:
    """A host that sends to us can be sent to: close its breaker and try what it is owed.

    Whatever process the message came to, all see it, for the breaker is a row. Nothing floods the host: its earliest
    job is tried, with what is due by itself (`AT_ONCE` at a time); the rest follows once one of them succeeded.
    """
    for host in health.heard(work, hosts) if hosts else ():
        waiting = select(_jobs.c.id).where(_jobs.c.host == host, _jobs.c.given_up_at.is_(None))
        first = waiting.order_by(_jobs.c.due_at, _jobs.c.id).limit(1).scalar_subquery()
        work.db.execute(update(_jobs).where(_jobs.c.id == first, _jobs.c.due_at > work.now).values(due_at=work.now))
