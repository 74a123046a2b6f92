"""What is at the times and the place that are asked for stands before what may be reached as well."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import BY_DATE
from fediverse_ehrenamt.search.model import Document, Facts
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.vocab import labels
from tests.search.making import NOW, document, filled

ALWAYS = tuple(f"{day}-{part}" for day in labels.WEEKDAY for part in labels.DAYPART)
MORNINGS = tuple(f"{day}-vormittags" for day in labels.WEEKDAY)
THURSDAYS = tuple(f"do-{part}" for part in labels.DAYPART)
WANTED = (("zeit", "do-vormittags"),)


def offer(number: int, *cells: str, flexible: bool = False) -> Document:
    """Return an offer; those with higher numbers were confirmed earlier."""
    facts = Facts(cells=cells, flexible=flexible)
    return document(number, title="Garten", text="", fresh_at=NOW - number * timedelta(days=9), facts=facts)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    times = [(1, ALWAYS), (2, MORNINGS), (3, THURSDAYS), (4, ("do-vormittags",)), (5, ())]
    return filled(tmp_path, [*(offer(number, *cells) for number, cells in times), offer(6, flexible=True)])


def order(index: Index, query: Query) -> list[int]:
    return [int(hit.document.id) for hit in index.find(query, NOW).hits]


@pytest.mark.parametrize(
    "query", [Query(text="garten", chosen=WANTED), Query(asked="garten donnerstags", chosen=WANTED)]
)
def test_what_is_then_alone_comes_first_and_what_is_always_last(index: Index, query: Query) -> None:
    found = order(index, query)
    assert (found[0], set(found[1:3]), found[3], set(found[4:])) == (4, {2, 3}, 1, {5, 6})
    assert [int(hit.document.id) for hit in index.best(query, NOW).hits] == found


def test_days_alone_prefer_no_daypart(index: Index) -> None:
    found = order(index, Query(text="garten", chosen=(("zeit", "do"),)))
    assert (set(found[:2]), set(found[2:4])) == ({3, 4}, {1, 2})


def test_whoever_sorts_otherwise_gets_that_order(index: Index) -> None:
    assert order(index, Query(text="garten", chosen=WANTED, sort=BY_DATE)) == [1, 2, 3, 4, 5, 6]
    assert order(index, Query(chosen=WANTED)) == [1, 2, 3, 4, 5, 6], "without words the newest stand first"


# --- the place --------------------------------------------------------------------------------------------------------
MIDDLE = (53.5, 10.0)
_DEGREE_KM = 111.2  # from north to south


def part(population: int) -> Spot:
    """Return a part of a town in the middle of it."""
    return Spot("Mittenfelde", "HH", *MIDDLE, "", population)


def away(number: int, kilometres: float) -> Document:
    """Return an offer so far north of the middle; those with higher numbers were confirmed earlier."""
    fresh_at = NOW - number * timedelta(days=9)
    north = MIDDLE[0] + kilometres / _DEGREE_KM
    return document(number, title="Garten", text="", fresh_at=fresh_at, latitude=north, longitude=MIDDLE[1])


@pytest.mark.parametrize(("population", "expected"), [(0, [4, 5, 1, 2, 3]), (200_000, [3, 4, 5, 1, 2])])
def test_what_is_in_the_place_itself_comes_before_what_the_radius_holds_too(
    tmp_path: Path, population: int, expected: list[int]
) -> None:
    index = filled(tmp_path, [away(1, 15), away(2, 12), away(3, 3.5), away(4, 1.9), away(5, 0.5)])
    whole = Query(text="garten", place="Mittenfelde", spot=part(population))
    assert order(index, whole) == expected
    assert order(index, replace(whole, text="", asked="garten in mittenfelde")) == expected, "of a question too"


def test_a_place_that_is_larger_than_the_radius_prefers_none(tmp_path: Path) -> None:
    index = filled(tmp_path, [away(1, 9), away(2, 1)])
    assert order(index, Query(text="garten", place="Mittenfelde", spot=part(3_000_000))) == [1, 2]


def test_whoever_sorts_by_date_gets_no_nearer_ones_first(tmp_path: Path) -> None:
    index = filled(tmp_path, [away(1, 9), away(2, 1)])
    assert order(index, Query(text="garten", place="Mittenfelde", spot=part(0), sort=BY_DATE)) == [1, 2]


def test_who_weighs_distances_by_itself_hears_how_the_words_fit(tmp_path: Path) -> None:
    index = filled(tmp_path, [away(1, 9), away(2, 1)])
    best = index.best(Query(text="garten", place="Mittenfelde", spot=part(0)), NOW)
    assert [hit.text_score for hit in best.hits] == pytest.approx([1.0, 1.0], abs=0.01)
