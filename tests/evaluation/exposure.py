"""Who is seen: a simulation of 200 people in a generated town, with and without what spreads attention.

Each person answers a few questions, is shown the ten best offers and asks about one of them; that counts as a recent
enquiry for whoever comes next. The four runs differ only in the penalty for over-asked offers (λ) and in the limit of
three offers of one organisation. It is a simulation: people are drawn from what is published and from assumptions.

Published: what people engage in (Freiwilligensurvey 2009, share of the population from 14 years on, percent).
Assumed, for want of published joint figures:
- 1, 2 or 3 areas are named by 50, 35 and 15 %; activities by 40 %, one or two.
- 55 % can in the evening and at the weekend (employed), 25 % on weekdays by day (retired), 20 % on afternoons and at
  the weekend (at school or university); of those cells each person can in six of ten.
- People live in the districts of the town alike; 5, 10, 20 km radius for 40, 40, 20 %; 1 to 6 hours a week.
- 10 % look for something that happens once.
- Of the ten shown, the one at place n is asked about with a weight of 1/n.
The town has the flaws of real listings (`demo/offers.py`): half not confirmed for a year, a quarter without a category,
a third without times.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from fediverse_ehrenamt.demo.generator import Entry, entries
from fediverse_ehrenamt.demo.towns import HAGEN, Town
from fediverse_ehrenamt.matching import gates, rules, week
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile, Where
from fediverse_ehrenamt.matching.weights import Weights
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.vocab import labels
from tests.evaluation.collection import NOW, SEED, over_draws

PEOPLE, OFFERS = 200, 400
NO_LIMIT = 1000
AREAS = {
    "sport": 10.1, "schule_kita": 6.9, "kirche_religion": 6.9, "kultur": 5.2, "soziales": 5.2, "freizeit": 4.6,
    "rettung_feuerwehr": 3.1, "umwelt_tiere": 2.8, "politik": 2.7, "jugend_bildung": 2.6, "gesundheit": 2.2,
    "sonstiges": 1.9, "beruf": 1.8, "justiz": 0.7,
}  # fmt: skip
_EVENING = tuple(f"{day}-abends" for day in week.DAYS[:5])
_WEEKEND = tuple(f"{day}-{part}" for day in week.DAYS[5:] for part in week.PARTS[:5])
_BY_DAY = tuple(f"{day}-{part}" for day in week.DAYS[:5] for part in week.PARTS[1:4])
_AFTERNOONS = tuple(f"{day}-nachmittags" for day in week.DAYS[:5])
_LIVES = ((*_EVENING, *_WEEKEND), _BY_DAY, (*_AFTERNOONS, *_WEEKEND))
_RUNS = {
    "": (rules.PENALTY, rules.MOST_OF_ONE),
    "_without_penalty": (0.0, rules.MOST_OF_ONE),
    "_without_limit": (rules.PENALTY, NO_LIMIT),
    "_without_both": (0.0, NO_LIMIT),
}


@dataclass(slots=True)
class _Seen:
    """How often each offer and each organisation stood among the first ten, and the scores of what stood there."""

    offers: Counter[str] = field(default_factory=Counter)
    organisations: Counter[str] = field(default_factory=Counter)
    points: list[float] = field(default_factory=list)


def run(people: int = PEOPLE) -> dict[str, float]:
    """Simulate all four runs over some draws of the town, with the same people.

    For each: the share of open offers that anybody saw, the Gini coefficients of offers and of organisations, the share
    never shown of what at least one person could have been shown, and the mean score of what was shown, which is what
    spreading costs.
    """
    return over_draws(partial(_run, people))


def _run(people: int, draw: int) -> dict[str, float]:
    dice = Random(SEED)  # noqa: S311 - a simulation
    town = [offer(entry, HAGEN) for entry in entries(HAGEN, NOW, draw, OFFERS, 0) if isinstance(entry.draft, Draft)]
    crowd = [person(dice, HAGEN) for _ in range(people)]
    open_ = [one for one in town if gates.gate(one, Profile(), NOW) is None]
    wanted = [one for one in open_ if any(gates.gate(one, who, NOW) is None for who in crowd)]
    figures: dict[str, float] = {"exposure_open_offers": len(open_)}
    for name, (each, most) in _RUNS.items():
        seen = _shown(open_, crowd, each, most)
        owners = {one.organisation_uri for one in open_}
        figures |= {
            f"exposure_coverage_at_10{name}": sum(seen.offers[one.uri] > 0 for one in open_) / len(open_),
            f"exposure_gini{name}": gini(sorted(seen.offers[one.uri] for one in open_)),
            f"exposure_gini_organisations{name}": gini(sorted(seen.organisations[owner] for owner in owners)),
            f"exposure_never_shown{name}": sum(seen.offers[one.uri] == 0 for one in wanted) / len(wanted),
            f"exposure_mean_score{name}": sum(seen.points) / len(seen.points),
        }
    return figures


def gini(counts: Sequence[int]) -> float:
    """Return the Gini coefficient of sorted counts: 0 where all are equal, near 1 where one has everything."""
    total, number = sum(counts), len(counts)
    if not total:
        return 0.0
    return sum((2 * rank - number - 1) * count for rank, count in enumerate(counts, 1)) / (number * total)


def _shown(offers: Sequence[Offer], crowd: Sequence[Profile], each: float, most: int) -> _Seen:
    dice = Random(SEED + 1)  # noqa: S311 - the same luck in every run
    seen, asked = _Seen(), Counter[str]()
    for who in crowd:
        now = [replace(one, recent_enquiries=asked[one.uri]) for one in offers]
        top = rules.order(now, who, Weights(), NOW, each_enquiry=each, most_of_one=most).matches[: rules.TOP]
        seen.offers.update(match.offer.uri for match in top)
        seen.organisations.update(match.offer.organisation_uri for match in top)
        seen.points += [match.points for match in top if match.points is not None]
        chance = dice.random()
        if top:
            asked[_choice([match.offer.uri for match in top], chance)] += 1
    return seen


def _choice(top: Sequence[str], chance: float) -> str:
    """Return the one that is asked about: the place n has a weight of 1/n."""
    left = chance * sum(1 / place for place in range(1, len(top) + 1))
    for place, uri in enumerate(top, 1):
        left -= 1 / place
        if left <= 0:
            return uri
    return top[-1]


# --- offers and people ------------------------------------------------------------------------------------------------
def offer(entry: Entry, town: Town) -> Offer:
    """Return a generated entry as matching sees it."""
    draft = entry.draft
    assert isinstance(draft, Draft)
    details, place = draft.details, draft.place
    times = details.availability
    return Offer(
        uri=f"https://{town.key}.example/{entry.organisation}/{draft.key}",
        organisation_uri=f"https://{town.key}.example/{entry.organisation}",
        kind=details.kind,
        areas=tuple(area for area in details.areas if area != "sonstiges"),  # how the generator leaves a category out
        activities=details.activities,
        audiences=details.audiences,
        suitable_for=details.suitable_for,
        mode=details.mode,
        cells=week.mask(times.cells) if times else 0,
        flexible=times.flexible if times else None,
        effort=details.effort,
        minimum_duration=details.minimum_duration,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        municipality=gazetteer.fold(place.locality) if place else "",
        german_level=details.german_level,
        minimum_age=details.minimum_age,
        clearance=details.clearance,
        accessibility=details.accessibility,
        places=details.places,
        confirmed_at=entry.confirmed_at,
    )


def person(dice: Random, town: Town) -> Profile:
    """Return somebody with the answers that the assumptions above give them."""
    home = dice.choice(town.districts)
    life = dice.choices(_LIVES, (55, 25, 20))[0]
    return Profile(
        areas=_weighted(dice, dice.choices((1, 2, 3), (50, 35, 15))[0]),
        activities=frozenset(dice.sample([*labels.ACTIVITY], dice.choice((1, 2))))
        if dice.random() < 0.4
        else frozenset(),
        kinds=frozenset({"einmalig"}) if dice.random() < 0.1 else frozenset(),
        cells=week.mask(cell for cell in life if dice.random() < 0.6),
        where=Where(
            f"{town.name}-{home.name}",
            home.latitude,
            home.longitude,
            dice.choices((5, 10, 20), (40, 40, 20))[0],
            gazetteer.fold(f"{town.name}-{home.name}"),
        ),
        hours=float(dice.randint(1, 6)),
    )


def _weighted(dice: Random, count: int) -> frozenset[str]:
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add(dice.choices([*AREAS], [*AREAS.values()])[0])
    return frozenset(chosen)
