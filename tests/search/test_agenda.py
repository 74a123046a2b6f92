"""The agenda: what is in a span of time, in its order, exactly; and only those cards are read that are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search import agenda
from fediverse_ehrenamt.search.agenda import Span
from fediverse_ehrenamt.search.cache import HELD
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query, read
from tests.search.making import HAGEN, NOW, document, event, filled

DAYS = Query(kinds=(EVENT,), since=date(2026, 12, 10), until=date(2026, 12, 20))


@dataclass(frozen=True)
class Some:
    """Keeps all times, and wants some of them."""

    spans: tuple[Span, ...]
    wanted: range


@dataclass(frozen=True)
class Take:
    number: int = 1_000

    def __call__(self, spans: Sequence[Span]) -> Some:
        return Some(tuple(spans), range(min(len(spans), self.number)))


def many(count: int = 300) -> list[Document]:
    rng = Random(7)  # noqa: S311 - chance, no secret
    made = [document(0, title="Ohne Datum")]
    for number in range(1, count):
        starts = NOW + timedelta(hours=rng.randrange(24 * 40))
        place = {"latitude": HAGEN.latitude + rng.random(), "longitude": HAGEN.longitude}
        ends = starts + timedelta(hours=rng.choice([0, 2, 30, 200]))
        made.append(event(number, starts, ends, status=rng.choice(["", "", "abgesagt"]), **place))
    return made


def on_days(documents: list[Document]) -> list[Document]:
    """Say it in other words: what begins before the last day is over and does not end before the first begins."""
    first, last = (day.isoformat() for day in (date(2026, 12, 10), date(2026, 12, 20)))
    return [
        one
        for one in documents
        if one.starts_at
        and one.ends_at
        and one.starts_at.astimezone(HOME).date().isoformat() <= last
        and one.ends_at.astimezone(HOME).date().isoformat() >= first
    ]


def test_all_of_some_days_comes_in_its_order(tmp_path: Path) -> None:
    documents = many()
    found = filled(tmp_path, documents).agenda(DAYS, NOW, Take())
    wanted = sorted(on_days(documents), key=lambda one: (one.starts_at, one.ends_at))
    assert len(wanted) > 50
    assert {one.uri for one in found.documents.values()} == {one.uri for one in wanted}
    assert list(found.laid.spans) == sorted(found.laid.spans)
    for place, one in found.documents.items():
        assert one.starts_at is not None
        assert found.laid.spans[place][0] == int(one.starts_at.timestamp())
    assert any(one.status for one in found.documents.values()), "what is cancelled is among them"
    assert (found.left, found.rebuilding) == (0, False)


def test_a_circle_is_measured(tmp_path: Path) -> None:
    documents = many()
    near = replace(DAYS, place="Hagen", spot=HAGEN, radius_km=50)
    found = filled(tmp_path, documents).agenda(near, NOW, Take())
    index = Index(tmp_path)
    pages = range(1, -(-index.find(near, NOW).total // 20) + 1)
    listed = {hit.document.uri for page in pages for hit in index.find(near.on_page(page), NOW).hits}
    assert {one.uri for one in found.documents.values()} == listed
    assert 0 < len(listed) < len(on_days(documents))


def test_what_says_nothing_of_a_filter_stands_among_the_others(tmp_path: Path) -> None:
    documents = [event(number, NOW + timedelta(days=number)) for number in (1, 2)]
    query = replace(read([("zielgruppe", "kinder")]), kinds=(EVENT,), since=NOW.date())
    assert len(filled(tmp_path, documents).agenda(query, NOW, Take()).documents) == 2
    exact = replace(query, exact=("zielgruppe",))
    assert not Index(tmp_path).agenda(exact, NOW, Take()).documents


def test_few_cards_are_read_and_few_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = filled(tmp_path, many())
    found = index.agenda(DAYS, NOW, Take(3))
    assert list(found.documents) == [0, 1, 2]
    all_of_them = len(found.laid.spans)
    monkeypatch.setattr(agenda, "MOST", 10)
    monkeypatch.setattr(agenda, "READ", 5)
    cut = Index(tmp_path).agenda(DAYS, NOW, Take())
    assert (len(cut.laid.spans), len(cut.documents), cut.left) == (10, 5, all_of_them - 10)


def test_an_answer_is_given_again_for_a_moment(tmp_path: Path) -> None:
    index = filled(tmp_path, many())
    first = index.agenda(DAYS, NOW, Take())
    assert index.agenda(DAYS, NOW, Take()) is first
    assert index.agenda(DAYS, NOW, Take(3)) is not first
    assert index.agenda(DAYS, NOW + HELD, Take()) is not first


def test_an_index_that_is_missing_or_damaged_has_nothing_and_says_so(tmp_path: Path) -> None:
    for folder in ("none", "damaged"):
        index = Index(tmp_path / folder)
        if folder == "damaged":
            index = filled(tmp_path / folder, many(2_000))
            index.refresh()
            for file in (tmp_path / folder).rglob("*.store"):
                file.unlink()  # emptied in place, it would end the engine's threads that read it just now, and us
                file.write_bytes(b"")
            assert index.agenda(DAYS, NOW, Take(0)).laid.spans, "times are in other files"
            index = Index(tmp_path / folder)
        found = index.agenda(DAYS, NOW, Take())
        assert (found.documents, found.rebuilding) == ({}, True)
