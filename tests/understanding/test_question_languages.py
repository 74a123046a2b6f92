"""Questions in dialect and in other languages, and the languages that somebody speaks."""

import pytest

from tests.understanding.asking import pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sünnavends namiddags", "zeit=sa-nachmittags"),
        ("ik heff dunnersdags Tied", "zeit=do"),
        ("middeweek avends vorlesen", "zeit=mi-abends q=vorlesen"),
        ("am wekenenn", "zeit=sa zeit=so"),
        ("nich sünndags", "zeit=mo zeit=di zeit=mi zeit=do zeit=fr zeit=sa"),
    ],
)
def test_times_in_dialect(text: str, expected: str) -> None:
    assert pairs(text) == set(expected.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help children on Saturday mornings", "zeit=sa-vormittags q=help#children"),
        ("in the evening on Mondays", "zeit=mo-abends"),
        ("Thursday or Friday", "zeit=do zeit=fr"),
        ("cumartesi günü akşam", "zeit=sa-abends"),
        ("weekends, evenings", "zeit=sa zeit=so zeit=abends"),
        ("cumartesi sabahları", "zeit=sa-vormittags"),
        ("в субботу утром", "zeit=sa-vormittags"),
        ("по средам", "zeit=mi"),
        ("окружающую среду", "q=окружающую#среду"),
        ("у п’ятницю ввечері", "zeit=fr-abends"),
        ("يوم الخميس", "zeit=do"),
        ("لا أتحدث الألمانية جيدا", "deutsch=a1"),
        ("لا أتحدث الألمانية", "deutsch=nicht_noetig"),
        ("أتكلم القليل من الألمانية", "deutsch=a1"),
        ("мало знаю німецьку", "deutsch=a1"),
        ("немного говорю по-немецки", "deutsch=a1"),
        ("biraz almanca biliyorum", "deutsch=a1"),
        ("I speak a little German", "deutsch=a1"),
    ],
)
def test_what_is_asked_in_other_languages(text: str, expected: str) -> None:
    assert pairs(text) == {pair.replace("#", " ") for pair in expected.split()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ich spreche fließend Arabisch", "sprache=ar"),
        ("meine Muttersprache ist Russisch", "sprache=ru"),
        ("ich kann arabisch und deutsch, wo kann ich dolmetschen", "sprache=ar q=dolmetschen"),
        ("Ich spreche Farsi und Arabisch, vormittags", "sprache=fa sprache=ar zeit=vormittags"),
        ("ich spreche Türkisch und Deutsch lernen möchte ich auch", "sprache=tr q=Deutsch+lernen"),
    ],
)
def test_all_languages_that_somebody_speaks(text: str, expected: str) -> None:
    assert {pair.replace(" ", "+") for pair in pairs(text)} == set(expected.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't speak German, dogs on weekends", "deutsch=nicht_noetig zeit=sa zeit=so q=dogs"),
        ("I don’t speak good German", "deutsch=a1"),
        ("çocuklarla oyun hafta sonu", "zielgruppe=kinder zeit=sa zeit=so q=oyun"),
        ("الحديقة يوم السبت", "zeit=sa q=الحديقة"),
        ("по вечерам, не говорю по-немецки", "zeit=abends deutsch=nicht_noetig"),
        ("на вихідних з дому", "zeit=sa zeit=so online=ja"),
    ],
)
def test_times_and_german_are_understood_in_five_languages(text: str, expected: str) -> None:
    assert {pair.replace(" ", "+") for pair in pairs(text)} == set(expected.split())
