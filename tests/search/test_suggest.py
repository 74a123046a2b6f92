"""Suggestions: what begins so, the most frequent first, with one letter wrong, from what is really in the index."""

from datetime import timedelta
from pathlib import Path

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.search import suggest
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.suggest import MOST, Dictionary, Suggestions, variants
from tests import servers
from tests.search.making import NOW, document, filled

_ENTRIES = [
    ("vorlesen", "Vorlesen", 9),
    ("vorlesen", "vorlesen", 4),
    ("vorstand", "Vorstand", 5),
    ("vorlesestunde", "Vorlesestunde", 2),
    ("hausaufgaben", "Hausaufgaben", 7),
    ("hauser", "Häuser", 3),
    ("hilfe bei hausaufgaben", "Hilfe bei Hausaufgaben", 1),
    ("hilfe", "Hilfe", 20),
    ("vorher", "vorher", 50),
]


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("vo", ("Vorlesen", "Vorstand", "Vorlesestunde", "vorher")),
        ("VORL", ("Vorlesen", "Vorlesestunde")),
        ("häu", ("Hausaufgaben", "Häuser")),
        ("haus", ("Hausaufgaben", "Häuser")),
        ("vrles", ("Vorlesen", "Vorlesestunde")),
        ("hasuauf", ("Hausaufgaben",)),
        ("hilfe b", ("Hilfe bei Hausaufgaben",)),
        ("kinder haus", ("kinder Hausaufgaben", "kinder Häuser")),
        ("v", ()),
        ("", ()),
        ("…", ()),
        ("zzz", ()),
    ],
)
def test_beginnings_are_completed(typed: str, suggested: tuple[str, ...]) -> None:
    assert Dictionary(_ENTRIES).complete(typed) == suggested


def test_of_the_forms_of_a_word_the_most_frequent_is_suggested() -> None:
    forms = [("hund", "Hund", 4), ("hunde", "Hunde", 9), ("hunden", "Hunden", 5), ("hundehaus", "Hundehaus", 1)]
    named = [("hunde ev", "Hunde e.V.", 2)]
    assert Dictionary([*forms, *named]).complete("hun") == ("Hunde", "Hunde e.V.", "Hundehaus")
    assert Dictionary([*forms, *named]).complete("alte hun") == ("alte Hunde", "alte Hundehaus")


def test_the_heaviest_of_many_are_found() -> None:
    entries = [(f"wort{number:04}", f"Wort{number:04}", number % 977) for number in range(5_000)]
    expected = sorted(entries, key=lambda entry: (-entry[2], entry[0]))[:MOST]
    assert Dictionary(entries).complete("wo") == tuple(shown for _key, shown, _count in expected)


def test_near_words_come_with_their_weight() -> None:
    dictionary = Dictionary(_ENTRIES)
    assert dictionary.near("Vorlsen") == [("Vorlesen", 13)]
    assert dictionary.near("Vorlesen") == []


@given(st.text(alphabet="abcx", min_size=1, max_size=8), st.integers(0, 7), st.sampled_from("abcz"))
def test_variants_hold_every_single_edit(word: str, at: int, letter: str) -> None:
    at = min(at, len(word) - 1)
    made = set(variants(word))
    assert {word[:at] + letter + word[at + 1 :], word[:at] + letter + word[at:], word + letter} <= made
    if at < len(word) - 1:
        assert word[:at] + word[at + 1 :] in made
        assert word[:at] + word[at + 1] + word[at] + word[at + 2 :] in made


@given(st.text(max_size=80))
def test_anything_can_be_typed(text: str) -> None:
    assert len(Dictionary(_ENTRIES).complete(text)) <= MOST


def test_suggestions_come_from_titles_texts_organisations_and_areas(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        [
            document(
                1, title="Kuchen backen", text="Wir mögen Krokant.", organisation="Kulturhof e. V.", areas=("kultur",)
            ),
            document(2, title="Kuchen essen", text="", organisation="Kulturhof e. V.", areas=("kultur",)),
            document(3, title="Kuchen der Großmutter", text="Krempel", expires_at=NOW - timedelta(days=1)),
        ],
    )
    assert index.suggest("kuch", NOW)[0] == "Kuchen"
    assert {"Kuchen backen", "Kuchen essen"} <= set(index.suggest("kuch", NOW))
    assert index.suggest("krok", NOW) == ("Krokant",)
    assert set(index.suggest("kult", NOW)) == {"Kulturhof e. V.", "Kultur und Musik"}
    assert index.suggest("kuchen e", NOW) == ("Kuchen essen",)
    assert "Kuchen der Großmutter" not in index.suggest("kuchen der", NOW), "it is over"
    assert index.suggest("krem", NOW) == ()
    assert Index(tmp_path / "none").suggest("kuch", NOW) == ()


def test_of_many_documents_the_same_is_suggested_though_read_by_first_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = ["Lesen", "Lesen im Park", "Äpfel pflücken", "100 Bäume", "Читання дітям", "القراءة للأطفال"]
    few = filled(tmp_path, [document(number, title=title, text="") for number, title in enumerate(titles)])
    suggested = {title: few.suggest(title[:4], NOW) for title in titles}
    assert all(title in found for title, found in suggested.items())
    monkeypatch.setattr(suggest, "MANY", len(titles) - 1)
    assert {title: Index(few.folder.path).suggest(title[:4], NOW) for title in titles} == suggested


def test_a_dictionary_is_read_once_for_a_while(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1)])
    index.refresh()
    assert index._snapshot is not None
    searcher, suggestions = index._snapshot.searcher, Suggestions()
    first = suggestions.dictionary(searcher, NOW)
    assert suggestions.dictionary(searcher, NOW) is first
    suggestions._searcher, suggestions._until = None, 0.0
    assert suggestions.dictionary(searcher, NOW) is first, "nobody waits for the next one"
    servers.wait_until(lambda: suggestions.dictionary(searcher, NOW) is not first, "the next one")


def test_a_dictionary_stays_where_the_next_one_cannot_be_read(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1)])
    index.refresh()
    assert index._snapshot is not None
    suggestions = Suggestions()
    first = suggestions.dictionary(index._snapshot.searcher, NOW)
    suggestions._until = 0.0
    fields = tantivy.SchemaBuilder().add_text_field("other").build()
    strange = tantivy.Index(fields).searcher()
    assert suggestions.dictionary(strange, NOW) is first
    servers.wait_until(lambda: suggestions._until > 0, "the reading")
    assert suggestions.dictionary(strange, NOW) is first
    assert suggestions._searcher is index._snapshot.searcher
