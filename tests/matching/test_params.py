"""A profile in a URL: there and back, one form for one profile, and clear words for what cannot be understood."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.matching import params, week
from fediverse_ehrenamt.matching.profile import Profile
from fediverse_ehrenamt.places import gazetteer
from tests.matching import chances

FULL = (
    "bereich=sport&bereich=umwelt_tiere&taetigkeit=lernhilfe&zielgruppe=kinder&art=einmalig&bedarf=stufenlos"
    "&zeit=sa-vormittags&zeit=so-abends&ort=Hagen&umkreis=10&ortsuche=nein&stunden=2.5&je=woche&online=auch&dauer=6_monate"
    "&deutsch=b1&sprachen=ar%2C+uk&koennen=Gitarre%2C+Excel&alter=16_17&zeugnis=ja&gewicht_bereich=sehr&gewicht_art=egal&merken=ja"
)


def read(query: str) -> Profile:
    return params.read(parse_qsl(query, keep_blank_values=True))


def problems(query: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read(query)
    return {problem.field: problem.message for problem in caught.value.problems}


def test_everything_there_and_back() -> None:
    made = read(FULL)
    assert made.where is not None
    assert (made.where.place, made.where.radius_km, made.where.municipality) == ("Hagen", 10, "hagen")
    assert (made.where.in_search, read("ort=Hagen&ortsuche=ja").where) == (False, read("ort=Hagen").where)
    assert made.hours == 2.5
    assert week.cells(made.cells) == ("sa-vormittags", "so-abends")
    assert made.skills == ("Gitarre", "Excel")
    assert made.levels == (("bereich", "sehr"), ("art", "egal"))
    assert urlencode(params.write(made)) == FULL
    mixed = "&".join(reversed(FULL.split("&"))) + "&unbekannt=x&ort=&bereich="
    assert read(mixed) == made


def test_nothing_is_nothing() -> None:
    assert read("") == read("ort=&stunden=+&x=y&je=monat&umkreis=10") == Profile()
    assert params.write(Profile()) == ()


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("bereich=unsinn", "bereich", "„unsinn“ gibt es nicht"),
        ("zielgruppe=alle", "zielgruppe", "„alle“ gibt es nicht"),
        ("bedarf=nicht_barrierefrei", "bedarf", "gibt es nicht"),
        ("zeit=montags", "zeit", "„montags“ ist keine Zeit; richtig wäre zum Beispiel so-abends"),
        ("ort=Hagn", "ort", "„Hagn“ kennen wir nicht. Meinten Sie Hagen"),
        ("ort=Hagen&umkreis=7", "umkreis", "möglich sind 2, 5, 10, 20, 50, 100 km"),
        ("umkreis=viel", "umkreis", "möglich sind"),
        ("stunden=viele", "stunden", "„viele“ ist keine Zahl von Stunden"),
        ("stunden=0", "stunden", "ist keine Zahl von Stunden"),
        ("stunden=745", "stunden", "ist keine Zahl von Stunden"),
        ("stunden=٣", "stunden", "ist keine Zahl von Stunden"),
        ("stunden=2&je=tag", "stunden", "„tag“ gibt es nicht"),
        ("online=vielleicht", "online", "möglich sind auch, nein, nur"),
        ("dauer=ewig", "dauer", "gibt es nicht"),
        ("deutsch=d1", "deutsch", "gibt es nicht"),
        ("sprachen=Ukrainisch!", "sprachen", "ist kein Kürzel einer Sprache"),
        ("sprachen=uk,ar,tr,ru,en,fr,es", "sprachen", "das sind zu viele; höchstens 6"),
        ("koennen=" + ",".join("abcdefghi"), "koennen", "höchstens 8 Fähigkeiten"),
        ("koennen=" + "x" * 201, "koennen", "ist zu lang"),
        ("alter=17", "alter", "möglich sind u14, 14_15, 16_17, ab_18"),
        ("zeugnis=nein", "zeugnis", "möglich sind ja"),
        ("gewicht_zeit=3", "gewicht", "„3“ gibt es nicht; möglich sind egal, wenig, normal, sehr"),
    ],
)
def test_what_cannot_be_understood(query: str, field: str, words: str) -> None:
    assert words in problems(query)[field]


def test_all_problems_are_named_at_once_and_none_repeats_a_whole_attack() -> None:
    found = problems("bereich=" + "x" * 5000 + "&alter=1&ort=" + "y" * 5000)
    assert list(found) == ["bereich", "ort", "alter"]
    assert all(len(message) < 500 for message in found.values())


def test_what_is_said_twice_counts_once() -> None:
    assert read("koennen=a,b,,a,a,b,a,a,a,a&sprachen=uk, UK uk").skills == ("a", "b")
    assert read("sprachen=uk, UK uk").languages == frozenset({"uk"})


@pytest.mark.parametrize("typed", ["2,5", "2.5", " 2,50 "])
def test_hours_as_germans_write_them(typed: str) -> None:
    assert read(urlencode({"stunden": typed})).hours == 2.5


def test_without_a_tick_nothing_sensitive_is_kept() -> None:
    said = read(FULL)
    assert said.kept() == said
    kept = replace(said, remember_needs=False).kept()
    assert not kept.sensitive
    assert (kept.needs, kept.age, kept.no_clearance) == (frozenset(), "", False)
    assert (kept.areas, kept.cells, kept.where) == (said.areas, said.cells, said.where)


@given(chances.profiles())
def test_a_profile_comes_back(profile: Profile) -> None:
    spot = gazetteer.find("Hagen")
    assert spot is not None
    where = profile.where and replace(
        profile.where, latitude=spot.latitude, longitude=spot.longitude, municipality="hagen"
    )
    plain = replace(profile, where=where, hours_per="woche" if profile.hours is None else profile.hours_per)
    assert params.read(params.write(plain)) == plain


NAMES = [name for name, _ in parse_qsl(FULL)]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=30)), max_size=30))
def test_whatever_is_typed_ends_in_a_profile_or_in_problems(typed: list[tuple[str, str]]) -> None:
    try:
        made = params.read(typed)
    except Invalid:
        made = Profile()
    assert params.read(params.write(made)) == made
