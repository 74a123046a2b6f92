"""The health of a host as its jobs show it: when the breaker opens, when it closes, what is then tried at once.

The breaker opens at a connection failure, at 429 or 503 (both `Unreachable`) and when five different jobs failed since
the host last answered. Local work (host "") has none.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, select, update

from fediverse_ehrenamt.jobs import retry
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit.errors import EhrenamtError, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.kit.sentences import dump
from fediverse_ehrenamt.storage.once import among
from fediverse_ehrenamt.work import Work

ERROR_LENGTH = 500

_jobs = cast("Table", JobRow.__table__)
_lanes = cast("Table", LaneRow.__table__)

# Built once, as in queue.py: these run with every batch that is settled.
_ANSWERED = (
    update(_lanes)
    .where(_lanes.c.host == bindparam("one"))
    .values(failures=0, failing="", openings=0, opened_until=None, failing_since=None, heard_at=bindparam("now"))
)
_SUCCEEDED = _ANSWERED.values(last_success_at=bindparam("now"))
_FAILED = (
    update(_lanes)
    .where(_lanes.c.host == bindparam("one"))
    .values(last_error=bindparam("said"), last_error_at=bindparam("now"))
)
_WERE_SHUT = select(_lanes.c.host).where(_lanes.c.host.in_(bindparam("hosts", expanding=True)), _lanes.c.openings > 0)

_CLOSING = (_lanes.c.opened_until > bindparam("now")) & (
    (_lanes.c.openings <= retry.QUICK_REOPENINGS) | (_lanes.c.last_error_at < bindparam("rested"))
)
_HEARD = (  # each group of messages asks it
    select(_lanes.c.host, _CLOSING.label("closing"))
    .where(_lanes.c.host.in_(bindparam("hosts", expanding=True)))
    .where(_CLOSING | _lanes.c.heard_at.is_(None) | (_lanes.c.heard_at < bindparam("long_ago")))
    .order_by(_lanes.c.host)
)


@dataclass(frozen=True, slots=True)
class Tried:
    """The jobs of one host that were tried together: by their ids, the error of each (None: done)."""

    host: str
    errors: Mapping[int, Exception | None]

    @property
    def succeeded(self) -> bool:
        return None in self.errors.values()

    @property
    def answered(self) -> bool:
        """Whether the host did, or refused for good, anything of what was asked."""
        return any(error is None or isinstance(error, Rejected) for error in self.errors.values())

    @property
    def faults(self) -> list[Exception]:
        return [error for error in self.errors.values() if error is not None]

    @property
    def unreachable(self) -> bool:
        return any(isinstance(error, Unreachable) for error in self.errors.values())


def note(work: Work, tried: Sequence[Tried]) -> None:
    """Close the breaker of hosts that answered, open that of hosts that cannot be had; keep the last errors."""
    answered = [one for one in tried if one.answered]
    sound = [one.host for one in answered if not one.unreachable]
    recovered = list(work.db.connection().scalars(_WERE_SHUT, {"hosts": sound})) if sound else []
    for statement, success in ((_SUCCEEDED, True), (_ANSWERED, False)):
        hosts = [{"one": one.host, "now": work.now} for one in answered if one.succeeded is success]
        if hosts:
            work.db.connection().execute(statement, hosts)
    faulty = [one for one in tried if one.faults]
    for one in faulty:
        if one.host and (one.unreachable or not one.answered):
            _note_failure(work, one)
    said = [{"one": one.host, "now": work.now, "said": text(one.faults[-1])} for one in faulty]
    if said:
        work.db.connection().execute(_FAILED, said)
    if recovered:
        _bring_forward(work, recovered)


def text(error: Exception) -> str:
    """Return what is kept of an error for the operator, as `sentences.load` reads it."""
    kept = dump(error.public) if isinstance(error, EhrenamtError) else ""
    return kept if 0 < len(kept) <= ERROR_LENGTH else (str(error) or type(error).__name__)[:ERROR_LENGTH]


def _note_failure(work: Work, tried: Tried) -> None:
    row = work.db.get_one(LaneRow, tried.host, populate_existing=True)
    failing = dict.fromkeys([*row.failing.split(), *(str(job) for job, error in tried.errors.items() if error)])
    row.failing = " ".join(list(failing)[: retry.FAILING_JOBS_TO_OPEN])
    row.failures = len(row.failing.split())
    row.failing_since = row.failing_since or work.now
    if tried.unreachable or row.failures >= retry.FAILING_JOBS_TO_OPEN:
        row.openings += 1
        asked = max((error.retry_after or 0.0 for error in tried.faults if isinstance(error, Unavailable)), default=0.0)
        row.opened_until = work.now + retry.host_delay(row.openings, random.random(), asked)  # noqa: S311 - jitter
    work.db.flush()


def _bring_forward(work: Work, hosts: Sequence[str]) -> None:
    """Let the jobs that failed while a host was away be tried now that it is back: four at a time, as ever."""
    # What another transaction holds is left to it: to wait for it with lanes locked could be a circle.
    later = (
        select(_jobs.c.id)
        .where(_jobs.c.host.in_(hosts), _jobs.c.given_up_at.is_(None), _jobs.c.due_at > work.now)
        .with_for_update(skip_locked=True)
    )
    work.db.execute(update(_jobs).where(among(_jobs.c.id, later)).values(due_at=work.now))


def heard(work: Work, hosts: Sequence[str]) -> list[str]:
    """Note that hosts sent us something; return those whose breaker this closed, each to be looked at now.

    A breaker that keeps opening again although its host sends is closed only `retry.LEAST_PEACE` after the last try:
    otherwise each of its messages would make us knock at a door that does not open.
    """
    times = {"now": work.now, "rested": work.now - retry.LEAST_PEACE, "long_ago": work.now - retry.HEARD_EVERY}
    rows = work.db.connection().execute(_HEARD, {"hosts": sorted(hosts), **times}).all()
    if not rows:
        return []  # nearly always: then nothing is written
    one = _lanes.c.host == bindparam("one")
    work.db.connection().execute(update(_lanes).where(one).values(heard_at=work.now), [{"one": r.host} for r in rows])
    closed = [row.host for row in rows if row.closing]
    if closed:
        # Asked again, because another process may have closed it and leased the lane in the meantime.
        shut = _lanes.c.opened_until > work.now
        close = update(_lanes).where(one, shut).values(opened_until=None, next_at=work.now)
        work.db.connection().execute(close, [{"one": host} for host in closed])
    return closed
