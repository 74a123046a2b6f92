"""Which district a place is in: where that is sure, and not where it is not."""

import pytest

from fediverse_ehrenamt.places import gazetteer, naming

IN_HASPE, IN_BOELE, BETWEEN = (51.3485, 7.4190), (51.3955, 7.4760), (51.345, 7.4085)
TOWN = (51.36081, 7.47168)


def _named(
    name: str = "", locality: str = "Hagen", postcode: str = "", point: tuple[float, float] | None = None
) -> str:
    found = naming.district(name, locality, postcode, point)
    return found.label if found else ""


@pytest.mark.parametrize(
    "locality", ["Hagen-Haspe", "Hagen, Haspe", "Haspe, Hagen", "Hagen (Haspe)", "Hagen OT Haspe", "Haspe"]
)
def test_by_its_locality(locality: str) -> None:
    assert _named(locality=locality) == "Hagen-Haspe"
    assert _named("Bürgerhaus Boele", locality) == "Hagen-Haspe"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Haspe", "Hagen-Haspe"),
        ("Bürgerhaus Haspe", "Hagen-Haspe"),
        ("Bürgerhaus Hagen-Haspe", "Hagen-Haspe"),
        ("Bürgerhaus (Haspe)", "Hagen-Haspe"),
        ("Haspe, Bürgerhaus", "Hagen-Haspe"),
        ("Jugendzentrum in Haspe", "Hagen-Haspe"),
        ("Mitte", "Hagen-Mitte"),
        ("Treff Hagen-Mitte", "Hagen-Mitte"),
        ("Café Mitte", ""),
        ("Haspe und Boele", ""),
        ("Haspe / Boele", ""),
        ("Hasper Straße 3", ""),
        ("Haspetal", ""),
        ("Haspe 2000 Stiftung", ""),
        ("Südstadt", ""),  # of Neubrandenburg
    ],
)
def test_by_its_name(name: str, label: str) -> None:
    assert _named(name) == label


def test_a_town_that_is_not_known_or_has_no_districts() -> None:
    assert _named("Haspe", "Nirgendwodorf") == _named("Haspe", "Essen") == _named("Haspe", "") == ""


def test_a_district_without_its_town_is_meant_where_the_postcode_says_so() -> None:
    assert _named(locality="Mitte", postcode="58095") == "Hagen-Mitte"
    assert _named(locality="Mitte") == _named(locality="Mitte", postcode="10115") == ""
    assert _named(locality="Haspe", postcode="10115") == ""
    assert _named(postcode="58119") == "", "others may have the postcode of Hohenlimburg"


def test_by_where_it_lies() -> None:
    assert _named("Bürgerhaus", point=IN_HASPE) == "Hagen-Haspe"
    assert _named("Bürgerhaus", point=BETWEEN) == "", "Haspe and Westerbauer are as far"
    assert _named("Bürgerhaus", point=(51.33, 7.60)) == "", "Hohenlimburg is far"
    assert _named("Bürgerhaus", locality="Essen", point=IN_HASPE) == ""


def test_the_middle_of_a_town_or_a_postcode_says_nothing() -> None:
    code = gazetteer.find("58135")
    assert code is not None
    assert _named("Bürgerhaus", point=TOWN) == ""
    assert _named("Bürgerhaus", postcode="58135", point=(code.latitude, code.longitude)) == ""


def test_a_name_that_its_point_contradicts_says_nothing() -> None:
    assert _named("Haspe", point=IN_HASPE) == "Hagen-Haspe"
    assert _named("Haspe", point=IN_BOELE) == _named("Bürgerhaus Haspe", point=IN_BOELE) == ""
    assert _named(locality="Hagen-Haspe", point=(54.78, 9.43)) == ""


@pytest.mark.parametrize("text", ["x" * 100_000, "Haspe " * 50_000, ", " * 50_000, "\x00", "\ud800", "٥٨١٣٥"])
def test_odd_texts_name_nothing(text: str) -> None:
    assert _named(text, text, text, (float("nan"), float("inf"))) == ""
    assert _named(text, postcode=text) in {"", "Hagen-Haspe"}
