"""Saved searches as a process holds them: read some at a time, kept up with what others add and remove."""

from collections.abc import Iterable

import pytest

from fediverse_ehrenamt.places import data
from fediverse_ehrenamt.places.districts import District, Kept
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.work import Work, Workshop
from tests.search.making import NOW, document

pytestmark = pytest.mark.anyio


async def test_it_keeps_up_with_a_table_that_changes(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "READ_AT_ONCE", 2)
    table = dict.fromkeys(range(5), "q=Lesepatin")
    asked: list[list[int]] = []

    def read(numbers: list[int]) -> Iterable[tuple[int, str]]:
        asked.append(numbers)
        return [(number, table[number]) for number in numbers]

    def look(work: Work) -> tuple[list[int], int]:
        percolator, missing = saved.bring_up(work, "anything", list(table), read)
        return sorted(percolator.find(document(), NOW)), missing

    def elsewhere(work: Work) -> int:
        return len(saved.bring_up(work, "anything else", [], read)[0])

    steps = [workshop.write_now(look) for _ in range(4)]
    assert steps == [([0, 1], 3), ([0, 1, 2, 3], 1), ([0, 1, 2, 3, 4], 0), ([0, 1, 2, 3, 4], 0)]
    assert asked == [[0, 1], [2, 3], [4], []]
    del table[1]
    table |= {7: "q=Feuerwehr", 8: "q=Lesepatin"}
    assert workshop.write_now(look) == ([0, 2, 3, 4, 8], 0)
    assert workshop.write_now(elsewhere) == 0


async def test_a_search_follows_a_district_that_is_called_otherwise_now(workshop: Workshop) -> None:
    """It was read once and is held: a district that it names may be merged with another one later."""

    def look(work: Work) -> list[int]:
        percolator, _ = saved.bring_up(work, "anything", [1], lambda _: [(1, "stadtteil=Hagen-Haspe-Mitte")])
        return sorted(percolator.find(document(district="Hagen-Haspe"), NOW))

    assert workshop.write_now(look) == []
    data.teach([Kept(("hagen", "haspe mitte"), District("Hagen", "Haspe-Mitte", 51.35, 7.42), stands_for="haspe")])
    try:
        assert workshop.write_now(look) == [1]
    finally:
        data.teach(())
    assert workshop.write_now(look) == []


@pytest.mark.parametrize("params", ["ort=Nirgendwohausen", "bereich=unsinn", "&".join(["q=a"] * 1_000)])
async def test_a_search_that_nobody_can_read_finds_nothing(workshop: Workshop, params: str) -> None:
    assert saved.query(params) is None

    def look(work: Work) -> list[int]:
        return saved.bring_up(work, "anything", [1], lambda _: [(1, params)])[0].find(document(), NOW)

    assert workshop.write_now(look) == []


def test_a_search_comes_back_as_it_was_written() -> None:
    query = Query(text="Garten & Kinder", areas=("kultur",), kinds=("event",))
    assert saved.query(query.params()) == query
