"""Redis as a doorbell (arq): it tells workers on other machines that there is something to do, and holds nothing else.

Every job is in the database. When Redis is gone, workers look by themselves every few seconds.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from arq import create_pool, cron
from arq.connections import ArqRedis, RedisSettings
from arq.worker import Worker, func
from redis.exceptions import RedisError

from fediverse_ehrenamt.jobs.pump import Step
from fediverse_ehrenamt.jobs.runner import FAULTS
from fediverse_ehrenamt.work import Work, Workshop

_NAME = "turn"
_LOOK_SECONDS = 5  # how often a worker looks without having been called
_POLL_SECONDS = 0.1
_HEARTBEAT_SECONDS = 60.0
_LEAST_SECONDS = 0.25  # between two rings: a worker that was called works until nothing is due
_TURN_SECONDS = 600
_LAST_WORDS_SECONDS = 0.5
_SILENCE = (RedisError, OSError)
_log = logging.getLogger(__name__)


async def ring_on_commit(workshop: Workshop, due: Callable[[Work], bool], stop: asyncio.Event) -> None:
    """Ring after each commit that left something to do; a Redis or database that cannot be reached is no fault."""
    heard = asyncio.Event()
    redis = None
    while not stop.is_set():
        await workshop.bell.wait(heard, _HEARTBEAT_SECONDS, _LEAST_SECONDS)
        try:
            if stop.is_set() or not await workshop.read(due):
                continue
            redis = redis or await create_pool(_settings(workshop))
            await redis.enqueue_job(_NAME, _job_id=_NAME, _expires=_LOOK_SECONDS * 1000)
        except (*_SILENCE, *FAULTS) as error:
            _log.warning("the doorbell is silent, workers look every %s s: %s", _LOOK_SECONDS, error)
    if redis is not None:
        await redis.aclose()
    workshop.bell.forget(heard)


async def work(workshop: Workshop, turn: Step, tidy: Step) -> None:
    """Work until this task is cancelled: `turn` does all that is due, `tidy` the housekeeping.

    An arq worker calls both while there is a Redis; while there is none, they are called at every look.
    """
    while True:
        try:
            async with await create_pool(_settings(workshop)) as redis:
                await _listen(_worker(redis, turn, tidy))
        except _SILENCE as error:
            _log.warning("Redis is gone, looking every %s s: %s", _LOOK_SECONDS, error)
        try:
            await turn()
            await tidy()
        except FAULTS as fault:
            _log.error("the queue is out of reach: %s", fault)
        await asyncio.sleep(_LOOK_SECONDS)


def _worker(redis: ArqRedis, turn: Step, tidy: Step) -> Worker:
    async def on_ring(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> int:  # noqa: ANN401, ARG001 - arq's shape
        return await turn()

    async def on_minute(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> int:  # noqa: ANN401, ARG001 - see above
        return await tidy()

    seconds = set(range(0, 60, _LOOK_SECONDS))
    return Worker(
        functions=[func(on_ring, name=_NAME)],
        cron_jobs=[
            cron(on_ring, name="look", second=seconds, run_at_startup=True, timeout=_TURN_SECONDS),
            cron(on_minute, name="tidy", second=0, timeout=_TURN_SECONDS),
        ],
        redis_pool=redis,
        poll_delay=_POLL_SECONDS,
        job_timeout=_TURN_SECONDS,
        keep_result=0,
        max_tries=1,
        handle_signals=False,  # it would hear them only while there is a Redis
    )


async def _listen(worker: Worker) -> None:
    try:
        await worker.async_run()
    finally:
        tasks = list(worker.tasks.values())
        if tasks:  # arq shields its last words to Redis: to cancel them leaves an error that nobody hears
            await asyncio.wait(tasks, timeout=_LAST_WORDS_SECONDS)
        for task in tasks:
            task.cancel()  # jobs under way come back after their lease
        await asyncio.gather(*tasks, return_exceptions=True)


def _settings(workshop: Workshop) -> RedisSettings:
    return replace(RedisSettings.from_dsn(workshop.settings.redis_url), conn_retries=0)
