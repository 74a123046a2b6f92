"""The gazetteer finds places as people write them, offline and quickly."""

import math
import subprocess
import sys
import time

import pytest

from fediverse_ehrenamt.places import gazetteer


@pytest.mark.parametrize(
    ("text", "name", "region"),
    [
        ("Hagen", "Hagen", "NW"),
        ("hagen", "Hagen", "NW"),
        ("  HAGEN ", "Hagen", "NW"),
        ("hagen (westf.)", "Hagen", "NW"),
        ("Hagen NRW", "Hagen", "NW"),
        ("Hagen, Niedersachsen", "Hagen", "NI"),
        ("Stadt Hagen", "Hagen", "NW"),
        ("Hagen-Haspe", "Hagen-Haspe", "NW"),
        ("Haspe", "Hagen-Haspe", "NW"),
        ("Hagen im Bremischen", "Hagen im Bremischen", "NI"),
        ("Flensburg", "Flensburg", "SH"),
        ("Muerwik", "Flensburg-Mürwik", "SH"),
        ("Neubrandenburg", "Neubrandenburg", "MV"),
        ("Datzeberg", "Neubrandenburg-Datzeberg", "MV"),
        ("Frankfurt", "Frankfurt am Main", "HE"),
        ("Frankfurt Main", "Frankfurt am Main", "HE"),
        ("frankfurt a. M.", "Frankfurt am Main", "HE"),
        ("Frankfurt/Oder", "Frankfurt (Oder)", "BB"),
        ("Frankfurt (O)", "Frankfurt (Oder)", "BB"),
        ("Lübeck", "Lübeck", "SH"),
        ("Luebeck", "Lübeck", "SH"),
        ("Lubeck", "Lübeck", "SH"),
        ("Hansestadt Lübeck", "Lübeck", "SH"),
        ("St. Augustin", "Sankt Augustin", "NW"),
        ("Halle", "Halle (Saale)", "ST"),
        ("Halle (Westf.)", "Halle", "NW"),
        ("Munich", "München", "BY"),
        ("koeln", "Köln", "NW"),
        ("Freiburg", "Freiburg im Breisgau", "BW"),
        ("Stadtteilhaus, Marktstraße 3, Hagen", "Hagen", "NW"),
        ("Essen auf Rädern e. V., Hagen", "Hagen", "NW"),
        ("Hagen, Deutschland", "Hagen", "NW"),
        ("Hagen, Nordrhein-Westfalen, Germany", "Hagen", "NW"),
        ("Lübeck, Schleswig-Holstein", "Lübeck", "SH"),
        ("Hamburg, Hamburg, Deutschland", "Hamburg", "HH"),
        ("Hagen Hauptbahnhof", "Hagen", "NW"),
        ("Ruhr, Mülheim an der", "Mülheim an der Ruhr", "NW"),
        ("Bad Homburg", "Bad Homburg vor der Höhe", "HE"),
        ("Bad Homburg v.d.H.", "Bad Homburg vor der Höhe", "HE"),
        ("bad homburg v. d. höhe", "Bad Homburg vor der Höhe", "HE"),
        ("Bad Neuenahr", "Bad Neuenahr-Ahrweiler", "RP"),
        ("Ahrweiler", "Bad Neuenahr-Ahrweiler", "RP"),
        ("Rauxel", "Castrop-Rauxel", "NW"),
        ("Partenkirchen", "Garmisch-Partenkirchen", "BY"),
        ("Frankfurt/M.", "Frankfurt am Main", "HE"),
        ("Frankfurt a.M.", "Frankfurt am Main", "HE"),
        ("Ffm", "Frankfurt am Main", "HE"),
        ("Hagen Westfalen", "Hagen", "NW"),
        ("Hagen i. Westf.", "Hagen", "NW"),
        ("Hagen OT Haspe", "Hagen-Haspe", "NW"),
        ("Hagen, Ortsteil Hohenlimburg", "Hagen-Hohenlimburg", "NW"),
        ("Freiburg i. Br.", "Freiburg im Breisgau", "BW"),
        ("Halle a.d. Saale", "Halle (Saale)", "ST"),
        ("Muenchen", "München", "BY"),
        ("D'dorf", "Düsseldorf", "NW"),
        ("M’gladbach", "Mönchengladbach", "NW"),
        ("Berg. Gladbach", "Bergisch Gladbach", "NW"),
        ("Berg", "Berg", "BY"),
        ("Hann. Münden", "Hannoversch Münden", "NI"),
        ("Lutherstadt Wittenberg", "Wittenberg", "ST"),
        ("Neustadt", "Neustadt an der Weinstraße", "RP"),
        ("Neustadt/Holstein", "Neustadt in Holstein", "SH"),
    ],
)
def test_finds_a_place_by_its_name(text: str, name: str, region: str) -> None:
    spot = gazetteer.find(text)
    assert spot is not None
    assert (spot.name, spot.region) == (name, region)


@pytest.mark.parametrize(
    ("text", "name", "postcode"),
    [
        ("58095", "Hagen", "58095"),
        ("58095 Hagen", "Hagen", "58095"),
        ("D-58119 Hagen", "Hagen", "58119"),
        ("17036", "Neubrandenburg", "17036"),
        ("24944 Flensburg", "Flensburg", "24944"),
        ("Bahnhofstr. 1, 01067 Dresden", "Dresden", "01067"),
        ("20095", "Hamburg", "20095"),
    ],
)
def test_a_postcode_decides(text: str, name: str, postcode: str) -> None:
    spot = gazetteer.find(text)
    assert spot is not None
    assert (spot.name, spot.postcode) == (name, postcode)


