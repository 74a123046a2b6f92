"""Gates: what leaves an offer out for a person, and why. What is unknown leaves nothing out, but for under-age people.

Every gate may look at the offer, the profile, the moment and the distance; the page about matching is drawn from GATES.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from fediverse_ehrenamt.kit import clock, geo
from fediverse_ehrenamt.matching.offers import AREA_WIDE, NOT_ACCESSIBLE, ONLINE, UNKNOWN, Offer
from fediverse_ehrenamt.matching.profile import (
    NO_GERMAN,
    NOT_ONLINE,
    OF_AGE,
    OF_BUILDINGS,
    ONLY_ONLINE,
    YOUNGEST,
    Profile,
    Where,
)
from fediverse_ehrenamt.vocab import lifetimes

TOO_FAR: Final = "zu_weit"
UNCONFIRMED: Final = "unbestaetigt"
HOLDS_DAYS: Final = lifetimes.OFFER_HOLDS.days  # so long a confirmation is believed
_CLOSED = frozenset(
    {"besetzt", "pausiert", "abgelaufen", "abgesagt", "zurueckgezogen", "abgelehnt", "entwurf", "zur_pruefung"}
)
_CLEARANCES = frozenset({"einfach", "erweitert"})
_NEEDS_NO_GERMAN = frozenset({*UNKNOWN, "nicht_noetig"})


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody looks: `today` is the day in Germany, `oldest` the oldest confirmation that is believed."""

    now: datetime
    today: date
    oldest: datetime

    @classmethod
    def at(cls, now: datetime) -> "Moment":
        return cls(now, clock.day(now), now - lifetimes.OFFER_HOLDS)


def distance_km(offer: Offer, where: Where | None) -> float | None:
    """Return the great-circle distance (haversine) in kilometres, None where one of the two places is unknown."""
    return measure(where)(offer)


def measure(where: Where | None) -> Callable[[Offer], float | None]:
    """Return `distance_km` from one place, for many offers: with what is the same for all of them worked out once."""
    if where is None:
        return lambda _offer: None
    from_here = geo.distance_from(where.latitude, where.longitude)

    def distance(offer: Offer) -> float | None:
        if offer.latitude is None or offer.longitude is None:
            return None
        return from_here(offer.latitude, offer.longitude)

    return distance


def serves(offer: Offer, where: Where) -> bool:
    """Say whether an offer is for the whole area and a person is in its municipality or a district of it."""
    if offer.mode != AREA_WIDE or not offer.municipality:
        return False
    return where.municipality == offer.municipality or where.municipality.startswith(f"{offer.municipality} ")


def open_to_minors(offer: Offer, age: str) -> bool:
    """Say whether the organisation itself says that it takes people of this band of under-age (a key of YOUNGEST)."""
    if offer.for_minors is not None:
        return offer.for_minors
    return ("u14" if age == "u14" else "u18") in offer.suitable_for


