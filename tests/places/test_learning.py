"""Learning districts from what listings say: the median of their entries, and nothing that is no district."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fediverse_ehrenamt.places import data, districts, gazetteer, learning
from fediverse_ehrenamt.places.districts import District
from fediverse_ehrenamt.places.learning import Sighting


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    data.prefer(tmp_path / "places")
    yield tmp_path / "places"
    data.prefer(tmp_path / "nowhere")


def _seen(
    district: str = "Rüttenscheid", latitude: float = 51.431, longitude: float = 7.005, town: str = "Essen",
    postcode: str = "45130",
) -> Sighting:  # fmt: skip
    return Sighting(district, town, postcode, latitude, longitude)


def test_a_district_lies_at_the_median_of_its_entries(folder: Path) -> None:
    seen = [_seen(latitude=51.43), _seen(latitude=51.432), _seen(latitude=51.50, longitude=7.10, postcode="45131")]
    (one,) = learning.learn(folder, seen)
    assert one == District("Essen", "Rüttenscheid", 51.432, 7.005, "", learnt=True)
    assert gazetteer.districts("Essen") == [one]
    assert [path.name for path in folder.iterdir()] == ["districts.tsv"]


def test_what_is_known_is_not_learnt_again(folder: Path) -> None:
    assert len(learning.learn(folder, [_seen(), _seen("Werden", 51.388, 7.004)])) == 2
    before = (folder / data.DISTRICTS).read_bytes()
    assert (
        learning.learn(folder, [_seen(latitude=51.44), _seen("rüttenscheid"), _seen("Haspe", 51.348, 7.418, "Hagen")])
        == []
    )
    assert (folder / data.DISTRICTS).read_bytes() == before
    data.prefer(folder / "other")  # a process that has another instance's places
    assert learning.learn(folder, [_seen()]) == []
    assert [one.label for one in learning.learn(folder, [_seen("Kettwig", 51.36, 6.94)])] == ["Essen-Kettwig"]
    labels = [one.label for one in districts.read((folder / data.DISTRICTS).read_text("utf-8"))]
    assert labels == ["Essen-Rüttenscheid", "Essen-Werden", "Essen-Kettwig"]


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
def test_names_of_districts(folder: Path, written: str, name: str) -> None:
    assert [one.name for one in learning.learn(folder, [_seen(written)])] == ([name] if name else [])
    assert folder.exists() == bool(name), "nothing is written without need"


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
def test_an_entry_that_cannot_be_right_teaches_nothing(folder: Path, one: Sighting) -> None:
    assert learning.learn(folder, [one]) == []
    assert [found.name for found in learning.learn(folder, [one, _seen("Werden", 51.388, 7.004)])] == ["Werden"]


def test_a_point_of_several_districts_is_somebodys_office(folder: Path) -> None:
    office = 51.4566, 7.0123
    seen = [_seen("Werden", *office), _seen("Kettwig", *office), _seen("Kettwig", 51.36, 6.94)]
    assert [(one.name, one.latitude) for one in learning.learn(folder, seen)] == [("Kettwig", 51.36)]


def test_the_town_may_be_written_with_another_district(folder: Path) -> None:
    (one,) = learning.learn(folder, [_seen("Kückelhausen", 51.355, 7.44, "Hagen-Haspe", "58135")])
    assert one.label == "Hagen-Kückelhausen"


def test_there_is_room_for_so_many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST", 2)
    seen = [_seen(f"Stadt{letter * 3}", 51.43 + number / 1000) for number, letter in enumerate("abcd")]
    assert len(learning.learn(folder, seen)) == 2
    assert learning.learn(folder, seen) == []


def test_a_folder_that_cannot_be_written_stops_nothing(folder: Path) -> None:
    folder.write_text("no folder")
    assert learning.learn(folder, [_seen()]) == []
    assert gazetteer.find("Hagen") is not None
