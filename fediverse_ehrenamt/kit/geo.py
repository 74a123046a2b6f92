"""Distances on the globe: the haversine formula over the mean radius of the earth. Degrees are WGS 84."""

import math
from collections.abc import Callable

EARTH_KM = 6371.0088  # mean radius (IUGG)


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance of two points."""
    return distance_from(latitude, longitude)(other_latitude, other_longitude)


def distance_from(latitude: float, longitude: float) -> Callable[[float, float], float]:
    """Return `distance_km` from one point, for thousands of others: what is the same for all is worked out once."""
    half = math.pi / 360
    level, across = math.cos(latitude * 2 * half), 2 * EARTH_KM
    sin, cos, asin, sqrt = math.sin, math.cos, math.asin, math.sqrt

    def distance(other_latitude: float, other_longitude: float) -> float:
        rise, turn = sin((other_latitude - latitude) * half), sin((other_longitude - longitude) * half)
        chord = sqrt(rise * rise + level * cos(other_latitude * 2 * half) * turn * turn)
        return across * asin(chord) if chord < 1 else across * math.pi / 2

    return distance
