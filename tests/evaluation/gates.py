"""Gates against a second, plain statement of the rules, over generated pairs of offer and profile: zero violations.

The second statement shares no code with `fediverse_ehrenamt.matching.gates`: it says what a person must never be shown,
and that nothing else may be kept from them. A pair is a violation where the two disagree: something was shown that must
not be, something was hidden without a reason, or another reason was told than one that holds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.matching import gates, rules
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile
from fediverse_ehrenamt.matching.weights import Weights
from tests.matching import chances
from tests.matching.chances import NOW

EXAMPLES = 500  # that hypothesis draws, each with
OFFERS, PROFILES = 20, 4
_ON_THE_LINE = 1e-6  # kilometres from the edge of a circle, where two ways to measure may differ
_YOUNGEST_OF = {"u14": 0, "14_15": 14, "16_17": 16}
_MET_AT_HOME = {
    "stufenlos", "rollstuhl_wc", "aufzug", "leitsystem", "induktionsschleife", "ruhiger_ort", "assistenzhund",
    "sitzend_moeglich",
}  # fmt: skip


@dataclass(slots=True)
class _Tally:
    pairs: int = 0
    shown: int = 0
    hidden: int = 0
    reasons: int = 0
    lists: int = 0


def run(examples: int = EXAMPLES) -> dict[str, float]:
    """Compare all pairs; `gates_violations` is to be 0."""
    tally = _Tally()

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**48))
    def compare(seed: int) -> None:
        dice = Random(seed)  # noqa: S311 - no secret
        offers = [chances.offer(dice) for _ in range(OFFERS)]
        for _ in range(PROFILES):
            _judge(offers, chances.profile(dice), tally)

    compare()
    return {
        "gates_pairs": tally.pairs,
        "gates_violations": tally.shown + tally.hidden + tally.reasons + tally.lists,
        "gates_shown_that_must_not": tally.shown,
        "gates_hidden_without_reason": tally.hidden,
        "gates_wrong_reason": tally.reasons,
        "gates_wrong_lists": tally.lists,
    }


def _judge(offers: list[Offer], profile: Profile, tally: _Tally) -> None:
    allowed = []
    for offer in offers:
        if _on_the_line(offer, profile):
            continue
        right, found = set(forbidden(offer, profile)), gates.gate(offer, profile, NOW)
        tally.pairs += 1
        tally.shown += bool(right) and found is None
        tally.hidden += not right and found is not None
        tally.reasons += found is not None and bool(right) and found.reason not in right
        tally.reasons += found is not None and bool(right) and found.only != (len(right) == 1)
        allowed += [] if right else [offer]
    listed = [offer for offer in offers if not _on_the_line(offer, profile)]
    order = rules.order(listed, profile, Weights(), NOW)
    shown = sorted(id(match.offer) for match in order.matches)
    counted = len(order.matches) + sum(left.count for left in order.left)
    tally.lists += shown != sorted(map(id, allowed)) or counted != len(listed)


# --- the rules, said a second time ------------------------------------------------------------------------------------
def forbidden(offer: Offer, profile: Profile) -> Iterator[str]:
    """Yield every reason for which this offer must not be shown to somebody with this profile."""
    if offer.status in ("besetzt", "pausiert", "abgelaufen", "abgesagt"):
        yield "geschlossen"
    yesterday = NOW.date() - timedelta(days=1)
    ended = offer.expires_at is not None and not offer.expires_at > NOW
    if ended or any(day and day <= yesterday for day in (offer.apply_by, offer.end)):
        yield "vorbei"
    if offer.confirmed_at and (NOW - offer.confirmed_at).total_seconds() > 365 * 24 * 3600:
        yield "unbestaetigt"
    if profile.age and offer.maximum_age is not None and {**_YOUNGEST_OF, "ab_18": 18}[profile.age] > offer.maximum_age:
        yield "hoechstalter"
    if profile.age in _YOUNGEST_OF:
        yield from _for_the_young(offer, profile.age)
    yield from _must_haves(offer, profile)
    yield from _places(offer, profile)


def _for_the_young(offer: Offer, age: str) -> Iterator[str]:
    limit = offer.minimum_age
    if limit is not None and not _YOUNGEST_OF[age] >= limit:
        yield "mindestalter"
    ticked = {"u14": "u14", "14_15": "u18", "16_17": "u18"}[age] in offer.suitable_for
    welcome = offer.for_minors if offer.for_minors is not None else ticked
    if not welcome and (limit is None or offer.for_minors is False):
        yield "jugendschutz"


def _must_haves(offer: Offer, profile: Profile) -> Iterator[str]:
    if "nicht_barrierefrei" in offer.accessibility:
        unmet = {need for need in profile.needs if need not in offer.accessibility}
        if unmet - (_MET_AT_HOME if offer.mode == "online" else set()):
            yield "barrieren"
    if profile.german_level == "kein" and offer.german_level not in ("", "unbekannt", "nicht_noetig"):
        yield "deutsch"
    if profile.no_clearance and offer.clearance in ("einfach", "erweitert"):
        yield "fuehrungszeugnis"


def _places(offer: Offer, profile: Profile) -> Iterator[str]:
    if profile.online == "nein" and offer.mode == "online":
        yield "nur_online"
    if profile.online == "nur" and offer.mode not in ("online", "", "unbekannt"):
        yield "nicht_online"
    far = _kilometres(offer, profile)
    if profile.where and far is not None and far > profile.where.radius_km and offer.mode != "online":
        home = offer.mode == "beliebig_im_gebiet" and bool(offer.municipality)
        if not (home and f"{profile.where.municipality} ".startswith(f"{offer.municipality} ")):
            yield "zu_weit"


def _kilometres(offer: Offer, profile: Profile) -> float | None:
    """Measure by the chord between two points on the unit sphere."""
    if profile.where is None or offer.latitude is None or offer.longitude is None:
        return None
    here, there = (
        (math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b))
        for b, a in (
            (math.radians(profile.where.latitude), math.radians(profile.where.longitude)),
            (math.radians(offer.latitude), math.radians(offer.longitude)),
        )
    )
    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(here, there) / 2))


def _on_the_line(offer: Offer, profile: Profile) -> bool:
    far = _kilometres(offer, profile)
    return far is not None and profile.where is not None and abs(far - profile.where.radius_km) < _ON_THE_LINE
