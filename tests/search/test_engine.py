"""Index: what is found, in which order, and that every figure is exact."""

import math
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search import clauses, measure, schema
from fediverse_ehrenamt.search.circle import along
from fediverse_ehrenamt.search.engine import PAGE_SIZE, Index, Results
from fediverse_ehrenamt.search.filters import AREAS, BY_DATE, BY_DISTANCE, BY_START, RADII_KM
from fediverse_ehrenamt.search.model import KINDS, Document, Facts, leaves_at
from fediverse_ehrenamt.search.query import MAX_PAGE, Query, read
from fediverse_ehrenamt.search.schema import TEASER
from fediverse_ehrenamt.search.writer import open_index
from tests.search.making import HAGEN, NOW, document, event, filled

DAY = timedelta(days=1)


def _ids(index: Index, query: Query) -> list[int]:
    return [int(hit.document.id) for hit in index.find(query, NOW).hits]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Jugendhäuser", "jugendhauser"),
        ("Jugendhaeuser", "Jugendhäuser"),
        ("Jugendha\u0308user", "JUGENDHÄUSER"),
        ("Marktstraße", "marktstrasse"),
        ("Marktstrasse", "MARKTSTRAẞE"),
        ("Kinder", "Kindern"),
        ("Helfer*innen", "Helfer"),
        ("Helfer", "Helfer:innen"),
        ("İstanbul", "istanbul"),
        ("Café", "cafe"),
        ("Волонтери", "волонтери"),
        ("متطوع", "متطوع"),
        ("志愿者", "志愿者"),
        ("E-Mail-Betreuung", "e-mail"),
        ("ВПО й сім'я", "сім'я"),
        ("Lesen mit Freude", "lesen für die Freude"),
    ],
)
def test_words_are_found_however_they_are_written(tmp_path: Path, written: str, typed: str) -> None:
    index = filled(tmp_path, [document(1, title=written, text=""), document(2, title="Anderes", text="")])
    assert _ids(index, Query(text=typed)) == [1]


def test_all_words_have_to_occur_but_in_any_field(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        [
            document(1, title="Garten", text="mit Kindern", organisation="Hof", place="Haspe", hashtags=("Umwelt",)),
            document(2, title="Garten", text="allein"),
        ],
    )
    assert _ids(index, Query(text="garten kinder hof haspe umwelt")) == [1]
    assert sorted(_ids(index, Query(text="garten"))) == [1, 2]
    assert _ids(index, Query(text="garten xyz")) == []
    assert _ids(index, Query(text="mit")) == [1]  # a stop word alone is looked for


def test_a_title_counts_more_and_a_year_of_silence_less(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        [
            document(1, title="Hilfe", text="Wir lesen Zeitung."),
            document(2, title="Zeitung lesen", text="Wir helfen."),
            document(3, title="Hilfe", text="Wir lesen Zeitung.", fresh_at=NOW - 365 * DAY),
            document(4, title="Hilfe", text="Wir lesen Zeitung.", fresh_at=NOW + 36_500 * DAY),  # claims the future
        ],
    )
    found = _ids(index, Query(text="zeitung"))
    assert found[0] == 2
    assert set(found[1:3]) == {1, 4}
    assert found[3] == 3


def test_without_words_open_ones_come_first_then_the_newest(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        [
            document(1, fresh_at=NOW - 9 * DAY),
            document(2, fresh_at=NOW, status="besetzt"),
            document(3, fresh_at=NOW - DAY),
            document(4, fresh_at=None, published_at=NOW - 2 * DAY),
        ],
    )
    assert _ids(index, Query()) == [3, 4, 1, 2]


def test_a_question_of_which_only_filters_are_left_still_orders_what_meets_them(tmp_path: Path) -> None:
    newest, fitting, older = (
        document(1, title="Garten", fresh_at=NOW),
        document(2, title="Social Day für jede Firma", fresh_at=NOW - timedelta(days=90)),
        document(3, title="Museum", fresh_at=NOW - timedelta(days=30)),
    )
    index = filled(tmp_path, [newest, fitting, older])
    asked = read([("geeignet", "unternehmen"), ("gefragt", "unsere Firma will helfen")])
    assert _ids(index, asked) == [2, 1, 3], "all are silent about it"
    assert _ids(index, replace(asked, asked="")) == [1, 3, 2]
    assert _ids(index, replace(asked, asked="nicht für eine Firma")) == [1, 3, 2], "what is denied draws nothing up"
    assert _ids(index, replace(asked, asked="keine Firma, lieber ein Museum")) == [3, 1, 2]
    assert _ids(index, replace(asked, sort=BY_DATE)) == [1, 3, 2], "as was chosen"
    best = index.best(asked, NOW).hits
    assert [hit.text_score for hit in best] == [None] * 3, "no words are wanted"


