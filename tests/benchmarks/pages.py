"""How long the server needs for a result page and a frame of the map, among 200,000 documents: found, drawn, sent."""

from collections.abc import Iterator
from pathlib import Path

from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.search.query import Query, read
from tests.benchmarks import asking, search
from tests.benchmarks.asking import Pairs, Visitor
from tests.benchmarks.measuring import Figures

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
    return asking.run(folder, _ASKED, _measure)


async def _measure(visitor: Visitor, asked: list[Query]) -> Figures:
    rounds: list[list[float]] = []
    size = 0
    for visitor.now in search.moments():
        answers = [await visitor.ask("/", [*query.pairs(), ("wortlaut", "ja")]) for query in asked]
        rounds.append([one.milliseconds for one in answers])
        size = max(size, *(one.size for one in answers))
    on_map = []
    for visitor.now in search.moments():
        on_map.append([(await visitor.ask("/karte/punkte", params)).milliseconds for params in _frames(asked)])
    return asking.figures("page", rounds) | {"page_200k_kb": size / 1_000} | asking.figures("map", on_map)


def _frames(asked: list[Query]) -> Iterator[Pairs]:
    """Yield what a map asks for: every search in one of the frames, broad ones in all."""
    chosen = [(query, _FRAMES[number % len(_FRAMES)]) for number, query in enumerate(asked)]
    for query, (frame, zoom) in [*chosen, *((query, frame) for query in _BROAD for frame in _FRAMES)]:
        yield [*query.pairs(), ("rahmen", frame), ("zoom", str(zoom))]
