"""Where on the map an entry is: the metres of surveyors against a second formula, and what people write into cells."""

import math

import pytest

from fediverse_ehrenamt.imports import spots
from fediverse_ehrenamt.kit import geo, grids
from fediverse_ehrenamt.listings import points
from fediverse_ehrenamt.listings.points import Point
from fediverse_ehrenamt.places import gazetteer
from tests.listings.reading import read

_GRS80 = (6_378_137.0, 0.006694380022900788)  # equatorial radius in metres, squared eccentricity
_BESSEL = (6_377_397.155, 0.006674372230614)


def projected(point: Point, meridian: float, scale: float, on: tuple[float, float]) -> Point:
    """Return easting and northing by the series in powers of the longitude (Snyder 1987, 8-9 to 8-15)."""
    (radius, e2), phi = on, math.radians(point[0])
    second = e2 / (1 - e2)
    normal = radius / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    tangent, bend = math.tan(phi) ** 2, second * math.cos(phi) ** 2
    a = math.cos(phi) * math.radians(point[1] - meridian)
    arc = radius * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * phi)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * phi)
        - 35 * e2**3 / 3072 * math.sin(6 * phi)
    )
    fifth = (5 - 18 * tangent + tangent**2 + 72 * bend - 58 * second) * a**5 / 120
    easting = scale * normal * (a + (1 - tangent + bend) * a**3 / 6 + fifth)
    sixth = (61 - 58 * tangent + tangent**2 + 600 * bend - 330 * second) * a**6 / 720
    fourth = (5 - tangent + 9 * bend + 4 * bend**2) * a**4 / 24
    return easting + 500_000, scale * (arc + normal * math.tan(phi) * (a**2 / 2 + fourth + sixth))


@pytest.mark.parametrize(
    ("point", "zone"),
    [((51.3601, 7.4712), 32), ((47.6, 7.6), 32), ((54.9, 8.3), 32), ((52.5163, 13.3777), 33), ((51.05, 11.9), 32)],
)
def test_utm_is_read_to_the_centimetre(point: Point, zone: int) -> None:
    easting, northing = projected(point, 6 * zone - 183, 0.9996, _GRS80)
    found = min(grids.points(easting, northing), key=lambda one: geo.distance_km(one[0], one[1], *point))
    assert geo.distance_km(*found, *point) < 1e-5
    (same,) = grids.points(zone * 1_000_000 + easting, northing)
    assert same == pytest.approx(found, abs=1e-9)


def test_a_point_that_is_printed_in_textbooks() -> None:
    """50° north on the central meridian of zone 32 is 5,538,630.70 m from the equator."""
    (found,) = grids.points(32_500_000, 5_538_630.70)
    assert found == pytest.approx((50, 9), abs=1e-7)


@pytest.mark.parametrize(("bessel", "zone"), [((51.3601, 7.4712), 2), ((48.1, 11.5), 4), ((52.5, 13.4), 5)])
def test_gauss_krueger_is_moved_to_another_ellipsoid_by_some_hundred_metres(bessel: Point, zone: int) -> None:
    easting, northing = projected(bessel, 3 * zone, 1, _BESSEL)
    (found,) = grids.points(zone * 1_000_000 + easting, northing)
    assert 0.08 < geo.distance_km(*found, *bessel) < 0.2
    assert found[0] < bessel[0]
    assert found[1] < bessel[1]


@pytest.mark.parametrize(
    ("easting", "northing"), [(394_000, 6_900_000), (1, 5_600_000), (9_400_000, 5_600_000), (7, 51)]
)
def test_other_numbers_are_no_points(easting: float, northing: float) -> None:
    assert not list(grids.points(easting, northing))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("51.36", 51.36),
        ("51,36", 51.36),
        (" 7,4712° ", 7.4712),
        ("51° 21' 36\" N", 51.36),
        ("N 51° 21,6'", 51.36),
        ("5.690.123,4", 5_690_123.4),
        ("5.690.123", 5_690_123),
        ("x", None),
        ("", None),
        ("51° nördlich", None),
    ],
)
def test_one_coordinate(text: str, value: float | None) -> None:
    assert points.number(text) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("51.36, 7.47", (51.36, 7.47)),
        ("51,36; 7,47", (51.36, 7.47)),
        ("POINT (7.47 51.36)", (7.47, 51.36)),
        ("POINT(32393000.5 5690000)", (32_393_000.5, 5_690_000)),
        ("51° 21' 36\" N, 7° 28' 12\" O", (51.36, 7.47)),
        ("am Brunnen", None),
        ("", None),
    ],
)
def test_both_in_one_field(text: str, value: Point | None) -> None:
    assert points.pair(text) == (None if value is None else pytest.approx(value))


def test_whichever_stands_first() -> None:
    assert points.meant(7.47, 51.36, None) == points.meant(51.36, 7.47, None) == (51.36, 7.47)


def test_an_easting_without_its_zone_is_where_its_town_is() -> None:
    easting, northing = projected((51.3601, 7.4712), 9, 0.9996, _GRS80)
    assert points.meant(easting, northing, None) is None
    for given in ((easting, northing), (northing, easting)):
        assert points.meant(*given, gazetteer.find("Hagen")) == pytest.approx((51.3601, 7.4712), abs=1e-6)
    assert points.meant(easting, northing, gazetteer.find("München")) is None


@pytest.mark.parametrize(
    "table",
    [
        "Titel;Ort;Rechtswert;Hochwert\nVorlesen;Hagen;393557,96;5691087,71\n",
        "Titel;Ort;X;Y\nVorlesen;;32393557.96;5691087.71\n",
        "Titel;Ort;Koordinaten\nVorlesen;Hagen;51.3601, 7.4712\n",
        "Titel;Ort;Lat;Lon\nVorlesen;Hagen;7,4712;51,3601\n",
        "Titel;Ort;WKT\nVorlesen;Hagen;POINT (7.4712 51.3601)\n",
    ],
)
def test_columns_of_open_data(table: str) -> None:
    (record,), faults = read(table)
    assert not faults
    place = spots.place(record, of_event=False)
    assert place is not None
    assert (place.latitude, place.longitude) == pytest.approx((51.3601, 7.4712), abs=1e-3)
