"""Which of several places of one name is meant where an instance is at home. Pure.

"Hamm" is the district of Hamburg for those who live there, "Neustadt" the one that is near and large; "Berlin" is
Berlin. A postcode or a region beside the name says it better, and is looked for before.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

HERE_KM = 15.0
"""Around home lies what people there name without its town."""
_METROPOLIS = 500_000  # inhabitants of a town that is meant by its name even where a district nearby has it too
_KNOWN = 100_000  # of one that is meant everywhere but where a place close by has its name
_FARTHEST_KM, _HALVED_KM = 150.0, 12.0  # beyond the one, nobody means a small town; at the other it counts half
_AT_HOME_KM = 0.1
_FAINT = 3  # of `pull` has a hamlet of which nobody thinks
_SMALL = 1 / 4  # of the people of a town has what nobody means beside it
_LEAST, _DISTRICT = 300, 10_000  # inhabitants where none are known, and of a district


@dataclass(frozen=True, slots=True)
class Namesake:
    """A place that has the name: how many live there and how far from home it is, in km.

    It is `whole` where it has no other name ("Neustadt", not "Neustadt an der Orla"); `district` is one of a town.
    """

    people: int
    away: float
    whole: bool
    district: bool = False


def meant(places: Sequence[Namesake]) -> int:
    """Return which of places, the most populous first, is meant near home."""
    first = places[0]
    here = [number for number, one in enumerate(places) if one.whole and one.away <= HERE_KM]
    if here and (first.people < _METROPOLIS or 0 in here):
        return max(here, key=lambda number: (places[number].district, places[number].people))
    if first.people >= _KNOWN:
        return 0
    near = [number for number, one in enumerate(places) if one.away <= _FARTHEST_KM and pull(one) >= _FAINT]
    return max(near, key=lambda number: pull(places[number]), default=0)


def is_plain(places: Sequence[Namesake], chosen: int) -> bool:
    """Say whether nobody means another one: it is home itself, or all others are small beside it and far away."""
    one = places[chosen]
    others = [other for number, other in enumerate(places) if number != chosen]
    at_home = one.whole and not one.district and one.away < _AT_HOME_KM
    return at_home or (one.people >= _KNOWN and all(other.people < one.people * _SMALL for other in others))


def pull(one: Namesake) -> float:
    """Return how much somebody near home means a place by its name: by its size, and by how near it is."""
    people = max(one.people, _DISTRICT if one.district else _LEAST)
    return math.log2(people) - (one.away / _HALVED_KM if math.isfinite(one.away) else 0)
