"""How long it takes to say which of 100,000 saved searches a Document is found by, and how much memory they need.

It is the processor time of one thread. `percolate_100k_ms` is the 95th percentile of Documents that are somewhere,
`percolate_100k_anywhere_ms` of such that are everywhere, so that no place tells searches apart. The ceiling is only to
analyse the text of the same Documents.
"""

import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from random import Random

from fediverse_ehrenamt.demo import bulk, words
from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search import schema
from fediverse_ehrenamt.search.filters import AREAS
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, Document
from fediverse_ehrenamt.search.percolation import Percolator
from fediverse_ehrenamt.search.query import Query
from tests.benchmarks.measuring import Figures, cores, on_core, percentile, resident_mb
from tests.benchmarks.search import NOW, vocabulary

SEARCHES = 100_000
_DOCUMENTS, _ANYWHERE, _SEED = 400, 100, 2026
_LEAST_FOUND = 100  # searches by which an average Document is found, or it is too easy
_PLACED, _WORDED, _WITH_AREA, _OF_TITLES = 0.9, 0.6, 0.5, 0.5  # shares of all searches; of the words
_RADII_KM = (5, 10, 20, 20, 20, 50, 100)
_CHOSEN = ((),) * 9 + (
    (("zeit", "sa"),), (("zeit", "mo-abends"), ("zeit", "di-abends")), (("kurzfristig", "woche"),),
    (("zielgruppe", "kinder"),), (("deutsch", "a2"),), (("online", "ja"),), (("aufwand", "2-woche"), ("alter", "40")),
)  # fmt: skip
_KINDS: Sequence[tuple[str, ...]] = ((), (), (OPPORTUNITY,), (EVENT,))


def run(_folder: Path) -> Figures:
    """Measure over Documents of which none was seen before."""
    wide = vocabulary()
    documents = list(bulk.documents(_DOCUMENTS, NOW, _SEED, wide))
    searches = _searches(wide, documents)
    with on_core(cores()[0]):
        gc.collect()
        before = resident_mb(os.getpid())
        percolator = Percolator()
        started = time.thread_time()
        for key, query in enumerate(searches):
            percolator.add(key, query)
        loaded = time.thread_time() - started
        memory = resident_mb(os.getpid()) - before
        found = sum(len(percolator.find(one, NOW)) for one in documents[:_ANYWHERE]) / _ANYWHERE
        assert found >= _LEAST_FOUND, f"an average of {found} searches is too few to say anything"
        times = _times(lambda one: percolator.find(one, NOW), documents[_ANYWHERE:])
        anywhere = [replace(one, anywhere=True) for one in documents[:_ANYWHERE]]
        return {
            "percolate_100k_ms": percentile(times, 0.95),
            "percolate_100k_p50_ms": percentile(times, 0.5),
            "percolate_100k_anywhere_ms": percentile(_times(lambda one: percolator.find(one, NOW), anywhere), 0.95),
            "percolate_ceiling_ms": percentile(_times(schema.terms, documents[_ANYWHERE:]), 0.95),
            "percolate_100k_mb": memory,
            "percolate_load_s": loaded,
            "percolate_found": found,
        }


def _searches(wide: list[str], documents: Sequence[Document]) -> list[Query]:
    """Return searches as people save them: words of titles and of the wide vocabulary, where they live, an area."""
    dice = chance("saved searches", _SEED)
    towns = gazetteer.towns(1_000)
    spots = dice.choices(towns, cum_weights=list(accumulate(town.population for town in towns)), k=SEARCHES)
    drawn = words.zipf(wide, dice, 2 * SEARCHES)
    titles = [word for one in documents for word in one.title.partition(" – ")[0].split()]
    areas = [slug for slug, _ in AREAS]
    found = []
    for spot in spots:
        query = Query(
            text=_text(dice, titles, drawn),
            areas=tuple(dice.sample(areas, dice.choice((1, 1, 2)))) if _is(dice, _WITH_AREA) else (),
            kinds=dice.choice(_KINDS),
            chosen=dice.choice(_CHOSEN),
        )
        placed = replace(query, place=spot.name, spot=spot, radius_km=dice.choice(_RADII_KM))
        found.append(placed if _is(dice, _PLACED) else query)
    return found


def _text(dice: Random, titles: Sequence[str], drawn: list[str]) -> str:
    if not _is(dice, _WORDED):
        return ""
    return " ".join(
        dice.choice(titles) if _is(dice, _OF_TITLES) else drawn.pop() for _ in range(dice.choice((1, 1, 2)))
    )


def _is(dice: Random, share: float) -> bool:
    return dice.random() < share


def _times(measured: Callable[[Document], object], documents: Sequence[Document]) -> list[float]:
    times = []
    for one in documents:
        started = time.thread_time()
        measured(one)
        times.append(1_000 * (time.thread_time() - started))
    return times
