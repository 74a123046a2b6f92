"""Learning districts from what listings say: the median of their entries, and nothing that is no district."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from fediverse_ehrenamt.places import data, gazetteer, learning
from fediverse_ehrenamt.places.districts import District, Kept
from fediverse_ehrenamt.places.learning import Sighting


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    """Know at the end no more than at the beginning."""
    yield
    data.teach(())


def _teach(*districts: District) -> None:
    data.teach([Kept(gazetteer.key(one.town, one.name), one) for one in districts])


def _seen(
    district: str = "Rüttenscheid", latitude: float = 51.431, longitude: float = 7.005, town: str = "Essen",
    postcode: str = "45130",
) -> Sighting:  # fmt: skip
    return Sighting(district, town, postcode, latitude, longitude)


def test_a_district_lies_at_the_median_of_its_entries() -> None:
    seen = [_seen(latitude=51.43), _seen(latitude=51.432), _seen(latitude=51.50, longitude=7.10, postcode="45131")]
    (one,) = learning.learn(seen)
    assert one == District("Essen", "Rüttenscheid", 51.432, 7.005, "", learnt=True)
    _teach(one)
    assert gazetteer.districts("Essen") == [one]


def test_what_is_known_is_not_learnt_again() -> None:
    known = learning.learn([_seen(), _seen("Werden", 51.388, 7.004)])
    assert [one.label for one in known] == ["Essen-Rüttenscheid", "Essen-Werden"]
    _teach(*known)
    again = [_seen(latitude=51.44), _seen("rüttenscheid"), _seen("Haspe", 51.348, 7.418, "Hagen")]
    assert learning.learn(again) == []
    assert [one.label for one in learning.learn([*again, _seen("Kettwig", 51.36, 6.94)])] == ["Essen-Kettwig"]


def test_another_name_is_known_too() -> None:
    one = District("Essen", "Rüttenscheid", 51.431, 7.005)
    former = Kept(gazetteer.key("Essen", "Rü"), District("Essen", "Rü", 51.43, 7.0), stands_for="ruttenscheid")
    data.teach([Kept(gazetteer.key("Essen", "Rüttenscheid"), one), former])
    assert learning.learn([_seen("Rü")]) == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Rüttenscheid", "Rüttenscheid"),
        ("  Rütten\u00ad scheid ", ""),
        ("Ru\u0308ttenscheid", "Rüttenscheid"),
        ("Essen-Rüttenscheid", "Rüttenscheid"),
        ("Essen Rüttenscheid", "Rüttenscheid"),
        ("Stadtteil Rüttenscheid", "Rüttenscheid"),
        ("OT Rüttenscheid", "Rüttenscheid"),
        ("St. Georg-Süd", "St. Georg-Süd"),
        ("Essen", ""),
        ("Esson", "Esson"),  # a name as short as that may be another
        ("45130", ""),
        ("Bezirk 3", ""),
        ("rüttenscheid", ""),
        ("Keine Angabe", ""),
        ("Stadtweit", ""),
        ("Sonstige", ""),
        ("Region Essen", ""),
        ("Bitte fragen Sie uns gern", ""),
        ("Bitte in allen Stadtteilen fragen", ""),
        ("Auf dem Dreische", "Auf dem Dreische"),
        ("Überall, wo Hilfe nötig ist.", ""),
        ("Rüttenscheid/Werden", ""),
        ("<b>Rüttenscheid</b>", ""),
        ("Мир", ""),
        ("-", ""),
        ("\ud800", ""),
        ("R" * 500, ""),
    ],
)
def test_names_of_districts(written: str, name: str) -> None:
    assert [one.name for one in learning.learn([_seen(written)])] == ([name] if name else [])


@pytest.mark.parametrize(
    "one",
    [
        _seen(latitude=51.70),  # 30 km from Essen
        _seen(latitude=0.0, longitude=0.0),
        _seen(latitude=float("nan")),
        _seen(town="Nirgendwodorf"),
        _seen(town=""),
        _seen(town="Hamburg Jenfeld", latitude=53.57, longitude=10.13),  # no town
    ],
)
def test_an_entry_that_cannot_be_right_teaches_nothing(one: Sighting) -> None:
    assert learning.learn([one]) == []
    assert [found.name for found in learning.learn([one, _seen("Werden", 51.388, 7.004)])] == ["Werden"]


def test_a_point_of_several_districts_is_somebodys_office() -> None:
    office = 51.4566, 7.0123
    seen = [_seen("Werden", *office), _seen("Kettwig", *office), _seen("Kettwig", 51.36, 6.94)]
    assert [(one.name, one.latitude) for one in learning.learn(seen)] == [("Kettwig", 51.36)]


def test_the_town_misspelt_is_no_district() -> None:
    there = 53.54, 9.99, "Hamburg"
    assert learning.learn([_seen("Hamnburg", *there)]) == []
    assert [one.name for one in learning.learn([_seen("Harburg", *there)])] == ["Harburg"]


def _posted(district: str, postcode: str, latitude: float) -> Sighting:
    return replace(_seen(district, latitude, postcode=postcode), exact=False)


def test_without_points_a_district_lies_at_the_postcode_of_most_of_its_entries() -> None:
    borbeck = [_posted("Borbeck", "45355", 51.47)] * 3 + [_posted("Borbeck", "45127", 51.45)]
    divided = [_posted("Werden", "45239", 51.38), _posted("Werden", "45127", 51.45)]
    (one,) = learning.learn([*borbeck, *divided, _posted("Kettwig", "45219", 51.36)])
    assert one == District("Essen", "Borbeck", 51.47, 7.005, "45355", learnt=True)
    (same, kettwig) = learning.learn([*borbeck, _posted("Kettwig", "45219", 51.45), _seen("Kettwig", 51.36, 6.94)])
    assert (same, kettwig.latitude) == (one, 51.36), "a point says more"


def test_the_town_may_be_written_with_another_district() -> None:
    (one,) = learning.learn([_seen("Kückelhausen", 51.355, 7.44, "Hagen-Haspe", "58135")])
    assert one.label == "Hagen-Kückelhausen"
