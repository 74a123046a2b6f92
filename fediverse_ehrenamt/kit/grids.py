"""Degrees from the coordinates of German surveyors: UTM (ETRS89, EPSG:25831–25833) and Gauß-Krüger (DHDN, 31466–31469).

The inverse of the transverse Mercator projection by Krüger's series to the fourth order in the third flattening
(millimetres within a zone); from Bessel's ellipsoid to WGS 84 by the seven parameters of EPSG:1777, good to 3 m.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_NORTHINGS = (5_150_000.0, 6_200_000.0)  # metres, of Germany
_ZONE_METRES = 1_000_000
_FALSE_EASTING = 500_000.0
_UTM_EASTINGS = (200_000.0, 950_000.0)
_UTM_ZONES, _UTM_SCALE = (32, 33, 31), 0.9996
_GK_ZONES = (2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class _Ellipsoid:
    """A reference ellipsoid: its equatorial radius in metres and its flattening."""

    radius: float
    flattening: float


_GRS80: Final = _Ellipsoid(6_378_137.0, 1 / 298.257222101)
_BESSEL: Final = _Ellipsoid(6_377_397.155, 1 / 299.1528128)
# EPSG:1777, DHDN to WGS 84 (position vector): metres, arc seconds, parts per million.
_SHIFT, _TURN, _STRETCH = (598.1, 73.7, 418.2), (0.202, 0.045, -2.455), 6.7


def points(easting: float, northing: float) -> Iterator[tuple[float, float]]:
    """Yield latitude and longitude of all that two numbers (metres) can mean in Germany; nothing for other numbers.

    A UTM easting without its zone ("394000") may be in any of three, each some 400 km from the next.
    """
    if not _NORTHINGS[0] <= northing <= _NORTHINGS[1]:
        return
    zone, within = divmod(easting, _ZONE_METRES)
    if not _UTM_EASTINGS[0] <= within <= _UTM_EASTINGS[1]:
        return
    if zone in _GK_ZONES:
        yield _from_bessel(*_degrees(within, northing, 3.0 * zone, 1.0, _BESSEL))
    for utm in _UTM_ZONES:
        if zone in {0, utm}:
            yield _degrees(within, northing, 6.0 * utm - 183, _UTM_SCALE, _GRS80)


def _degrees(easting: float, northing: float, meridian: float, scale: float, on: _Ellipsoid) -> tuple[float, float]:
    """Return degrees on an ellipsoid of a point in a zone around a meridian (Krüger 1912)."""
    n = on.flattening / (2 - on.flattening)
    arc = on.radius / (1 + n) * (1 + n**2 / 4 + n**4 / 64) * scale
    xi, eta = northing / arc, (easting - _FALSE_EASTING) / arc
    beta = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    north, east = xi, eta
    for order, factor in enumerate(beta, 1):
        north -= factor * math.sin(2 * order * xi) * math.cosh(2 * order * eta)
        east -= factor * math.cos(2 * order * xi) * math.sinh(2 * order * eta)
    chi = math.asin(math.sin(north) / math.cosh(east))
    delta = (
        2 * n - 2 * n**2 / 3 - 2 * n**3 + 116 * n**4 / 45,
        7 * n**2 / 3 - 8 * n**3 / 5 - 227 * n**4 / 45,
        56 * n**3 / 15 - 136 * n**4 / 35,
        4279 * n**4 / 630,
    )
    latitude = chi + sum(factor * math.sin(2 * order * chi) for order, factor in enumerate(delta, 1))
    return math.degrees(latitude), meridian + math.degrees(math.atan2(math.sinh(east), math.cos(north)))


def _from_bessel(latitude: float, longitude: float) -> tuple[float, float]:
    """Return WGS 84 degrees of a point on Bessel's ellipsoid, at the ground."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    eccentricity = _BESSEL.flattening * (2 - _BESSEL.flattening)
    normal = _BESSEL.radius / math.sqrt(1 - eccentricity * math.sin(phi) ** 2)
    x, y = normal * math.cos(phi) * math.cos(lam), normal * math.cos(phi) * math.sin(lam)
    z = normal * (1 - eccentricity) * math.sin(phi)
    around_x, around_y, around_z = (math.radians(seconds / 3600) for seconds in _TURN)
    scale = 1 + _STRETCH / 1e6
    x, y, z = (
        _SHIFT[0] + scale * (x - around_z * y + around_y * z),
        _SHIFT[1] + scale * (around_z * x + y - around_x * z),
        _SHIFT[2] + scale * (-around_y * x + around_x * y + z),
    )
    eccentricity = _GRS80.flattening * (2 - _GRS80.flattening)
    across = math.hypot(x, y)
    phi = math.atan2(z, across * (1 - eccentricity))
    for _ in range(4):
        normal = _GRS80.radius / math.sqrt(1 - eccentricity * math.sin(phi) ** 2)
        phi = math.atan2(z + eccentricity * normal * math.sin(phi), across)
    return math.degrees(phi), math.degrees(math.atan2(y, x))
