"""Runs queued jobs: leases lanes, runs their jobs side by side, settles in batches.

The only `except Exception` is here.
The same runner serves the small instance (inside `serve`) and every arq worker of a large one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError

from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import Job, Lane, Outcome
from fediverse_ehrenamt.kit.errors import EhrenamtError, PeerError, Rejected
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.work import Workshop

LANES_AT_ONCE = 64
POLL_SECONDS = 0.25  # how soon work that another process enqueued is seen
_GATHER_SECONDS = 0.0025  # a pause in which further outcomes join one commit; longer, and the free lanes stand idle
_AFTER_FAILURE_SECONDS = 2.0
FAULTS = (EhrenamtError, SQLAlchemyError)  # a full disk, a database that restarts: they pass

JobFunction = Callable[[Workshop, Job], Awaitable[None]]
_log = logging.getLogger(__name__)


class Runner:
    """Runs jobs by their names in `functions` until told to stop."""

    def __init__(self, workshop: Workshop, functions: Mapping[str, JobFunction], lanes: int = LANES_AT_ONCE) -> None:
        self._workshop = workshop
        self._functions = functions
        self._lanes = lanes
        self._finished: list[list[Outcome]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._heard = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set; what is under way is brought to its end and settled."""
        while not stop.is_set():
            try:
                leased = await self._turn()
            except FAULTS as fault:
                _log.error("the queue is out of reach, next try in %g s: %s", _AFTER_FAILURE_SECONDS, fault)
                await asyncio.sleep(_AFTER_FAILURE_SECONDS)
                continue
            if not leased and not self._finished:
                await self._workshop.bell.wait(self._heard, POLL_SECONDS, least=0.0)  # finished lanes ring it too
            elif self._running:
                await asyncio.wait(self._running, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(_GATHER_SECONDS)
        if self._running:
            await asyncio.wait(self._running)
        await self._turn(claim=False)
        self._workshop.bell.forget(self._heard)

    async def run_due(self) -> int:
        """Run all that is due now and return the number of jobs; for the command line and tests."""
        jobs = 0
        while lanes := await self._turn():
            jobs += sum(len(lane.jobs) for lane in lanes)
            await asyncio.wait(self._running)
        await self._turn(claim=False)
        return jobs

    async def _turn(self, *, claim: bool = True) -> list[Lane]:
        free = self._lanes - len(self._running) if claim else 0
        finished, self._finished = self._finished, []
        if not finished and not await self._workshop.read(queue.anything_due):
            return []
        try:
            lanes = await self._workshop.write(queue.turn, finished, free)
        except FAULTS:
            self._finished = finished + self._finished  # they are settled as soon as that is possible again
            raise
        for lane in lanes:
            task = asyncio.create_task(self._run_lane(lane))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return lanes

    async def _run_lane(self, lane: Lane) -> None:
        outcomes = await asyncio.gather(*(self._run_job(job) for job in lane.jobs))
        self._finished.append(list(outcomes))
        self._heard.set()

    async def _run_job(self, job: Job) -> Outcome:
        function = self._functions.get(job.name)
        if function is None:
            return Outcome(
                job, Rejected(sentence("Einen Auftrag „%(name)s“ kennt diese Version nicht.", name=job.name))
            )
        try:
            await function(self._workshop, job)
        except PeerError as error:
            _log.info("job %s %s for %s: %s", job.id, job.name, job.host or "this instance", error)
            return Outcome(job, error)
        except EhrenamtError as error:
            return Outcome(job, Rejected(error.public))
        except Exception as error:  # noqa: BLE001 - a bug in one job must not stop the others; it is logged whole
            _log.exception("job %s %s failed", job.id, job.name)
            return Outcome(job, error)
        return Outcome(job)
