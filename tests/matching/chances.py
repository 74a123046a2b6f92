"""Generated offers and profiles for properties: every slug, everything missing, and what peers should not send.

Each comes whole from one number that hypothesis draws: thirty draws for each offer would take most of a test's time.
The values are picked around every limit of the rules.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.params import HOURS_PER
from fediverse_ehrenamt.matching.profile import AGES, AUDIENCES, GERMAN, NEEDS, ONLINE, RADII_KM, Profile, Where
from fediverse_ehrenamt.matching.weights import LEVELS, NORMAL, SLUGS, Weights
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Effort, Skill

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
STRANGE = "noch_nie_gesehen"
SKILLS = ("Führerschein Klasse B", "Gitarre spielen", "Excel", "Erste Hilfe", "Deutsch")
HAGEN = (51.3608, 7.4717)
_DAYS = (-900, -366, -365, -2, -1, 0, 1, 2, 30, 365, 900)
_AGES_IN_DAYS = (0, 1, 89, 90, 91, 180, 181, 364, 365, 366, 900, -1, -2, -40)
_ALL_CELLS = 2 ** len(week.CELLS)


def offers() -> st.SearchStrategy[Offer]:
    return _from_seed(offer)


def open_offers() -> st.SearchStrategy[Offer]:
    """Offers that no gate about time or status leaves out."""
    return offers().map(
        lambda made: replace(made, status="", apply_by=None, end=None, expires_at=None, confirmed_at=NOW)
    )


def profiles() -> st.SearchStrategy[Profile]:
    return _from_seed(profile)


def weights() -> st.SearchStrategy[Weights]:
    return st.dictionaries(st.sampled_from(SLUGS), st.floats(0, 3)).map(lambda given: Weights.of(given.items()))


def _from_seed(make: Callable[[Random], T]) -> st.SearchStrategy[T]:
    return st.integers(0, 2**48).map(lambda seed: make(Random(seed)))  # noqa: S311 - no secret


# --- one of each ------------------------------------------------------------------------------------------------------
def offer(dice: Random) -> Offer:
    """Return any offer."""
    latitude, longitude = _spot(dice)
    return Offer(
        uri=f"https://a.example/{dice.randrange(10_000)}",
        organisation_uri=dice.choice(["", "https://a.example/o1", "https://a.example/o2"]),
        kind=dice.choice(["", STRANGE, *labels.KIND]),
        areas=_several(dice, labels.AREA),
        activities=_several(dice, labels.ACTIVITY),
        audiences=_several(dice, labels.AUDIENCE),
        suitable_for=_several(dice, labels.SUITABLE_FOR),
        mode=dice.choice(["", "unbekannt", STRANGE, *labels.MODE]),
        cells=dice.choice([0, 1, dice.randrange(_ALL_CELLS), dice.randrange(_ALL_CELLS) & dice.randrange(_ALL_CELLS)]),
        flexible=dice.choice([None, True, False]),
        effort=_effort(dice),
        minimum_duration=dice.choice(["", STRANGE, *labels.MINIMUM_DURATION]),
        latitude=latitude,
        longitude=longitude,
        municipality=dice.choice(["hagen", "iserlohn", ""]),
        german_level=dice.choice(["", STRANGE, *labels.GERMAN_LEVEL]),
        languages=_several(dice, ("uk", "ar", "tr")),
        skills=tuple(Skill(name=name, required=dice.random() < 0.4) for name in _several(dice, SKILLS)),
        minimum_age=dice.choice([None, None, 0, 12, 13, 14, 15, 16, 17, 18, 21]),
        maximum_age=dice.choice([None, None, None, 13, 14, 15, 16, 17, 18, 26]),
        for_minors=dice.choice([None, None, True, False]),
        clearance=dice.choice(["", STRANGE, *labels.CLEARANCE]),
        accessibility=_several(dice, labels.ACCESSIBILITY),
        status=dice.choice(["", "", "", "veroeffentlicht", STRANGE, *labels.STATUS]),
        apply_by=_day(dice),
        end=_day(dice),
        expires_at=dice.choice([None, NOW, NOW + timedelta(seconds=1), NOW + timedelta(days=dice.choice(_DAYS))]),
        confirmed_at=dice.choice([None, NOW - timedelta(days=dice.choice(_AGES_IN_DAYS), seconds=dice.choice([0, 1]))]),
        places=dice.choice([None, 0, 1, 2, 12]),
        recent_enquiries=dice.choice([0, 0, 1, 3, 40]),
        text_score=dice.choice([None, 0.0, 1.0, dice.random()]),
    )


def profile(dice: Random) -> Profile:
    """Return any profile; each question is answered by about half of them."""
    where = Where("Hagen", *HAGEN, dice.choice(RADII_KM), dice.choice(["hagen", "hagen haspe", "dortmund"]))
    return Profile(
        areas=_some(dice, labels.AREA),
        activities=_some(dice, labels.ACTIVITY),
        audiences=_some(dice, AUDIENCES),
        kinds=_some(dice, labels.KIND),
        cells=dice.choice([0, dice.randrange(_ALL_CELLS), week.mask([dice.choice(week.CELLS)])]),
        where=dice.choice([None, where]),
        online=dice.choice(["", "", *ONLINE]),
        hours=dice.choice([None, dice.randrange(1, 160) / 4]),
        hours_per=dice.choice([*HOURS_PER]),
        commitment=dice.choice(["", *labels.MINIMUM_DURATION]),
        german_level=dice.choice(["", *GERMAN]),
        languages=_some(dice, ("uk", "ar", "tr")),
        skills=tuple(sorted(_some(dice, SKILLS))),
        needs=_some(dice, NEEDS),
        age=dice.choice(["", *AGES]),
        no_clearance=dice.random() < 0.5,
        levels=tuple((slug, level) for slug in SLUGS if (level := _level(dice)) != NORMAL),
        remember_needs=dice.random() < 0.5,
    )


def _several(dice: Random, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(dice.sample([*known, STRANGE], dice.choice([0, 1, 1, 2, 4])))


def _some(dice: Random, known: Iterable[str]) -> frozenset[str]:
    return frozenset(dice.sample([*known], dice.choice([0, 0, 1, 3])))


def _level(dice: Random) -> str:
    return dice.choice([*LEVELS]) if dice.random() < 0.2 else NORMAL


def _day(dice: Random) -> date | None:
    return dice.choice([None, None, None, TODAY + timedelta(days=dice.choice(_DAYS))])


def _effort(dice: Random) -> Effort | None:
    hours = [None, 0.0, 1.0, 2.0, 7.5, 60.0]
    made = Effort(min_hours=dice.choice(hours), max_hours=dice.choice(hours), per=dice.choice([STRANGE, *labels.PER]))
    return dice.choice([None, made, made])


def _spot(dice: Random) -> tuple[float | None, float | None]:
    near = (HAGEN[0] + dice.gauss(0, 0.2), HAGEN[1] + dice.gauss(0, 0.3))
    spots: list[tuple[float | None, float | None]] = [(None, None), HAGEN, near, near, near]
    return dice.choice([*spots, (dice.uniform(-90, 90), dice.uniform(-180, 180))])
