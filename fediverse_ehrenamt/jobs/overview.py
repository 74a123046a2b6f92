"""What waits and what was given up, for operators."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.work import Work

LANES = 500  # shown at most


@dataclass(frozen=True, slots=True)
class LaneState:
    """The queue of one host; `error` is the last one that is still of interest, `host` is "" for local work."""

    host: str
    waiting: int
    given_up: int
    next_at: datetime | None
    opened_until: datetime | None
    last_success_at: datetime | None
    error: str


def lanes(work: Work) -> list[LaneState]:
    """Return the lanes that have anything to show, the fullest first."""
    given_up = func.sum(case((JobRow.given_up_at.is_not(None), 1), else_=0))
    counted = (
        select(
            JobRow.host, func.count().label("jobs"), given_up.label("given_up"), func.max(JobRow.error).label("error")
        )
        .group_by(JobRow.host)
        .order_by(func.count().desc())
        .limit(LANES)
        .subquery()
    )
    rows = work.db.execute(
        select(counted, LaneRow).join(LaneRow, LaneRow.host == counted.c.host).order_by(counted.c.jobs.desc())
    )
    return [
        LaneState(
            row.host,
            row.jobs - row.given_up,
            row.given_up,
            row.LaneRow.next_at,
            row.LaneRow.opened_until,
            row.LaneRow.last_success_at,
            row.error,
        )
        for row in rows
    ]
