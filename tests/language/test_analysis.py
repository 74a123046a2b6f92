"""Analyser and wishes: the terms of a text, what a question asks for, and that no string is a fault."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.language import analysis, lexicon, questions
from fediverse_ehrenamt.language.analysis import Analyser
from fediverse_ehrenamt.language.folding import MAX_TEXT, chunks, fold, words
from fediverse_ehrenamt.language.questions import MAX_WAYS, MAX_WISHES

ANALYSER = Analyser(frozenset(["rosenheim", "wolfsburg", "mannheim"]))


def _terms(text: str, language: str = "de") -> set[str]:
    return set(ANALYSER.terms(chunks(text), language).split(" "))


def test_a_word_has_terms_from_exact_to_near() -> None:
    assert _terms("Geflüchtetenhilfe") == {"gefluchtetenhilf", "-fluchtling", "-hilf"}
    assert _terms("Geflüchtete") == {"geflucht", "~fluchtling", "-fluchtling"}
    assert _terms("Katastrophe") >= {"katastroph"}
    assert _terms("mit") == {"mit"}


def test_parts_stand_beside_each_other() -> None:
    terms = ANALYSER.terms(chunks("Seniorenbetreuung")).split(" ")
    assert terms.index("-betreu") - terms.index("-senior") == 1


@pytest.mark.parametrize("name", ["Rosenheim", "Mannheim", "Wolfsburger", "Wolfsburgerinnen"])
def test_towns_and_people_from_there_have_no_parts(name: str) -> None:
    assert not [term for term in _terms(name) if term.startswith("-")]


@pytest.mark.parametrize("name", ["Reitbahnviertel", "Waldsiedlung", "Tiergartenstraße", "Gartenallee"])
def test_quarters_and_streets_have_no_parts(name: str) -> None:
    assert not [term for term in _terms(name) if term.startswith("-")]


def test_a_name_is_whole() -> None:
    assert ANALYSER.names(chunks("Wasserloses Tierheim")) == "wasserlos tierheim"


def test_other_languages_are_analysed_by_their_own_rules() -> None:
    assert _terms("kind helpers", "en") == {"kind", "kind·en", "help", "helper·en"} | (_terms("helpers", "en"))
    assert "-kind" not in _terms("kind helpers", "en-GB")
    assert _terms("Feuerwehr seeks volunteers", "en") >= {"-feuerwehr", "volunt·en"}
    assert _terms("Flüchtlingshilfe", "en") >= {"-fluchtling", "-hilf"}
    assert _terms("волонтёры нужны", "ru") & _terms("волонтёр", "de")
    assert _terms("волонтери", "uk") & _terms("Волонтери", "")
    assert _terms("gönüllüler", "tr") >= {"gonullu·tr"}
    assert _terms("kids", "xx") == _terms("kids", "")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("ich möchte gern Kindern vorlesen", ["Kindern", "vorlesen"]),
        ("etwas mit Tieren", ["Tieren"]),
        ("mit", ["mit"]),
        ("ältere Menschen besuchen", ["ältere Menschen", "besuchen"]),
        ("Erste Hilfe", ["Erste Hilfe"]),
        ("von zu Hause", ["von zu Hause"]),
        ("Garten garten GÄRTEN", ["GÄRTEN"]),
        ("…!?", []),
        ("", []),
    ],
)
def test_wishes(text: str, typed: list[str]) -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, text)] == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Rentner helfen", ["Rentner"]),
        ("im Garten mithelfen", ["Garten"]),
        ("ich will helfen", ["helfen"]),
        ("helfen und begleiten", ["begleiten"]),
        ("helfen und unterstützen", ["helfen", "unterstützen"]),
        ("help refugees", ["refugees"]),
    ],
)
def test_what_all_offers_are_about_is_asked_of_none(text: str, typed: list[str]) -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, text)] == typed


def test_a_faint_word_makes_better_what_has_it() -> None:
    (plain,), (helping,) = (questions.read(ANALYSER, text) for text in ("Rentner", "Rentner helfen"))
    assert helping.ways == plain.ways
    assert {way.terms for way in helping.better} > {way.terms for way in plain.better}


def test_close_by_and_times_are_no_sewing_and_painting() -> None:
    assert not _terms("Näheres in Ihrer Nähe, ganz nah") & _terms("nähen")
    assert not _terms("zwei Mal") & _terms("malen")
    assert _terms("Nähkurs") & _terms("nähen")
    assert _terms("Malkurs") & _terms("malen")


def test_a_capital_tells_a_noun_from_a_verb() -> None:
    assert not _terms("Wer sucht Hilfe?") & _terms("Sucht")
    assert not _terms("Sie unternehmen etwas") & _terms("Unternehmen")


def test_of_two_with_or_between_one_is_enough() -> None:
    leading, singing = questions.read(ANALYSER, "Chor leiten oder mitsingen"), questions.read(ANALYSER, "Chor leiten")
    assert [wish.typed for wish in leading] == ["Chor", "leiten oder mitsingen"]
    assert set(singing[1].ways) < set(leading[1].ways)
    assert [wish.typed for wish in questions.read(ANALYSER, "oder Chor")] == ["Chor"]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Vorlesen oder Hausaufgaben betreuen", ["Vorlesen oder Hausaufgaben", "Vorlesen oder betreuen"]),
        ("Kinder Sport oder Musik", ["Kinder", "Sport oder Musik"]),
        ("Hunde oder Katzen füttern", ["Hunde oder Katzen", "füttern"]),
        ("Müll sammeln oder Garten", ["Müll sammeln oder Garten"]),
        ("Räder flicken oder Chor", ["Räder oder Chor", "flicken oder Chor"]),
        ("mit Holz oder mit Metall in einer Werkstatt", ["Holz oder Metall", "Werkstatt"]),
        ("Lesen, Basteln oder Musik", ["Lesen oder Basteln oder Musik"]),
        ("Feuerwehr oder Erste Hilfe oder THW", ["Feuerwehr oder Erste Hilfe oder THW"]),
        ("dogs or cats", ["dogs oder cats"]),
        ("собаки или кошки", ["собаки oder кошки"]),
        ("Garten, Kinder", ["Garten", "Kinder"]),
    ],
)
def test_alternatives_are_of_one_kind(text: str, typed: list[str]) -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, text)] == typed


def test_of_many_ways_of_alternatives_each_keeps_its_best() -> None:
    (wish,) = questions.read(ANALYSER, "Garten oder Senioren oder Sport oder Hund")
    for word in ("Garten", "Senioren", "Sport", "Hund"):
        (alone,) = questions.read(ANALYSER, word)
        assert alone.ways[0] in wish.ways


@pytest.mark.parametrize("text", ["Gartenarbeit zweimal im Monat", "Gartenarbeit für einen gemeinnützigen Verein"])
def test_how_often_and_for_what_kind_of_house_is_faint(text: str) -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, text)] == ["Gartenarbeit"]


@pytest.mark.parametrize(
    "text",
    ["ich bringe Gartenarbeit mit", "hab Gartenarbeit verstanden", "suche Gartenarbeit mit Tochter (8)",
     "kann jemand gute Gartenarbeit brauchen", "schöner Gartenarbeit nutzen", "Gartenarbeit in der Nähe vom Bahnhof"],
)  # fmt: skip
def test_verbs_and_adjectives_that_could_be_of_anything_are_faint_in_all_forms(text: str) -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, text)] == ["Gartenarbeit"]


def test_a_number_names_a_thing_where_it_is_typed_with_little_else() -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, "Kita 7 Haspe")] == ["Kita", "7", "Haspe"]


def test_what_offers_are_about_is_not_faint() -> None:
    about = "Kinder Senioren Garten lesen fahren tragen sammeln pflegen begleiten Fest Hort Sucht Geräte Gründer Treff"
    assert not {fold(word) for word in words(f"{about} Klasse schreiben")} & lexicon.faint_words()
    assert not {fold(word) for word in about} & lexicon.faint_words()


def test_a_phrase_of_words_that_say_nothing_is_found_by_what_it_means() -> None:
    wish = questions.read(ANALYSER, "im Krankenhaus, die keinen haben")[1]
    assert ("kein", "hab") not in {way.terms for way in wish.ways}
    assert ("besuchsdien",) in {way.terms for way in wish.ways}


def test_what_is_done_is_a_compound_too() -> None:
    assert ANALYSER.split("Deutschlernen").parts == ("-deutsch", "-lern")
    assert ANALYSER.split("Müllsammeln").parts == ("-mull", "-sammel")
    assert ANALYSER.split("Kennenlernen").parts == ()


def test_a_compound_is_asked_for_by_its_parts_near_each_other() -> None:
    (wish,) = questions.read(ANALYSER, "Flüchtlingshilfe")
    assert any(way.terms == ("-fluchtling", "-hilf") and way.near for way in wish.ways)


def test_the_exact_counts_more_than_the_same_than_the_wider() -> None:
    (wish,) = questions.read(ANALYSER, "Rentner")
    assert [way.terms for way in wish.better] == [("rentn",), ("~senior",)]
    assert wish.better[0].weight > wish.better[1].weight
    assert wish.ways[0].terms == ("-senior",)
    (senior,) = questions.read(ANALYSER, "Senioren")
    assert min(way.weight for way in senior.ways) < wish.better[1].weight


def test_a_word_for_which_nothing_is_listed_finds_what_is_listed_for_one_that_means_the_same() -> None:
    known = lexicon.synonyms().wider
    assert ("Kinderbetreuung",) in known[lexicon.stems("Babysitting")]
    assert ("Kinder", "hüten") in known[lexicon.stems("Babysitter")], "its own"
    assert ("Kinder", "hüten") not in known[lexicon.stems("Babysitting")], "phrases take too long"
    assert len(known[lexicon.stems("Babysitting")]) <= lexicon._MOST_SHARED


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("wer sucht jemanden zum Xylofonspielen mit Senioren in kleiner Runde", ["Senioren", "Runde"]),
        ("Quasselstrippe", ["Quasselstrippe"]),
        ("Senioren Quasselstrippe", ["Senioren", "Quasselstrippe"]),
        ("zyzzx dogs", ["dogs"]),
        ("zyzzx собаки", ["собаки"]),
        ("zyzzx", ["zyzzx"]),
    ],
)
def test_a_word_of_no_list_is_asked_for_only_where_all_may_be_expected(text: str, typed: list[str]) -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, text)] == typed


def test_synonyms_and_stop_words_are_well_formed() -> None:
    known = lexicon.synonyms()
    assert len(known.groups) > 200
    assert set(known.groups.values()) <= set(known.groups)
    assert len(known.wider) > 100
    assert all(all(phrase) for found in known.wider.values() for phrase in found)
    assert {"ich", "fur", "mit", "und", "mochte"} <= lexicon.stop_words()
    assert not {"kinder", "hilfe", "helfen", "garten"} & lexicon.stop_words()


@given(
    st.text(max_size=300), st.sampled_from(["", "de", "en", "ar", "tr-TR", "ru", "uk", "fr", "zh", "\ud800", "x" * 99])
)
def test_any_string_gives_terms_and_wishes(text: str, language: str) -> None:
    terms = ANALYSER.terms(chunks(text), language)
    assert isinstance(terms.encode(), bytes)
    wishes = questions.read(ANALYSER, text, ("en", "tr", "ru"))
    assert len(wishes) <= MAX_WISHES
    for wish in wishes:
        assert 1 <= len(wish.ways) <= MAX_WAYS
        assert all(way.terms and all(way.terms) and 0 < way.weight <= 1 for way in (*wish.ways, *wish.better))
    if any(character.isalnum() for character in text):
        assert terms.strip()


@pytest.mark.parametrize(
    "piece", ["kinder", "ältere Menschen ", "a-", "Seniorenbetreuung", "ж", "👍", "x" * 59 + " ", "("]
)
def test_long_texts_take_linear_time(piece: str) -> None:
    text = (piece * MAX_TEXT)[:MAX_TEXT]
    started = time.process_time()
    Analyser().terms(chunks(text))
    questions.read(ANALYSER, text)
    assert time.process_time() - started < 2.0


def test_memory_for_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MAX_KEPT", 100)
    memo = analysis.Memo(str.upper)
    for number in range(1_000):
        assert memo[f"wort{number}"] == f"WORT{number}"
        assert len(memo) <= 100
    assert {"wort999", "wort950"} <= memo.keys(), "it forgets the oldest, not all"
    long = "x" * 10_000
    assert memo[long]
    assert long not in memo


def test_a_head_that_says_nothing_of_what_is_done_need_not_be_there() -> None:
    (wish,) = questions.read(ANALYSER, "Müllsammelaktion")
    assert [(way.terms, way.near) for way in wish.ways if len(way.terms) > 1] == [
        (("-mull", "-sammel", "-aktion"), False),
        (("-mull", "-sammel"), True),
    ]
    (two,) = questions.read(ANALYSER, "Spielaktion")
    assert ("-spiel",) not in {way.terms for way in two.ways}


@pytest.mark.parametrize(("typed", "whole"), [("gehn", "gehen"), ("Spazierengehn", "Spazierengehen"), ("zehn", "zehn")])
def test_verbs_without_their_e(typed: str, whole: str) -> None:
    assert questions.read(ANALYSER, typed)[0].ways == questions.read(ANALYSER, whole)[0].ways
