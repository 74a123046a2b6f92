"""How many signed activities are accepted, durably, and what accepting and handling one costs the processor.

Accepting is measured alone, on a web process as a large instance has it: with Redis, whose workers (none run here)
handle what came. Handling is measured on a web process as a small instance has it, which does all by itself.
"""

import time
from itertools import islice
from pathlib import Path

from fediverse_ehrenamt.federation import inbox
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Activity
from tests import servers
from tests.benchmarks import load, site
from tests.benchmarks.letters import Source
from tests.benchmarks.measuring import ROUNDS, Figures, cores, middle, on_core, processor_seconds
from tests.benchmarks.site import Site

_EACH = 1_000  # letters of a round; the first round warms up and is not counted
_TRIVIAL_TIMES = 4
_HANDLED_SECONDS = 60.0
_WORKED = 3_000  # letters of a round of the worker alone: the index commits four times a second


def run(folder: Path) -> Figures:
    """Measure with a fresh instance below `folder`."""
    port, (_, other) = servers.free_port(), cores()
    source = Source(clock.now())
    with on_core(other):
        letters = source.letters(f"http://127.0.0.1:{port}/inbox", (ROUNDS + 1) * _EACH)
        batches = [letters[start : start + _EACH] for start in range(0, len(letters), _EACH)]
        figures = {**_accepted(folder, port, source, batches), **_handled(folder, port, source, batches)}
        return figures | _worked(folder, source)


def _accepted(folder: Path, port: int, source: Source, batches: list[list[bytes]]) -> Figures:
    """Let our server and the bare one take the same letters in turns."""
    core, other = cores()
    place, bare_port = Site(folder / "accepting", port), servers.free_port()
    place.follow(source)
    source.write_keys(folder / "keys")
    ours: list[float] = []
    ceilings: list[float] = []
    with (
        servers.redis_server() as redis_url,
        place.served(core, {"EHRENAMT_REDIS_URL": redis_url}) as server,
        site.bare(folder, core, "bare", str(bare_port), str(folder / "keys")) as bare,
    ):
        for number, batch in enumerate(batches):
            ceilings.append(len(batch) / load.send(bare_port, batch))
            ours.append(len(batch) / load.send(port, batch))
            assert place.received() == (number + 1) * _EACH, "what was accepted is in the database"
            if number == 0:
                spent, bare_spent = processor_seconds(server.pid), processor_seconds(bare.pid)
        spent = processor_seconds(server.pid) - spent
        bare_spent = processor_seconds(bare.pid) - bare_spent
    counted = (len(batches) - 1) * _EACH / 1_000
    ratios = [mine / theirs for mine, theirs in zip(ours, ceilings, strict=True)]
    ceiling = middle(ceilings[1:])
    return {
        "inbox_ratio": middle(ratios[1:]),
        "inbox_per_s": middle(ours[1:]),
        "inbox_ceiling_per_s": ceiling,
        "inbox_cpu_s_per_1000": spent / counted,
        "inbox_ceiling_cpu_s_per_1000": bare_spent / counted,
        "load_headroom": _load_per_s(folder, batches[0], other) / ceiling,
    }


def _load_per_s(folder: Path, letters: list[bytes], core: int) -> float:
    """Return how many letters the load can send where the server is as good as none."""
    port = servers.free_port()
    free, _ = cores()
    with site.bare(folder, free, "sink", str(port), "1"), on_core(core):
        rates = [len(letters) * _TRIVIAL_TIMES / load.send(port, letters * _TRIVIAL_TIMES) for _ in range(ROUNDS)]
    return middle(rates)


def _handled(folder: Path, port: int, source: Source, batches: list[list[bytes]]) -> Figures:
    """Let one process accept, handle and index the same letters; count all that it does until they can be found."""
    place = Site(folder / "handling", port)
    place.follow(source)
    index = Index(place.settings.data / "index")
    seconds: list[float] = []
    spent: list[float] = []
    core, _ = cores()
    with place.served(core) as server:
        for batch in batches:
            before, started = processor_seconds(server.pid), time.perf_counter()
            load.send(port, batch)
            servers.wait_until(lambda: place.is_settled(index), "handling", _HANDLED_SECONDS)
            seconds.append(time.perf_counter() - started)
            spent.append(processor_seconds(server.pid) - before)
    failed = place.ask("SELECT count(*) FROM received WHERE verdict != 'handled'")
    assert failed == 0, "every letter is handled"
    assert place.ask("SELECT count(*) FROM documents") == len(batches) * _EACH, "every letter is a document"
    return {
        "handled_cpu_s_per_1000": middle(spent[1:]) / _EACH * 1_000,
        "inbox_handled_per_s": _EACH / middle(seconds[1:]),
    }


def _worked(folder: Path, source: Source) -> Figures:
    """Let one process handle and index what others have accepted; the clock runs while it is at it."""
    place = Site(folder / "working", servers.free_port())
    place.follow(source)
    index = Index(place.settings.data / "index")
    rates: list[float] = []
    core, _ = cores()
    acceptor = open_instance(place.settings)
    arrivals = map(_arrival, source.activities())
    with place.served(core):
        for _ in range(ROUNDS + 1):
            acceptor.workshop.write_now(inbox.store, list(islice(arrivals, _WORKED)))
            servers.wait_until(lambda: place.waiting() < _WORKED, "the first batch", _HANDLED_SECONDS)
            left, started = place.waiting(), time.perf_counter()
            servers.wait_until(lambda: place.is_settled(index), "handling", _HANDLED_SECONDS)
            rates.append(left / (time.perf_counter() - started))
    acceptor.workshop.engines.close()
    assert place.ask("SELECT count(*) FROM documents") == (ROUNDS + 1) * _WORKED, "every letter is a document"
    return {"handled_per_s": middle(rates[1:])}


def _arrival(activity: Activity) -> Arrival:
    return Arrival(Signed(activity.actor, codec.write(activity), "cavage"), activity)
