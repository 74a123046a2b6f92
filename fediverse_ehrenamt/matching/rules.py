"""How well an offer fits somebody, and in which order offers are shown. Pure; the constants stand on a public page.

The score is 100 · Σ weight · part / Σ weight over the criteria that were answered; a part is from 0 to 1, and what an
offer does not say counts as a half. People are never ranked, and nothing is learned from what they do.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from fediverse_ehrenamt.matching import gates, weights
from fediverse_ehrenamt.matching.gates import Gate, Moment, distance_km, serves
from fediverse_ehrenamt.matching.offers import ANYBODY, NOT_ACCESSIBLE, ONLINE, UNKNOWN, Offer
from fediverse_ehrenamt.matching.profile import NO_GERMAN, OF_BUILDINGS, Profile
from fediverse_ehrenamt.matching.weights import Weights
from fediverse_ehrenamt.vocab.types import Skill

# --- what a part of the score is worth --------------------------------------------------------------------------------
UNSAID: Final = 0.5  # what the offer does not say
FLEXIBLE: Final = 0.8  # times by arrangement
FROM_HOME: Final = 0.9  # nearness of what is done online
AREA_WIDE: Final = 0.95  # nearness of what can be done all over one's own municipality
ONE_LEVEL_SHORT: Final = 0.5  # a CEFR level below what is wanted

# --- order ------------------------------------------------------------------------------------------------------------
FRESHNESS: Final = ((90, 1.0), (180, 0.95), (gates.HOLDS_DAYS, 0.85))
"""Days since somebody confirmed the offer, and the factor of its score up to then; the last one for all others."""
PENALTY: Final = (
    2.0  # points for each recent enquiry per place; 1, 2 and 5 were simulated (tests/evaluation/exposure.py)
)
MOST_PENALTY: Final = 5.0  # points
TOP: Final = 10
MOST_OF_ONE: Final = 3  # offers of one organisation among the TOP
_TOMORROW = timedelta(days=1)  # clocks differ; what was confirmed later than that was never confirmed
_FRESHNESS = tuple((timedelta(days=days), factor) for days, factor in FRESHNESS)

MONTHS: Final = {"keine": 0, "1_monat": 1, "3_monate": 3, "6_monate": 6, "1_jahr": 12, "laenger": 24}
_PER_MONTH = {"woche": 52 / 12, "monat": 1.0, "jahr": 1 / 12, "einmalig": 1.0}
_LEVELS = {level: number for number, level in enumerate(("nicht_noetig", "a1", "a2", "b1", "b2", "c1"))}
_LITTLE_GERMAN = "wenig_deutsch"
_SKILLS_KEPT, _SHORTEST_TERM = 8192, 3


# --- the parts: from 0 to 1, None where the offer does not say --------------------------------------------------------
def _share(wanted: frozenset[str], offered: Iterable[str]) -> float:
    common = len(wanted.intersection(offered))
    return 0.5 + 0.5 * common / len(wanted) if common else 0.0


def _areas(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    return _share(profile.areas, offer.areas) if offer.areas else None


def _activities(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    return _share(profile.activities, offer.activities) if offer.activities else None


def _audiences(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    if ANYBODY in offer.audiences:
        return 1.0
    return _share(profile.audiences, offer.audiences) if offer.audiences else None


def _kind(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    return _share(profile.kinds, (offer.kind,)) if offer.kind else None


def _time(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    if not offer.cells:
        return FLEXIBLE if offer.flexible else None
    share = (offer.cells & profile.cells).bit_count() / offer.cells.bit_count()
    return max(share, FLEXIBLE) if offer.flexible else share


def _nearness(offer: Offer, profile: Profile, distance: float | None) -> float | None:
    where = profile.where
    if offer.mode == ONLINE:
        return FROM_HOME
    if where is None:
        return None
    if serves(offer, where):
        return AREA_WIDE
    return None if distance is None else max(0.0, 1 - distance / where.radius_km)


def _skills(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    if not offer.skills:
        return None
    had = 0
    for skill in offer.skills:
        if has(profile, skill):
            had += 1
        elif skill.required:
            return 0.0
    return had / len(offer.skills)


def _effort(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    if not profile.commitment:
        return hours(offer, profile)
    bound = commitment(offer, profile)
    if profile.hours is None:
        return bound
    wanted = hours(offer, profile)
    if wanted is None and bound is None:
        return None
    return ((UNSAID if wanted is None else wanted) + (UNSAID if bound is None else bound)) / 2


def _language(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    shared = _share(profile.languages, offer.languages) if profile.languages and offer.languages else None
    german = german_part(offer, profile) if profile.german_level else None
    if not shared:
        return german
    return shared if german is None else max(german, shared)


def _needs(offer: Offer, profile: Profile, _distance: float | None) -> float | None:
    wanted = len(profile.needs)
    met = len(met_needs(offer, profile)) if wanted else 0
    said = met > 0
    total = met + (0.0 if NOT_ACCESSIBLE in offer.accessibility else UNSAID) * (wanted - met)
    if profile.no_clearance:
        wanted += 1
        known = offer.clearance not in UNKNOWN
        said = said or known
        total += (1.0 if offer.clearance == "nein" else 0.0) if known else UNSAID
    return total / wanted if said or NOT_ACCESSIBLE in offer.accessibility else None


def _text(offer: Offer, _profile: Profile, _distance: float | None) -> float | None:
    return None if offer.text_score is None else min(max(offer.text_score, 0.0), 1.0)


# --- what the parts and their explanation share -----------------------------------------------------------------------
def hours(offer: Offer, profile: Profile) -> float | None:
    """Return 1 where an offer wants no more hours than somebody gives, falling to 0 where it wants twice as many."""
    asked = offer.effort
    if asked is None or asked.per not in _PER_MONTH or profile.hours is None:
        return None
    if asked.min_hours is None:
        return None if asked.max_hours is None else 1.0
    return _within(asked.min_hours * _PER_MONTH[asked.per], profile.hours * _PER_MONTH[profile.hours_per])


def commitment(offer: Offer, profile: Profile) -> float | None:
    """Return 1 where an offer binds no longer than somebody wants, falling to 0 at twice as long."""
    asked = MONTHS.get(offer.minimum_duration)
    if asked is None and offer.kind == "einmalig":
        asked = 0
    return None if asked is None else _within(asked, MONTHS[profile.commitment])


def _within(asked: float, given: float) -> float:
    if asked <= given:
        return 1.0
    return max(0.0, 2 - asked / given) if given else 0.0


def german_part(offer: Offer, profile: Profile) -> float | None:
    """Return 1, a half or 0 by how many CEFR levels somebody is short of what an offer wants."""
    wanted = _LEVELS.get(german_wanted(offer))
    if wanted is None:
        return None
    short = wanted - (0 if profile.german_level == NO_GERMAN else _LEVELS[profile.german_level])
    return 1.0 if short <= 0 else ONE_LEVEL_SHORT if short == 1 else 0.0


def german_wanted(offer: Offer) -> str:
    """Return the CEFR level that an offer wants; "suitable with little German" without a level is A1."""
    if offer.german_level in UNKNOWN and _LITTLE_GERMAN in offer.suitable_for:
        return "a1"
    return offer.german_level


def met_needs(offer: Offer, profile: Profile) -> frozenset[str]:
    """Return somebody's needs that an offer says to meet; one's own desk meets those that buildings must meet."""
    stated = profile.needs.intersection(offer.accessibility)
    return stated | (profile.needs & OF_BUILDINGS) if offer.mode == ONLINE else stated


def has(profile: Profile, skill: Skill) -> bool:
    """Say whether somebody has a skill: what they wrote and its name are the same, or one is part of the other's words.

    "Führerschein" is "Führerschein Klasse B", and "Gitarre" is "Gitarre spielen".
    """
    return _among(skill.name, profile.skills)


@lru_cache(_SKILLS_KEPT)
def _among(name: str, skills: tuple[str, ...]) -> bool:
    wanted = _terms(name)
    own = [given for given in map(_terms, skills) if given]
    return bool(wanted) and any(wanted <= given or given <= wanted for given in own)


def _terms(name: str) -> frozenset[str]:
    words = "".join(letter if letter.isalnum() else " " for letter in name.casefold()).split()
    return frozenset(word for word in words if len(word) >= _SHORTEST_TERM) or frozenset(words)


# --- the score --------------------------------------------------------------------------------------------------------
Part = Callable[[Offer, Profile, float | None], float | None]
PARTS: Final[tuple[Part, ...]] = (
    _areas, _activities, _time, _nearness, _skills, _effort, _audiences, _language, _kind, _needs, _text,
)  # fmt: skip
"""How each of `weights.CRITERIA` is judged, in their order."""


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

    parts: tuple[tuple[float, Part], ...]
    whole: float
    text: float

    @classmethod
    def of(cls, profile: Profile, instance: Weights) -> "Counting":
        values = instance.personal(profile.levels).values
        parts = tuple((values[one], PARTS[one]) for one in answered(profile) if values[one] > 0)
        return cls(parts, sum(weight for weight, _ in parts), values[weights.TEXT])


def score(offer: Offer, profile: Profile, instance: Weights) -> float | None:
    """Return how well an offer fits, from 0 to 100; None where nothing was answered that counts."""
    return _score(offer, profile, Counting.of(profile, instance), distance_km(offer, profile.where))


def _score(offer: Offer, profile: Profile, counting: Counting, distance: float | None) -> float | None:
    total, whole = 0.0, counting.whole
    for weight, part in counting.parts:
        value = part(offer, profile, distance)
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
    return tuple(Counted(one, values[one], PARTS[one](offer, profile, distance)) for one in asked if values[one] > 0)


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


def order(
    offers: Sequence[Offer],
    profile: Profile,
    instance: Weights,
    now: datetime,
    *,
    each_enquiry: float = PENALTY,
    most_of_one: int = MOST_OF_ONE,
) -> Order:
    """Return the offers that pass the gates, by score × freshness − penalty, then newest confirmation, then URI.

    Among the first ten are at most `most_of_one` of one organisation, as long as there are others.
    """
    moment, stand = Moment.at(now), gates.standing(profile)
    counting = Counting.of(profile, instance)
    found: list[Match] = []
    left: dict[str, list[bool]] = {}
    for offer in offers:
        distance = distance_km(offer, profile.where)
        excluded = gates.judge(offer, profile, moment, distance, stand)
        if excluded is None:
            points = _score(offer, profile, counting, distance)
            rank = (100.0 if points is None else points) * freshness(offer.confirmed_at, now)
            found.append(Match(offer, points, rank - penalty(offer, each_enquiry)))
        else:
            left.setdefault(excluded.reason, []).append(excluded.only)
    found.sort(key=_place)
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
