"""Asks the pages of an instance in this process: what a visitor waits for, without the way there.

Each round is at a later time, so that no answer is one that was kept. The client is in the same process and core.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import httpx

from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.query import Query
from tests.benchmarks import search
from tests.benchmarks.measuring import Figures, cores, middle, on_core, percentile
from tests.discover import samples, site

Pairs = list[tuple[str, str]]


class Answer(NamedTuple):
    """How many milliseconds an answer took, and of how many bytes it is."""

    milliseconds: float
    size: int


class Visitor:
    """Somebody who asks; `now` is the instance's time."""

    def __init__(self, folder: Path, index: Index) -> None:
        self.now: datetime = search.NOW
        self.workshop = site.open_workshop(folder, lambda: self.now)
        transport = httpx.ASGITransport(site.application(self.workshop, index))
        self._client = httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers={"Accept": "text/html"})

    async def ask(self, path: str, params: Pairs | None = None) -> Answer:
        """Ask for a page, which must be there."""
        started = time.perf_counter()
        answer = await self._client.get(path, params=tuple(params) if params else None)
        passed = (time.perf_counter() - started) * 1_000
        assert answer.status_code == HTTPStatus.OK, path
        return Answer(passed, len(answer.content))

    async def close(self) -> None:
        await self._client.aclose()
        await self.workshop.close()


@asynccontextmanager
async def visitor(folder: Path, index: Index) -> AsyncIterator[Visitor]:
    made = Visitor(folder, index)
    try:
        yield made
    finally:
        await made.close()


def run(folder: Path, most: int, measure: Callable[[Visitor, list[Query]], Awaitable[Figures]]) -> Figures:
    """Measure over the index of the search benchmark, with at most so many of its queries, on one core."""
    core, _ = cores()
    wide = search.vocabulary()

    async def measured(index: Index) -> Figures:
        async with visitor(folder, index) as one:
            return await measure(one, search.questions(wide)[:most])

    with on_core(core):
        return asyncio.run(measured(Index(search.built(wide)[0].path)))


def figures(name: str, rounds: list[list[float]]) -> Figures:
    """Return the median over all rounds but the first, of the median and of the 95th percentile of each."""
    return {
        f"{name}_200k_p{round(100 * share)}_ms": middle([percentile(times, share) for times in rounds[1:]])
        for share in (0.5, 0.95)
    }
