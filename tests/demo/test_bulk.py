"""The benchmark's documents and searches: mixed as promised, repeatable, quick to make, with hits to find."""

import csv
import math
import statistics
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

import pytest

from fediverse_ehrenamt.demo.bulk import documents
from fediverse_ehrenamt.demo.queries import BenchQuery, queries
from fediverse_ehrenamt.demo.words import WIDE, wide_vocabulary
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search.model import EVENT, KINDS, OPPORTUNITY, POST, Document

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAMPLE, WHOLE = 20_000, 200_000


@cache
def vocabulary() -> list[str]:
    """Read the nouns and their forms from the package's table; its own reader leaves the file open."""
    with files("german_nouns").joinpath("nouns.csv").open(encoding="utf-8") as table:
        return wide_vocabulary(cell for row in csv.reader(table) for cell in row if cell[:1].isupper())


@cache
def sample() -> list[Document]:
    return list(documents(SAMPLE, NOW, 1, vocabulary()))


@pytest.mark.unmeasured
def test_the_vocabulary_is_as_wide_as_german() -> None:
    assert len(set(vocabulary())) >= WIDE


def test_the_same_seed_gives_the_same_documents() -> None:
    words = vocabulary()
    assert list(documents(300, NOW, 5, words)) == list(documents(300, NOW, 5, words))
    assert list(documents(300, NOW, 5, words)) != list(documents(300, NOW, 6, words))


@pytest.mark.unmeasured
def test_kinds_are_mixed_as_promised() -> None:
    kinds = Counter(document.kind for document in sample())
    assert set(kinds) == set(KINDS)
    assert abs(kinds[OPPORTUNITY] / SAMPLE - 0.7) < 0.02
    assert abs(kinds[EVENT] / SAMPLE - 0.25) < 0.02
    assert abs(kinds[POST] / SAMPLE - 0.05) < 0.01


def test_documents_are_sound() -> None:
    assert len({document.uri for document in sample()}) == SAMPLE
    assert len({document.id for document in sample()}) == SAMPLE
    for document in sample():
        assert document.expires_at is not None
        assert document.published_at is not None
        assert document.published_at <= NOW
        assert (document.starts_at is not None) == (document.kind == EVENT)
        assert "{" not in document.title + document.text
        if document.starts_at and document.ends_at:
            assert document.starts_at < document.ends_at
            assert NOW - timedelta(days=6) < document.starts_at < NOW + timedelta(days=91)


def test_texts_are_as_long_and_as_various_as_promised() -> None:
    lengths = [len(document.text) for document in sample()]
    assert 620 < statistics.mean(lengths) < 800
    assert len({document.text for document in sample()}) == SAMPLE
    words = {word for document in sample() for word in document.text.split()}
    assert len(words) > 60_000


def test_flaws_have_their_share() -> None:
    opportunities = [document for document in sample() if document.kind == OPPORTUNITY]
    plain = sum(document.areas == ("sonstiges",) for document in opportunities) / len(opportunities)
    assert 0.22 < plain < 0.34
    assert 0.03 < sum(document.latitude is None for document in sample()) / SAMPLE < 0.07
    stale = sum(
        document.fresh_at is not None and document.fresh_at < NOW - timedelta(days=365) for document in sample()
    )
    assert 0.45 < stale / SAMPLE < 0.55


def test_places_are_drawn_by_population() -> None:
    places = Counter(document.place for document in sample())
    assert places["Berlin"] > places["Köln"] > places["Hagen"] > 0
    assert len(places) > 2_000


@pytest.mark.unmeasured
def test_making_them_is_quick() -> None:
    words = vocabulary()
    start = time.process_time()
    made = sum(1 for _ in documents(SAMPLE, NOW, 2, words))
    assert made / (time.process_time() - start) > 1_000, "about 20,000 per second on an idle machine, more of more"


def brute_force(query: BenchQuery, read: list[tuple[Document, set[str]]]) -> int:
    """Count the events that pass all filters: the strictest reading of a search with dates."""
    spot = gazetteer.find(query.place)
    assert spot is not None
    stretch = math.cos(math.radians(spot.latitude))
    words = set(query.text.split())
    count = 0
    for document, its_words in read:
        if query.area not in document.areas or document.latitude is None or document.longitude is None:
            continue
        if document.starts_at is None or not query.from_date <= document.starts_at.date() <= query.to_date:
            continue
        east = (document.longitude - spot.longitude) * stretch
        near = 111.2 * math.hypot(document.latitude - spot.latitude, east) <= query.radius_km
        count += near and words <= its_words
    return count


@pytest.mark.unmeasured
def test_half_of_the_searches_have_twenty_hits_in_the_whole() -> None:
    read = [
        (document, set(f"{document.title} {document.text}".replace(".", "").split()))
        for document in sample()
        if document.kind == EVENT
    ]
    asked = queries(80, 3, vocabulary(), NOW.date())
    hits = [brute_force(query, read) * WHOLE / SAMPLE for query in asked]
    assert statistics.median(hits) >= 20
    assert len({query.text for query in asked}) > 40
    assert all(query.text and query.radius_km and query.area and query.from_date < query.to_date for query in asked)


def test_searches_can_be_repeated() -> None:
    words = [f"wort{rank}" for rank in range(100)]
    assert queries(20, 1, words, NOW.date()) == queries(20, 1, words, NOW.date())
    assert queries(20, 1, words, NOW.date()) != queries(20, 2, words, NOW.date())
