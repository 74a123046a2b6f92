"""The percolator finds for each Document the searches that the real index finds it by: for all of them, at any time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.demo import bulk
from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search import demands
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import AREAS, CHOSEN, FILTERS, KINDS, RADII_KM, SORTINGS
from fediverse_ehrenamt.search.model import Document, Facts
from fediverse_ehrenamt.search.percolation import Percolator
from fediverse_ehrenamt.search.query import Query, read
from fediverse_ehrenamt.vocab import labels
from tests.search import making
from tests.search.making import HAGEN, NOW, document, event, filled

# As people type them, each in some form that the analysis of German has to deal with: compounds both ways, synonyms,
# genders, phrases of the list of synonyms, words without meaning, foreign ones, and no words at all.
WORDS = (
    "Hausaufgabenhilfe", "Hilfe bei Hausaufgaben", "Seniorenbetreuung", "Betreuung von Senioren", "ältere Menschen",
    "Flüchtlinge", "Geflüchtete", "Lesepatin", "Lesepat:innen", "Vorlesen", "vorlesen Kinder", "Gewalt gegen Frauen",
    "Eine Welt Laden", "Menschen mit Behinderung", "Tafel", "Lebensmittelausgabe", "Garten", "Naturschutz", "Katzen",
    "Marienkrankenhaus", "gardening", "children", "okumak", "чтение", "القراءة", "und mit für", "!?", "  ", "Computer",
    "auf der Straße leben", "Müll sammeln", "alt", "Ältere", "Freiwilliges Soziales Jahr", "Feuerwehr", "xyzzy",
)  # fmt: skip
TEXTS = (
    "Wir suchen Menschen, die Kindern bei den Hausaufgaben helfen.",
    "Hilfe für Geflüchtete im Deutschkurs, gern mit Geduld. Bei uns helfen alle: Hausaufgaben macht man hier nie.",
    "Vorlesen im Altenheim; Ältere Menschen freuen sich auf Besuch.",
    "Die Ausgabe von Lebensmitteln an der Tafel, samstags.",
    "Frauen gegen Gewalt und Gewalt gegen Frauen: eine Beratungsstelle. Ein Jahr, freiwillig, sozial.",
    "Im Weltladen verkaufen. Der Laden ist eine Welt. Eine Welt, ein Laden.",
    "Müll am Ufer sammeln, den Garten pflegen und die Natur schützen.",
    "We look for people who like gardening with children.",
    "Çocuklara kitap okumak ister misiniz?", "Чтение книг детям по вечерам.", "القراءة للأطفال في المكتبة",
    "Betreuung in der Klinik, im Krankenhaus und im Marienhospital",
)  # fmt: skip
LANGUAGES = ("de", "", "de-simple", "en", "tr", "ru", "ar", "uk", "nonsense")
TOWNS = [spot.name for spot in gazetteer.towns(300_000)] + ["Hagen", "58095", "Flensburg"]
AREA = [slug for slug, _ in AREAS]


def _documents(dice: Random) -> Iterator[Document]:
    for number in range(10_000):
        begins = NOW + timedelta(days=dice.randint(-3, 60), seconds=dice.randint(0, 86_399))
        changes: dict[str, Any] = {
            "title": dice.choice(WORDS),
            "text": " ".join(dice.sample(TEXTS, dice.randint(1, 3))),
            "language": dice.choice(LANGUAGES),
            "kind": dice.choice(["opportunity", "event", "post"]),
            "areas": tuple(dice.sample(AREA, dice.randint(0, 2))),
            "hashtags": ("EhrenamtHagen",) if dice.random() < 0.3 else (),
            "anywhere": dice.random() < 0.1,
            "covered": dice.random() < 0.1,
            "also": (("b.example", "https://b.example/1"),),
            "expires_at": dice.choice([None, NOW + timedelta(seconds=dice.randint(-2, 2)), NOW + timedelta(days=9)]),
        }
        spot = gazetteer.find(dice.choice(TOWNS))
        if dice.random() < 0.8 and spot is not None:
            here = spot.latitude + dice.gauss(0, 0.3), spot.longitude + dice.gauss(0, 0.4)
            changes |= {"place": spot.name, "latitude": here[0], "longitude": here[1]}
        changes["facts"] = dice.choice([None, _facts(dice)])
        changes["district"] = dice.choice(["", "Hagen-Haspe", "Neubrandenburg-Ihlenfelder Vorstadt"])
        changes["host"] = dice.choice(["a.example", "b.example"])
        if changes["kind"] == "event" or dice.random() < 0.3:
            changes |= {"starts_at": begins, "ends_at": dice.choice([None, begins + timedelta(hours=30)])}
        yield document(number, **changes)


def _facts(dice: Random) -> Facts:
    return Facts(
        kind=dice.choice(["", "regelmaessig", "einmalig"]),
        activities=tuple(dice.sample(list(labels.ACTIVITY), dice.randint(0, 2))),
        audiences=tuple(dice.sample(list(labels.AUDIENCE), dice.randint(0, 2))),
        suitable_for=tuple(dice.sample(list(labels.SUITABLE_FOR), dice.randint(0, 2))),
        mode=dice.choice(["", *labels.MODE]),
        cells=tuple(dice.sample([f"{day}-{part}" for day in labels.WEEKDAY for part in labels.DAYPART], 2)),
        flexible=dice.choice([None, True, False]),
        minimum_duration=dice.choice(["", *labels.MINIMUM_DURATION]),
        german_level=dice.choice(["", *labels.GERMAN_LEVEL]),
        languages=tuple(dice.sample(["tr", "en", "uk"], dice.randint(0, 2))),
        minimum_age=dice.choice([None, 14, 16, 18]),
        maximum_age=dice.choice([None, None, 15, 27, 40]),
        clearance=dice.choice(["", *labels.CLEARANCE]),
        accessibility=tuple(dice.sample(list(labels.ACCESSIBILITY), dice.randint(0, 2))),
        start_date=dice.choice([None, NOW.date() + timedelta(days=dice.randint(-40, 40))]),
        end_date=dice.choice([None, NOW.date() + timedelta(days=dice.randint(-3, 80))]),
        registration=dice.choice([None, True, False]),
    )


def _query(draw: st.DrawFn) -> Query:
    params = [("q", " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=2))))]
    if draw(st.booleans()):
        params += [("ort", draw(st.sampled_from(TOWNS))), ("umkreis", str(draw(st.sampled_from(RADII_KM))))]
    params += [("bereich", area) for area in draw(st.lists(st.sampled_from(AREA), max_size=3, unique=True))]
    params += [("art", kind) for kind in draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=2, unique=True))]
    for item in draw(st.lists(st.sampled_from(FACTS), max_size=2, unique=True)):
        params += [(item, value) for value in draw(st.lists(st.sampled_from(VALUES[item]), min_size=1, max_size=2))]
        params += [("genau", item)] if draw(st.booleans()) else []
    params += [("sortierung", draw(st.sampled_from([slug for slug, _ in SORTINGS])))]
    first = draw(st.none() | st.integers(-5, 40))
    if first is not None:
        day = NOW.date() + timedelta(days=first)
        params += [("von", day.isoformat())] if draw(st.booleans()) else []
        params += [("bis", (day + timedelta(days=draw(st.integers(0, 30)))).isoformat())] if draw(st.booleans()) else []
    return read(params)


VALUES = {item.name: [value for value, _ in item.choices] for item in CHOSEN}
VALUES |= {"alter": ["13", "16", "40"], "gruppe": ["1", "12"], "quelle": ["a.example", "b.example", "c.example"]}
VALUES |= {"stadtteil": ["Hagen-Haspe", "Neubrandenburg-Ihlenfelder Vorstadt", "Hagen-Nirgends", "unbekannt"]}
FACTS = sorted(VALUES)
QUERIES = st.lists(st.composite(_query)(), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, list[Document]]:
    """Documents of every sort and language, and the index that holds them."""
    documents = list(islice(_documents(chance("percolation", 1)), 400))
    return filled(tmp_path_factory.mktemp("index"), documents), documents


def _found(index: Index, query: Query) -> set[str]:
    results = index.best(query, NOW)
    return set() if results.corrected else {hit.document.uri for hit in results.hits}


@pytest.mark.unmeasured
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(queries=QUERIES)
def test_it_finds_what_the_index_finds(shelf: tuple[Index, list[Document]], queries: list[Query]) -> None:
    index, documents = shelf
    percolator = Percolator()
    for key, query in enumerate(queries):
        percolator.add(key, query)
    by_search: dict[int, set[str]] = {key: set() for key in range(len(queries))}
    for one in documents:
        for key in percolator.find(one, NOW):
            assert one.uri not in by_search[key], "each search is named once"
            by_search[key].add(one.uri)
    for key, query in enumerate(queries):
        assert by_search[key] == _found(index, query), query


def test_it_finds_what_the_index_finds_among_generated_documents(tmp_path: Path) -> None:
    """Texts as long as listings have, full of compounds; each search is made of one of them, so that it finds it."""
    vocabulary = [first + second for first in ("Kinder", "Senioren", "Natur") for second in ("hilfe", "schutz", "fest")]
    documents = list(bulk.documents(300, NOW, 5, vocabulary * 60))
    index = filled(tmp_path, documents)
    dice, percolator = chance("searches", 2), Percolator()
    queries = []
    for one in documents:
        words = " ".join(dice.sample(f"{one.title} {one.text}".split(), 2))[:100]
        spot = gazetteer.find(one.place)
        assert spot is not None
        queries.append(Query(text=words, place=one.place, spot=spot, radius_km=dice.choice(RADII_KM), areas=one.areas))
    for key, query in enumerate(queries):
        percolator.add(key, query)
    found: dict[int, set[str]] = {key: set() for key in range(len(queries))}
    for one in documents:
        for key in percolator.find(one, NOW):
            found[key].add(one.uri)
    assert sum(map(bool, found.values())) > 200
    for key, query in enumerate(queries):
        assert found[key] == _found(index, query), query


@settings(max_examples=20)
@given(queries=QUERIES, data=st.data())
def test_what_is_removed_leaves_nothing_behind(
    shelf: tuple[Index, list[Document]], queries: list[Query], data: st.DataObject
) -> None:
    _, documents = shelf
    gone = data.draw(st.sets(st.integers(0, len(queries) - 1)))
    percolator, fresh = Percolator(), Percolator()
    for key, query in enumerate(queries):
        percolator.add(key, query)
        if key not in gone:
            fresh.add(key, query)
    for key in gone:
        percolator.remove(key)
        percolator.remove(key)
    assert percolator.held() == fresh.held()
    for one in documents[:100]:
        assert sorted(percolator.find(one, NOW)) == sorted(fresh.find(one, NOW))
    for key in fresh.held():
        percolator.remove(key)
    held = [vars(percolator)[name] for name in ("_searches", "_groups", "_numbers", "_demands", "_uses", "_words")]
    assert held == [{}] * 6
    assert all(not circles for circles in percolator._squares.values())
    assert all(not vocabulary._by_term and not vocabulary._terms for vocabulary in percolator._languages.values())


def test_a_search_takes_the_place_of_the_one_with_its_key() -> None:
    percolator = Percolator()
    percolator.add(7, Query(text="Vorlesen"))
    percolator.add(7, Query(text="Feuerwehr"))
    assert percolator.find(document(title="Feuerwehr", text=""), NOW) == [7]
    assert percolator.find(document(title="Vorlesen", text=""), NOW) == []
    assert len(percolator) == 1


def test_it_is_asked_anew_at_every_moment() -> None:
    percolator = Percolator()
    percolator.add(1, Query(kinds=("event",)))
    fest = event(1, NOW, NOW + timedelta(hours=2))
    assert percolator.find(fest, NOW) == [1]
    assert percolator.find(fest, NOW + timedelta(hours=3)) == []  # a list by date begins with what isn't over yet
    assert percolator.find(replace(fest, expires_at=NOW), NOW) == []


def test_every_filter_makes_a_demand_or_is_known_to_be_none() -> None:
    """Whoever adds a filter is told here that saved searches must obey it too."""
    samples = {
        "q": [("q", "Garten")], "ort": [("ort", "Hagen")], "umkreis": [("ort", "Hagen"), ("umkreis", "5")],
        "bereich": [("bereich", "sport")], "art": [("art", "termin")], "von": [("von", "2026-12-24")],
        "bis": [("bis", "2026-12-24")], "sortierung": [("sortierung", "datum")], "seite": [("seite", "2")],
        "genau": [("genau", "zeit")], "gefragt": [("gefragt", "Was geht?")], "wortlaut": [("wortlaut", "ja")],
        **{name: [(name, values[0])] for name, values in VALUES.items()},
    }  # fmt: skip
    assert samples.keys() == {item.name for item in FILTERS}
    silent = {name for name, params in samples.items() if not demands.of(read(params))}
    assert silent == {"sortierung", "seite", "genau", "gefragt", "wortlaut"}
    exactly = [("zeit", "sa"), ("genau", "zeit")]
    assert demands.of(read(exactly)) != demands.of(read(exactly[:1]))
    assert demands.of(read(samples["umkreis"])) != demands.of(read(samples["ort"]))


@pytest.mark.parametrize("middle", [0.0, 179.9, -179.95])
def test_circles_reach_over_the_date_line_and_the_poles(middle: float) -> None:
    percolator = Percolator()
    dice = chance("globe", int(middle))
    spots = [(dice.uniform(-90, 90), middle + dice.gauss(0, 0.5)) for _ in range(200)]
    wrapped = [(latitude, (longitude + 180) % 360 - 180) for latitude, longitude in spots]
    for key, (latitude, longitude) in enumerate(wrapped):
        spot = replace(HAGEN, latitude=latitude, longitude=longitude)
        percolator.add(key, Query(place="Hier", spot=spot, radius_km=100))
    for latitude, longitude in wrapped:
        here = document(latitude=latitude, longitude=longitude)
        expected = [key for key, spot in enumerate(wrapped) if Circle(*spot, 100.0).hold([latitude], [longitude])[0]]
        assert sorted(percolator.find(here, NOW)) == expected


@pytest.mark.parametrize("words", ["Seniorenbetreuung", "Weltladen"])
def test_what_belongs_together_is_as_near_as_for_the_index(tmp_path: Path, words: str) -> None:
    first, second = {"Seniorenbetreuung": ("Senioren", "Betreuung"), "Weltladen": ("eine Welt", "Laden")}[words]
    texts = [f"{first} {'xx ' * gap}{second}" for gap in range(12)]
    texts += [f"{second} {'xx ' * gap}{first}" for gap in range(12)]
    documents = [document(number, title="", text=text) for number, text in enumerate(texts)]
    percolator = Percolator()
    percolator.add(0, Query(text=words))
    found = {one.uri for one in documents if percolator.find(one, NOW)}
    assert 2 < len(found) < len(documents)
    assert found == _found(filled(tmp_path, documents), Query(text=words))


def test_days_count_as_the_index_counts_them(tmp_path: Path) -> None:
    query = Query(since=date(2026, 12, 24), until=date(2026, 12, 24))
    midnight = making.NOW.replace(month=12, day=23, hour=23, minute=0)  # UTC, so midnight in Berlin
    moments = [midnight + timedelta(seconds=offset) for offset in (-1, 0, 86_399, 86_400)]
    documents = [event(number, moment) for number, moment in enumerate(moments)]
    percolator = Percolator()
    percolator.add(0, query)
    found = {one.uri for one in documents if percolator.find(one, NOW)}
    assert found == {documents[1].uri, documents[2].uri} == _found(filled(tmp_path, documents), query)
