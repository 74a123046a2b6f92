"""How long the server needs for a whole result page among 200,000 documents: found, counted, drawn, sent.

Each round is at a later time, so that no answer is one that was kept. The client is in the same process and core.
"""

import asyncio
import time
from http import HTTPStatus
from pathlib import Path

import httpx

from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.query import Query
from tests.benchmarks import search
from tests.benchmarks.measuring import Figures, cores, middle, on_core, percentile
from tests.discover import samples, site

_ASKED = 100  # of the queries of the search benchmark


def run(folder: Path) -> Figures:
    """Measure over the index of the search benchmark."""
    core, _ = cores()
    wide = search.vocabulary()
    with on_core(core):
        index = Index(search.built(wide)[0].path)
        return asyncio.run(_measure(folder, index, search.questions(wide)[:_ASKED]))


async def _measure(folder: Path, index: Index, asked: list[Query]) -> Figures:
    clock = {"now": search.NOW}
    workshop = site.open_workshop(folder, lambda: clock["now"])
    transport = httpx.ASGITransport(site.application(workshop, index))
    rounds: list[list[float]] = []
    size = 0
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers={"Accept": "text/html"}) as client:
        for moment in search.moments():
            clock["now"] = moment
            times = []
            for query in asked:
                started = time.perf_counter()
                answer = await client.get("/", params=[*query.pairs(), ("wortlaut", "ja")])
                times.append((time.perf_counter() - started) * 1_000)
                assert answer.status_code == HTTPStatus.OK
                size = max(size, len(answer.content))
            rounds.append(times)
    await workshop.close()
    return {
        "page_200k_p50_ms": middle([percentile(times, 0.5) for times in rounds[1:]]),
        "page_200k_p95_ms": middle([percentile(times, 0.95) for times in rounds[1:]]),
        "page_200k_kb": size / 1_000,
    }
