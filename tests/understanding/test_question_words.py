"""Which words of a question stay to be searched for, and how each part that was understood gives its words back."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.understanding.asking import LONGEST_QUESTION
from fediverse_ehrenamt.understanding.question_lexicon import STOP_WORDS
from fediverse_ehrenamt.understanding.questions import LEAST_SURE, understand
from tests.understanding.asking import TODAY, ask, pairs

PIECES = (
    "am Wochenende", "mit Kindern", "in", "um", "Hagen", "Essen", "58095", "10 km", "und Umgebung", "ab 16", "samstags",
    "nicht", "12.12.", "31.2.", "heute", "nächste Woche", "auf Türkisch", "zu zweit", "mit 10 Kollegen", "ohne Deutsch",
    '"samstag"', "„in Hagen“", '"', "2 Stunden", "pro Woche", "von zu Hause", "vorlesen", "-", ",", "Bad", "ß", "mit",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Kinder ab 6 betreuen", "Kinder ab 6 betreuen"),
        ("in alten Häusern", "alten Häusern"),
        ("Deutsch lernen", "Deutsch lernen"),
        ("Feuerwehr", "Feuerwehr"),
    ],
)
def test_what_is_not_meant_as_a_filter_stays_text(text: str, left: str) -> None:
    assert (ask(text).parts, ask(text).text) == ((), left)


def test_words_that_mean_something_together_stay_together() -> None:
    assert pairs("ich habe einen Hund, samstags") == {"zeit=sa", "q=habe einen Hund"}
    assert pairs("abends etwas mit den Händen machen") == {"zeit=abends", "q=mit den Händen"}
    assert pairs("vormittags zu meinem Beruf") == {"zeit=vormittags"}


@pytest.mark.parametrize("text", ['"samstag" vorlesen', "„in Hagen“ Geschichte", '"mit Kindern"', "»auf Türkisch«"])
def test_quoted_words_are_always_text(text: str) -> None:
    assert (ask(text).parts, ask(text).text) == ((), text)


def test_a_part_says_what_was_understood_by_which_words() -> None:
    text = "kurzfristig samstags vormittags mit Kindern im Umkreis von 10 km um Haspe"
    question = ask(text)
    labels = [part.label for part in question.parts]
    assert labels == ["kurzfristig", "Samstag vormittags", "Kinder", "bis 10 km um Haspe", "Haspe"]
    spans = [[text[start:end] for start, end in part.spans] for part in question.parts]
    assert spans[:3] == [["kurzfristig"], ["samstags", "vormittags"], ["mit Kindern"]]


def test_a_part_can_be_taken_back_and_leaves_the_others() -> None:
    question = ask("samstags mit Kindern in Haspe vorlesen")
    saturday, children, place = question.parts
    assert question.without(saturday).text == "samstags vorlesen"
    assert question.without(saturday).parts == (children, place)
    assert question.without(children).without(place).text == "Kindern Haspe vorlesen"


def test_of_two_places_far_apart_the_first_counts_and_the_second_stays_text() -> None:
    question = ask("in Hagen oder in Flensburg")
    assert [part.filter for part in question.parts] == ["ort"]
    assert question.text == "Flensburg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in Haspe oder Wehringhausen", "stadtteil=Hagen-Haspe stadtteil=Hagen-Wehringhausen"),
        ("vorlesen in Haspe und in Boele", "stadtteil=Hagen-Haspe stadtteil=Hagen-Boele q=vorlesen"),
        ("in Hagen oder Dortmund", "ort=Hagen umkreis=28"),
        ("in Haspe oder in Herdecke", "ort=Haspe umkreis=16"),
        ("im Umkreis von 5 km um Haspe oder Boele", "ort=Haspe umkreis=12"),
        ("in Hagen oder Essen ausgeben", "ort=Hagen q=Essen+ausgeben"),
        ("in Haspe oder von zu Hause", "ort=Haspe"),
        ("montags oder mittwochs", "zeit=mo zeit=mi"),
        ("für Kinder oder für ältere Menschen", "zielgruppe=kinder zielgruppe=aeltere"),
        ("mit Kindern oder im Garten", "q=Kindern+oder+Garten"),
        ("auf Türkisch oder Arabisch", "sprache=tr sprache=ar"),
        ("Lesen, Basteln oder Musik", "q=Lesen+oder+Basteln+oder+Musik"),
        ("vorlesen samstags oder sonntags in der Bücherei", "q=vorlesen+Bücherei zeit=sa zeit=so"),
    ],
)
def test_alternatives_are_values_of_one_filter_or_words_of_which_one_is_enough(text: str, expected: str) -> None:
    assert {pair.replace(" ", "+") for pair in pairs(text)} == set(expected.split())


def test_alternatives_can_be_taken_back_so_that_all_words_have_to_occur() -> None:
    question = ask("samstags vorlesen oder Hausaufgaben betreuen")
    either = next(part for part in question.parts if part.either)
    assert either.label == "eins genügt: vorlesen oder Hausaufgaben betreuen"
    assert question.text == "vorlesen oder Hausaufgaben betreuen"
    assert question.without(either).text == "vorlesen Hausaufgaben betreuen"


def test_a_question_without_a_word_that_says_something_is_its_own_text() -> None:
    assert ask("Was kann ich tun?").text == "Was kann ich tun?"
    assert ask("  ").pairs() == ()


def test_one_of_two_words_is_still_enough_beside_a_filter() -> None:
    assert ask("kochen oder backen mit Kindern").text == "kochen oder backen"
    assert ask("vorlesen samstags oder sonntags").text == "vorlesen"


def test_words_around_a_wish_say_nothing() -> None:
    asked = "Ich möchte gerne Zeit mit Kindern verbringen, am liebsten vormittags, ein- bis zweimal in der Woche"
    assert ask(asked).text == ""


@pytest.mark.parametrize(
    ("asked", "pairs"),
    [
        ("ich bin 67 und möchte mich um Kinder kümmern", {("alter", "67"), ("zielgruppe", "kinder")}),
        (
            "Rentner mit viel Zeit vormittags sucht sinnvolle Aufgabe",
            {("geeignet", "senioren"), ("zeit", "vormittags")},
        ),
        ("Student sucht Ehrenamt abends", {("geeignet", "studierende"), ("zeit", "abends")}),
        ("Firma sucht Projekt für einen Tag", {("geeignet", "unternehmen")}),
        ("wir sind ein Betrieb mit 15 Kollegen", {("geeignet", "unternehmen"), ("gruppe", "15")}),
        ("Ehrenamt von daheim aus am Laptop", {("online", "ja")}),
        ("ich verstehe leider nicht so viel Deutsch", {("deutsch", "a1")}),
        ("wir sind ein Kegelclub und wollen was Gutes tun", {("geeignet", "gruppen")}),
        ("einmalig helfen ohne Verpflichtung", {("aufwand", "einmalig"), ("dauer", "keine")}),
        ("Ehrenamt mit Baby", {("geeignet", "familien")}),
        ("Ukrainerin möchte helfen, kein Deutsch", {("sprache", "uk"), ("deutsch", "nicht_noetig")}),
        ("ich bin Syrer und will arbeiten", {("sprache", "ar")}),
    ],
)
def test_what_is_understood_leaves_no_word_that_says_little(asked: str, pairs: set[tuple[str, str]]) -> None:
    found = understand(asked, TODAY)
    assert (set(found.pairs()), found.text) == (pairs, "")


def test_a_word_that_says_little_stays_where_it_is_quoted_or_alone() -> None:
    assert understand('"helfen" am Samstag', TODAY).text == '"helfen"'
    assert understand("Hilfe", TODAY).text == "Hilfe"


@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)))
def test_any_text_is_understood_and_every_part_gives_its_words_back(text: str) -> None:
    question = ask(text)
    for part in question.parts:
        assert LEAST_SURE <= part.sure <= 1
        assert part.label
        assert all(0 <= start < end <= len(text) for start, end in part.spans)
        back = question.without(part)
        assert part not in back.parts
        for start, end in part.spans:
            for word in text[start:end].split():
                if word.isalpha() and word.isascii() and word.lower() not in STOP_WORDS:
                    assert word in back.text


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_no_word_is_lost(text: str) -> None:
    question = ask(text)
    for part in question.parts:
        question = question.without(part)
    assert question.parts == ()
    for word in ("Hagen", "Essen", "samstags", "vorlesen", "Türkisch"):
        assert (word in text.replace('"', " ").split()) <= (word in question.text)


def test_a_long_question_takes_no_longer_than_its_beginning() -> None:
    ask("in Hagen donerstags")
    started = time.process_time()
    question = ask("in Hagen um Essen ab 16 " * 1_000)
    assert time.process_time() - started < 2
    assert question.text.endswith("16")
    assert len(question.parts) < LONGEST_QUESTION
