"""What somebody does not want is no filter, is left out where that can be, and is told."""

import pytest

from tests.understanding.asking import ask, pairs


@pytest.mark.parametrize(
    "text",
    ["nicht in Hagen", "nicht auf Englisch", "Paare ohne Kinder", "nicht in den Ferien"],
)
def test_what_is_not_wanted_sets_no_filter(text: str) -> None:
    assert not any(part.pairs for part in ask(text).parts)


def test_people_whom_somebody_does_not_want_are_not_searched_for() -> None:
    question = ask("am liebsten Natur, nicht mit Kindern")
    assert question.text == "Natur"
    (part,) = question.parts
    assert (part.pairs, part.label) == ((("ohne", "kinder"),), "ohne: Kinder")
    assert question.without(part).text == "Natur nicht Kindern"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ohne Kinder", "ohne=kinder"),
        ("bitte keine Senioren", "ohne=aeltere"),
        ("nicht so gern mit alten Leuten", "ohne=aeltere"),
        ("ohne Kinder und Senioren", "ohne=kinder ohne=aeltere"),
        ("keinen Bock auf Jugendliche", "ohne=jugendliche"),
        ("Garten, nichts mit Tieren", "q=Garten ohne=tiere"),
        ("nichts mit Kirche", "ohne=kirche_religion"),
        ("kein Sport", "ohne=sport"),
        ("nicht nur mit Kindern", "zielgruppe=kinder"),
        ("nicht abends", "zeit=morgens zeit=vormittags zeit=mittags zeit=nachmittags"),
        ("morgens kann ich nicht", "zeit=vormittags zeit=mittags zeit=nachmittags zeit=abends"),
        ("am Wochenende habe ich keine Zeit", "zeit=mo zeit=di zeit=mi zeit=do zeit=fr"),
        ("nich mit Kindern", "ohne=kinder"),
        ("net mit Kindern", "ohne=kinder"),
        ("koa Sport", "ohne=sport"),
        ("samstags hab ich ned zeit", "zeit=mo zeit=di zeit=mi zeit=do zeit=fr zeit=so"),
        ("abends kann ich nich", "zeit=morgens zeit=vormittags zeit=mittags zeit=nachmittags"),
        ("aber nicht online", "online=nein"),
        ("kein Homeoffice", "online=nein"),
        ("keine Katzen, nur Hunde", "q=Hunde"),
        ("nicht mit Hunden, lieber Pferde", "q=Pferde"),
        ("keine Hunde", "ohne=tiere"),
    ],
)
def test_what_is_not_wanted_is_left_out(text: str, expected: str) -> None:
    assert pairs(text) == set(expected.split())


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("nicht abends", "nicht abends"),
        ("nicht am Wochenende und nicht abends", "nicht Wochenende, nicht abends"),
        ("außer sonntags", "nicht Sonntag"),
        ("ohne Kinder", "ohne: Kinder"),
        ("vorlesen ohne Führerschein", "nicht: Führerschein (danach wird nicht gefiltert)"),
    ],
)
def test_what_is_not_wanted_is_told(text: str, label: str) -> None:
    assert [str(part.label) for part in ask(text).parts] == [label]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("vorlesen ohne Führerschein", "vorlesen"),
        ("habe keinen Trainerschein, Fußball", "Fußball"),
        ("Menschen ohne Wohnung", "Menschen ohne Wohnung"),
        ("Ärzte ohne Grenzen", "Ärzte ohne Grenzen"),
        ("ich habe keine Zeit", "keine"),
    ],
)
def test_things_that_somebody_does_without_are_not_searched_for(text: str, left: str) -> None:
    assert ask(text).text == left


def test_not_only_is_wanted() -> None:
    assert pairs("nicht nur mit Kindern") >= {"zielgruppe=kinder"}


def test_what_is_wanted_and_excepted_at_once_stays_text() -> None:
    question = ask("montags, nicht montags")
    assert (question.parts, question.text) == ((), "montags nicht montags")