# --- each gate: True leaves out ---------------------------------------------------------------------------------------
def _closed(offer: Offer, _profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    return offer.status in _CLOSED


def _over(offer: Offer, _profile: Profile, moment: Moment, _distance: float | None) -> bool:
    return (
        (offer.apply_by is not None and offer.apply_by < moment.today)
        or (offer.end is not None and offer.end < moment.today)
        or (offer.expires_at is not None and offer.expires_at <= moment.now)
    )


def _unconfirmed(offer: Offer, _profile: Profile, moment: Moment, _distance: float | None) -> bool:
    return offer.confirmed_at is not None and offer.confirmed_at < moment.oldest


def _too_young(offer: Offer, profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    return offer.minimum_age is not None and YOUNGEST[profile.age] < offer.minimum_age


def _too_old(offer: Offer, profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    youngest = YOUNGEST.get(profile.age, OF_AGE)
    return offer.maximum_age is not None and offer.maximum_age < youngest


def _not_for_minors(offer: Offer, profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    if offer.minimum_age is not None and offer.for_minors is not False:
        return False
    return not open_to_minors(offer, profile.age)


def _not_accessible(offer: Offer, profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    if NOT_ACCESSIBLE not in offer.accessibility:
        return False
    needs = profile.needs - OF_BUILDINGS if offer.mode == ONLINE else profile.needs
    return not needs.issubset(offer.accessibility)


def _needs_german(offer: Offer, _profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    return offer.german_level not in _NEEDS_NO_GERMAN


def _needs_clearance(offer: Offer, _profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    return offer.clearance in _CLEARANCES


def _only_online(offer: Offer, _profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    return offer.mode == ONLINE


def _not_online(offer: Offer, _profile: Profile, _moment: Moment, _distance: float | None) -> bool:
    return offer.mode not in UNKNOWN and offer.mode != ONLINE


def _too_far(offer: Offer, profile: Profile, _moment: Moment, distance: float | None) -> bool:
    where = profile.where
    if where is None or distance is None or distance <= where.radius_km or offer.mode == ONLINE:
        return False
    return not serves(offer, where)


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason to leave an offer out.

    `counted` follows a number ("7 zu weit weg"), `rule` is the sentence on the page about matching; both are translated
    where they are shown. `asks` says for whom the gate stands, `question` names the field of the profile's form that
    would have to be answered otherwise, "" where nobody can.
    """

    reason: str
    counted: str
    rule: str
    leaves_out: Callable[[Offer, Profile, Moment, float | None], bool]
    asks: Callable[[Profile], bool] = lambda _profile: True
    question: str = ""


GATES: Final = (
    Gate("geschlossen", "nicht mehr offen", "Das Angebot ist besetzt, pausiert, abgesagt oder zurückgezogen.", _closed),
    Gate("vorbei", "schon vorbei", "Die Frist zum Bewerben, der Zeitraum oder die Gültigkeit ist vorbei.", _over),
    Gate(
        UNCONFIRMED,
        "lange nicht bestätigt",
        "Seit mehr als %(days)s Tagen hat niemand bestätigt, dass das Angebot noch gilt. Nur wenn sonst nichts passt, "
        "zeigen wir es trotzdem.",
        _unconfirmed,
    ),
    Gate(
        "mindestalter",
        "erst für Ältere",
        "Sie sind jünger als das Mindestalter. Bei einer Altersspanne zählt das jüngste Alter.",
        _too_young,
        lambda profile: profile.minor,
        "alter",
    ),
    Gate(
        "hoechstalter",
        "nur für Jüngere",
        "Sie sind älter als das Höchstalter. Bei einer Altersspanne zählt das jüngste Alter.",
        _too_old,
        lambda profile: bool(profile.age),
        "alter",
    ),
    Gate(
        "jugendschutz",
        "nicht für Minderjährige freigegeben",
        "Sie sind minderjährig, und die Organisation nennt weder ein Mindestalter noch sagt sie, dass das Angebot für "
        "Minderjährige geeignet ist. Hier gilt: im Zweifel nicht.",
        _not_for_minors,
        lambda profile: profile.minor,
        "alter",
    ),
    Gate(
        "barrieren",
        "nicht barrierefrei",
        "Sie brauchen Barrierefreiheit, und das Angebot sagt ausdrücklich, dass es nicht barrierefrei ist.",
        _not_accessible,
        lambda profile: bool(profile.needs),
        "bedarf",
    ),
    Gate(
        "deutsch",
        "nur mit Deutschkenntnissen",
        "Sie sprechen noch kein Deutsch, und das Angebot verlangt Deutschkenntnisse.",
        _needs_german,
        lambda profile: profile.german_level == NO_GERMAN,
        "deutsch",
    ),
    Gate(
        "fuehrungszeugnis",
        "nur mit Führungszeugnis",
        "Sie möchten kein Führungszeugnis vorlegen, und das Angebot verlangt eines.",
        _needs_clearance,
        lambda profile: profile.no_clearance,
        "zeugnis",
    ),
    Gate(
        "nur_online",
        "nur online",
        "Sie möchten nur vor Ort mithelfen, und das Angebot ist online.",
        _only_online,
        lambda profile: profile.online == NOT_ONLINE,
        "online",
    ),
    Gate(
        "nicht_online",
        "nur vor Ort",
        "Sie möchten nur online mithelfen, und das Angebot ist ganz oder teilweise vor Ort.",
        _not_online,
        lambda profile: profile.online == ONLY_ONLINE,
        "online",
    ),
    Gate(
        TOO_FAR,
        "zu weit weg",
        "Das Angebot liegt außerhalb Ihres Umkreises. Was online oder überall in Ihrer Gemeinde möglich ist, bleibt.",
        _too_far,
        lambda profile: profile.where is not None,
        "umkreis",
    ),
)


class Excluded(NamedTuple):
    """Why an offer is left out: the first reason, and whether it is the `only` one."""

    gate: Gate
    only: bool

    @property
    def reason(self) -> str:
        return self.gate.reason


def standing(profile: Profile) -> tuple[Gate, ...]:
    """Return the gates that stand for somebody with this profile."""
    return tuple(gate for gate in GATES if gate.asks(profile))


def gate(offer: Offer, profile: Profile, now: datetime) -> Excluded | None:
    """Say why an offer is left out for somebody, None where it is not."""
    return judge(offer, profile, Moment.at(now), distance_km(offer, profile.where), standing(profile))


def judge(
    offer: Offer, profile: Profile, moment: Moment, distance: float | None, stand: tuple[Gate, ...]
) -> Excluded | None:
    """Like `gate`, for many offers: with what is the same for all of them worked out once."""
    first: Gate | None = None
    for one in stand:
        if one.leaves_out(offer, profile, moment, distance):
            if first is not None:
                return Excluded(first, only=False)
            first = one
    return None if first is None else Excluded(first, only=True)
