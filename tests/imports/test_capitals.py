"""Titles that somebody wrote in capitals."""

import pytest

from fediverse_ehrenamt.imports import capitals
from tests.imports.test_cities import details


@pytest.mark.parametrize(
    ("title", "text", "calm"),
    [
        ("GASSIGEHER GESUCHT!!!", "Wir suchen ab sofort Gassigeher.", "Gassigeher gesucht!!!"),
        ("LESEPAT:INNEN FÜR DIE KITA", "Werden Sie Lesepat:in! Unsere Lesepat:innen besuchen die Kita.",
         "Lesepat:innen für die Kita"),
        ("GROSSELTERN AUF ZEIT", "Wir vermitteln Großeltern für eine gewisse Zeit.", "Großeltern auf Zeit"),
        ("NABU SUCHT BIENENFREUNDE", "Für unsere Bienenfreunde", "NABU sucht Bienenfreunde"),
        ("GEMEINSAM KOCHEN", "Gemeinsam schmeckt es besser, wenn wir kochen.", "GEMEINSAM KOCHEN"),  # begins a sentence
        ("LESEPATEN GESUCHT", "Wir lesen vor.", "LESEPATEN GESUCHT"),
        ("THW", "Wir sind das THW.", "THW"),
        ("Lesepaten gesucht", "lesepaten", "Lesepaten gesucht"),
        ("ÖDEV YARDIMI", "", "ÖDEV YARDIMI"),
    ],
)  # fmt: skip
def test_a_title_in_capitals_reads_as_its_text_does(title: str, text: str, calm: str) -> None:
    assert capitals.calmed(title, (text,)) == calm


def test_an_imported_title() -> None:
    text = "Hier sind alle richtig, die Gassigeher werden wollen."
    assert details(title="GASSIGEHER GESUCHT", text=text).title == "Gassigeher gesucht"