def test_an_unknown_postcode_leaves_the_name_to_decide() -> None:
    spot = gazetteer.find("99999 Hagen")
    assert spot is not None
    assert spot.name == "Hagen"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Xyzzy",
        "99999",
        "Bad Foobar",
        "Schleswig-Holstein",
        "Deutschland",
        ",,,",
        "!?",
        "ß" * 5000,
        "\x00",
        "日本",
    ],
)
def test_finds_nothing_where_nothing_is(text: str) -> None:
    assert gazetteer.find(text) is None


def test_a_postcode_lies_nearer_than_the_middle_of_the_town() -> None:
    town, quarter = gazetteer.find("Hagen"), gazetteer.find("58119")
    assert town is not None
    assert quarter is not None
    assert (town.population, town.postcode) == (198_972, "58095")
    assert math.isclose(town.latitude, 51.36, abs_tol=0.02)
    assert math.isclose(town.longitude, 7.47, abs_tol=0.02)
    assert quarter.longitude - town.longitude > 0.05, "58119 is Hohenlimburg, east of the centre"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hagn", "Hagen"),
        ("Flensborg", "Flensburg"),
        ("Neubrandenbrug", "Neubrandenburg"),
        ("Duesseldrof", "Düsseldorf"),
        ("Neubr", "Neubrandenburg"),
        ("Frankfrt", "Frankfurt am Main"),
    ],
)
def test_suggests_what_was_meant(text: str, name: str) -> None:
    assert gazetteer.suggest(text)[0].name == name


@pytest.mark.parametrize(("text", "limit"), [("M", 5), ("Neu", 3), ("Hagn", 1), ("M", 500), ("M", 0)])
def test_suggestions_are_bounded_and_different(text: str, limit: int) -> None:
    spots = gazetteer.suggest(text, limit)
    assert len(spots) <= min(limit, 20)
    assert len(set(spots)) == len(spots)


@pytest.mark.parametrize("text", ["", "qqqqqqq", "x" * 5000])
def test_suggests_nothing_for_nonsense(text: str) -> None:
    assert gazetteer.suggest(text) == []


def test_districts_lie_in_their_town() -> None:
    districts = gazetteer.districts("Hagen")
    assert {"Hagen-Haspe", "Hagen-Hohenlimburg", "Hagen-Eilpe", "Hagen-Boele"} <= {one.label for one in districts}
    assert all(abs(one.latitude - 51.36) < 0.1 and abs(one.longitude - 7.47) < 0.15 for one in districts)
    assert gazetteer.districts("Nirgendwo") == []
    assert {one.town for one in gazetteer.districts()} == {"Hagen", "Neubrandenburg", "Flensburg"}


@pytest.mark.parametrize("text", ["Hagen-Haspe", "hagen haspe", "Haspe, Hagen", "Hagen OT Haspe", "Hagen (Haspe)"])
def test_a_district_is_named_with_its_town(text: str) -> None:
    one = gazetteer.district(text)
    assert one is not None
    assert one.label == "Hagen-Haspe"
    found = gazetteer.find(text)
    assert found is not None
    assert found.name == "Hagen-Haspe"


@pytest.mark.parametrize("text", ["", "Haspe", "Hagen", "Flensburg-Haspe", "Hagen-Haspe-Nord", "x " * 9_000])
def test_what_is_no_district_with_its_town(text: str) -> None:
    assert gazetteer.district(text) is None


def test_holds_all_of_germany() -> None:
    spots = gazetteer.towns(1)
    assert len(spots) > 11_000
    assert {spot.region for spot in spots} == set(gazetteer.REGION_NAMES)
    assert all(47 < spot.latitude < 55.2 and 5.5 < spot.longitude < 15.5 for spot in spots)
    assert [spot.name for spot in gazetteer.towns(1_000_000)] == ["Berlin", "Hamburg", "München", "Köln"]


def test_says_whose_data_it_is() -> None:
    assert "GeoNames" in gazetteer.ATTRIBUTION
    assert "CC BY 4.0" in gazetteer.ATTRIBUTION


_FIRST_USE = """
import time
from fediverse_ehrenamt.places import gazetteer
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20
before, start = resident(), time.process_time()
gazetteer.find("Hagen"), gazetteer.find("58095")
print((time.process_time() - start) * 1000)
gazetteer.suggest("Hagn")
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_first_use_is_quick_and_small() -> None:
    done = subprocess.run([sys.executable, "-c", _FIRST_USE], capture_output=True, text=True, check=True)
    milliseconds, megabytes = map(float, done.stdout.split())
    assert milliseconds < 2_000, "about 80 on an idle machine"
    assert megabytes < 15


def test_suggesting_is_quick() -> None:
    gazetteer.suggest("warm")
    start = time.process_time()
    for text in ("Flensborg", "Duesseldrof", "Neubrandenbrug", "Mühlhiem", "Frankfrt"):
        gazetteer.suggest(text)
    assert (time.process_time() - start) / 5 < 0.2, "about 0.003 on an idle machine; all names one by one take seconds"
