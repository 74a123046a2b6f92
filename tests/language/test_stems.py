"""Stems: which words become one, and which must not."""

import threading

import pytest

from fediverse_ehrenamt.language import stems
from fediverse_ehrenamt.language.folding import fold


def _stem(word: str) -> str:
    return stems.german(fold(word))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Helfer", "Helferinnen"),
        ("Lesepate", "Lesepatinnen"),
        ("Lesepate", "Lesepatin"),
        ("Lesepaten", "Lesepat"),
        ("Ärztin", "Ärzte"),
        ("Kundin", "Kunden"),
        ("Kollegin", "Kollegen"),
        ("Pädagoginnen", "Pädagogen"),
        ("Professorinnen", "Professoren"),
        ("Polinnen", "Pole"),
        ("Kitas", "Kita"),
        ("Omas", "Oma"),
        ("Fotos", "Foto"),
        ("Handys", "Handy"),
        ("Workshops", "Workshop"),
        ("kostenlos", "kostenlose"),
        ("Betreuung", "betreuen"),
        ("Häuser", "Haus"),
        ("Vereine", "Verein"),
        ("ehrenamtliche", "Ehrenamt"),
        ("begleiten", "Begleitung"),
        ("Jugendhaeuser", "Jugendhäuser"),
        ("vorzulesen", "Vorlesen"),
        ("anzupacken", "anpacken"),
        ("kennenzulernen", "kennenlernen"),
    ],
)
def test_one_word(one: str, other: str) -> None:
    assert _stem(one) == _stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reiten", "Arbeiten"),
        ("Eltern", "Altenheim"),
        ("Eltern", "alt"),
        ("Termin", "Term"),
        ("Berlin", "Berl"),
        ("Verein", "Ver"),
        ("beginnen", "Beg"),
        ("Gas", "Ga"),
        ("Haus", "Hau"),
        ("kostenlos", "kostenlo"),
        ("Medizin", "Mediz"),
        ("Kinder", "Kino"),
        ("Auszubildenden", "Ausbildende"),
        ("Aufzuchten", "Auf"),
    ],
)
def test_not_one_word(one: str, other: str) -> None:
    assert _stem(one) != _stem(other)


def test_other_languages_have_their_own() -> None:
    assert stems.other("volunteers", "en") == stems.other("volunteering", "en")
    assert stems.other("gönüllüler", "tr") == stems.other("gönüllü", "tr")
    assert stems.other("волонтёры", "ru") == stems.other("волонтер", "ru")
    assert stems.other("bénévoles", "fr") == stems.other("bénévole", "fr")


def test_many_threads_get_the_same() -> None:
    word_list = ["Betreuungen", "Lesepatinnen", "Jugendhäuser", "Vereine", "Hausaufgaben"] * 200
    expected = [_stem(word) for word in word_list]
    results: list[list[str]] = []
    threads = [threading.Thread(target=lambda: results.append([_stem(word) for word in word_list])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


@pytest.mark.parametrize(
    ("one", "other"),
    [("Trauer", "trauen"), ("Näheres", "nähen"), ("Nähe", "nähen"), ("Kuchen", "Küche"), ("Bürger", "Burg"),
     ("Bauer", "bauen"), ("Kurs", "Kur"), ("Lager", "Lage")],
)  # fmt: skip
def test_words_that_look_like_forms_of_others_are_none(one: str, other: str) -> None:
    assert stems.german(fold(one)) != stems.german(fold(other))
