"""Why an offer fits somebody, in parts: one for each question they answered that counts. Words come from `wording`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from fediverse_ehrenamt.matching import parts, rules, week, weights
from fediverse_ehrenamt.matching.gates import distance_km, open_to_minors, serves
from fediverse_ehrenamt.matching.offers import ANYBODY, AREA_WIDE, ONLINE, UNKNOWN, Offer
from fediverse_ehrenamt.matching.profile import Profile
from fediverse_ehrenamt.matching.weights import Weights

_CENTRAL: Final = 0.5  # of the best hit's score: from here on the words that were searched are what an offer is about


class Outcome(StrEnum):
    """What became of one question: FITS (the values say how), PARTLY, MISSES, or UNSAID by the offer."""

    FITS = auto()
    PARTLY = auto()
    MISSES = auto()
    UNSAID = auto()


class Topic(StrEnum):
    """What a part is about; some criteria have more than one."""

    AREAS = auto()
    ACTIVITIES = auto()
    TIME = auto()
    FLEXIBLE = auto()
    DISTANCE = auto()
    ONLINE = auto()
    AREA_WIDE = auto()
    SKILLS = auto()
    HOURS = auto()
    COMMITMENT = auto()
    AUDIENCES = auto()
    GERMAN = auto()
    LANGUAGES = auto()
    KIND = auto()
    ACCESSIBILITY = auto()
    CLEARANCE = auto()
    MINORS = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `values` are slugs, cells or names by its topic, `number` kilometres (DISTANCE) or years (MINORS).

    `told` says that it goes by what a program read from the offer's words.
    """

    topic: Topic
    outcome: Outcome
    values: tuple[str, ...] = ()
    number: float | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """The score in whole percent, None where nothing was answered that counts, and its parts in a fixed order."""

    percent: int | None
    parts: tuple[Part, ...]


def explain(offer: Offer, profile: Profile, instance: Weights) -> Explanation:
    """Say why an offer has its score for somebody."""
    points = rules.score(offer, profile, instance)
    values = instance.personal(profile.levels).values
    counting = [one for one in rules.answered(profile) if values[one] > 0 and one != weights.NEEDS]
    said = [part for one in counting for part in _PARTS[one](offer, profile)]
    said += [*_accessibility(offer, profile), *_clearance(offer, profile), *_minors(offer, profile)]
    if offer.text_score is not None and values[weights.TEXT] > 0:
        said.append(Part(Topic.TEXT, Outcome.FITS if offer.text_score >= _CENTRAL else Outcome.PARTLY))
    return Explanation(None if points is None else round(points), tuple(said))


def _outcome(part: float | None) -> Outcome:
    if part is None:
        return Outcome.UNSAID
    return Outcome.FITS if part >= 1 else Outcome.PARTLY if part > 0 else Outcome.MISSES


def _chosen(topic: Topic, wanted: frozenset[str], offered: tuple[str, ...]) -> Part:
    common = tuple(slug for slug in dict.fromkeys(offered) if slug in wanted)
    return Part(topic, Outcome.FITS if common else Outcome.MISSES if offered else Outcome.UNSAID, common)


def _areas(offer: Offer, profile: Profile) -> Iterator[Part]:
    yield _chosen(Topic.AREAS, profile.areas, offer.areas)


def _activities(offer: Offer, profile: Profile) -> Iterator[Part]:
    yield _chosen(Topic.ACTIVITIES, profile.activities, offer.activities)


def _audiences(offer: Offer, profile: Profile) -> Iterator[Part]:
    found = _chosen(Topic.AUDIENCES, profile.audiences, offer.audiences)
    yield Part(Topic.AUDIENCES, Outcome.FITS, (ANYBODY,)) if ANYBODY in offer.audiences and not found.values else found


def _kind(offer: Offer, profile: Profile) -> Iterator[Part]:
    yield _chosen(Topic.KIND, profile.kinds, (offer.kind,) if offer.kind else ())


def _time(offer: Offer, profile: Profile) -> Iterator[Part]:
    common = week.cells(offer.cells & profile.cells)
    if common:
        yield Part(Topic.TIME, Outcome.FITS, common, told="cells" in offer.told)
    elif offer.flexible:
        yield Part(Topic.FLEXIBLE, Outcome.FITS, told="flexible" in offer.told)
    else:
        yield Part(Topic.TIME, Outcome.MISSES if offer.cells else Outcome.UNSAID, told="cells" in offer.told)


def _nearness(offer: Offer, profile: Profile) -> Iterator[Part]:
    distance = distance_km(offer, profile.where)
    if offer.mode == ONLINE:
        yield Part(Topic.ONLINE, Outcome.FITS)
    elif profile.where is not None and serves(offer, profile.where):
        yield Part(Topic.AREA_WIDE, Outcome.FITS, (AREA_WIDE,))
    else:
        yield Part(Topic.DISTANCE, Outcome.UNSAID if distance is None else Outcome.FITS, number=distance)


def _skills(offer: Offer, profile: Profile) -> Iterator[Part]:
    missing = tuple(skill.name for skill in offer.skills if skill.required and not parts.has(profile, skill))
    had = tuple(skill.name for skill in offer.skills if parts.has(profile, skill))
    outcome = Outcome.MISSES if missing or not had else Outcome.FITS
    yield Part(Topic.SKILLS, outcome if offer.skills else Outcome.UNSAID, missing or had)


def _effort(offer: Offer, profile: Profile) -> Iterator[Part]:
    if profile.hours is not None:
        fits = parts.hours(offer, profile)
        yield Part(Topic.HOURS, _outcome(fits), told=fits is not None and "effort" in offer.told)
    if profile.commitment:
        yield Part(Topic.COMMITMENT, _outcome(parts.commitment(offer, profile)))


def _language(offer: Offer, profile: Profile) -> Iterator[Part]:
    if profile.german_level:
        yield Part(Topic.GERMAN, _outcome(parts.german_part(offer, profile)), (parts.german_wanted(offer),))
    if profile.languages:
        yield _chosen(Topic.LANGUAGES, profile.languages, offer.languages)


def _accessibility(offer: Offer, profile: Profile) -> Iterator[Part]:
    """Name the needs that are met; if one is not spoken of, that has to be asked before anything else."""
    met = parts.met_needs(offer, profile)
    if met:
        yield Part(Topic.ACCESSIBILITY, Outcome.FITS, tuple(sorted(met)))
    if profile.needs - met:
        yield Part(Topic.ACCESSIBILITY, Outcome.UNSAID, tuple(sorted(profile.needs - met)))


def _clearance(offer: Offer, profile: Profile) -> Iterator[Part]:
    if profile.no_clearance:
        known = offer.clearance not in UNKNOWN
        outcome = Outcome.FITS if offer.clearance == "nein" else Outcome.MISSES if known else Outcome.UNSAID
        yield Part(Topic.CLEARANCE, outcome)


def _minors(offer: Offer, profile: Profile) -> Iterator[Part]:
    if profile.minor:
        fits = offer.minimum_age is not None or open_to_minors(offer, profile.age)
        yield Part(Topic.MINORS, Outcome.FITS if fits else Outcome.MISSES, number=offer.minimum_age)


_PARTS: Final[dict[int, Callable[[Offer, Profile], Iterator[Part]]]] = {
    weights.AREAS: _areas,
    weights.ACTIVITIES: _activities,
    weights.TIME: _time,
    weights.DISTANCE: _nearness,
    weights.SKILLS: _skills,
    weights.EFFORT: _effort,
    weights.AUDIENCES: _audiences,
    weights.LANGUAGE: _language,
    weights.KIND: _kind,
}
