"""How soon a change can be found by a process that only reads, while 200 changes a second stream in.

A served instance follows them with the only writer of its index; they are written by another process, on another core.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median

from fediverse_ehrenamt.demo import bulk
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.search import store
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import OPPORTUNITY, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.work import Workshop
from tests import servers
from tests.benchmarks import search
from tests.benchmarks.measuring import Figures, cores, on_core
from tests.benchmarks.site import Site

_THERE = 20_000  # documents before it begins
_BATCH, _BATCHES, _EVERY_SECONDS = 20, 150, 0.1  # 200 a second, for 15 s
_NEW = 10  # of a batch; the others change one that is there
_LOOK_SECONDS = 0.005
_FOUND_SECONDS = 10.0


def run(folder: Path) -> Figures:
    """Measure with a fresh instance below `folder`."""
    core, other = cores()
    place = Site(folder / "streaming", servers.free_port())
    made = bulk.documents(_THERE + _BATCHES * _NEW, clock.now(), search.SEED, search.vocabulary())
    there = list(islice(made, _THERE))
    index = Index(place.settings.data / "index")
    instance = place.open()
    for start in range(0, _THERE, store.BATCH):
        instance.workshop.write_now(store.put, there[start : start + store.BATCH])
    with on_core(other), place.served(core):
        servers.wait_until(lambda: place.is_settled(index), "the first index", 120)
        index.suggest("", clock.now())  # reads the words of the index, as every process does at its start
        stream = _Stream(instance.workshop, _batches(there, list(made)))
        stream.start()
        waits = [stream.seconds_until_found(number, index) for number in range(_BATCHES)]
        stream.join()
    instance.workshop.engines.close()
    return {
        "streamed_per_s": _BATCHES * _BATCH / stream.seconds,
        "streamed_searchable_s": median(waits),
        "streamed_searchable_max_s": max(waits),
    }


def _batches(there: list[Document], new: list[Document]) -> Iterator[list[Document]]:
    """Yield what is written at once; the first of each batch is called by a word of its own."""
    for number in range(_BATCHES):
        fresh = new[number * _NEW : (number + 1) * _NEW]
        old = there[number * _NEW : (number + 1) * _NEW]
        changed = [replace(document, title=f"{document.title} neu") for document in old]
        found = replace(fresh[0], title=f"Fundwort{number}", kind=OPPORTUNITY, starts_at=None, expires_at=None)
        yield [found, *fresh[1:], *changed]


class _Stream(threading.Thread):
    """Writes the batches at an even pace and remembers when each was begun."""

    def __init__(self, workshop: Workshop, batches: Iterator[list[Document]]) -> None:
        super().__init__()
        self.seconds = 0.0
        self._workshop = workshop
        self._batches = list(batches)
        self._begun: list[float] = []

    def run(self) -> None:
        started = time.perf_counter()
        for number, batch in enumerate(self._batches, start=1):
            self._begun.append(time.perf_counter())
            self._workshop.write_now(store.put, batch)
            time.sleep(max(0.0, started + number * _EVERY_SECONDS - time.perf_counter()))
        self.seconds = time.perf_counter() - started

    def seconds_until_found(self, number: int, index: Index) -> float:
        """Return how long after its beginning the first document of a batch was found."""
        deadline = time.perf_counter() + _FOUND_SECONDS
        while time.perf_counter() < deadline:
            if len(self._begun) > number and index.find(Query(text=f"Fundwort{number}"), clock.now()).total:
                return time.perf_counter() - self._begun[number]
            time.sleep(_LOOK_SECONDS)
        raise TimeoutError(f"batch {number} was not found within {_FOUND_SECONDS:g} s")
