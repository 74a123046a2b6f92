"""Short ways to fill the queue and to play a worker."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.jobs.queue import Job, Lane, NewJob, Outcome
from fediverse_ehrenamt.work import Work, Workshop

PEER = "peer.example"
PLENTY = 100


def new(argument: str, *, key: str = "", host: str = PEER, name: str = "deliver") -> NewJob:
    return NewJob(host, name, argument, key)


async def add(workshop: Workshop, *jobs: NewJob) -> None:
    await workshop.write(queue.enqueue, jobs)


async def claim(workshop: Workshop, free: int = PLENTY) -> list[Lane]:
    return await workshop.write(queue.claim, free)


async def names(workshop: Workshop, free: int = PLENTY) -> list[str]:
    """Lease what is due and return the arguments of the jobs, in their order."""
    return [job.argument for job in jobs_of(await claim(workshop, free))]


def jobs_of(lanes: Sequence[Lane]) -> list[Job]:
    return [job for lane in lanes for job in lane.jobs]


async def settle(workshop: Workshop, lanes: Sequence[Lane], **errors: Exception) -> None:
    """Say of each leased job that it is done, or failed with the error given under its argument."""
    outcomes = [[Outcome(job, errors.get(job.argument)) for job in lane.jobs] for lane in lanes]
    await workshop.write(queue.settle, outcomes)


async def run(workshop: Workshop, **errors: Exception) -> list[str]:
    """Lease, run and settle what is due once; return the arguments."""
    lanes = await claim(workshop)
    await settle(workshop, lanes, **errors)
    return [job.argument for job in jobs_of(lanes)]


async def run_all(workshop: Workshop) -> list[str]:
    done: list[str] = []
    while some := await run(workshop):
        done += some
    return done


def _lane(work: Work, host: str) -> LaneRow:
    return work.db.get_one(LaneRow, host)


async def lane(workshop: Workshop, host: str = PEER) -> LaneRow:
    return await workshop.read(_lane, host)


def _job(work: Work, argument: str) -> JobRow:
    return work.db.scalars(select(JobRow).where(JobRow.argument == argument)).one()


async def job(workshop: Workshop, argument: str) -> JobRow:
    return await workshop.read(_job, argument)


def _count(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(JobRow)) or 0


async def count(workshop: Workshop) -> int:
    return await workshop.read(_count)


def next_at(row: LaneRow) -> datetime:
    assert row.next_at is not None
    return row.next_at
