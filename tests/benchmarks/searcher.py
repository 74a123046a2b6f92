"""`python -m tests.benchmarks.searcher INDEX QUERIES NOW`: asks an index, and prints the memory of this process in MB.

Two numbers: what it holds alone, and that with the pages of the index's files, which the kernel takes back at will.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import psutil

from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.query import read


def main(folder: Path, asked: Path, now: datetime) -> None:
    index = Index(folder)
    for pairs in json.loads(asked.read_text()):
        query = read([(name, value) for name, value in pairs])
        index.counts(query, now, index.find(query, now).total)
    assert not index.rebuilding, f"{folder} holds no whole index"
    index.suggest("vor", now)
    memory = psutil.Process().memory_info()
    print((memory.rss - memory.shared) / 1e6, memory.rss / 1e6)  # noqa: T201 - what this program is for


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
