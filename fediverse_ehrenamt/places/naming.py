"""Which district a place is in, by what is written of it and by where it lies; nothing where that is not sure. Pure.

The postcode decides nothing: others than the known districts may share it. A point decides where it has no rival.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest

from fediverse_ehrenamt.kit.geo import distance_from, distance_km
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.districts import District
from fediverse_ehrenamt.places.gazetteer import Spot

_KEPT = 4_096
_LONGEST = 200  # characters of a text that are looked at
_MOST_PARTS = 6
_PARTS = re.compile(r"[,;:/|()&+]| [-–] | und ")
_WHOLE_KM, _ENDING_KM = 6.0, 2.5  # from the middle of a district that is named, by a whole text or by its end
_CLOSE_KM, _RIVAL = 1.0, 1.5  # from that of one that is not named, and how many times as far the next one must be
_MIDDLE_KM = 0.05  # a point so near to the middle of a town or a postcode stands for the whole of it
# Names that so many towns have, and words that so many houses end with, that alone they tell nothing.
_COMMON = frozenset([
    "altstadt", "berg", "dorf", "hafen", "innenstadt", "kernstadt", "markt", "mitte", "neustadt", "nord", "ost", "park",
    "stadtmitte", "sud", "west", "zentrum",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Written:
    """What is written of a place: the district that it names and how far from its middle that may be believed.

    `others` are those of its town by all their folded names, and each once in `near`, where one may be the nearest;
    `middles` are points that stand for a whole town.
    """

    named: District | None = None
    within: float = 0.0
    others: Mapping[str, District] = field(default_factory=dict)
    near: tuple[District, ...] = ()
    middles: tuple[tuple[float, float], ...] = ()


def district(name: str, locality: str, postcode: str, point: tuple[float, float] | None) -> District | None:
    """Return the district of a place in Germany; `point` (WGS 84 degrees) is where the place itself says that it is."""
    written = _read(name[:_LONGEST], locality[:_LONGEST], postcode[:_LONGEST], data.edition())
    if point is None or any(distance_km(*middle, *point) < _MIDDLE_KM for middle in written.middles):
        return written.named
    if written.named is not None:
        return written.named if _away(written.named, distance_from(*point)) <= written.within else None
    return _nearest(written.near, *point)


def _nearest(districts: Iterable[District], latitude: float, longitude: float) -> District | None:
    """Return the district whose middle is close, and no other one nearly so."""
    distance = distance_from(latitude, longitude)
    away = ((_away(one, distance), one.name, one) for one in districts)
    ranked = nsmallest(2, away)
    if not ranked or ranked[0][0] > _CLOSE_KM or any(far < _RIVAL * ranked[0][0] for far, _, _ in ranked[1:]):
        return None
    return ranked[0][2]


def _away(one: District, distance: Callable[[float, float], float]) -> float:
    """Return how far away a district is: its middle, or that of another one that was merged into it."""
    return min(distance(*middle) for middle in ((one.latitude, one.longitude), *one.middles))


@lru_cache(_KEPT)
def _read(name: str, locality: str, postcode: str, edition: int) -> _Written:
    town = _town(locality, postcode, edition)
    if not town.others:
        return town
    found = {one.name: (one, km) for part in _parts(name) for one, km in filter(None, [_named(part, town.others)])}
    if len(found) > 1:
        return _Written()  # two at once
    named, within = next(iter(found.values()), (None, 0.0))
    return _Written(named, within, town.others, town.near, town.middles)


@lru_cache(_KEPT)
def _town(locality: str, postcode: str, _edition: int) -> _Written:
    """Read the town: itself a district ("Hagen-Haspe", "Haspe" with a postcode of Hagen), or one that has districts."""
    whole = gazetteer.district(locality)
    if whole is not None:
        return _Written(whole, _WHOLE_KM)
    spot = gazetteer.find(locality) if locality else None
    code = gazetteer.find(postcode) if postcode else None
    alone = _alone(locality, spot, code)
    if alone is not None:
        return _Written(alone, _WHOLE_KM)
    if spot is None or gazetteer.district(spot.name) is not None:
        return _Written()
    middles = tuple((one.latitude, one.longitude) for one in (spot, code) if one is not None)
    near = tuple(gazetteer.districts(spot.name))
    return _Written(others=gazetteer.districts_by_name(spot.name), near=near, middles=middles)


def _alone(locality: str, spot: Spot | None, code: Spot | None) -> District | None:
    """Return the district that is named without its town, which the postcode says, or no other one is called so."""
    key = gazetteer.fold(locality)
    if code is not None:
        return gazetteer.districts_by_name(code.name).get(key)
    one = gazetteer.district(spot.name) if spot is not None else None
    alone = one is not None and key not in _COMMON and gazetteer.districts_by_name(one.town).get(key) == one
    return one if alone else None


def _parts(name: str) -> Iterator[str]:
    """Yield what a name is put together from, folded: "Bürgerhaus (Haspe)" names two things."""
    for part in dict.fromkeys((name, *_PARTS.split(name)[:_MOST_PARTS])):
        folded = gazetteer.fold(part)
        if folded:
            yield folded


def _named(part: str, known: Mapping[str, District]) -> tuple[District, float] | None:
    """Return the district that a part of a name is or ends with: "Haspe", "Bürgerhaus Haspe", "Bürgerhaus Hagen-Haspe".

    Beside it stands how far from its middle that may be believed.
    """
    words = part.split()
    for start in range(len(words)):
        key = " ".join(words[start:])
        one = known.get(key)
        if one is not None:
            if not start:
                return one, _WHOLE_KM
            sure = key not in _COMMON or words[start - 1] == gazetteer.fold(one.town).split()[-1]
            return (one, _ENDING_KM) if sure else None
    return None