def test_events_alone_come_by_date_and_those_over_are_left_out(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    index = filled(
        tmp_path,
        [
            event(1, NOW + 9 * DAY),
            event(2, NOW - hour, NOW + hour),
            event(3, NOW + DAY),
            event(4, NOW - 3 * hour, NOW - hour),
            event(5, NOW + DAY / 2, status="abgesagt"),
            event(6, NOW - 2 * DAY, NOW - DAY),
        ],
    )
    assert _ids(index, Query(kinds=("event",))) == [2, 3, 1, 5]
    assert sorted(_ids(index, Query())) == [1, 2, 3, 4, 5]  # found until a day after the end


def test_the_expired_are_never_found_even_before_housekeeping(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1, expires_at=NOW), document(2, expires_at=NOW + DAY), document(3)])
    assert sorted(_ids(index, Query(text="lesepatin"))) == [2, 3]
    assert index.find(Query(), NOW + 2 * DAY).total == 1


def test_dates_mean_days_in_germany_and_leave_offers_aside(tmp_path: Path) -> None:
    midnight = NOW.replace(hour=23, minute=0)  # 24:00 in Germany
    index = filled(
        tmp_path,
        [
            event(1, midnight - timedelta(seconds=1)),
            event(2, midnight),
            event(3, NOW - 30 * DAY, NOW + 30 * DAY),
            document(4),
            document(5, kind="post"),
            document(6, areas=("sport",)),
        ],
    )
    first, second = date(2026, 12, 1), date(2026, 12, 2)
    found = index.find(Query(until=first), NOW)
    assert sorted(int(hit.document.id) for hit in found.hits) == [1, 3]
    assert (found.total, found.undated) == (2, 2)
    assert sorted(_ids(index, Query(since=second))) == [2, 3]
    assert sorted(_ids(index, Query(since=second, until=second))) == [2, 3]
    assert index.find(Query(since=second, kinds=("event",)), NOW).undated == 0
    assert index.find(Query(since=second, areas=("sport",)), NOW).undated == 1
    assert index.find(Query(), NOW).undated == 0


def test_a_place_leaves_out_the_far_and_counts_the_placeless(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        [
            document(1, latitude=51.36, longitude=7.47),
            document(2, latitude=52.52, longitude=13.40),
            document(3, latitude=52.52, longitude=13.40, anywhere=True),
            document(4, anywhere=True),
            document(5),
            document(6, latitude=math.nan, longitude=7.0),
            document(7, latitude=51.36, longitude=None),
            document(8, latitude=551.36, longitude=7.47),
        ],
    )
    found = index.find(Query(spot=HAGEN, place="Hagen"), NOW)
    near = {int(hit.document.id): hit.distance_km for hit in found.hits}
    assert set(near) == {1, 3, 4}
    assert near[1] == pytest.approx(distance_km(HAGEN.latitude, HAGEN.longitude, 51.36, 7.47))
    assert near[3] is near[4] is None
    assert (found.total, found.placeless) == (3, 4)
    assert index.find(Query(), NOW).placeless == 0


def test_pages_do_not_overlap_and_end(tmp_path: Path) -> None:
    index = filled(tmp_path, (document(number) for number in range(1, 3 * PAGE_SIZE + 6)))
    for query in (Query(), Query(text="vorlesen"), Query(text="vorlesen", since=None, kinds=("opportunity",))):
        pages = [index.find(query.on_page(number), NOW) for number in range(1, 6)]
        ids = [hit.document.id for page in pages for hit in page.hits]
        assert [len(page.hits) for page in pages] == [20, 20, 20, 5, 0]
        assert len(set(ids)) == 65
        assert {(page.total, page.pages) for page in pages} == {(65, 4)}
    assert index.find(replace(Query(), page=10**9), NOW).page == MAX_PAGE


def test_equal_ones_keep_their_order_whatever_the_index_was_written_from(tmp_path: Path) -> None:
    documents = [document(number) for number in range(1, 16)]
    one, other = filled(tmp_path / "a", documents), filled(tmp_path / "b", reversed(documents))
    for query in (Query(), Query(text="vorlesen")):
        assert _ids(one, query) == _ids(other, query)


def test_a_hit_carries_the_document_with_a_shortened_text(tmp_path: Path) -> None:
    whole = document(1, text="Wort " * 3000 + "Ende", areas=("sport",), image="abc", image_alt="Ein Bild")
    index = filled(tmp_path, [whole])
    (hit,) = index.find(Query(text="ende wort"), NOW).hits
    assert hit.document == replace(whole, text=whole.text[:TEASER])


def test_a_missing_index_answers_with_nothing_and_says_so(tmp_path: Path) -> None:
    assert Index(tmp_path / "none").find(Query(text="x"), NOW) == Results((), 0, 1, 0, rebuilding=True)


