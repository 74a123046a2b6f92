"""Tells apart places that have one name: which one is meant here, and by what the others are found."""

from functools import lru_cache

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places import data, gazetteer, namesakes
from fediverse_ehrenamt.places.gazetteer import REGION_NAMES, Spot

_MOST = 3
_NEAREST = 2  # of them are those that are meant next to here; the last one is the largest
_APART_KM = 1.0
_KEPT = 1_024  # names


def others(text: str) -> tuple[str, ...]:
    """Return by what those places are found that a name may mean beside the one that it is taken for at home.

    There are none where hardly anybody means another one, and where more than a name is written.
    """
    return _others(text, data.edition())


@lru_cache(_KEPT)
def _others(text: str, _edition: int) -> tuple[str, ...]:
    named, chosen = gazetteer.of_one_name(text), gazetteer.find(text, at_home=True)
    spots = [spot for spot, _as in named]
    if chosen not in spots or namesakes.is_plain([one for _spot, one in named], spots.index(chosen)):
        return ()
    near = sorted(named, key=lambda pair: -namesakes.pull(pair[1]))
    ways = (_way_to(spot) for spot, _as in (*near[: _NEAREST + 1], *named) if _are_apart(spot, chosen))
    return tuple(dict.fromkeys(filter(None, ways)))[:_MOST]


def apart(text: str) -> str:
    """Return how a place is called where others have its name too: "Hamm (Hamburg)", else what was written."""
    return _apart(text, data.edition())


@lru_cache(_KEPT)
def _apart(text: str, _edition: int) -> str:
    spot = gazetteer.find(text, at_home=True) if others(text) else None
    return (_way_to(spot) if spot is not None else "") or text


def _way_to(spot: Spot) -> str:
    """Return a name by which a place is found here, and no other one, "" where there is none."""
    region = f"{spot.name} ({REGION_NAMES[spot.region]})"
    alone = len(gazetteer.of_one_name(spot.name)) == 1
    ways = (spot.name if alone else "", region, f"{spot.postcode} {spot.name}" if spot.postcode else "", spot.name)
    found = ((way, gazetteer.find(way, at_home=True)) for way in ways if way)
    return next((way for way, one in found if one is not None and not _are_apart(one, spot)), "")


def _are_apart(one: Spot, other: Spot) -> bool:
    return distance_km(one.latitude, one.longitude, other.latitude, other.longitude) > _APART_KM
