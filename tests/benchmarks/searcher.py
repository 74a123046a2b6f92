"""`python -m tests.benchmarks.searcher INDEX QUERIES NOW`: asks an index, and prints how many MB this process has."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.query import read
from tests.benchmarks.measuring import resident_mb


def main(folder: Path, asked: Path, now: datetime) -> None:
    index = Index(folder)
    for pairs in json.loads(asked.read_text()):
        query = read([(name, value) for name, value in pairs])
        index.counts(query, now, index.find(query, now).total)
    print(round(resident_mb(os.getpid())))  # noqa: T201 - what this program is for


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
