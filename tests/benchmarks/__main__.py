"""`python -m tests.benchmarks [PART]`: measures, prints a table, and writes build/bench.json.

Benchmarks are no tests: a missed target is marked and does not fail.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    calendars,
    delivery,
    fanout,
    imports,
    inbox,
    lighthouse,
    matching,
    memory,
    pages,
    percolation,
    queue,
    rivals,
    search,
    signing,
    streaming,
    table,
)
from tests.benchmarks.measuring import Figures

PARTS: dict[str, Callable[[Path], Figures]] = {
    "inbox": inbox.run,
    "signing": signing.run,
    "fanout": fanout.run,
    "delivery": delivery.run,
    "search": search.run,
    "pages": pages.run,
    "calendars": calendars.run,
    "rivals": rivals.run,
    "matching": matching.run,
    "percolation": percolation.run,
    "queue": queue.run,
    "imports": imports.run,
    "streaming": streaming.run,
    "memory": memory.run,
}
ON_WISH: dict[str, Callable[[Path], Figures]] = {"full": search.run_full, "lighthouse": lighthouse.run}
"""What takes too long to belong to a usual run, or needs what others do not."""


def main(asked: list[str]) -> None:
    """Run the parts asked for, or all, and show and keep their figures."""
    every = PARTS | ON_WISH
    unknown = [name for name in asked if name not in every]
    if unknown:
        sys.exit(f"„{unknown[0]}“ gibt es nicht; möglich: {', '.join(every)}")
    measured: Figures = {}
    for name in asked or PARTS:
        started = time.perf_counter()
        print(f"{name} …", file=sys.stderr, flush=True)  # noqa: T201 - what this program is for
        with tempfile.TemporaryDirectory(prefix="ehrenamt-bench-", ignore_cleanup_errors=True) as folder:
            measured |= every[name](Path(folder))
        measured[f"{name}_bench_seconds"] = time.perf_counter() - started
        table.keep(measured)
    print(table.text(measured))  # noqa: T201 - see above


if __name__ == "__main__":
    main(sys.argv[1:])
