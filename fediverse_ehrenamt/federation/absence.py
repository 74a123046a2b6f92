"""What its origin answers 404 for is asked for once more before what is held of it goes.

A server that is being restarted, or a proxy whose backend is away, says so for some minutes. GoToSocial lets nothing go
for a 404, but Gancio knows no other answer for what was deleted, and no event should outlive that here.
"""

from datetime import timedelta

from sqlalchemy import select

from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.federation.handlers import Handlers
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.work import Work, Workshop

ASK_AGAIN = "ask_again"
AGAIN_AFTER = timedelta(minutes=10)


def ask_again(work: Work, uri: str, via: str = "") -> None:
    """Have an object's origin asked once more in some minutes, unless it will be; `via` as of `sources.obtain`."""
    waiting = select(JobRow.id).where(JobRow.host == ids.host(uri), JobRow.key == uri, JobRow.name == ASK_AGAIN)
    if work.db.scalar(waiting.where(JobRow.given_up_at.is_(None)).limit(1)) is None:
        _enqueue(work, f"{uri} {via}".rstrip())


def _enqueue(work: Work, question: str) -> None:
    uri = question.partition(" ")[0]
    queue.enqueue(work, [NewJob(ids.host(uri), ASK_AGAIN, question, key=uri, delay=AGAIN_AFTER)])


def jobs(handlers: Handlers) -> dict[str, JobFunction]:
    """Return the jobs of this module."""

    async def run(workshop: Workshop, job: Job) -> None:
        if workshop.now() < job.created_at + AGAIN_AFTER:  # its host came back, and had all its jobs tried
            await workshop.write(_enqueue, job.argument)
            return
        uri, _, via = job.argument.partition(" ")
        await sources.obtain(workshop, handlers, uri, via, again=True)

    return {ASK_AGAIN: run}
