"""What pages cost the server among 200,000 documents: a result page and a frame of the map, found, drawn and sent; and
how many pages a second one core gives to visitors who want some searches more often than others.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.search.query import Query, read
from tests.benchmarks import asking, search
from tests.benchmarks.asking import Pairs, Visitor
from tests.benchmarks.measuring import Figures, middle

_ASKED = 100  # of the queries of the search benchmark
_FRAMES = (
    ("5.87,47.27,15.04,55.06", 6),
    ("6.2,50.6,9.4,52.4", 8),
    ("7.3,51.2,7.7,51.5", 11),
    ("7.42,51.33,7.5,51.38", 14),
)
"""What a map shows of Germany, a Land, a town, some streets; a visitor goes from the one to the other."""
_BROAD = (Query(), Query(kinds=(OPPORTUNITY,)), read((("zielgruppe", "kinder"), ("zeit", "sa"))))
_VISITS = 400  # pages a round


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
    visits: list[Pairs] = [[], *([*query.pairs()] for query in (*_BROAD[1:], *asked))]
    paces = []
    for visitor.now in search.moments():
        opened = [(await visitor.ask("/", params)).milliseconds for params in _wanted(visits)]
        paces.append(_VISITS / sum(opened) * 1_000)
    return (
        asking.figures("page", rounds)
        | {"page_200k_kb": size / 1_000, "pages_per_s": middle(paces[1:])}
        | asking.figures("map", on_map)
    )


def _wanted(visits: list[Pairs]) -> list[Pairs]:
    """Return what visitors open one after another: the first page most often, then searches after Zipf's law.

    What was asked before is answered from the index's cache, as on a real day: nothing is kept from round to round.
    """
    weights = [1 / rank for rank in range(1, len(visits) + 1)]
    pages = Random(search.SEED).choices(visits, weights, k=_VISITS)  # noqa: S311 - the same day each time
    return [[*page, ("wortlaut", "ja")] if page else page for page in pages]


def _frames(asked: list[Query]) -> Iterator[Pairs]:
    """Yield what a map asks for: every search in one of the frames, broad ones in all."""
    chosen = [(query, _FRAMES[number % len(_FRAMES)]) for number, query in enumerate(asked)]
    for query, (frame, zoom) in [*chosen, *((query, frame) for query in _BROAD for frame in _FRAMES)]:
        yield [*query.pairs(), ("rahmen", frame), ("zoom", str(zoom))]