# --- against a plain reading of the rules -----------------------------------------------------------------------------
def _world() -> list[Document]:
    chance = random.Random(5)  # noqa: S311 - a reproducible world, no secret
    documents = []
    for number in range(1, 401):
        kind = chance.choice(KINDS)
        starts = NOW + chance.uniform(-3, 40) * DAY if kind == "event" else None
        placed = chance.random() < 0.8
        documents.append(
            document(
                number,
                kind=kind,
                title=" ".join(chance.choices(["Garten", "Kinder", "Lesen", "Sport", "Rettung"], k=2)),
                text="",
                organisation="",
                areas=tuple(chance.sample([slug for slug, _label in AREAS][:4], chance.randint(0, 2))),
                latitude=HAGEN.latitude + chance.gauss(0, 0.3) if placed else None,
                longitude=HAGEN.longitude + chance.gauss(0, 0.5) if placed else None,
                anywhere=chance.random() < 0.1,
                starts_at=starts,
                ends_at=starts and starts + chance.uniform(0, 2) * DAY,
                facts=_period(chance) if kind == "opportunity" else None,
                expires_at=NOW + chance.uniform(-5, 100) * DAY,
            )
        )
    return documents


@dataclass(frozen=True, repr=False)
class World:
    index: Index
    documents: list[Document]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    documents = _world()
    return World(filled(tmp_path_factory.mktemp("world"), documents), documents)


def _period(chance: random.Random) -> Facts | None:
    first, last = (NOW.date() + chance.randint(-20, 30) * DAY, NOW.date() + chance.randint(-3, 60) * DAY)
    return chance.choice(
        [None, None, Facts(start_date=first), Facts(end_date=last), Facts(start_date=first, end_date=last)]
    )


def _kept(query: Query) -> Callable[[Document], bool]:
    def keep(one: Document) -> bool:
        over = leaves_at(one)
        calendar = query.kinds == ("event",) and not query.text and not query.dated and not query.sort
        return (
            (over is None or over > NOW)
            and all(word in one.title.casefold().split() for word in query.text.casefold().split())
            and (not query.areas or bool(set(query.areas) & set(one.areas)))
            and (not query.kinds or one.kind in query.kinds)
            and not (calendar and one.ends_at is not None and one.ends_at < NOW)
        )

    return keep


def _near(query: Query, one: Document) -> bool:
    if query.spot is None or one.anywhere:
        return True
    if one.latitude is None or one.longitude is None:
        return False
    distance = distance_km(query.spot.latitude, query.spot.longitude, one.latitude, one.longitude)
    return distance <= query.radius_km


def _in_time(query: Query, one: Document) -> bool:
    if not query.dated:
        return True
    if one.facts and (one.facts.start_date or one.facts.end_date):
        begins, stops = one.facts.start_date or date.min, one.facts.end_date or date.max
        return stops >= (query.since or date.min) and begins <= (query.until or date.max)
    if one.starts_at is None or one.ends_at is None:
        return False
    ends, starts = one.ends_at + timedelta(hours=1), one.starts_at + timedelta(hours=1)  # winter time in Germany
    after = query.since is None or ends.replace(tzinfo=None) >= _naive(query.since)
    return after and (query.until is None or starts.replace(tzinfo=None) < _naive(query.until + DAY))


def _naive(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


_QUERIES = st.builds(
    Query,
    text=st.sampled_from(["", "", "garten", "kinder sport", "garten garten", "rettung lesen", "fehlt"]),
    spot=st.one_of(
        st.none(),
        st.builds(
            Spot,
            st.just("x"),
            st.just("NW"),
            st.floats(50.9, 51.8),
            st.floats(6.8, 8.2),
            st.just(""),
            st.just(1),
        ),
    ),
    radius_km=st.sampled_from(RADII_KM),
    areas=st.lists(st.sampled_from([slug for slug, _label in AREAS][:5]), max_size=3, unique=True).map(tuple),
    kinds=st.lists(st.sampled_from(KINDS), max_size=2, unique=True).map(tuple),
    since=st.one_of(st.none(), st.dates(date(2026, 11, 28), date(2027, 1, 20))),
    until=st.one_of(st.none(), st.dates(date(2026, 11, 28), date(2027, 1, 20))),
)


@pytest.mark.unmeasured
@pytest.mark.parametrize("measured", [1, 10_000], ids=["many candidates", "few candidates"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_QUERIES)
def test_every_figure_equals_a_plain_reading_of_the_rules(
    world: World, monkeypatch: pytest.MonkeyPatch, measured: int, query: Query
) -> None:
    index, documents = world.index, world.documents
    monkeypatch.setattr(measure, "MEASURED", measured)
    candidates = [one for one in documents if _kept(query)(one)]
    expected = {one.id for one in candidates if _near(query, one) and _in_time(query, one)}
    pages = [index.find(query.on_page(number), NOW) for number in range(1, 22)]
    assert {hit.document.id for page in pages for hit in page.hits} == expected
    assert {page.total for page in pages} == {len(expected)}
    undated = [
        one
        for one in candidates
        if query.dated and one.kind == "opportunity" and one.facts is None and _near(query, one)
    ]
    assert pages[0].undated == len(undated)
    placeless = [one for one in candidates if one.latitude is None and not one.anywhere and _in_time(query, one)]
    assert pages[0].placeless == (len(placeless) if query.spot else 0)


_ODD = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=string.punctuation + " \x00\ud800\U0010ffffäßİ", max_size=40),
    st.sampled_from(["AND OR NOT", 'title:"x" OR *', "a" * 5000, "x " * 3000, "((((", "\\", "*", "uri:x^9"]),
)


