"""The worker process of a large instance: runs what the web processes leave in the queue, called by Redis."""

import asyncio
import logging
import signal

from fediverse_ehrenamt import background
from fediverse_ehrenamt.districts import tasks as districts
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.jobs.pump import Step, every
from fediverse_ehrenamt.kit import collector
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Workshop

_log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Work until the process is told to end."""
    collector.spare()
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    from fediverse_ehrenamt.jobs import doorbell

    instance = open_instance(settings)
    workshop = instance.workshop
    task = asyncio.current_task()
    assert task is not None, "this runs in asyncio.run"
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    stop = asyncio.Event()
    following = [
        asyncio.create_task(every(districts.SECONDS, step, stop))
        for step in (districts.follow(workshop), _settle(workshop))
    ]
    try:
        await doorbell.work(
            workshop, lambda: background.run_all_due(workshop), background.housekeeping_of_worker(workshop)
        )
    except asyncio.CancelledError:
        _log.info("told to end")
    finally:
        stop.set()
        await asyncio.gather(*following)
        await instance.close()


def _settle(workshop: Workshop) -> Step:
    """Return the step that lets this process know where the instance is at home."""

    async def step() -> int:
        await workshop.read(preferences.settle)
        return 0

    return step
