"""Repeats a step while it finds something to do; otherwise waits for a commit, or for what other processes write."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from fediverse_ehrenamt.work import Bell

_AFTER_FAILURE_SECONDS = 5.0
_log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[int]]


async def pump(bell: Bell, step: Step, stop: asyncio.Event, poll_seconds: float) -> None:
    """Run `step` (which returns how much it did) until `stop` is set, at once after the bell, else every poll."""
    heard = asyncio.Event()
    while not stop.is_set():
        try:
            done = await step()
        except Exception:  # noqa: BLE001 - what runs for months must survive a bug in one round, and a full disk
            _log.exception("%s failed; again in %s s", getattr(step, "__qualname__", step), _AFTER_FAILURE_SECONDS)
            await _sleep(stop, _AFTER_FAILURE_SECONDS)
            continue
        if not done:
            await bell.wait(heard, poll_seconds)
    bell.forget(heard)


async def every(seconds: float, step: Step, stop: asyncio.Event) -> None:
    """Run `step` until it finds nothing more, then again after `seconds`."""
    while not stop.is_set():
        try:
            while await step() and not stop.is_set():
                pass
        except Exception:  # noqa: BLE001 - see above
            _log.exception("housekeeping failed")
        await _sleep(stop, seconds)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
