"""How long the server needs for pages of the calendar, for iCalendar and for Atom, among 200,000 documents.

Each round is at a later time, so that no answer is one that was kept. The client is in the same process and core.
"""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.query import Query
from tests.benchmarks import search
from tests.benchmarks.measuring import Figures, cores, middle, on_core, percentile
from tests.discover import samples, site

_ASKED = 60  # of the queries of the search benchmark, each with all views in turn
_AHEAD = timedelta(days=20)


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
    kinds = {"calendar": list(_pages(asked)), "ics": list(_files(asked, "ics")), "atom": list(_files(asked, "atom"))}
    rounds: dict[str, list[list[float]]] = {name: [] for name in kinds}
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers={"Accept": "text/html"}) as client:
        for moment in search.moments():
            clock["now"] = moment
            for name, paths in kinds.items():
                rounds[name].append([await _milliseconds(client, path) for path in paths])
        widest = [await _milliseconds(client, "/kalender?monat=2026-07") for _ in search.moments()]
    await workshop.close()
    figures = {
        f"{name}_200k_p{round(100 * share)}_ms": middle([percentile(times, share) for times in measured[1:]])
        for name, measured in rounds.items()
        for share in (0.5, 0.95)
    }
    return figures | {"calendar_200k_all_ms": middle(widest[1:])}


def _pages(asked: list[Query]) -> Iterator[str]:
    """Yield a page for each search: the words of half of them alone, for a calendar is asked less than a search."""
    day = (search.NOW + _AHEAD).astimezone(HOME).date()
    views = [("monat", f"{day:%Y-%m}"), ("woche", "2026-W26"), ("liste", f"{day:%Y-%m}"), ("tag", day.isoformat())]
    for number, query in enumerate(asked):
        kept = query.without("q") if number % 2 else query.without("von").without("bis")
        yield f"/kalender?{kept.params()}&{'='.join(views[number % len(views)])}"


def _files(asked: list[Query], ending: str) -> Iterator[str]:
    for query in asked:
        yield f"/suche.{ending}?{query.without('q').without('von').without('bis').params()}"


async def _milliseconds(client: httpx.AsyncClient, path: str) -> float:
    started = time.perf_counter()
    answer = await client.get(path)
    assert answer.status_code == HTTPStatus.OK, path
    return (time.perf_counter() - started) * 1_000
