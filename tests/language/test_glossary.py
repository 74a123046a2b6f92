"""The glossary: foreign words find German ones, and nobody who searches in German is harmed."""

import csv
from importlib.resources import files

import pytest

from fediverse_ehrenamt.language import glossary, lexicon, questions
from fediverse_ehrenamt.language.analysis import Analyser
from fediverse_ehrenamt.language.folding import chunks, fold

ANALYSER = Analyser()
# Nouns that German has from English, with the same meaning, and three names nobody looks for here.
THE_SAME = """
bike bikes classes coaching cook distribution drive driver drivers food football garden german hospitals house immigrant
newcomers prison refugee refugees shopping sick story support translation trash tutor walking weekend weekends youngster
youngsters is like my to us dili don
"""
ENGLISH = """
a am an and are as at be by can for from how i in is it me my of on or our the their to want we what where who will with
you your
"""


def nouns() -> set[str]:
    with files("german_nouns").joinpath("nouns.csv").open(encoding="utf-8") as table:
        return {cell for row in csv.reader(table) for cell in row if cell[:1].isupper() and cell.isalpha()}


@pytest.mark.unmeasured
def test_no_word_of_it_is_a_german_noun() -> None:
    harmed = {noun for noun in nouns() if glossary.find(noun) and fold(noun) not in THE_SAME.split()}
    assert harmed == set()
    assert not any(glossary.find_phrase([noun]) for noun in nouns())


def test_german_words_keep_their_wishes() -> None:
    plain = {word for line in lexicon._lines("stopwords.txt") for word in line.split()}
    assert {word for word in plain - set(ENGLISH.split()) if glossary.find(word)} == set()
    for text in ("Vorlesen mit Kindern", "Garten", "Gift im Haus", "die Art", "Rat und Hilfe", "alt", "Not"):
        ways = [way for wish in questions.read(ANALYSER, text) for way in wish.ways]
        assert all(way.weight != questions._TRANSLATED for way in ways), text


@pytest.mark.parametrize(
    ("typed", "german"),
    [
        ("çocuklara kitap okumak", "Wir lesen Kindern Bücher vor: Vorlesen!"),
        ("Yaşlılara yardım", "Besuche bei Senioren"),
        ("walk dogs", "Hunde ausführen, Gassi gehen"),
        ("help children with homework", "Hausaufgabenhilfe für Kinder"),
        ("قراءة القصص للأطفال", "Vorlesen für Kinder"),
        ("مساعدة اللاجئين", "Flüchtlingshilfe"),
        ("помощь пожилым людям", "Hilfe für Senioren"),
        ("прогулянки з собаками", "Spazieren mit Hunden"),
        ("ремонт велосипедів", "Fahrräder reparieren"),
    ],
)
def test_foreign_words_find_german_ones(typed: str, german: str) -> None:
    terms = set(ANALYSER.terms(chunks(german)).split())
    wishes = questions.read(ANALYSER, typed)
    assert wishes
    for wish in wishes:
        assert any(terms.issuperset(way.terms) for way in wish.ways), wish.typed


@pytest.mark.parametrize(
    ("typed", "phrases", "german"),
    [
        ("plant trees", ["plant trees"], "Bäume pflanzen im Park"),
        ("work at a food bank", ["food bank"], "Lebensmittelausgabe der Tafel"),
        ("teaching German to refugees", ["teaching German", "refugees"], "Deutschkurs für Flüchtlinge"),
        ("رعاية الأطفال", ["رعاية الأطفال"], "Kinderbetreuung"),
        ("выгуливать собак", ["выгуливать собак"], "mit Hunden Gassi gehen"),
        ("Plant", ["Plant"], "plant"),
    ],
)
def test_words_with_one_meaning_together_are_one_wish(typed: str, phrases: list[str], german: str) -> None:
    terms = set(ANALYSER.terms(chunks(german)).split())
    wishes = questions.read(ANALYSER, typed)
    assert [wish.typed for wish in wishes] == phrases
    for wish in wishes:
        assert any(terms.issuperset(way.terms) for way in wish.ways), wish.typed


def test_what_says_nothing_is_left_out_unless_it_is_all() -> None:
    assert [wish.typed for wish in questions.read(ANALYSER, "help with homework")] == ["homework"]
    assert [wish.typed for wish in questions.read(ANALYSER, "допомога")] == ["допомога"]
    assert any("hilf" in term for way in questions.read(ANALYSER, "помощь")[0].ways for term in way.terms)


def test_an_arabic_word_is_found_with_its_article_and_preposition() -> None:
    for word in ("أطفال", "الأطفال", "للأطفال", "والأطفال"):
        entry = glossary.find(word)
        assert entry is not None
        assert entry.german == ("Kinder",)
    assert glossary.find("ال") is None


@pytest.mark.parametrize("word", ["", "x", "*", "-", "\ud800", "ل" * 500, "9"])
def test_odd_words_are_unknown(word: str) -> None:
    assert glossary.find(word) is None


def test_every_entry_has_german_words_that_are_known() -> None:
    known = glossary._glossary()
    phrases = (entry for some in known.phrases.values() for _phrase, entry in some)
    for entry in {*known.whole.values(), *known.beginnings.values(), *phrases}:
        assert entry.german or entry.idle
        for phrase in entry.german:
            assert questions.read(ANALYSER, phrase), phrase
            assert glossary.find(phrase) is None, f"{phrase} would be translated again"
