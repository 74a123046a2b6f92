"""Dates that are alike in all but their time: one hit of a search, the next of them, with the others beside it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fediverse_ehrenamt.search import series, store
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.search.filters import BY_START
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.work import Workshop
from tests.search.making import HAGEN, NOW, document, event

pytestmark = pytest.mark.anyio

WEEK = timedelta(days=7)
YOGA = Query(text="yoga")


def yoga(week: int, **changes: Any) -> Document:
    begins = NOW + timedelta(days=2) + week * WEEK
    return event(week + 10, begins, begins + timedelta(hours=1), title="Yoga am Morgen", **changes)


WEEKLY = [yoga(week) for week in range(6)]


@pytest.fixture
async def index(workshop: Workshop, tmp_path: Path) -> "AsyncIterator[Followed]":
    followed = Followed(workshop, tmp_path / "index")
    yield followed
    await followed.feed.close()


class Followed:
    """A Workshop with the Index that follows it."""

    def __init__(self, workshop: Workshop, folder: Path) -> None:
        self.workshop, self.index = workshop, Index(folder)
        self.feed = Feed(self.index)

    async def put(self, *documents: Document) -> None:
        await self.workshop.write(store.put, documents)
        await self.follow()

    async def remove(self, *documents: Document) -> None:
        await self.workshop.write(store.remove, [one.uri for one in documents])
        await self.follow()

    async def follow(self) -> None:
        while await self.feed.follow(self.workshop) or self.index.rebuilding:
            pass

    def found(self, query: Query, now: datetime = NOW) -> list[str]:
        results = self.index.find(query, now)
        assert results.total == len(results.hits)
        counted = dict(self.index.counts(query, now, results.total).slugs)
        assert sum(number for slug, number in counted.items() if slug.startswith("kind:")) in {0, results.total}
        return sorted(hit.document.uri for hit in results.hits)

    def further(self, query: Query, one: Document, now: datetime = NOW) -> tuple[list[str], int]:
        found = self.index.further(query, now, (one.uri,)).get(one.uri)
        return ([date.uri for date in found.dates], found.total) if found else ([], 0)


def uris(documents: Sequence[Document]) -> list[str]:
    return sorted(one.uri for one in documents)


async def test_the_next_date_is_found_and_the_others_beside_it(index: Followed) -> None:
    other = event(1, NOW + WEEK, title="Yoga für alle")
    offer = document(2, title="Yoga-Leitung gesucht")
    await index.put(*reversed(WEEKLY), other, offer)
    assert index.found(YOGA) == uris([WEEKLY[0], other, offer])
    assert index.further(YOGA, WEEKLY[0]) == ([one.uri for one in WEEKLY[1:4]], 5)
    assert index.further(YOGA, other) == ([], 0)
    assert index.further(YOGA, offer) == ([], 0)
    later = NOW + timedelta(days=3, hours=2)
    assert WEEKLY[1].uri in index.found(YOGA, later), "the first is over, and nothing was written"
    assert index.further(YOGA, WEEKLY[1], later)[1] == 4


async def test_days_that_are_searched_have_a_first_date_of_their_own(index: Followed) -> None:
    await index.put(*WEEKLY)
    since = (NOW + 3 * WEEK).date()
    assert index.found(replace(YOGA, since=since)) == [WEEKLY[3].uri]
    assert index.further(replace(YOGA, since=since), WEEKLY[3])[1] == 2
    assert index.found(replace(YOGA, until=since)) == [WEEKLY[0].uri]
    assert index.further(replace(YOGA, until=since), WEEKLY[0])[1] == 2
    assert index.found(replace(YOGA, since=date(2020, 1, 1))) == [WEEKLY[0].uri]


async def test_a_list_by_date_has_each(index: Followed) -> None:
    await index.put(*WEEKLY)
    assert index.found(replace(YOGA, sort=BY_START)) == uris(WEEKLY)
    assert index.found(Query(kinds=(EVENT,))) == uris(WEEKLY)
    assert index.found(Query(spot=HAGEN)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Heute mit Tee."},
        {"status": "abgesagt"},
        {"areas": ("sport",)},
        {"place": "Hagen"},
        {"organisation_uri": "https://a.example/ap/other"},
        {"starts_at": WEEKLY[1].starts_at + timedelta(days=1) if WEEKLY[1].starts_at else None},
        {"ends_at": WEEKLY[1].ends_at + timedelta(hours=4) if WEEKLY[1].ends_at else None},
    ],
)
async def test_a_date_that_differs_stands_by_itself(index: Followed, changes: dict[str, Any]) -> None:
    different = replace(WEEKLY[1], **changes)
    await index.put(WEEKLY[0], different, WEEKLY[2])
    assert index.found(YOGA) == uris([WEEKLY[0], different])
    await index.put(WEEKLY[1])
    assert index.found(YOGA) == [WEEKLY[0].uri], "what is alike again belongs to it again"
    await index.put(different)
    assert index.found(YOGA) == uris([WEEKLY[0], different])


async def test_whoever_follows_a_date_that_is_withdrawn_takes_its_place(index: Followed) -> None:
    await index.put(*WEEKLY)
    await index.remove(WEEKLY[0], WEEKLY[3])
    assert index.found(YOGA) == [WEEKLY[1].uri]
    assert index.further(YOGA, WEEKLY[1])[1] == 3
    await index.remove(*WEEKLY[:5])
    assert index.found(YOGA) == [WEEKLY[5].uri]
    await index.put(*WEEKLY)
    assert index.found(YOGA) == [WEEKLY[0].uri]
    await index.remove(*WEEKLY)
    assert index.found(YOGA) == []


async def test_only_who_comes_after_another_is_written_anew(workshop: Workshop) -> None:
    first = await workshop.write(store.put, WEEKLY[:2])
    last = await workshop.write(store.put, [WEEKLY[5]])
    assert len(await workshop.read(store.changes, first)) == 1, "the end of a series moves nobody"
    between = await workshop.write(store.put, [WEEKLY[3]])
    changed = [change.uri for change in await workshop.read(store.changes, last)]
    assert changed == [WEEKLY[3].uri, WEEKLY[5].uri]
    assert between == await workshop.read(store.newest)
    assert await workshop.write(store.remove, [WEEKLY[3].uri]) == await workshop.read(store.newest)
    assert (await workshop.read(store.get, WEEKLY[5].uri)).after == WEEKLY[1].ends_at
    assert (await workshop.read(store.get, WEEKLY[0].uri)) == WEEKLY[0]


async def test_what_leaves_by_itself_moves_nobody(workshop: Workshop) -> None:
    over = yoga(-2)
    before = await workshop.write(store.put, [over, *WEEKLY])
    assert await workshop.read(store.due) == [over.uri]
    await workshop.write(store.remove, [over.uri])
    assert [change.uri for change in await workshop.read(store.changes, before)] == [over.uri]


async def test_a_series_keeps_beside_what_it_stands(workshop: Workshop) -> None:
    twin = replace(WEEKLY[1], uri="https://b.example/1", id="b" * 22, host="b.example", url="https://b.example/e/1")
    await workshop.write(store.put, [*WEEKLY[:2], twin])
    await workshop.write(store.show_together, [[twin.uri, WEEKLY[1].uri]])
    shown = await workshop.read(store.get, WEEKLY[1].uri)
    assert (shown.covered, shown.also, shown.after) == (True, (("b.example", twin.url),), WEEKLY[0].ends_at)
    await workshop.write(store.put, [replace(WEEKLY[1], id=WEEKLY[1].id)])
    assert await workshop.read(store.get, WEEKLY[1].uri) == shown
    await workshop.write(store.show_together, [[twin.uri], [WEEKLY[1].uri]])
    assert await workshop.read(store.get, WEEKLY[1].uri) == replace(WEEKLY[1], after=WEEKLY[0].ends_at)


def test_only_dates_have_a_series() -> None:
    assert series.code(document(1)) is None
    assert series.code(replace(document(1), starts_at=NOW)) is None
    assert series.code(WEEKLY[0]) == series.code(WEEKLY[1]) != series.code(yoga(0, text="Für alle"))
