"""Everyday questions become searches that show how they were understood, and can be taken by their words again."""

from datetime import date

import pytest

from fediverse_ehrenamt.discover import results
from fediverse_ehrenamt.discover.understood import Pairs, meant, understood
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search.query import MAX_CHARACTERS
from fediverse_ehrenamt.web import i18n

TODAY = date(2026, 11, 27)  # a Friday
DE = i18n.language("de")


def ask(text: str, *chosen: tuple[str, str]) -> Pairs:
    return meant([("q", text), *chosen], TODAY) or ()


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("am Wochenende mit Kindern", {("zeit", "sa"), ("zeit", "so"), ("zielgruppe", "kinder")}),
        ("kurzfristig samstags in Haspe", {("kurzfristig", "woche"), ("zeit", "sa"), ("ort", "Haspe")}),
        ("etwas mit Tieren ohne Deutschkenntnisse", {("q", "Tieren"), ("deutsch", "nicht_noetig")}),
        ("abends von zu Hause", {("zeit", "abends"), ("online", "ja")}),
        ("vorlesen im Umkreis von 10 km um Hagen", {("q", "vorlesen"), ("ort", "Hagen"), ("umkreis", "10")}),
        ("auf Türkisch dolmetschen", {("q", "dolmetschen"), ("sprachen", "tr")}),
        ("für Jugendliche ab 14", {("zielgruppe", "jugendliche")}),
        ("morgen", {("von", "2026-11-28"), ("bis", "2026-11-28")}),
    ],
)
def test_what_is_meant(question: str, filters: set[tuple[str, str]]) -> None:
    assert set(ask(question)) == filters | {("gefragt", question)}
    searches.read(ask(question))  # every one is a search


@pytest.mark.parametrize(
    "words", ["vorlesen", "Rollstuhl", "Hausaufgabenhilfe Grundschule", "„in Hagen“", "#Hagen", "", "   "]
)
def test_what_means_only_itself(words: str) -> None:
    assert meant([("q", words)], TODAY) is None


def test_whom_somebody_does_not_want_is_left_out_and_can_be_taken_back() -> None:
    asked = ask("am liebsten Natur, nicht mit Kindern")
    assert set(asked) == {("q", "Natur"), ("ohne", "kinder"), ("gefragt", "am liebsten Natur, nicht mit Kindern")}
    found = understood(asked, TODAY)
    assert found is not None
    ((label, back),) = found.parts
    assert label == "ohne: Kinder"
    assert ("ohne", "kinder") not in back
    assert dict(back)["q"] == "Natur nicht Kindern"


def test_alternatives_are_said_and_can_be_taken_back() -> None:
    asked = ask("Garten oder Tiere am Samstag")
    assert set(asked) == {("q", "Garten oder Tiere"), ("zeit", "sa"), ("gefragt", "Garten oder Tiere am Samstag")}
    found = understood(asked, TODAY)
    assert found is not None
    assert [label for label, _pairs in found.parts] == ["eins genügt: Garten oder Tiere", "Samstag"]
    assert set(found.parts[0][1]) == {("q", "Garten Tiere"), ("zeit", "sa"), ("wortlaut", "ja")}
    without_words = understood([pair for pair in asked if pair[0] != "q"], TODAY)
    assert without_words is not None
    assert [label for label, _pairs in without_words.parts] == ["Samstag"]


def test_two_districts_are_both_values_of_their_filter() -> None:
    asked = ask("in Haspe oder Wehringhausen vorlesen")
    assert searches.read(asked).values("stadtteil") == ("Hagen-Haspe", "Hagen-Wehringhausen")
    found = understood(asked, TODAY)
    assert found is not None
    assert results.understood(found, i18n.language("en"))[0].label == "Haspe or Wehringhausen"


def test_what_no_filter_knows_is_said_and_leaves_nothing_out() -> None:
    asked = ask("Fußball ohne Trainerschein")
    assert set(asked) == {("q", "Fußball"), ("gefragt", "Fußball ohne Trainerschein")}
    found = understood(asked, TODAY)
    assert found is not None
    ((label, back),) = found.parts
    assert label == "nicht: Trainerschein (danach wird nicht gefiltert)"
    assert dict(back)["q"] == "Fußball ohne Trainerschein"


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("de", "ohne: Kinder"),
        ("de-simple", "ohne: Kinder"),
        ("en", "without: Children"),
        ("uk", "без: Діти"),
        ("ar", "بدون: الأطفال"),
    ],
)
def test_what_is_not_wanted_is_said_in_the_readers_language(language: str, label: str) -> None:
    found = understood(ask("am liebsten Natur, nicht mit Kindern"), TODAY)
    assert results.understood(found, i18n.language(language))[0].label == label


