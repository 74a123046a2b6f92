"""What each criterion gives an offer: from 0 to 1, None where the offer does not say. Pure.

A search judges thousands of offers for one person. So what a person answered is made into one function for each
criterion first (`JUDGES`), with what is the same for all offers worked out; it is then given offer and distance.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from fediverse_ehrenamt.matching.gates import serves
from fediverse_ehrenamt.matching.offers import ANYBODY, NOT_ACCESSIBLE, ONLINE, UNKNOWN, Offer
from fediverse_ehrenamt.matching.profile import NO_GERMAN, OF_BUILDINGS, Profile
from fediverse_ehrenamt.vocab.types import Skill

UNSAID: Final = 0.5  # what the offer does not say
FLEXIBLE: Final = 0.8  # times by arrangement
FROM_HOME: Final = 0.9  # nearness of what is done online
AREA_WIDE: Final = 0.95  # nearness of what can be done all over one's own municipality
ONE_LEVEL_SHORT: Final = 0.5  # a CEFR level below what is wanted
MONTHS: Final = {"keine": 0, "1_monat": 1, "3_monate": 3, "6_monate": 6, "1_jahr": 12, "laenger": 24}

_PER_MONTH = {"woche": 52 / 12, "monat": 1.0, "jahr": 1 / 12, "einmalig": 1.0}
_LEVELS = {level: number for number, level in enumerate(("nicht_noetig", "a1", "a2", "b1", "b2", "c1"))}
_LITTLE_GERMAN = "wenig_deutsch"
_SKILLS_KEPT, _SHORTEST_TERM = 8192, 3

Judge = Callable[[Offer, float | None], float | None]


# --- one judge for each criterion -------------------------------------------------------------------------------------
def _shares(wanted: frozenset[str]) -> tuple[float, ...]:
    """Return what so many of somebody's wishes in common are worth: half for one, and the other half by their share."""
    return (0.0, *(0.5 + 0.5 * common / len(wanted) for common in range(1, len(wanted) + 1)))


def _areas(profile: Profile) -> Judge:
    shares, common = _shares(profile.areas), profile.areas.intersection

    def judge(offer: Offer, _distance: float | None) -> float | None:
        return shares[len(common(offer.areas))] if offer.areas else None

    return judge


def _activities(profile: Profile) -> Judge:
    shares, common = _shares(profile.activities), profile.activities.intersection

    def judge(offer: Offer, _distance: float | None) -> float | None:
        return shares[len(common(offer.activities))] if offer.activities else None

    return judge


def _audiences(profile: Profile) -> Judge:
    shares, common = _shares(profile.audiences), profile.audiences.intersection

    def judge(offer: Offer, _distance: float | None) -> float | None:
        if ANYBODY in offer.audiences:
            return 1.0
        return shares[len(common(offer.audiences))] if offer.audiences else None

    return judge


def _kind(profile: Profile) -> Judge:
    kinds, share = profile.kinds, _shares(profile.kinds)[min(1, len(profile.kinds))]

    def judge(offer: Offer, _distance: float | None) -> float | None:
        return (share if offer.kind in kinds else 0.0) if offer.kind else None

    return judge


def _time(profile: Profile) -> Judge:
    own = profile.cells

    def judge(offer: Offer, _distance: float | None) -> float | None:
        cells = offer.cells
        if not cells:
            return FLEXIBLE if offer.flexible else None
        share = (cells & own).bit_count() / cells.bit_count()
        return max(share, FLEXIBLE) if offer.flexible else share

    return judge


def _nearness(profile: Profile) -> Judge:
    where = profile.where

    def judge(offer: Offer, distance: float | None) -> float | None:
        if offer.mode == ONLINE:
            return FROM_HOME
        if where is None:
            return None
        if serves(offer, where):
            return AREA_WIDE
        return None if distance is None else max(0.0, 1 - distance / where.radius_km)

    return judge


def _skills(profile: Profile) -> Judge:
    def judge(offer: Offer, _distance: float | None) -> float | None:
        if not offer.skills:
            return None
        had = 0
        for skill in offer.skills:
            if has(profile, skill):
                had += 1
            elif skill.required:
                return 0.0
        return had / len(offer.skills)

    return judge


def _effort(profile: Profile) -> Judge:
    of_hours, of_commitment = profile.hours is not None, bool(profile.commitment)
    both = of_hours and of_commitment

    def judge(offer: Offer, _distance: float | None) -> float | None:
        first = hours(offer, profile) if of_hours else None
        second = commitment(offer, profile) if of_commitment else None
        if first is None and second is None:
            return None
        if not both:
            return second if first is None else first
        return ((UNSAID if first is None else first) + (UNSAID if second is None else second)) / 2

    return judge


def _language(profile: Profile) -> Judge:
    shares, common = _shares(profile.languages), profile.languages.intersection

    def judge(offer: Offer, _distance: float | None) -> float | None:
        german = german_part(offer, profile) if profile.german_level else None
        shared = shares[len(common(offer.languages))] if offer.languages else 0.0
        if not shared:
            return german
        return shared if german is None else max(german, shared)

    return judge


def _needs(profile: Profile) -> Judge:
    needs, free = len(profile.needs), profile.no_clearance
    of_buildings = profile.needs & OF_BUILDINGS

    def judge(offer: Offer, _distance: float | None) -> float | None:
        stated = offer.accessibility or (of_buildings and offer.mode == ONLINE)
        met = len(met_needs(offer, profile)) if stated else 0
        refused = NOT_ACCESSIBLE in offer.accessibility
        known = free and offer.clearance not in UNKNOWN
        if not (met or refused or known):
            return None
        total = met + (0.0 if refused else UNSAID * (needs - met))
        if free:
            total += (1.0 if offer.clearance == "nein" else 0.0) if known else UNSAID
        return total / (needs + free)

    return judge


def _text(_profile: Profile) -> Judge:
    def judge(offer: Offer, _distance: float | None) -> float | None:
        return None if offer.text_score is None else min(max(offer.text_score, 0.0), 1.0)

    return judge


JUDGES: Final[tuple[Callable[[Profile], Judge], ...]] = (
    _areas, _activities, _time, _nearness, _skills, _effort, _audiences, _language, _kind, _needs, _text,
)  # fmt: skip
"""Makes the judge of each of `weights.CRITERIA`, in their order, for somebody who answered its question."""


# --- what judges and explanations share -------------------------------------------------------------------------------
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
