"""What waits and what was given up, host by host, for operators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.work import Work

LANES = 500  # shown at most
TROUBLES = 50


@dataclass(frozen=True, slots=True)
class LaneState:
    """The queue of one host; `error` is its last one, `host` is "" for local work.

    `waiting` jobs are still to be done, `failing` of them have been tried in vain; `running`: a worker is at it now.
    """

    host: str
    waiting: int
    failing: int
    given_up: int
    running: bool
    next_at: datetime | None
    opened_until: datetime | None
    failing_since: datetime | None
    last_success_at: datetime | None
    heard_at: datetime | None
    error: str
    error_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A job that failed: with `given_up_at` for good, otherwise it is tried again at `due_at`."""

    name: str
    argument: str
    tries: int
    created_at: datetime
    due_at: datetime
    given_up_at: datetime | None
    error: str


def lanes(work: Work, limit: int = LANES) -> list[LaneState]:
    """Return the lanes that have anything to do or to show, the fullest first."""
    counted = _counted().order_by(func.count().desc()).limit(limit).subquery()
    rows = work.db.execute(
        select(counted, LaneRow).join(LaneRow, LaneRow.host == counted.c.host).order_by(counted.c.jobs.desc())
    )
    return [_state(work, row.LaneRow, row.jobs, row.failing, row.given_up) for row in rows]


def everywhere(work: Work, limit: int) -> list[LaneState]:
    """Return every lane, those with nothing to do too."""
    counted = _counted().subquery()
    rows = work.db.execute(
        select(LaneRow, counted.c.jobs, counted.c.failing, counted.c.given_up)
        .outerjoin(counted, counted.c.host == LaneRow.host)
        .order_by(func.coalesce(counted.c.jobs, 0).desc(), LaneRow.host)
        .limit(limit)
    )
    return [_state(work, row.LaneRow, row.jobs or 0, row.failing or 0, row.given_up or 0) for row in rows]


def troubles(work: Work, host: str) -> Sequence[Trouble]:
    """Return the jobs of a host that failed, the latest first: those given up, then those that are tried again."""
    failed = (
        select(JobRow)
        .where(JobRow.host == host, (JobRow.tries > 0) | JobRow.given_up_at.is_not(None))
        .order_by(JobRow.given_up_at.is_(None), JobRow.given_up_at.desc(), JobRow.id.desc())
        .limit(TROUBLES)
    )
    return [
        Trouble(job.name, job.argument, job.tries, job.created_at, job.due_at, job.given_up_at, job.error)
        for job in work.db.scalars(failed)
    ]


def _counted() -> Select[str, int, Any, Any]:
    given_up = func.sum(case((JobRow.given_up_at.is_not(None), 1), else_=0))
    failing = func.sum(case((JobRow.given_up_at.is_(None) & (JobRow.tries > 0), 1), else_=0))
    return select(
        JobRow.host, func.count().label("jobs"), failing.label("failing"), given_up.label("given_up")
    ).group_by(JobRow.host)


def _state(work: Work, lane: LaneRow, jobs: int, failing: int, given_up: int) -> LaneState:
    leased = bool(lane.leased) and lane.next_at is not None and lane.next_at > work.now
    shut = lane.opened_until is not None and lane.opened_until > work.now
    return LaneState(
        lane.host,
        jobs - given_up,
        failing,
        given_up,
        leased,
        lane.next_at,
        lane.opened_until if shut else None,
        lane.failing_since,
        lane.last_success_at,
        lane.heard_at,
        lane.last_error,
        lane.last_error_at,
    )
