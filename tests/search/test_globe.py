"""Circles anywhere on the globe: what is found and counted in them is what a measuring of every Document finds."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search import clauses, counting, facets, measure
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import RADII_KM
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.search.query import Query
from tests.search.making import HAGEN, NOW, document, filled

_DAY = timedelta(days=1)
_MIDDLES = (
    (HAGEN.latitude, HAGEN.longitude),
    (51.36, 180.0),
    (-17.0, -179.9),
    (90.0, 12.0),
    (-90.0, -180.0),
    (-89.995, -179.995),
    (88.9, -60.0),
    (0.0, 0.0),
    (0.5, 179.0),
)
"""In a country, on the date line and close to it, at the poles and close to them, where both degrees change sign."""
_AREAS = ("sport", "kultur", "umwelt_tiere")
_MARGIN_KM = 1e-6  # so close to the circle itself the last digits decide, which a test may compute in another way


class _Globe:
    """An index and what it holds; no dataclass, for Hypothesis writes out all the fields of these."""

    def __init__(self, folder: Path, documents: list[Document]) -> None:
        self.index, self.documents = filled(folder, documents), documents


def _documents() -> list[Document]:
    rng = chance("globe", 20)
    made = []
    for number, middle in enumerate(_MIDDLES * 110, 1):
        away = rng.choice([0.0, 0.02, 0.2, 1.0])
        latitude = max(-90.0, min(90.0, middle[0] + rng.gauss(0, away)))
        longitude = (middle[1] + rng.gauss(0, 2 * away) + 180) % 360 - 180
        placed, is_event = rng.random() < 0.9, rng.random() < 0.6
        starts = NOW + rng.uniform(1, 60) * _DAY if is_event else None
        made.append(
            document(
                number,
                kind="event" if is_event else "opportunity",
                title=rng.choice(["Garten", "Lesen", "Garten und Lesen"]),
                areas=tuple(rng.sample(_AREAS, rng.randint(0, 2))),
                latitude=latitude if placed else None,
                longitude=rng.choice([longitude, longitude, middle[1]]) if placed else None,
                anywhere=rng.random() < 0.05,
                starts_at=starts,
                ends_at=starts,
            )
        )
    return made


@pytest.fixture(scope="module")
def globe(tmp_path_factory: pytest.TempPathFactory) -> _Globe:
    return _Globe(tmp_path_factory.mktemp("globe"), _documents())


def _distance(query: Query, one: Document) -> float:
    if one.anywhere:
        return 0.0
    if query.spot is None or one.latitude is None or one.longitude is None:
        return float("inf")
    return distance_km(query.spot.latitude, query.spot.longitude, one.latitude, one.longitude)


def _holds(query: Query, one: Document) -> bool:
    """Say whether a Document is what the words and the dates ask for."""
    has_words = not query.text or query.text in one.title
    return has_words and (
        query.since is None or (one.starts_at is not None and one.starts_at.astimezone(HOME).date() >= query.since)
    )


_QUERIES = st.builds(
    lambda middle, north, east, radius, text, areas, since: Query(
        text=text,
        place="x",
        spot=Spot("x", "", max(-90.0, min(90.0, middle[0] + north)), (middle[1] + east + 180) % 360 - 180, "", 1),
        radius_km=radius,
        areas=areas,
        since=since,
    ),
    st.sampled_from(_MIDDLES),
    st.sampled_from([0.0, 0.0, 0.1, -0.3]) | st.floats(-1, 1),
    st.sampled_from([0.0, 0.0, 0.1, -0.3]) | st.floats(-2, 2),
    st.sampled_from(RADII_KM),
    st.sampled_from(["", "Garten", "Lesen"]),
    st.sampled_from([(), ("sport",), ("sport", "kultur")]),
    st.none() | st.dates(date(2026, 12, 3), date(2026, 12, 30)),
)


@pytest.mark.parametrize(
    ("few", "edge", "usual"),
    [(1, 2_000, 200_000), (10_000, 2_000, 200_000), (10_000, 1, 200_000), (10_000, 2_000, 50)],
    ids=["many", "few", "few with many on the edge", "few in a large index"],
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_QUERIES)
def test_all_figures_equal_measuring_every_document(
    globe: _Globe, monkeypatch: pytest.MonkeyPatch, few: int, edge: int, usual: int, query: Query
) -> None:
    monkeypatch.setattr(measure, "MEASURED", few)
    monkeypatch.setattr(counting, "ON_EDGE", edge)
    monkeypatch.setattr(clauses, "USUAL", usual)
    distances = {one.id: _distance(query, one) for one in globe.documents}
    if any(abs(distance - query.radius_km) < _MARGIN_KM for distance in distances.values()):
        return
    asked = [one for one in globe.documents if _holds(query, one)]
    near = [one for one in asked if distances[one.id] <= query.radius_km]
    own_area = [one for one in near if not query.areas or set(query.areas) & set(one.areas)]

    index = Index(globe.index.folder.path)
    pages = [index.find(query.on_page(number), NOW) for number in range(1, -(-len(own_area) // 20) + 1)]
    found = index.find(query, NOW)
    assert {hit.document.id for page in pages for hit in page.hits} == {one.id for one in own_area}
    assert found.total == len(own_area)
    assert found.placeless == sum(
        one.latitude is None and not one.anywhere and (not query.areas or bool(set(query.areas) & set(one.areas)))
        for one in asked
    )
    undated = replace(query, since=None)
    assert found.undated == (query.since is not None) * sum(
        one.kind == "opportunity" and _holds(undated, one) and distances[one.id] <= query.radius_km
        for one in globe.documents
        if not query.areas or set(query.areas) & set(one.areas)
    )
    counts = index.counts(query, NOW, found.total).slugs
    of_areas = Counter(slug for one in near for slug in facets.slugs(one) if slug.startswith("bereich:"))
    assert {slug: number for slug, number in counts.items() if slug.startswith("bereich:")} == of_areas
    others = Counter(slug for one in own_area for slug in facets.slugs(one) if slug.startswith(("art:", "zeit:")))
    assert {slug: number for slug, number in counts.items() if slug.startswith(("art:", "zeit:"))} == others