def test_what_somebody_tells_beside_their_wish_is_not_searched_for_even_where_no_filter_is_understood() -> None:
    asked = "so was wie Essen ausfahren, egal wann"
    search = meant([("q", asked)], TODAY)
    assert search == (("q", "Essen ausfahren"), ("gefragt", asked))
    found = understood(search, TODAY)
    assert found is not None
    assert found.literally == (("q", asked), ("wortlaut", "ja"))
    assert found.parts == (("„Essen ausfahren“", found.literally),)
    assert found.filters == {("q", "Essen ausfahren")}
    assert understood([("q", "Hunde"), ("gefragt", asked)], TODAY) is None
    assert meant([("q", "egal wann, 9 12")], TODAY) is None


def test_what_is_typed_last_counts() -> None:
    found = ask("sonntags in Hagen", ("ort", "Flensburg"), ("umkreis", "50"), ("zeit", "sa"), ("seite", "3"))
    assert set(found) == {("ort", "Hagen"), ("zeit", "sa"), ("zeit", "so"), ("gefragt", "sonntags in Hagen")}


def test_nothing_is_read_twice() -> None:
    found = ask("samstags vorlesen in Hagen")
    assert meant(found, TODAY) is None
    assert meant([("q", "samstags vorlesen"), ("wortlaut", "ja")], TODAY) is None


def test_each_part_can_be_words_again() -> None:
    found = understood(ask("samstags vorlesen in Hagen", ("bereich", "kultur")), TODAY)
    assert found is not None
    assert [label for label, _pairs in found.parts] == ["Samstag", "Hagen"]
    taken_back = dict(found.parts)
    assert set(taken_back["Samstag"]) == {
        ("q", "samstags vorlesen"), ("bereich", "kultur"), ("ort", "Hagen"), ("wortlaut", "ja"),
    }  # fmt: skip
    assert set(found.literally) == {("q", "samstags vorlesen in Hagen"), ("bereich", "kultur"), ("wortlaut", "ja")}
    assert meant(found.literally, TODAY) is None


def test_a_filter_that_is_gone_is_not_said_to_be_understood() -> None:
    left = [pair for pair in ask("samstags vorlesen in Hagen") if pair[0] != "zeit"]
    found = understood(left, TODAY)
    assert found is not None
    assert [label for label, _pairs in found.parts] == ["Hagen"]
    assert understood([("q", "vorlesen"), ("gefragt", "samstags vorlesen")], TODAY) is None


def test_each_filter_is_shown_once() -> None:
    query = searches.read(ask("samstags vorlesen in Hagen", ("bereich", "kultur")))
    found = understood(query.pairs(), TODAY)
    assert found is not None
    assert [choice.label for choice in results.active(query, DE, found.filters)] == ["„vorlesen“", "Kultur und Musik"]
    assert [choice.label for choice in results.understood(found, DE)] == [
        "Samstag", "Hagen", "Nur nach den Wörtern suchen",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["x" * 5_000, "samstags " * 500, "\x00\ufffd samstags", "\u202e in Hagen", "🙂🙂 abends"]
)
def test_any_text_is_harmless(text: str) -> None:
    found = meant([("q", text)], TODAY)
    assert understood([("gefragt", text)], TODAY) is None or len(text) <= MAX_CHARACTERS
    if found:
        results.href(found)


@pytest.mark.parametrize(
    ("asked_for", "english", "ukrainian"),
    [
        (
            "montags und dienstags abends in Haspe mit Kindern",
            ["Monday and Tuesday in the evening", "Haspe", "Children"],
            ["Понеділок і Вівторок увечері", "Haspe", "Діти"],
        ),
        ("bis 5 km um Hagen, bin 70 Jahre alt", ["70 years old", "Hagen", "up to 5 km around Hagen"], []),
        ("2 Stunden pro Woche von zu Hause", ["up to 2 hours per week", "from home"], []),
        ("am Wochenende, auf Türkisch", ["weekend", "in Turkish"], ["вихідні", "мовою: турецька"]),
        ("ab 3. Dezember 2026 im Ruhestand Garten", ["from 03.12.2026", "in retirement"], []),
    ],
)
def test_what_was_understood_is_said_in_the_readers_language(
    asked_for: str, english: list[str], ukrainian: list[str]
) -> None:
    found = understood(ask(asked_for), TODAY)
    for code, expected in (("en", english), ("uk", ukrainian)):
        said = [choice.label for choice in results.understood(found, i18n.language(code))][:-1]
        assert not expected or sorted(said) == sorted(expected), code
