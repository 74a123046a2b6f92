"""Searches for the benchmark: words, place with radius, area and dates together, as a person narrows a search down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.places import gazetteer

# Ranks of the words asked for. A document holds 46 drawn words, so rank 4 is in about two thirds of them and rank 12 in
# a quarter: rare enough to need the postings of both words, common enough to leave hits after four filters.
_RANKS = range(2, 13)
_WORDS = (1, 2)
_RADII_KM = (30, 50, 50, 100)
_AREAS = ("soziales", "jugend_bildung", "kultur", "freizeit", "umwelt_tiere", "sport", "gesundheit", "schule_kita")
_AREA_WEIGHTS = (30, 15, 20, 20, 18, 8, 8, 5)
_LEAST_POPULATION = 100_000
_FIRST_DAYS, _LAST_DAYS = (0, 14), (60, 95)


@dataclass(frozen=True, slots=True)
class BenchQuery:
    """One search: all words, within `radius_km` of `place`, in `area`, on a day from `from_date` to `to_date`."""

    text: str
    place: str
    radius_km: int
    area: str
    from_date: date
    to_date: date


def queries(count: int, seed: int, words: Sequence[str], today: date) -> list[BenchQuery]:
    """Return `count` searches over `bulk.documents(…)` of the same `words`; half of them have 20 hits in 200,000.

    That holds even if dates let events through only.
    """
    rng = chance("queries", seed)
    spots = gazetteer.towns(_LEAST_POPULATION)
    weights = list(accumulate(spot.population for spot in spots))
    found = []
    for spot in rng.choices(spots, cum_weights=weights, k=count):
        ranks = rng.sample(_RANKS, rng.choice(_WORDS))
        found.append(
            BenchQuery(
                text=" ".join(words[rank] for rank in ranks),
                place=spot.name,
                radius_km=rng.choice(_RADII_KM),
                area=rng.choices(_AREAS, _AREA_WEIGHTS)[0],
                from_date=today + timedelta(days=rng.randint(*_FIRST_DAYS)),
                to_date=today + timedelta(days=rng.randint(*_LAST_DAYS)),
            )
        )
    return found
