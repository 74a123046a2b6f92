"""What runs beside requests: the inbox's second half, jobs, the index's feed, housekeeping.

Without Redis all of it runs in the web process. With Redis the web process only follows the index and rings; arq
workers on any number of machines do the rest.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import inbox
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.pump import Step, every, pump
from fediverse_ehrenamt.jobs.runner import POLL_SECONDS, Runner
from fediverse_ehrenamt.work import Work, Workshop

_HOUSEKEEPING_SECONDS = 60.0
_LOG_SECONDS = 600.0
_PATIENT_SECONDS = 5.0
_PATIENCE_SECONDS = 30.0  # of each minute of a worker
_LATEST_SECONDS = 120.0  # after which other work does not come first any more

_AFTER_FAILURE_SECONDS = 5.0
_log = logging.getLogger(__name__)

Loop = Coroutine[None, None, None]


def beside_web(instance: Instance, stop: asyncio.Event) -> list[Loop]:
    """Return the loops of a web process."""
    workshop = instance.workshop
    loops = [follow_index(instance, stop), follow_meaning(instance, stop)]
    loops.append(every(_LOG_SECONDS, emptying_log(workshop), stop))
    if workshop.settings.redis_url:
        from fediverse_ehrenamt.jobs import doorbell

        return [*loops, doorbell.ring_on_commit(workshop, anything_due, stop)]
    runner = Runner(workshop, wiring.JOBS)
    return [
        *loops,
        runner.run(stop),
        pump(workshop.bell, handle_inbox(workshop), stop, POLL_SECONDS),
        every(_HOUSEKEEPING_SECONDS, housekeeping(workshop), stop),
        every(_PATIENT_SECONDS, patient(workshop), stop),
    ]


async def follow_index(instance: Instance, stop: asyncio.Event) -> None:
    """Keep the index at the state of the database until `stop` is set.

    Its words are read now, which may take a second, and not by the first visitor who misspells one.
    """
    reading = asyncio.create_task(asyncio.to_thread(instance.index.suggest, "", instance.workshop.now()))
    await _until(stop, lambda: instance.feed.run(instance.workshop))
    await reading


async def follow_meaning(instance: Instance, stop: asyncio.Event) -> None:
    """Let the index search by meaning too, where the extra is installed, and keep its vectors until `stop` is set."""
    extra = await asyncio.to_thread(wiring.semantic, instance.workshop.settings)
    if extra is not None:
        instance.index.meaning = extra.meaning
        await _until(stop, lambda: extra.follow(instance.workshop))


async def _until(stop: asyncio.Event, loop: Callable[[], Loop]) -> None:
    """Let a loop run until `stop` is set; where a bug ends it earlier, that is logged and it begins anew."""
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        following = asyncio.create_task(loop())
        await asyncio.wait([following, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            fault = following.exception()
            _log.error("a loop ended by itself; again in %g s", _AFTER_FAILURE_SECONDS, exc_info=fault)
            await asyncio.wait([stopping], timeout=_AFTER_FAILURE_SECONDS)
        following.cancel()
        await asyncio.wait([following])
    await stopping


def handle_inbox(workshop: Workshop) -> Step:
    """Return the step that handles one batch of received activities."""

    async def step() -> int:
        if not await workshop.read(inbox.anything_due):
            return 0
        return await workshop.write(inbox.process, wiring.HANDLERS)

    return step


def housekeeping(workshop: Workshop) -> Step:
    """Return the step that tidies a bounded amount of everything that grows."""

    async def step() -> int:
        return sum([await workshop.write(tidy) for tidy in wiring.HOUSEKEEPING])

    return step


def emptying_log(workshop: Workshop) -> Step:
    """Return the step that empties the log of SQLite, so that what was erased is nowhere any more."""

    async def step() -> int:
        await workshop.empty_log()
        return 0

    return step


def patient(workshop: Workshop) -> Step:
    """Return the step that does the next slice of what has time, once nothing else is due.

    A slice is followed by a pause of its own length, so that all of it never takes more than half of a processor.
    """
    done_at = time.monotonic()

    async def step() -> int:
        nonlocal done_at
        started = time.monotonic()
        if started - done_at < _LATEST_SECONDS and await workshop.read(anything_due):
            return 0
        done = sum([await slice_(workshop) for slice_ in wiring.PATIENT])
        done_at = time.monotonic()
        if done:
            await asyncio.sleep(done_at - started)
        return done

    return step


def housekeeping_of_worker(workshop: Workshop) -> Step:
    """Return the step by which a worker, which has no other loops, does both."""
    tidy, later = housekeeping(workshop), patient(workshop)

    async def step() -> int:
        done = await tidy()
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until and (some := await later()):
            done += some
        return done

    return step


def anything_due(work: Work) -> bool:
    return inbox.anything_due(work) or queue.anything_due(work)


async def run_all_due(workshop: Workshop) -> int:
    """Do all that is due now and return how much it was: what one stroke of the doorbell makes a worker do."""
    runner, handle, done = Runner(workshop, wiring.JOBS), handle_inbox(workshop), 0
    while some := await handle() + await runner.run_due():
        done += some
    return done
