"""Facets: each filter lets through what a plain reading of the facts would, silent ones behind the others."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search import counting, facets, measure, registration, scales
from fediverse_ehrenamt.search.cache import Cache
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import FILTERS, LANGUAGES, SORTINGS
from fediverse_ehrenamt.search.filters import KINDS as KINDS_BY_SLUG
from fediverse_ehrenamt.search.model import KINDS, Document, Facts
from fediverse_ehrenamt.search.query import Query, read
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Effort, GroupSize
from tests.search.making import NOW, document, event, filled

YES, MAY, NO = "fits", "may fit", "does not fit"
_CELLS = [f"{day}-{part}" for day in labels.WEEKDAY for part in labels.DAYPART]
_PER_WEEK = {"woche": 1.0, "monat": 52 / 12, "jahr": 52.0}


def _some(of: Iterable[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([*of, "fremd"]), max_size=most, unique=True).map(tuple)


_HOURS = st.one_of(st.none(), st.sampled_from([0, 0.5, 1, 2, 3, 5, 10, 40]))
_FACTS = st.builds(
    Facts,
    kind=st.sampled_from(["", *labels.KIND]),
    activities=_some(labels.ACTIVITY),
    audiences=_some(labels.AUDIENCE),
    suitable_for=_some(labels.SUITABLE_FOR),
    mode=st.sampled_from(["", "unbekannt", *labels.MODE]),
    cells=_some(_CELLS),
    flexible=st.sampled_from([None, False, True]),
    effort=st.one_of(
        st.none(),
        st.builds(Effort, min_hours=_HOURS, max_hours=_HOURS, per=st.sampled_from(["", *labels.PER])),
    ),
    minimum_duration=st.sampled_from(["", *labels.MINIMUM_DURATION]),
    german_level=st.sampled_from(["", *labels.GERMAN_LEVEL]),
    languages=_some(["tr", "ar-SY", "EN"]),
    minimum_age=st.one_of(st.none(), st.integers(-1, 30)),
    maximum_age=st.one_of(st.none(), st.integers(-1, 60), st.just(500)),
    clearance=st.sampled_from(["", *labels.CLEARANCE]),
    accessibility=_some(labels.ACCESSIBILITY),
    group_size=st.one_of(
        st.none(),
        st.builds(
            GroupSize, min=st.one_of(st.none(), st.integers(1, 30)), max=st.one_of(st.none(), st.integers(1, 90))
        ),
    ),
    registration=st.sampled_from([None, False, True]),
)
_DISTRICTS = ("Hagen-Haspe", "Neubrandenburg-Ihlenfelder Vorstadt", "Halle (Saale)-Büschdorf")
_DOCUMENTS = st.one_of(
    st.builds(
        lambda facts, areas, anywhere, place, district: document(
            1, facts=facts, areas=areas, anywhere=anywhere, place=place, district=district
        ),
        st.one_of(st.none(), _FACTS),
        _some(labels.AREA),
        st.booleans(),
        st.sampled_from(["", "Hagen"]),
        st.sampled_from(["", "", *_DISTRICTS]),
    ),
    st.builds(
        lambda facts, hours, lasts: event(
            1, NOW + timedelta(hours=hours), NOW + timedelta(hours=hours + lasts), facts=facts
        ),
        st.one_of(st.none(), _FACTS),
        st.integers(0, 400),
        st.integers(0, 60),
    ),
    st.just(document(1, kind="post")),
)


# --- the rules in other words -----------------------------------------------------------------------------------------
def _one_of(said: set[str], known: Iterable[str], wanted: str) -> str:
    said &= set(known)
    return MAY if not said else YES if wanted in said else NO


def _time(one: Document, facts: Facts, wanted: str) -> str:
    cells = {cell for cell in facts.cells if cell in _CELLS}
    if one.starts_at is not None:
        assert one.ends_at is not None
        cells = set()
        moment = one.starts_at
        while one.ends_at - one.starts_at <= timedelta(hours=48) and (moment < one.ends_at or moment == one.starts_at):
            cells.add(_cell_of(moment))
            moment += timedelta(minutes=30)
    if any(wanted in {cell, *cell.split("-")} for cell in cells):
        return YES
    return MAY if facts.flexible or not cells else NO


def _cell_of(moment: datetime) -> str:
    there = moment + timedelta(hours=1)  # December
    part = next(
        name
        for name, until in (("nachts", 6), ("morgens", 9), ("vormittags", 12), ("mittags", 14), ("nachmittags", 18),
                            ("abends", 22), ("nachts", 24))
        if there.hour < until
    )  # fmt: skip
    day = there - timedelta(hours=6) if there.hour < 6 else there
    return f"{list(labels.WEEKDAY)[day.weekday()]}-{part}"


def _amount(facts: Facts, wanted: str) -> str:
    """Hours on the steps: the limits asked for here are steps themselves, per week."""
    effort, once = facts.effort, facts.kind == "einmalig"
    per = effort.per if effort else ""
    if not once and per not in labels.PER:
        return MAY
    if wanted == "einmalig":
        return YES if once or per == "einmalig" else NO
    assert wanted in {"2-woche", "ab-5-woche"}
    if effort is None or per not in _PER_WEEK or (effort.min_hours is None and effort.max_hours is None):
        return NO
    least = (effort.min_hours or 0) / _PER_WEEK[per]
    most = 168 if effort.max_hours is None else effort.max_hours / _PER_WEEK[per]
    if wanted == "2-woche":
        return YES if least <= 2 else NO
    return YES if most > 4 else NO  # the step below 5


def _mode(one: Document, facts: Facts, wanted: str) -> str:
    mode = "online" if one.anywhere else facts.mode if facts.mode in labels.MODE else "vor_ort" if one.place else ""
    if mode in {"", "teilweise_online"}:
        return MAY
    return YES if (mode == "online") == (wanted == "ja") else NO


def _needs(facts: Facts, wanted: str) -> str:
    if wanted in facts.accessibility:
        return YES
    said = set(facts.accessibility) & (set(labels.ACCESSIBILITY) - {"unbekannt"})
    return NO if said == {"nicht_barrierefrei"} else MAY


def _old_enough(facts: Facts, wanted: str) -> str:
    age, least = int(wanted), None
    if facts.maximum_age is not None and 0 <= facts.maximum_age < age:
        return NO
    if facts.minimum_age is not None and facts.minimum_age >= 0:
        least = next(step for step in scales.AGES if step >= facts.minimum_age)  # in between counts as older
    if age >= 18:
        fits = least is None or least <= age or bool({"u14", "u18"} & set(facts.suitable_for))
        return YES if fits else NO
    return YES if (least is not None and least <= age) or ("u14" if age < 14 else "u18") in facts.suitable_for else NO


def _at_most(scale: list[str], said: str, wanted: str) -> str:
    return MAY if said not in scale else YES if scale.index(said) <= scale.index(wanted) else NO


def _duration(facts: Facts, wanted: str) -> str:
    said = facts.minimum_duration or ("keine" if facts.kind == "einmalig" else "")
    return _at_most(list(labels.MINIMUM_DURATION), said, wanted)


def _clearance(facts: Facts, wanted: str) -> str:
    return _at_most(["nein", "einfach", "erweitert"], facts.clearance, wanted)


def _level(facts: Facts, wanted: str) -> str:
    return _at_most(["nicht_noetig", "a1", "a2", "b1", "b2", "c1"], facts.german_level, wanted)


def _tongues(one: Document, facts: Facts, wanted: str) -> str:
    said = {tag.split("-")[0].lower() for tag in (*facts.languages, one.language)}
    return _one_of(said, LANGUAGES, wanted)


def _people(facts: Facts, wanted: str) -> str:
    size, people = facts.group_size, int(wanted)
    least, most = (size.min or 1, size.max or 100) if size else (1, 0)
    if not any(least <= step <= most for step in scales.SIZES):
        return MAY
    return YES if least <= people <= most else NO


def _signing_up(facts: Facts, _wanted: str) -> str:
    return MAY if facts.registration is None else NO if facts.registration else YES


_PLAIN: dict[str, Callable[[Document, Facts, str], str]] = {
    "taetigkeit": lambda _one, facts, wanted: _one_of(set(facts.activities), labels.ACTIVITY, wanted),
    "zielgruppe": lambda _one, facts, wanted: _one_of(set(facts.audiences), labels.AUDIENCE, wanted),
    "geeignet": lambda _one, facts, wanted: _one_of(set(facts.suitable_for), labels.SUITABLE_FOR, wanted),
    "engagement": lambda _one, facts, wanted: _one_of({facts.kind}, labels.KIND, wanted),
    "zeit": _time,
    "kurzfristig": lambda _one, facts, wanted: _signing_up(facts, wanted),
    "aufwand": lambda _one, facts, wanted: _amount(facts, wanted),
    "dauer": lambda _one, facts, wanted: _duration(facts, wanted),
    "online": _mode,
    "barrierefrei": lambda _one, facts, wanted: _needs(facts, wanted),
    "deutsch": lambda _one, facts, wanted: _level(facts, wanted),
    "sprachen": _tongues,
    "alter": lambda _one, facts, wanted: _old_enough(facts, wanted),
    "fuehrungszeugnis": lambda _one, facts, wanted: _clearance(facts, wanted),
    "gruppe": lambda _one, facts, wanted: _people(facts, wanted),
}
_ASKED: dict[str, tuple[str, ...]] = {
    "aufwand": ("2-woche", "ab-5-woche", "einmalig"),
    "alter": ("8", "13", "14", "17", "18", "25", "44"),
    "gruppe": ("1", "7", "12", "30"),
}


def test_every_filter_by_facts_is_tested_here() -> None:
    assert set(_PLAIN) == {item.name for item in FILTERS if item.fact}


def test_what_is_not_wanted_is_left_out_and_what_says_nothing_of_it_stays(tmp_path: Path) -> None:
    kinds = [Facts(audiences=("kinder", "familien")), Facts(audiences=("aeltere",)), Facts(), None]
    documents = [document(at, facts=facts, areas=("sport",) if at == 2 else ()) for at, facts in enumerate(kinds, 1)]
    index = filled(tmp_path, documents)

    def found(*values: str) -> set[str]:
        query = read([("ohne", value) for value in values])
        hits = index.find(query, NOW)
        assert (hits.unsure, index.counts(query, NOW).of("art", ("angebot",))) == (0, hits.total)
        return {hit.document.id[-1] for hit in hits.hits}

    assert found("kinder") == {"2", "3", "4"}
    assert found("kinder", "aeltere") == {"3", "4"}
    assert found("sport") == {"1", "3", "4"}
    assert found("tiere") == {"1", "2", "3", "4"}


def test_of_what_may_fit_stands_first_what_fits_more_of_what_was_asked(tmp_path: Path) -> None:
    said = [Facts(), Facts(cells=("sa-vormittags",)), Facts(suitable_for=("familien",), cells=("sa-abends",)), Facts()]
    index = filled(tmp_path, [document(at, facts=facts) for at, facts in enumerate(said, 1)])
    wanted = [("zeit", "sa"), ("geeignet", "familien"), ("deutsch", "a1"), ("gefragt", "samstags mit der Familie")]
    for query in (read(wanted), read([*wanted, ("q", "vorlesen")])):
        found = index.find(query, NOW)
        assert (found.total, found.unsure) == (4, 4)
        assert [hit.document.id[-1] for hit in found.hits][:2] == ["3", "2"]


def test_of_those_that_may_fit_who_meets_more_of_the_demands_stands_first(tmp_path: Path) -> None:
    firm = document(1, title="Wald", text="Bäume pflanzen", facts=Facts(suitable_for=("unternehmen",)))
    wordy = document(2, title="Straßenfest", text="Um den Kuchen kümmern sich schon andere Leute.")
    others = [document(number, title=f"Lesen {number}", text="Wir lesen vor.") for number in range(3, 9)]
    wanted = (("geeignet", "unternehmen"), ("gruppe", "20"))
    asked = Query(asked="Firma sucht was für 20 Leute", chosen=wanted)
    hits = filled(tmp_path, [wordy, firm, *others]).find(asked, NOW).hits
    assert [hit.document.title for hit in hits[:2]] == ["Wald", "Straßenfest"]


@pytest.mark.parametrize("per", ["woche", "monat", "jahr"])
def test_what_has_no_upper_bound_fits_whoever_has_much_time(per: str) -> None:
    said = scales.of_effort(Effort(min_hours=0, per=per))
    assert scales.asked_effort("ab-40-woche").intersection(said)


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", _PLAIN)
@settings(max_examples=60)
@given(one=_DOCUMENTS, data=st.data())
def test_a_filter_equals_a_plain_reading_of_the_facts(name: str, one: Document, data: st.DataObject) -> None:
    item = next(item for item in FILTERS if item.name == name)
    wanted = data.draw(st.sampled_from(_ASKED.get(name, tuple(value for value, _label in item.choices))))
    query, slugs = read([(name, wanted)]), facets.slugs(one)
    (demand,) = facets.demands(query)
    barred = not facets.refusals(query).isdisjoint(facets.bars(one))
    judged = NO if barred else YES if demand.holds(slugs) else MAY if demand.lets(slugs) else NO
    assert judged == _PLAIN[name](one, one.facts or Facts(), wanted)
    (strict,) = facets.demands(read([(name, wanted), ("genau", name)]))
    assert (strict.lets(slugs) and not barred) == (judged == YES)


def _barred(one: Document, query: Query) -> bool:
    oldest, age = one.facts.maximum_age if one.facts else None, query.values("alter")
    return oldest is not None and bool(age) and 0 <= oldest < int(age[0])


def test_each_filter_has_its_place_in_a_column() -> None:
    assert sorted(name for names in facets.LAYOUT for name in names) == sorted(facets.FACETS)
    assert all(sum(len(facets.FACETS[name]) - 1 for name in names) <= facets.WIDTH for names in facets.LAYOUT)


@given(one=_DOCUMENTS)
def test_slugs_survive_as_bits(one: Document) -> None:
    slugs = facets.slugs(one)
    assert {slug.split(":")[0] for slug in slugs} == {"stadtteil", *facets.FACETS}, "every filter has something to say"
    masks = facets.masks(slugs)
    assert all(0 <= mask < 1 << facets.WIDTH for mask in masks)
    bits = {name: facets.silence(name) for name in facets.FACETS}
    found = {slug for name, (column, own) in bits.items() for slug in facets.unpacked(name, masks[column] & own)}
    assert found == set(slugs[1:])
    assert slugs[0] == f"stadtteil:{one.district or 'unbekannt'}"


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("Kommen Sie einfach vorbei, eine Anmeldung ist nicht erforderlich.", False),
        ("Teilnahme ohne Anmeldung möglich", False),
        ("Eine vorherige Anmeldung ist nicht notwendig.", False),
        ("Keine Anmeldung nötig!", False),
        ("Schaut gerne spontan vorbei.", False),
        ("Um Anmeldung wird gebeten bis 3. Mai.", True),
        ("Anmeldung erforderlich unter 02331 12345", True),
        ("Eine Anmeldung ist unbedingt erforderlich.", True),
        ("Bitte melden Sie sich vorher an.", True),
        ("Bitte vorher anmelden", True),
        ("Anmeldung bei Frau Müller", True),
        ("Melden Sie sich bei uns, wir freuen uns auf Sie!", None),
        ("Wir helfen bei der Anmeldung von Kindern in der Kita.", None),
        ("Der Krieg ist lange vorbei.", None),
        ("", None),
    ],
)
def test_whether_one_has_to_sign_up_is_read_from_the_text(text: str, needed: bool | None) -> None:
    assert registration.read(text) is needed


def test_reading_of_registration_is_quick_on_a_hostile_text() -> None:
    started = time.process_time()
    for text in ("anmeldung " * 5_000, "bitte melden sie sich " * 5_000, "komm " * 9_000, "bitte " * 9_000 + "anmeld"):
        registration.read(text)
    assert time.process_time() - started < 1.0


_SPOT = Spot("x", "NW", 51.4, 7.5, "", 1)


# --- in the index -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class Town:
    index: Index
    documents: dict[str, Document]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made: dict[str, Document] = {}

    @settings(max_examples=80, derandomize=True, database=None)
    @given(one=_DOCUMENTS)
    def make(one: Document) -> None:
        number = len(made) + 1
        made[f"{number:022d}"] = Document(
            **{name: getattr(one, name) for name in Document.__slots__}
            | {
                "uri": f"https://a.example/{number}",
                "id": f"{number:022d}",
                "host": f"{'ab'[number % 2]}.example",
                "latitude": None if number % 7 == 0 else 51.0 + number / 100,
                "longitude": 7.0 + number / 80,
            }
        )

    make()
    return Town(filled(tmp_path_factory.mktemp("town"), made.values()), made)


_CHOSEN = st.lists(
    st.sampled_from([(item.name, value) for item in FILTERS if item.fact and item.name != "kurzfristig"
                     for value in _ASKED.get(item.name, tuple(value for value, _label in item.choices))]),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=60)
@given(chosen=_CHOSEN, exact=st.booleans(), words=st.booleans())
def test_the_index_lists_what_fits_and_behind_it_what_may(
    town: Town, chosen: list[tuple[str, str]], exact: bool, words: bool
) -> None:
    pairs = [*chosen, *(("genau", name) for name, _value in chosen if exact), *([("q", "vorlesen")] if words else [])]
    query = read(pairs)
    demands = facets.demands(query)
    slugs = {key: facets.slugs(one) for key, one in town.documents.items() if not _barred(one, query)}
    first = {key for key, said in slugs.items() if all(demand.holds(said) for demand in demands)}
    all_ = {key for key, said in slugs.items() if all(demand.lets(said) for demand in demands)}
    pages = [town.index.find(query.on_page(number), NOW) for number in range(1, 7)]
    listed = [hit.document.id for page in pages for hit in page.hits]
    assert len(listed) == len(set(listed))
    assert set(listed[: len(first)]) == first
    assert set(listed) == all_
    assert {(page.total, page.unsure) for page in pages} == {(len(all_), len(all_) - len(first))}


def test_a_portal_is_a_filter_too(town: Town) -> None:
    found = town.index.find(read([("quelle", "b.example")]), NOW)
    assert found.total == sum(one.host == "b.example" for one in town.documents.values()) > 0
    assert all(hit.document.host == "b.example" for hit in found.hits)


@pytest.mark.parametrize("chosen", [[one] for one in _DISTRICTS] + [[_DISTRICTS[0], "unbekannt"], ["Hagen-Nirgends"]])
def test_a_district_is_a_filter_that_leaves_out_what_names_none(town: Town, chosen: list[str]) -> None:
    found = town.index.find(read([("stadtteil", one) for one in chosen]), NOW)
    expected = {key for key, one in town.documents.items() if (one.district or "unbekannt") in chosen}
    assert (found.total, found.unsure) == (len(expected), 0)
    assert {hit.document.id for hit in found.hits} <= expected
    assert expected or chosen == ["Hagen-Nirgends"]


@pytest.mark.parametrize("few", [1, 10_000], ids=["many", "few"])
def test_where_nothing_names_a_district_they_are_counted_only_if_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(measure, "MEASURED", few)
    index = filled(tmp_path, [document(number) for number in range(3)])
    counts = index.counts(Query(), NOW)
    assert not any(slug.startswith("stadtteil") for slug in counts.slugs)
    asked = index.counts(read([("stadtteil", "Hagen-Haspe")]), NOW)
    assert (asked.of("stadtteil", ["unbekannt"]), asked.of("art", ["angebot"])) == (3, 0)


def test_of_very_many_districts_only_few_hits_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    middle, edge = ({"latitude": _SPOT.latitude + north, "longitude": _SPOT.longitude} for north in (0.0, 0.0449))
    documents = [document(1, district="Hagen-Haspe", **middle), document(2, district="Hagen-Boele", **edge)]
    index = filled(tmp_path, [*documents, document(3, **middle)])
    monkeypatch.setattr(counting, "MANY_DISTRICTS", 1)
    known = {"stadtteil:Hagen-Haspe": 1, "stadtteil:Hagen-Boele": 1, "stadtteil:unbekannt": 1}
    assert known.items() <= index.counts(Query(), NOW).slugs.items()
    monkeypatch.setattr(measure, "MEASURED", 1)
    many = Index(index.folder.path)
    around = Query(place="x", spot=_SPOT, radius_km=5)
    for query in (Query(), around):
        counts = many.counts(query, NOW)
        assert counts.of("art", ["angebot"]) == 3
        assert not known.keys() & counts.slugs.keys()
    assert known.items() <= many.counts(read([("stadtteil", "Hagen-Haspe")]), NOW).slugs.items()


def test_what_the_cut_text_said_of_registration_is_kept(tmp_path: Path) -> None:
    index = filled(
        tmp_path, [event(1, NOW, text="Wort " * 300 + "Keine Anmeldung nötig."), event(2, NOW, text="Wort " * 300)]
    )
    said = {hit.document.id[-1]: hit.document.facts for hit in index.find(Query(), NOW).hits}
    assert said["1"] is not None
    assert said["1"].registration is False
    assert said["2"] is None


def test_dates_from_today_on(tmp_path: Path) -> None:
    free = Facts(registration=False)
    index = filled(
        tmp_path,
        [
            event(1, NOW + timedelta(hours=5), facts=free),
            event(2, NOW + timedelta(hours=6)),
            event(3, NOW + timedelta(hours=5), facts=Facts(registration=True)),
            event(4, NOW + timedelta(days=6), facts=free),
            event(5, NOW + timedelta(days=7), facts=free),
            event(6, NOW - timedelta(hours=14), facts=free),
            document(7, facts=free),
        ],
    )
    today, week = (index.find(read([("kurzfristig", value)]), NOW) for value in ("heute", "woche"))
    assert [int(hit.document.id) for hit in today.hits] == [1, 2]
    assert (today.unsure, today.undated) == (1, 1)
    assert {int(hit.document.id) for hit in week.hits} == {1, 2, 4}
    assert [kind for kind in KINDS if index.find(read([("kurzfristig", "woche")]), NOW).undated]


# --- counted ----------------------------------------------------------------------------------------------------------
def _counted(town: Town, query: Query, near: Callable[[Document], bool]) -> Counter[str]:
    """Count by a plain reading: each slug of what lets through every demand but perhaps that of its own filter."""
    demands = facets.demands(query)
    counted: Counter[str] = Counter()
    for one in town.documents.values():
        said = facets.slugs(one)
        missed = {demand.name for demand in demands if not demand.lets(said)}
        if query.values("quelle") and one.host not in query.values("quelle"):
            missed.add("quelle")
        if not near(one) or _barred(one, query) or (query.text and one.title == ""):
            continue
        counted.update(slug for slug in said if missed <= {slug.split(":")[0]})
        counted.update([f"quelle:{one.host}"] if missed <= {"quelle"} else [])
    return counted


@pytest.mark.unmeasured
@pytest.mark.parametrize("few", [0, 15, 10_000], ids=["many", "few meet all demands", "few"])
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(st.one_of(_CHOSEN.map(lambda pairs: pairs[0]), st.sampled_from(
        [("bereich", "sport"), ("bereich", "unbekannt"), ("art", "angebot"), ("quelle", "b.example"), ("q", "vorlesen"),
         ("stadtteil", "unbekannt"), ("stadtteil", "Hagen-Nirgends"), *(("stadtteil", name) for name in _DISTRICTS)]
    )), max_size=4),
    radius=st.sampled_from([0, 5, 20, 50]),
    exact=st.booleans(),
)  # fmt: skip
def test_counts_equal_plain_counting(
    town: Town, monkeypatch: pytest.MonkeyPatch, few: int, chosen: list[tuple[str, str]], radius: int, exact: bool
) -> None:
    monkeypatch.setattr(measure, "MEASURED", few or 1)
    query = read([*chosen, *(("genau", name) for name, _value in chosen if exact)])
    if radius:
        query = replace(query, place="x", spot=_SPOT, radius_km=radius)

    def near(one: Document) -> bool:
        if not radius or one.anywhere:
            return True
        if one.latitude is None or one.longitude is None:
            return False
        return distance_km(_SPOT.latitude, _SPOT.longitude, one.latitude, one.longitude) <= radius

    found = Index(town.index.folder.path).counts(query, NOW)
    expected = _counted(town, query, near)
    portals = {slug: number for slug, number in expected.items() if slug.startswith("quelle:")}
    assert found.slugs == {slug: number for slug, number in expected.items() if slug not in portals}
    assert {f"quelle:{host}": number for host, number in found.portals.items()} == portals


@pytest.mark.unmeasured
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(st.one_of(_CHOSEN.map(lambda pairs: pairs[0]), st.sampled_from(
        [("bereich", "sport"), ("art", "angebot"), ("art", "termin"), ("quelle", "b.example"), ("q", "vorlesen"),
         ("von", "2026-12-03"), ("bis", "2026-12-09"), ("stadtteil", "unbekannt"),
         *(("sortierung", order) for order, _label in SORTINGS)]
    )), max_size=4),
    radius=st.sampled_from([0, 5, 20, 50]),
)  # fmt: skip
def test_to_count_what_was_found_is_to_count_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch, pairs: list[tuple[str, str]], radius: int
) -> None:
    query = read(pairs)
    if radius:
        query = replace(query, place="x", spot=_SPOT, radius_km=radius)
    answers = []
    first: tuple[Callable[[Index], object], ...] = (
        lambda index: index.find(query, NOW),
        lambda index: index.best(query, NOW, limit=3),
        lambda index: index.counts(query, NOW),
    )
    for measured, edge, begin in ((6_000, 2_000, 0), (6_000, 1, 1), (6_000, 2_000, 2), (1, 1, 0)):
        monkeypatch.setattr(measure, "MEASURED", measured)
        monkeypatch.setattr(counting, "ON_EDGE", edge)
        index = Index(town.index.folder.path)
        first[begin](index)
        found = index.find(query, NOW)
        answers.append((found, index.counts(query, NOW, found.total)))
    assert all(answer == answers[0] for answer in answers)
    found, counts = answers[0]
    if not facets.demands(query) and not query.values("quelle"):
        assert counts.of("art", KINDS_BY_SLUG) == found.total


def test_what_a_list_by_date_leaves_out_as_over_is_not_counted(tmp_path: Path) -> None:
    index = filled(tmp_path, [event(1, NOW - timedelta(hours=3)), event(2, NOW + timedelta(hours=3)), document(3)])
    by_date, usual = (index.counts(read(pairs), NOW).slugs for pairs in ([("sortierung", "beginn")], []))
    assert (by_date["art:termin"], usual["art:termin"]) == (1, 2)
    assert index.find(read([("sortierung", "beginn")]), NOW).total == 2


def test_an_answer_is_given_again_until_the_index_changes_or_a_minute_is_over(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1, expires_at=NOW + timedelta(seconds=30)), document(2)])
    first, counts = index.find(Query(), NOW), index.counts(Query(), NOW)
    later = NOW + timedelta(seconds=50)
    assert index.find(Query(), later) is first
    assert index.counts(Query(), later) is counts
    assert index.find(Query(), NOW + timedelta(seconds=60)).total == 1
    assert index.counts(Query(), NOW + timedelta(seconds=60)).slugs["art:angebot"] == 1
    filled(tmp_path, [document(3), document(4), document(5)])
    assert index.find(Query(), later).total == 3
    assert index.counts(Query(), later).slugs["art:angebot"] == 3


def test_a_cache_keeps_what_was_asked_for_last() -> None:
    cache: Cache[int] = Cache(2)
    asked: list[int] = []

    def answer(number: int) -> int:
        asked.append(number)
        return number

    for number in (1, 2, 1, 3, 1, 2):
        assert cache.get(number, "g", NOW, partial(answer, number)) == number
    assert asked == [1, 2, 3, 2]


def test_a_missing_index_counts_nothing(tmp_path: Path) -> None:
    assert Index(tmp_path / "none").counts(Query(), NOW).slugs == {}
