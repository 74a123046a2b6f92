"""Compounds: what German writes together is taken apart where it is two things, and stays whole where it is one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.language import lexicon
from fediverse_ehrenamt.language.compounds import split
from fediverse_ehrenamt.language.folding import fold, undo_digraphs
from fediverse_ehrenamt.language.stems import german


def _parts(word: str) -> str:
    found = split(undo_digraphs(fold(word)))
    return "|".join([*([found.stranger] if found.stranger else []), *found.parts])


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Seniorenbetreuung", "senior|betreu"),
        ("Hausaufgabenhilfe", "hausaufgab|hilf"),
        ("Flüchtlingshilfe", "fluchtling|hilf"),
        ("Fluechtlingshilfe", "fluchtling|hilf"),
        ("Besuchsdienste", "besuch|dien"),
        ("Lesepatinnen", "les|pat"),
        ("Sprachcafé", "sprach|caf"),
        ("Kindergartenfest", "kindergart|fest"),
        ("Jugendhäuser", "jugend|haus"),
        ("Altkleidersammlung", "alt|kleid|sammlung"),
        ("Kinderferienbetreuung", "kind|feri|betreu"),
        ("Krankenhausbesuchsdienst", "krankenhaus|besuch|dien"),
        ("Fahrradwerkstatt", "fahrrad|werkstatt"),
        ("Vorlesestunde", "vorles|stund"),
        ("Tierheim", "tier|heim"),
        ("Naturschutzverein", "natur|schutz|verein"),
        ("Gehörlosenverband", "gehorlos|verband"),
        ("Suppenküche", "supp|kuch"),
        ("Bürgerbusfahrerin", "burger|bus|fahr"),
        ("Weihnachtsmarktstand", "weihnacht|markt|stand"),
        ("Marienkrankenhaus", "marien|krankenhaus"),
        ("Tankstelle", "tank|stell"),
        ("Hundeausführer", "hund|ausfuhr"),
        ("Kassenwart", "kass|wart"),
        ("Elektrobastler", "elektro|bastl"),
        ("Obstbaumschnitt", "obst|baum|schnitt"),
    ],
)
def test_compounds_are_taken_apart(word: str, parts: str) -> None:
    assert _parts(word) == parts


@pytest.mark.parametrize(
    "word",
    [
        "Katastrophe",
        "Kindergarten",
        "Hausaufgabe",
        "Feuerwehr",
        "Krankenhaus",
        "Ehrenamt",
        "Eltern",
        "Arbeiten",
        "Vorbereiten",
        "Verwaltungsvorschrift",
        "Hersteller",
        "Herrscher",
        "Pastille",
        "Verein",
        "Beirat",
        "Theater",
        "Organisation",
        "Bibliothek",
        "Demonstration",
        "volunteering",
        "gemeinsam",
        "unterstützen",
    ],
)
def test_other_words_stay_whole(word: str) -> None:
    assert _parts(word) == ""


def test_the_list_of_parts_is_sorted_own_and_large() -> None:
    listed = [word.rstrip("-") for word in lexicon._lines("parts.txt")]
    assert len(listed) >= 1_500
    assert len(lexicon.parts().heads) > len(listed)
    keys = [fold(word) for word in listed]
    assert keys == sorted(keys)


def test_the_parts_of_every_compound_are_known_stems() -> None:
    known = lexicon.parts()
    assert set(known.strong) <= set(known.heads)
    assert {known.heads[form] for form in known.heads} == known.stems
    assert german("hauser") in known.stems


@given(st.text(alphabet="abdefghiklnorstuwz", max_size=60))
def test_parts_cover_a_word_in_its_order(word: str) -> None:
    found = split(word)
    assert len(found.parts) in {0, 2, 3, 4} or found.stranger
    if found.stranger:
        assert word.startswith(found.stranger)


@pytest.mark.parametrize("word", ["a" * 48, "hausbau" * 6, "see" * 16, "kinder" * 8, "straßen" * 7])
def test_long_words_take_little_time(word: str) -> None:
    started = time.process_time()
    for _ in range(100):
        split(word)
    assert (time.process_time() - started) / 100 < 0.005
