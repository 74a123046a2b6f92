"""How well an offer fits somebody, and in which order offers are shown. Pure; the constants stand on a public page.

The score is 100 · Σ weight · part / Σ weight over the criteria that were answered; a part is from 0 to 1, and what an
offer does not say counts as a half. People are never ranked, and nothing is learned from what they do.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from fediverse_ehrenamt.matching import gates, weights
from fediverse_ehrenamt.matching.gates import Gate, Moment, distance_km
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.parts import JUDGES, UNSAID, Judge
from fediverse_ehrenamt.matching.profile import Profile
from fediverse_ehrenamt.matching.weights import Weights

FRESHNESS: Final = ((90, 1.0), (180, 0.95), (gates.HOLDS_DAYS, 0.85))
"""Days since somebody confirmed the offer, and the factor of its score up to then; the last one for all others."""
PENALTY: Final = 2.0
"""Points for each recent enquiry per place; 1, 2 and 5 were simulated (tests/evaluation/exposure.py)."""
MOST_PENALTY: Final = 5.0  # points
TOP: Final = 10
MOST_OF_ONE: Final = 3  # offers of one organisation among the TOP
_TOMORROW = timedelta(days=1)  # clocks differ; what was confirmed later than that was never confirmed
_FRESHNESS = tuple((timedelta(days=days), factor) for days, factor in FRESHNESS)


# --- the score --------------------------------------------------------------------------------------------------------
def answered(profile: Profile) -> tuple[int, ...]:
    """Return which of `weights.CRITERIA` somebody answered; the text that is searched for is no part of a profile."""
    said = {
        weights.AREAS: profile.areas,
        weights.ACTIVITIES: profile.activities,
        weights.TIME: profile.cells,
        weights.DISTANCE: profile.where,
        weights.SKILLS: profile.skills,
        weights.EFFORT: profile.hours is not None or profile.commitment,
        weights.AUDIENCES: profile.audiences,
        weights.LANGUAGE: profile.german_level or profile.languages,
        weights.KIND: profile.kinds,
        weights.NEEDS: profile.needs or profile.no_clearance,
    }
    return tuple(criterion for criterion, answer in said.items() if answer)


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts for one person: the answered criteria with weights above 0, their sum, and the text's weight."""

    parts: tuple[tuple[float, Judge], ...]
    whole: float
    text: float

    @classmethod
    def of(cls, profile: Profile, instance: Weights) -> "Counting":
        values = instance.personal(profile.levels).values
        parts = tuple((values[one], JUDGES[one](profile)) for one in answered(profile) if values[one] > 0)
        return cls(parts, sum(weight for weight, _ in parts), values[weights.TEXT])


def score(offer: Offer, profile: Profile, instance: Weights) -> float | None:
    """Return how well an offer fits, from 0 to 100; None where nothing was answered that counts."""
    return _score(offer, Counting.of(profile, instance), distance_km(offer, profile.where))


def _score(offer: Offer, counting: Counting, distance: float | None) -> float | None:
    total, whole = 0.0, counting.whole
    for weight, judge in counting.parts:
        value = judge(offer, distance)
        total += weight * (UNSAID if value is None else value)
    if offer.text_score is not None and counting.text:
        total += counting.text * min(max(offer.text_score, 0.0), 1.0)
        whole += counting.text
    return min(100.0, 100 * total / whole) if whole else None


class Counted(NamedTuple):
    """One criterion in a score: which of `weights.CRITERIA`, its weight, its part or None where nothing was said."""

    criterion: int
    weight: float
    part: float | None


def breakdown(offer: Offer, profile: Profile, instance: Weights) -> tuple[Counted, ...]:
    """Return what a score is made of; it is 100 · Σ weight · part / Σ weight, with UNSAID for None."""
    distance = distance_km(offer, profile.where)
    values = instance.personal(profile.levels).values
    asked = answered(profile) if offer.text_score is None else (*answered(profile), weights.TEXT)
    return tuple(Counted(one, values[one], JUDGES[one](profile)(offer, distance)) for one in asked if values[one] > 0)


