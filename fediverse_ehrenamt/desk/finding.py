"""Finds the place that somebody means while writing: choices from the gazetteer, which asks no other machine."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fediverse_ehrenamt.desk.fields import LATITUDE, LONGITUDE
from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot

CHOICE: Final = "place.choice"
POSTCODE, LOCALITY = "place.postcode", "place.locality"
_MOST, _NAMES = 12, 5  # choices, and those of them that are only spelt likewise
_SHORTEST: Final = 2  # characters of a beginning that says something
_LONGEST: Final = 120
_FAR_KM: Final = 20.0  # from the middle of its town, a point is probably that of another place
_BOX, _MOST_AROUND = 0.3, 1_000  # degrees to each side, and the places in there that are looked at
_DIGITS: Final = 5  # behind the point: a metre
_POLE, _DATE_LINE = 90.0, 180.0
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that may be meant, and its federal state; degrees are WGS 84, `value` is what its control sends."""

    name: str
    postcode: str
    region: str
    latitude: float
    longitude: float

    @property
    def value(self) -> str:
        return f"{degrees(self.latitude)};{degrees(self.longitude)};{self.postcode};{self.name}"


def choices(typed: Typed) -> list[Choice]:
    """Return the places that may be meant by what is typed, the likeliest first; none where it is one of them."""
    postcode, locality = _first(typed, POSTCODE), _first(typed, LOCALITY)
    found = list(dict.fromkeys(_spots(postcode, locality)))[:_MOST]
    return [] if any((one.postcode, one.name) == (postcode, locality) for one in found) else found


def taken(value: str) -> dict[str, list[str]] | None:
    """Return what is typed of a place once a choice is taken, None where that is none."""
    parts = value[: 2 * _LONGEST].split(";", 3)
    if len(parts) != len(("latitude", "longitude", "postcode", "name")):
        return None
    latitude, longitude, postcode, name = (part.strip() for part in parts)
    if point({LATITUDE: [latitude], LONGITUDE: [longitude]}) is None or not name:
        return None
    said = {LATITUDE: latitude, LONGITUDE: longitude, POSTCODE: postcode, LOCALITY: name}
    return {term: [text] for term, text in said.items() if text}


def point(typed: Typed) -> tuple[float, float] | None:
    """Return the point that is typed, None where there is none on the earth."""
    try:
        latitude, longitude = (float(_first(typed, term).replace(",", ".")) for term in (LATITUDE, LONGITUDE))
    except ValueError:
        return None
    there = math.isfinite(latitude) and abs(latitude) <= _POLE and math.isfinite(longitude)
    return (latitude, longitude) if there and abs(longitude) <= _DATE_LINE else None


def middle(typed: Typed) -> tuple[float, float] | None:
    """Return the middle of the town or the postcode that is typed."""
    for clue in (_first(typed, POSTCODE), _first(typed, LOCALITY)):
        if clue and (spot := gazetteer.find(clue, at_home=True)):
            return spot.latitude, spot.longitude
    return None


def away(typed: Typed) -> int:
    """Return how many kilometres a point is from the town that it should be in, 0 where that may well be."""
    here, town = point(typed), middle(typed)
    distance = distance_km(*here, *town) if here and town else 0.0
    return round(distance) if distance > _FAR_KM else 0


def elsewhere(typed: Typed) -> str:
    """Return the town of a postcode that is far from the town beside it, "" where both may well be one place."""
    postcode, locality = _first(typed, POSTCODE), _first(typed, LOCALITY)
    there, town = (gazetteer.find(clue, at_home=True) if clue else None for clue in (postcode, locality))
    if there is None or town is None or distance_km(*_degrees_of(there), *_degrees_of(town)) <= _FAR_KM:
        return ""
    south, west = there.latitude - _BOX, there.longitude - _BOX
    around = gazetteer.inside(south, west, there.latitude + _BOX, there.longitude + _BOX, _MOST_AROUND)
    named = gazetteer.fold(locality)  # of places with one name, `find` knows the largest
    return "" if any(gazetteer.fold(one.name).startswith(named) for one in around) else there.name


def _degrees_of(spot: Spot) -> tuple[float, float]:
    return spot.latitude, spot.longitude


def degrees(value: float) -> str:
    """Write degrees as the form has them: "51,35710"."""
    return f"{value:.{_DIGITS}f}".replace(".", ",")


def _spots(postcode: str, locality: str) -> Iterator[Choice]:
    clue = f"{postcode} {locality}".strip()
    if len(clue) < _SHORTEST:
        return
    found = gazetteer.find(clue, at_home=True) or gazetteer.find(locality, at_home=True)
    if found is not None:
        yield _choice(found)
        for one in gazetteer.districts(found.name)[:_MOST]:
            yield Choice(one.label, one.postcode, _state(found), one.latitude, one.longitude)
    yield from map(_choice, gazetteer.suggest(locality, _NAMES))


def _choice(spot: Spot) -> Choice:
    return Choice(spot.name, spot.postcode, _state(spot), spot.latitude, spot.longitude)


def _state(spot: Spot) -> str:
    return gazetteer.REGION_NAMES.get(spot.region, spot.region)


def _first(typed: Typed, term: str) -> str:
    return next(iter(typed.get(term, ())), "").strip()[:_LONGEST]
