"""Reads where on the map an entry is: degrees as people and programs write them, or the metres of surveyors."""

import re
from collections.abc import Iterator

from fediverse_ehrenamt.kit import geo, grids
from fediverse_ehrenamt.places.districts import is_home
from fediverse_ehrenamt.places.gazetteer import Spot

Point = tuple[float, float]

_LONGEST = 200  # characters
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3}){1,2},\d{1,6}|\d{1,3}(?:\.\d{3}){2}")  # "5.690.123,4" metres
_SEXAGESIMAL = re.compile(
    r"[NSEOW]?\s?(\d{1,3})\s?°\s?(\d{1,2}(?:[.,]\d{1,6})?)\s?['′’]\s?"
    r"(?:(\d{1,2}(?:[.,]\d{1,6})?)\s?(?:[\"″”]|''))?\s?[NSEOW]?",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(-?\d{1,12}(?:\.\d{1,12})?)[\s,;/]+(-?\d{1,12}(?:\.\d{1,12})?)(?!\d)")
_COMMA_PAIR = re.compile(r"(\d{1,8},\d{1,12})[\s;/]+(\d{1,8},\d{1,12})(?!\d)")
_NEAR_KM = 60.0  # from the town that an entry names to where its point can be


def number(text: str) -> float | None:
    """Return one coordinate: "51.36", "51,36", "N 51° 21,6'", "5.690.123,4"; None of anything else."""
    bare = text.strip()[:_LONGEST]
    if _GROUPED.fullmatch(bare):
        return float(bare.replace(".", "").replace(",", "."))
    if plain := _NUMBER.fullmatch(bare.removesuffix("°").strip()):
        return float(plain[0].replace(",", "."))
    found = _SEXAGESIMAL.fullmatch(bare)
    if found is None:
        return None
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return degrees + minutes / 60 + seconds / 3600


def pair(text: str) -> Point | None:
    """Return the two numbers of a field that holds both: "51.36, 7.47", "POINT (7.47 51.36)"; None of anything else."""
    said = text[:_LONGEST]
    found = _COMMA_PAIR.search(said) or _PAIR.search(said)
    if found is None:
        angles = [number(one[0].strip()) for one in _SEXAGESIMAL.finditer(said)]
        first, second = (*angles, None, None)[:2]
        return (first, second) if first is not None and second is not None else None
    return float(found[1].replace(",", ".")), float(found[2].replace(",", "."))


def meant(one: float, other: float, near: Spot | None) -> Point | None:
    """Return the degrees (latitude first) that two numbers mean, whichever stands first, None where that is unclear.

    What can be at several places is where the town is that the entry names (`near`).
    """
    found = list(dict.fromkeys(_possible(one, other)))
    if len(found) == 1 or near is None:
        return found[0] if len(found) == 1 else None
    measured = [(geo.distance_km(*point, near.latitude, near.longitude), point) for point in found]
    distance, point = min(measured, default=(_NEAR_KM, None))
    return point if distance < _NEAR_KM else None


def _possible(one: float, other: float) -> Iterator[Point]:
    if is_home(one, other):
        yield one, other
    elif is_home(other, one):
        yield other, one  # FreiNet's geo_x is the latitude here and the longitude there
    for easting, northing in ((one, other), (other, one)):
        yield from (point for point in grids.points(easting, northing) if is_home(*point))
