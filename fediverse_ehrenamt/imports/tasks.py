"""Listings are read again on their schedules: housekeeping finds those that are due, a job reads each."""

from contextlib import suppress
from datetime import timedelta

from fediverse_ehrenamt.imports import sources, store
from fediverse_ehrenamt.imports.actions import Run
from fediverse_ehrenamt.imports.understood import Understand
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.work import Work, Workshop

_IMPORT = "import"  # the job's name
_AT_ONCE = 5
_UNTIL_DONE = timedelta(hours=1)  # then it is asked for once more, should the job be lost


def jobs(understand: Understand) -> dict[str, JobFunction]:
    """Return the jobs of imports; `understand` reads free words about time."""

    async def run(workshop: Workshop, job: Job) -> None:
        with suppress(EhrenamtError):  # what is wrong stands with the source, which says when it is tried again
            await sources.run(workshop, int(job.argument), Run(understand))

    return {_IMPORT: run}


def read_due(work: Work) -> int:
    """Enqueue the reading of listings whose time has come; return how many."""
    rows = store.due(work, _AT_ONCE)
    for row in rows:
        row.next_at = work.now + max(_UNTIL_DONE, timedelta(hours=row.every_hours))
    queue.enqueue(work, [NewJob(queue.LOCAL, _IMPORT, str(row.id), key=f"{_IMPORT} {row.id}") for row in rows])
    return len(rows)
