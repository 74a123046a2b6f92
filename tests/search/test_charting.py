"""Charting: what a map shows of a search is all that lies in its frame, each counted once, however it is counted."""

import math
import random
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.kit.geo import EARTH_KM, distance_km
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search import charting, frames
from fediverse_ehrenamt.search.charting import EMPTY, Group, Unplaced
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import RADII_KM
from fediverse_ehrenamt.search.frames import GERMANY, Frame, NoFrame
from fediverse_ehrenamt.search.model import Document, Facts
from fediverse_ehrenamt.search.query import Query
from tests.search.making import HAGEN, NOW, document, filled

_MANY = 700
_AUDIENCES = ((), ("kinder",), ("aeltere",))


@dataclass(frozen=True, repr=False)
class World:
    index: Index
    documents: list[Document]

    def __repr__(self) -> str:
        return f"{len(self.documents)} documents"  # of which a failure does not show each


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Documents around Hagen, a tenth of them at one point, some anywhere, some without a point."""
    chance = random.Random(5)  # noqa: S311 - no secret
    documents = []
    for number in range(_MANY):
        placed, crowded = chance.random() < 0.9, chance.random() < 0.1
        documents.append(
            document(
                number,
                title=chance.choice(["Garten", "Lesen"]),
                text="",
                organisation="",
                facts=Facts(audiences=chance.choice(_AUDIENCES)),
                latitude=HAGEN.latitude + (0 if crowded else chance.gauss(0, 0.4)) if placed else None,
                longitude=HAGEN.longitude + (0 if crowded else chance.gauss(0, 0.6)) if placed else None,
                anywhere=chance.random() < 0.1,
                covered=chance.random() < 0.05,
            )
        )
    return World(filled(tmp_path_factory.mktemp("charted"), documents), documents)


def _matches(query: Query, one: Document) -> bool:
    facts = one.facts
    assert facts is not None
    silent_or_fits = not query.chosen or not facts.audiences or "kinder" in facts.audiences
    return not one.covered and (not query.text or query.text == one.title.casefold()) and silent_or_fits


def _shown(query: Query, frame: Frame, one: Document) -> bool:
    if one.anywhere or one.latitude is None or one.longitude is None or not frame.holds(one.latitude, one.longitude):
        return False
    spot = query.spot
    near = spot is None or (distance_km(spot.latitude, spot.longitude, one.latitude, one.longitude) <= query.radius_km)
    return near and _matches(query, one)


def _apart(one: Group, other: Group, zoom: int) -> float:
    """Return how many pixels at most a map has between two groups; it shows the equator in 256 pixels at zoom 0."""
    north = max(one.latitude, other.latitude)  # where it shows things largest
    kilometres = distance_km(one.latitude, one.longitude, other.latitude, other.longitude)
    equator = math.tau * EARTH_KM
    return kilometres / (equator * math.cos(math.radians(north))) * 256 * float(2**zoom)


_SPOTS = st.builds(
    Spot, st.just("x"), st.just("NW"), st.floats(50.9, 51.8), st.floats(6.8, 8.2), st.just(""), st.just(1)
)
_QUERIES = st.builds(
    Query,
    text=st.sampled_from(["", "garten", "fehlt"]),
    spot=st.one_of(st.none(), _SPOTS),
    radius_km=st.sampled_from(RADII_KM),
    chosen=st.sampled_from([(), (("zielgruppe", "kinder"),)]),
)
_FRAMES = st.builds(
    lambda west, south, width, height: Frame(west, south, west + width, south + height),
    st.floats(5, 8),
    st.floats(50, 51.5),
    st.floats(0.01, 5),
    st.floats(0.01, 3),
)


@pytest.mark.parametrize("few", [1, _MANY], ids=["counted by the engine", "looked at"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=_QUERIES, frame=_FRAMES, zoom=st.integers(0, frames.MOST_ZOOM))
def test_a_frame_shows_all_that_lies_in_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int, query: Query, frame: Frame, zoom: int
) -> None:
    monkeypatch.setattr(charting, "FEW", few)
    world.index._charts._held.clear()
    shown = [one for one in world.documents if _shown(query, frame, one)]
    found = world.index.chart(query, NOW, frame, zoom)
    assert found.total == len(shown) == sum(group.count for group in found.groups)
    assert world.index.find(query, NOW, frame).total == len(shown)
    assert len(found.groups) <= frames.MOST_CELLS or few == _MANY
    for group in found.groups:
        inside = [one for one in shown if group.frame.holds(one.latitude or 0, one.longitude or 0)]
        assert len(inside) >= group.count  # a frame around two that were joined may hold what belongs to a third
        assert {one.id for one in group.documents} <= {one.id for one in inside}
        assert group.documents or group.count > 1 or few == 1
    assert {one.id for one in shown} == {
        one.id for one in shown for group in found.groups if group.frame.holds(one.latitude or 0, one.longitude or 0)
    }
    for one, other in combinations(found.groups, 2):
        assert _apart(one, other, zoom) >= charting.MARKER


def test_close_to_it_a_crowd_at_one_point_is_one_group_that_names_its_first(world: World) -> None:
    frame = Frame(HAGEN.longitude - 0.001, HAGEN.latitude - 0.001, HAGEN.longitude + 0.001, HAGEN.latitude + 0.001)
    crowd = max(world.index.chart(Query(), NOW, frame, charting.CLOSE).groups, key=lambda group: group.count)
    assert crowd.count > charting.NAMED == len(crowd.documents)
    assert (crowd.latitude, crowd.longitude) == pytest.approx((HAGEN.latitude, HAGEN.longitude))
    assert world.index.chart(Query(), NOW, frame, charting.CLOSE - 1).groups[0].documents == ()


def _chart(folder: Path, points: list[tuple[float, float]], zoom: int) -> list[Group]:
    """Chart things that stand so many metres to the east and to the north of Hagen."""
    documents = [
        document(number, latitude=HAGEN.latitude + north / 111_195, longitude=HAGEN.longitude + east / 69_500)
        for number, (east, north) in enumerate(points)
    ]
    frame = Frame(HAGEN.longitude - 0.1, HAGEN.latitude - 0.1, HAGEN.longitude + 0.1, HAGEN.latitude + 0.1)
    return sorted(filled(folder, documents).chart(Query(), NOW, frame, zoom).groups, key=lambda group: -group.count)


def test_two_that_would_lie_on_one_another_are_one_that_names_both_until_one_is_near_enough(tmp_path: Path) -> None:
    points = [(0.0, 0.0), (120.0, 90.0)]  # 150 m: 12 pixels at zoom 13, 50 at zoom 15
    (both,) = _chart(tmp_path / "far", points, 13)
    assert (both.count, len(both.documents)) == (2, 2)
    assert [one.count for one in _chart(tmp_path / "near", points, 15)] == [1, 1]


def test_more_than_are_named_are_a_count_while_coming_nearer_parts_them(tmp_path: Path) -> None:
    points = [(float(east), 0.0) for east in range(charting.NAMED + 1)]  # a metre from each to the next
    (all_of_them,) = _chart(tmp_path / "far", points, 13)
    assert (all_of_them.count, all_of_them.documents) == (charting.NAMED + 1, ())
    nearest = _chart(tmp_path / "near", points, frames.MOST_ZOOM)
    assert sum(group.count for group in nearest) == charting.NAMED + 1
    assert all(group.documents for group in nearest)


def test_a_count_takes_in_the_one_that_would_lie_on_it_and_stays_where_it_is(tmp_path: Path) -> None:
    points = [(0.0, 0.0)] * 12 + [(30.0, 0.0)]
    (crowd,) = _chart(tmp_path, points, 15)
    assert crowd.count == len(points)
    assert (crowd.latitude, crowd.longitude) == pytest.approx((HAGEN.latitude, HAGEN.longitude), abs=1e-9)


def test_what_no_map_can_show_is_counted(world: World) -> None:
    left = [one for one in world.documents if not one.covered]
    anywhere = sum(one.anywhere for one in left)
    nowhere = sum(one.latitude is None and not one.anywhere for one in left)
    assert world.index.unplaced(Query(spot=HAGEN, radius_km=1), NOW) == Unplaced(anywhere, nowhere)
    assert world.index.find(Query(), NOW, NoFrame()).total == anywhere + nowhere
    shown = world.index.chart(Query(), NOW, Frame(-180, -90, 180, 90), 0)
    assert shown.total + anywhere + nowhere == world.index.find(Query(), NOW).total


def test_a_missing_or_broken_index_shows_nothing(tmp_path: Path) -> None:
    assert Index(tmp_path / "none").chart(Query(), NOW, GERMANY, 6) == EMPTY
    index = filled(tmp_path, [document(1, latitude=51.0, longitude=7.0)])
    index.refresh()
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file() and file.suffix in {".fast", ".idx", ".term"}:
            file.unlink()  # emptied in place, it would end the engine's threads that read it just now, and us
            file.write_bytes(b"")
    assert index.unplaced(Query(), NOW).anywhere == 0


@pytest.mark.parametrize("frame", [GERMANY, Frame(-180, -90, 180, 90), Frame(7, 51, 7.00001, 51.00001)])
def test_a_frame_has_few_cells_at_every_zoom(frame: Frame) -> None:
    for zoom in range(frames.MOST_ZOOM + 1):
        grid = frames.grid(frame, zoom)
        south, west = grid.cell(frame.south, frame.west)
        north, east = grid.cell(frame.north, frame.east)
        assert (north - south + 1) * (east - west + 1) <= frames.MOST_CELLS


def test_a_frame_is_read_as_it_was_written() -> None:
    frame = Frame(7.123456789, 51.0, 7.5, 51.25)
    assert str(frame) == "7.12346,51,7.5,51.25"
    assert frames.read_where(str(frame)) == frames.read(str(frame)) == Frame(7.12346, 51.0, 7.5, 51.25)
    assert frames.read_where(str(NoFrame())) == NoFrame()


def test_a_frame_around_others_holds_them_and_stays_on_the_earth() -> None:
    assert frames.around([], 1) is None
    assert frames.around([Frame(7, 51, 7, 51), Frame(9, 50, 10, 52)], 0.5) == Frame(6.5, 49.5, 10.5, 52.5)
    assert frames.around([Frame(-180, -90, 180, 90)], 1) == Frame(-180, -90, 180, 90)


@pytest.mark.parametrize(
    "text",
    ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,0,inf,1", "8,51,7,52", "7,52,8,51", "7,51,181,52", "7," * 99],
)
def test_what_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        frames.read(text)


@pytest.mark.parametrize("text", ["", "-1", "20", "6.5", "²", "9" * 400])
def test_what_is_no_zoom_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        frames.read_zoom(text)
    assert frames.read_zoom("19") == frames.MOST_ZOOM
