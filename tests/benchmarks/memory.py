"""How much memory a serving process takes, idle and after a load, and how soon what came in is found by visitors."""

import time
from pathlib import Path
from statistics import median

import httpx

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.search.engine import Index
from tests import servers
from tests.benchmarks import load, site
from tests.benchmarks.letters import Source
from tests.benchmarks.measuring import Figures, cores, on_core, resident_mb
from tests.benchmarks.site import Site

_IDLE_SECONDS = 3.0
_LETTERS = 2_000
_SEARCHES = 10
_LOOK_SECONDS = 0.01
_FOUND_SECONDS = 10.0
_HANDLED_SECONDS = 60.0


def run(folder: Path) -> Figures:
    """Measure with a fresh instance below `folder`."""
    core, other = cores()
    port = servers.free_port()
    source = Source(clock.now())
    place = Site(folder / "memory", port)
    place.follow(source)
    source.write_keys(folder / "keys")
    bare_port = servers.free_port()
    with site.bare(folder, core, "bare", str(bare_port), str(folder / "keys")) as bare:
        least = resident_mb(bare.pid)
    with on_core(other), place.served(core) as server, httpx.Client(base_url=place.settings.url) as visitor:
        assert visitor.get("/").status_code == httpx.codes.OK, "the first page is there"
        time.sleep(_IDLE_SECONDS)
        idle = resident_mb(server.pid)
        waits = [_searchable(place, source, visitor, number) for number in range(_SEARCHES)]
        load.send(port, source.letters(place.inbox, _LETTERS))
        index = Index(place.settings.data / "index")
        servers.wait_until(lambda: place.is_settled(index), "handling", _HANDLED_SECONDS)
        loaded = resident_mb(server.pid)
    return {
        "searchable_s": median(waits),
        "searchable_max_s": max(waits),
        "idle_rss_mb": idle,
        "bare_rss_mb": least,
        "loaded_rss_mb": loaded,
    }


def _searchable(place: Site, source: Source, visitor: httpx.Client, number: int) -> float:
    """Send an offer and return the seconds until a visitor finds it, counted from before it was sent.

    It is searched by one word of its title and known by the other, since the page repeats what was searched for.
    """
    letter = source.titled(place.inbox, f"Suchwort{number} Fundwort{number}")
    time.sleep(_IDLE_SECONDS / _SEARCHES)
    started = time.perf_counter()
    load.send(place.port, [letter])
    servers.wait_until(
        lambda: f"Fundwort{number}" in visitor.get("/", params={"q": f"Suchwort{number}"}).text,
        "finding",
        _FOUND_SECONDS,
    )
    return time.perf_counter() - started