_ODD_QUERIES = st.builds(
    Query,
    text=_ODD,
    areas=st.lists(_ODD, max_size=3).map(tuple),
    kinds=st.lists(_ODD, max_size=3).map(tuple),
    spot=st.one_of(
        st.none(),
        st.builds(Spot, st.just(""), st.just(""), st.floats(-90, 90), st.floats(-180, 180), st.just(""), st.just(0)),
    ),
    page=st.integers(-5, 10_000),
    since=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2200, 12, 31))),
    until=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2200, 12, 31))),
)


@pytest.mark.unmeasured
@given(query=_ODD_QUERIES)
def test_nothing_that_is_asked_is_an_error(world: World, query: Query) -> None:
    found = world.index.find(query, NOW)
    assert 0 <= len(found.hits) <= PAGE_SIZE
    assert len(found.hits) <= found.total <= 400
    assert not found.rebuilding


def test_what_another_shows_is_left_out_of_hits_and_totals(tmp_path: Path) -> None:
    shown = [document(number, also=(("b.example", "https://b.example/1"),)) for number in range(1, PAGE_SIZE + 3)]
    covered = [document(100 + one, covered=True, also=(("a.example", "https://a.example/1"),)) for one in range(30)]
    index = filled(tmp_path, [*covered, *shown])
    first, second = (index.find(Query(text="vorlesen", page=page), NOW) for page in (1, 2))
    assert (first.total, first.pages) == (PAGE_SIZE + 2, 2)
    assert (len(first.hits), len(second.hits)) == (PAGE_SIZE, 2)
    assert not any(hit.document.covered for hit in (*first.hits, *second.hits))
    assert first.hits[0].document.also == (("b.example", "https://b.example/1"),)
    near = index.find(Query(spot=HAGEN, place="Hagen"), NOW)
    assert near.placeless == PAGE_SIZE + 2


@pytest.mark.unmeasured
@settings(max_examples=60)
@given(query=_QUERIES.filter(lambda query: query.spot is not None))
def test_by_distance_the_nearest_come_first_and_what_is_anywhere_last(world: World, query: Query) -> None:
    near = replace(query, place="x", sort=BY_DISTANCE)
    pages = [world.index.find(near.on_page(number), NOW) for number in range(1, 22)]
    hits = [hit for page in pages for hit in page.hits]
    assert {hit.document.id for hit in hits} == {
        one.id for one in world.documents if _kept(near)(one) and _near(near, one) and _in_time(near, one)
    }
    assert len(hits) == pages[0].total
    distances = [math.inf if hit.distance_km is None else hit.distance_km for hit in hits]
    assert distances == sorted(distances)


def test_dates_to_come_stand_before_what_has_none(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1), event(2, NOW + 2 * DAY), event(3, NOW + DAY), event(4, NOW - DAY / 2)])
    assert _ids(index, Query(sort=BY_START)) == [3, 2, 1]
    assert _ids(index, Query(sort=BY_START, kinds=("event",))) == [3, 2]


def test_near_places_lie_side_by_side_in_the_index(tmp_path: Path) -> None:
    """Whatever the order in which they came: each hit's number in its file grows along the curve."""
    places = [(47 + n * 29 % 61 / 8, 6 + n * 17 % 61 / 7) for n in range(60)]
    documents = [document(n, latitude=north, longitude=east) for n, (north, east) in enumerate(places, 1)]
    index = filled(tmp_path, [*documents, document(61, latitude=None, longitude=None)])
    path = index.folder.current()
    assert path is not None
    searcher = open_index(path).searcher()
    assert searcher.num_segments == 1
    addresses = sorted((hit[1] for hit in searcher.search(clauses.current(NOW), 100).hits), key=lambda one: one.doc)
    found = [schema.read_card(searcher, address) for address in addresses]
    assert found[0].latitude is None
    assert [int(one.id) for one in found[1:]] == [
        n for n, _place in sorted(enumerate(places, 1), key=lambda numbered: along(*numbered[1]))
    ]
