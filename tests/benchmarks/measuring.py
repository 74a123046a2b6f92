"""What every part measures with: one core for the server and one for the load, medians, processor seconds, memory."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

ROUNDS = 5
ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"

Figures = dict[str, float]


def cores() -> tuple[int, int]:
    """Return the core of what is measured and the core of the load; they are one where there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this thread, and all threads and processes that it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processor_seconds(process_id: int) -> float:
    """Return the processor time that a process has used so far, all threads, user and system."""
    times = psutil.Process(process_id).cpu_times()
    return times.user + times.system


def resident_mb(process_id: int) -> float:
    return psutil.Process(process_id).memory_info().rss / 1e6


def seconds_of(function: Callable[[], object]) -> float:
    """Return how long a call takes, with the garbage of what came before out of its way."""
    gc.collect()
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def middle(values: list[float]) -> float:
    assert len(values) >= ROUNDS, "a median of fewer rounds says little"
    return median(values)


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
