"""What waits and what was given up, host by host, for operators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit.sentences import load
from fediverse_ehrenamt.work import Work

LANES = 500  # shown at most
TROUBLES = 50
LISTED, PAGES = 50, 200  # jobs of a page, and pages
WAITING, FAILING, GIVEN_UP = "waiting", "failing", "given up"
STATES: Mapping[str, ColumnElement[bool]] = MappingProxyType(
    {
        WAITING: JobRow.given_up_at.is_(None),
        FAILING: JobRow.given_up_at.is_(None) & (JobRow.tries > 0),
        GIVEN_UP: JobRow.given_up_at.is_not(None),
    }
)


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
        Trouble(job.name, job.argument, job.tries, job.created_at, job.due_at, job.given_up_at, load(job.error))
        for job in work.db.scalars(failed)
    ]


@dataclass(frozen=True, slots=True)
class Kind:
    """How many jobs there are of one name: still to be done, of these tried in vain, and given up."""

    name: str
    waiting: int
    failing: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs are looked for; "" stands for all. `state` is one of `STATES`, `page` begins with 1."""

    state: str = ""
    name: str = ""
    host: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One job in the list. Its argument is not shown: it may hold what somebody wrote."""

    id: int
    host: str
    name: str
    tries: int
    created_at: datetime
    due_at: datetime
    given_up_at: datetime | None
    error: str


def kinds(work: Work) -> list[Kind]:
    """Count all jobs by their names."""
    given_up = func.sum(case((JobRow.given_up_at.is_not(None), 1), else_=0))
    failing = func.sum(case((JobRow.given_up_at.is_(None) & (JobRow.tries > 0), 1), else_=0))
    rows = work.db.execute(select(JobRow.name, func.count(), failing, given_up).group_by(JobRow.name))
    found = [Kind(name, every - ended, failed, ended) for name, every, failed, ended in rows]
    return sorted(found, key=lambda kind: kind.name)


def name_of(work: Work, number: int) -> str:
    """Return the name of a job, "" for one that is done."""
    return work.db.scalar(select(JobRow.name).where(JobRow.id == number)) or ""


def listing(work: Work, wanted: Wanted) -> list[Listed]:
    """Return the jobs of a page and one more where others follow, the newest first."""
    chosen = select(JobRow).order_by(JobRow.id.desc())
    if wanted.state:
        chosen = chosen.where(STATES[wanted.state])
    if wanted.name:
        chosen = chosen.where(JobRow.name == wanted.name)
    if wanted.host:
        chosen = chosen.where(JobRow.host == wanted.host)
    before = (min(max(wanted.page, 1), PAGES) - 1) * LISTED
    return [
        Listed(job.id, job.host, job.name, job.tries, job.created_at, job.due_at, job.given_up_at, load(job.error))
        for job in work.db.scalars(chosen.offset(before).limit(LISTED + 1))
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
        load(lane.last_error),
        lane.last_error_at,
    )