# --- the order --------------------------------------------------------------------------------------------------------
class Match(NamedTuple):
    """An offer with its score (None where nothing was answered) and the points that order it."""

    offer: Offer
    points: float | None
    rank: float


@dataclass(frozen=True, slots=True)
class Left:
    """Offers that one gate left out: how many, and how many of them by that gate alone."""

    gate: Gate
    count: int
    only: int


@dataclass(frozen=True, slots=True)
class Order:
    """Offers in the order to show, and what was left out, in the order of GATES."""

    matches: tuple[Match, ...]
    left: tuple[Left, ...]


def freshness(confirmed_at: datetime | None, now: datetime) -> float:
    """Return the factor for how long ago an offer was confirmed; the least where nobody ever said."""
    least = _FRESHNESS[-1][1]
    if confirmed_at is None or confirmed_at > now + _TOMORROW:
        return least
    age = now - confirmed_at
    for days, factor in _FRESHNESS:
        if age <= days:
            return factor
    return least


def penalty(offer: Offer, each: float = PENALTY) -> float:
    """Return the points that an offer loses because many asked for it lately, so that others are seen as well."""
    if offer.recent_enquiries <= 0:
        return 0.0
    return min(MOST_PENALTY, each * offer.recent_enquiries / max(offer.places or 1, 1))


def order(  # noqa: PLR0913 - what is ordered for whom, and what simulations turn
    offers: Sequence[Offer],
    profile: Profile,
    instance: Weights,
    now: datetime,
    *,
    unsure: Collection[str] = (),
    each_enquiry: float = PENALTY,
    most_of_one: int = MOST_OF_ONE,
) -> Order:
    """Return the offers that pass the gates, by score × freshness − penalty, then newest confirmation, then URI.

    Those `unsure`, URIs of what is silent about the search, come behind all others: a search says what somebody wants
    now, a profile what they like. Among the first ten are at most `most_of_one` of one organisation, as long as there
    are others.
    """
    moment, stand, counting = Moment.at(now), gates.standing(profile), Counting.of(profile, instance)
    distance_to = gates.measure(profile.where)
    found: list[Match] = []
    left: dict[str, list[bool]] = {}
    for offer in offers:
        distance = distance_to(offer)
        excluded = gates.judge(offer, profile, moment, distance, stand)
        if excluded is None:
            points = _score(offer, counting, distance)
            rank = (100.0 if points is None else points) * freshness(offer.confirmed_at, now)
            found.append(Match(offer, points, rank - penalty(offer, each_enquiry)))
        else:
            left.setdefault(excluded.reason, []).append(excluded.only)
    found.sort(key=_place)
    if unsure:
        found.sort(key=lambda match: match.offer.uri in unsure)
    counts = tuple(Left(one, len(left[one.reason]), sum(left[one.reason])) for one in stand if one.reason in left)
    return Order(tuple(_mixed(found, most_of_one)), counts)


def _place(match: Match) -> tuple[float, float, str]:
    confirmed = match.offer.confirmed_at
    return -match.rank, -confirmed.timestamp() if confirmed else 0.0, match.offer.uri


def _mixed(found: list[Match], most_of_one: int) -> list[Match]:
    """Let no organisation fill the first ten alone: what is too much of one steps behind them."""
    top: list[Match] = []
    later: list[Match] = []
    seen: dict[str, int] = {}
    for number, match in enumerate(found):
        if len(top) == TOP:
            return [*top, *later, *found[number:]]
        owner = match.offer.organisation_uri
        if owner and seen.get(owner, 0) >= most_of_one:
            later.append(match)
        else:
            seen[owner] = seen.get(owner, 0) + 1
            top.append(match)
    return [*top, *later]
