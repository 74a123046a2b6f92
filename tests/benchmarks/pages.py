"""How long the server needs for a result page, and for a frame of the map, among 200,000 documents: found, drawn, sent.

Each round is at a later time, so that no answer is one that was kept. The client is in the same process and core.
"""

import asyncio
import time
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import httpx

from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.search.query import Query, read
from tests.benchmarks import search
from tests.benchmarks.measuring import Figures, cores, middle, on_core, percentile
from tests.discover import samples, site

_ASKED = 100  # of the queries of the search benchmark
_FRAMES = (
    ("5.87,47.27,15.04,55.06", 6),
    ("6.2,50.6,9.4,52.4", 8),
    ("7.3,51.2,7.7,51.5", 11),
    ("7.42,51.33,7.5,51.38", 14),
)
"""What a map shows of Germany, a Land, a town, some streets; a visitor goes from the one to the other."""
_BROAD = (Query(), Query(kinds=(OPPORTUNITY,)), read((("zielgruppe", "kinder"), ("zeit", "sa"))))


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
        on_map = [await _frames(client, clock, moment, asked) for moment in search.moments()]
    await workshop.close()
    return {
        "page_200k_p50_ms": middle([percentile(times, 0.5) for times in rounds[1:]]),
        "page_200k_p95_ms": middle([percentile(times, 0.95) for times in rounds[1:]]),
        "page_200k_kb": size / 1_000,
        "map_200k_p50_ms": middle([percentile(times, 0.5) for times in on_map[1:]]),
        "map_200k_p95_ms": middle([percentile(times, 0.95) for times in on_map[1:]]),
    }


async def _frames(
    client: httpx.AsyncClient, clock: dict[str, datetime], moment: datetime, asked: list[Query]
) -> list[float]:
    """Return the milliseconds of what a map asks for: every search in one of the frames, broad ones in all."""
    clock["now"] = moment
    times = []
    chosen = [(query, _FRAMES[number % len(_FRAMES)]) for number, query in enumerate(asked)]
    for query, (frame, zoom) in [*chosen, *((query, frame) for query in _BROAD for frame in _FRAMES)]:
        started = time.perf_counter()
        params = httpx.QueryParams([*query.pairs(), ("rahmen", frame), ("zoom", str(zoom))])
        answer = await client.get("/karte/punkte", params=params)
        times.append((time.perf_counter() - started) * 1_000)
        assert answer.status_code == HTTPStatus.OK
    return times
