"""How long the offers of one search are judged and ordered for one person: 2,000, with every question answered and few.

It is the processor time of one thread, which waits for nothing. The ceiling reads ten facts of each offer, adds them up
and sorts: what any order in this language costs.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from fediverse_ehrenamt.matching import rules, week
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile, Where
from fediverse_ehrenamt.matching.weights import Weights
from tests.benchmarks.measuring import Figures, cores, middle, on_core, percentile
from tests.matching import chances

_OFFERS, _RUNS = 2_000, 60
_FEW = Profile(
    areas=frozenset({"umwelt_tiere", "sport"}),
    cells=week.mask(week.CELLS[-12:]),
    where=Where("Hagen", *chances.HAGEN, 50, "hagen"),
    hours=3.0,
    german_level="b1",
)
_ALL = replace(
    _FEW,
    activities=frozenset({"lernhilfe", "beraten"}),
    audiences=frozenset({"kinder"}),
    kinds=frozenset({"regelmaessig"}),
    commitment="6_monate",
    languages=frozenset({"uk"}),
    skills=("Führerschein", "Gitarre"),
    needs=frozenset({"stufenlos"}),
)


def run(_folder: Path) -> Figures:
    """Measure over offers of which nearly all pass the gates of time and status, as those of an index do."""
    dice = Random(4)  # noqa: S311 - a benchmark
    offers = [
        replace(chances.offer(dice), uri=f"o{number}", status="", apply_by=None, end=None, expires_at=None)
        for number in range(_OFFERS)
    ]
    with on_core(cores()[0]):
        few = _times(lambda: rules.order(offers, _FEW, Weights(), chances.NOW))
        every = _times(lambda: rules.order(offers, _ALL, Weights(), chances.NOW))
        ceiling = _times(lambda: sorted(offers, key=_read))
    return {
        "matching_2000_ms": middle(every),
        "matching_2000_p95_ms": percentile(every, 0.95),
        "matching_2000_few_ms": middle(few),
        "matching_ceiling_ms": middle(ceiling),
    }


def _read(offer: Offer) -> float:
    facts = len(offer.areas) + len(offer.activities) + len(offer.audiences) + len(offer.skills) + len(offer.languages)
    texts = len(offer.kind) + len(offer.mode) + len(offer.german_level) + len(offer.clearance)
    return facts + texts + offer.cells.bit_count()


def _times(measured: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(_RUNS):
        started = time.thread_time()
        measured()
        times.append(1000 * (time.thread_time() - started))
    return times
