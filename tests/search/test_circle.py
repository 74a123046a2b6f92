"""Circles: the cells and the measuring together hold exactly the points that are near."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.search.circle import FINE, PLACED, ROUGH, Circle, along, cells, cover

_LATITUDES = st.floats(-90, 90)
_LONGITUDES = st.floats(-180, 180)


def _by_vectors(circle: Circle, latitude: float, longitude: float) -> float:
    """The distance by another formula: the angle between two vectors (atan2 of cross and dot product)."""

    def vector(north: float, east: float) -> tuple[float, float, float]:
        phi, lam = math.radians(north), math.radians(east)
        return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)

    a, b = vector(circle.latitude, circle.longitude), vector(latitude, longitude)
    cross = math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return 6371.0088 * math.atan2(cross, sum(x * y for x, y in zip(a, b, strict=True)))


def _by_haversine(circle: Circle, latitude: float, longitude: float) -> bool:
    """The formula that decides at the last digit, by itself."""
    north, east, level, reach = circle.round()
    half = math.pi / 360
    up, aside = math.sin((latitude - north) * half), math.sin((longitude - east) * half)
    return up * up + level * math.cos(latitude * 2 * half) * aside * aside <= reach


def test_known_distance() -> None:
    berlin, hamburg = (52.5200, 13.4050), (53.5511, 9.9937)
    assert abs(distance_km(*berlin, *hamburg) - 255.3) < 0.5


@pytest.mark.parametrize("cells_to_a_radius", [FINE, ROUGH])
@given(_LATITUDES, _LONGITUDES, st.sampled_from((5, 10, 20, 50, 100)), st.floats(0, 3), st.floats(0, 2 * math.pi))
def test_points_are_where_the_cover_says(
    cells_to_a_radius: float, lat: float, lon: float, radius: int, share: float, angle: float
) -> None:
    circle = Circle(lat, lon, float(radius))
    reach = share * radius / 111.2
    north = max(-90.0, min(90.0, lat + reach * math.cos(angle)))
    east = lon + reach * math.sin(angle) / max(0.01, math.cos(math.radians(lat)))
    east = (east + 180) % 360 - 180
    distance = _by_vectors(circle, north, east)
    assert abs(distance_km(lat, lon, north, east) - distance) < 1e-3
    if abs(distance - radius) > 1e-6:
        assert circle.hold([north], [east]) == [distance < radius]
    assert circle.hold([north], [east]) == [_by_haversine(circle, north, east)]
    covering = cover(circle, cells_to_a_radius)
    own = {PLACED, *cells(north, east)}
    if distance <= radius:
        assert own & {*covering.inside, *covering.edge}
    if own & set(covering.inside):
        assert distance <= radius
    assert not set(covering.inside) & set(covering.edge)


def test_no_coordinates_count_as_near() -> None:
    assert Circle(51.0, 7.0, 5.0).hold([None, 51.0, None], [None, 7.0, 7.0]) == [True, True, True]


@given(st.floats(47, 55), st.floats(6, 15), st.sampled_from((5, 10, 20, 50, 100)))
def test_covers_in_germany_are_small_and_thin_edged(lat: float, lon: float, radius: int) -> None:
    covering = cover(Circle(lat, lon, float(radius)), FINE)
    assert 25 < len(covering.inside) < 350
    assert len(covering.edge) < 350


@given(st.floats(47, 55), st.floats(6, 15), st.sampled_from((5, 10, 20, 50, 100)))
def test_rough_covers_in_germany_are_few_cells(lat: float, lon: float, radius: int) -> None:
    covering = cover(Circle(lat, lon, float(radius)), ROUGH)
    assert len(covering.inside) + len(covering.edge) < 80


@given(_LATITUDES, _LONGITUDES)
def test_what_shares_a_cell_lies_on_one_stretch_of_the_curve(lat: float, lon: float) -> None:
    """A cell of the coarser grids is a square of 2, 4, 8 … finest cells to a side, so a stretch as long as its area."""
    row, column = int((lat + 90) * 128), int((lon + 180) * 128)
    for doubled in range(8):
        side = 1 << doubled
        corner = along((row // side * side + 0.5) / 128 - 90, (column // side * side + 0.5) / 128 - 180)
        assert corner <= along(lat, lon) < corner + side * side
