"""Folding: all spellings of a word become one, gender signs and what is invisible go."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.language.folding import MAX_TEXT, MAX_WORD, chunks, fold, undo_digraphs, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Helfer:innen", "Helfer"),
        ("Helfer*innen", "Helfer"),
        ("Helfer_innen", "Helfer"),
        ("Helfer·innen", "Helfer"),
        ("Helfer/innen", "Helfer"),
        ("Helfer/-innen", "Helfer"),
        ("Helfer(innen)", "Helfer"),
        ("Helfer-innen", "Helfer"),
        ("HelferInnen", "Helfer"),
        ("Mitarbeiter(in)", "Mitarbeiter"),
        ("Lesepat_in", "Lesepat"),
        ("Lesepat*in,", "Lesepat"),
        ("Ärzt*innen", "Ärzt"),
        ("Schüler*innenrat", "Schülerrat"),
        ("jede:r", "jede"),
        ("Ehrenamtliche/r", "Ehrenamtliche"),
        ("Tisch-Innenseite", "Tisch Innenseite"),
        ("Innenstadt", "Innenstadt"),
        ("In der (in Hagen)", "In der in Hagen"),
        ("drinnen Berlin", "drinnen Berlin"),
        ("am/im", "am im"),
        ("Vor\u00adlesen", "Vorlesen"),
        ("Vor\u200blesen", "Vorlesen"),
        ("Jugendha\u0308user", "Jugendhäuser"),
        ("Mo–Fr 10:30", "Mo Fr 10 30"),
    ],
)
def test_words_are_read_without_signs(written: str, read: str) -> None:
    assert " ".join(words(written)) == read


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Häuser", "hauser"),
        ("STRAẞE", "strasse"),
        ("Café", "cafe"),
        ("İstanbul", "istanbul"),
        ("gönüllü", "gonullu"),
        ("Łódź", "lodz"),
        ("ВОЛОНТЁРЫ", "волонтеры"),
        ("أحمد", "احمد"),
        ("志愿者", "志愿者"),
    ],
)
def test_letters_become_plain(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("folded", "bare"),
    [
        ("jugendhaeuser", "jugendhauser"),
        ("fluechtling", "fluchtling"),
        ("goenner", "gonner"),
        ("neue", "neue"),
        ("frauen", "frauen"),
        ("feuerwehr", "feuerwehr"),
        ("quelle", "quelle"),
        ("bauer", "bauer"),
    ],
)
def test_umlauts_may_be_written_out(folded: str, bare: str) -> None:
    assert undo_digraphs(folded) == bare


@given(st.text(max_size=500))
def test_any_string_gives_words_of_letters_and_digits(text: str) -> None:
    for chunk in chunks(text):
        assert not any(map(str.isspace, chunk))
        for word in words(chunk):
            assert 1 <= len(word) <= MAX_WORD
            assert word.replace("_", "x").isalnum() or not word.isascii()
            assert "_" not in word
            assert fold(word).encode()


@pytest.mark.parametrize("piece", ["a", "*in", "In", "(in", "Helfer*", "-i", "ä́", "\u00ad", "I", "/-", "ue", "x "])
def test_reading_takes_linear_time(piece: str) -> None:
    text = piece * MAX_TEXT
    started = time.process_time()
    words(text)
    chunks(text)
    undo_digraphs(fold(text[:MAX_TEXT]))
    assert time.process_time() - started < 1.0
