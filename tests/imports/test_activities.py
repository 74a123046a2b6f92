"""What helpers do is read from title and text, so that the listings of others can be filtered by it."""

import pytest

from fediverse_ehrenamt.imports import drafts
from fediverse_ehrenamt.listings import activity_words, categories
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.vocab import labels
from tests.imports.wordless import understand_nothing


@pytest.mark.parametrize(
    ("title", "text", "does"),
    [
        ("Gassigeher gesucht!!!", "Unsere Hunde brauchen Auslauf.", ("tiere_versorgen",)),
        ("Kassenwart/in gesucht", "Unser Vorstand braucht Verstärkung.", ("vorstand_leitung", "finanzen_kasse")),
        ("Dienst an der Kasse", "", ("kasse_einlass",)),
        ("Fahrer/in für Essen auf Rädern", "Fahrerlaubnis Klasse B", ("fahren_transport",)),
        ("Begleitung für Rollstuhlfahrer", "zum Einkaufen", ("begleiten_betreuen",)),
        ("Stadtführungen in Leichter Sprache", "", ("anleiten_gruppenleitung",)),
        ("Helfer/innen", "Sie repapieren nichts. Wir suchen Leute zum Nähen und Löten.", ("handwerk_reparatur",)),
        ("Demokratie-Werkstatt: Moderation", "", ("anleiten_gruppenleitung",)),
        ("Wildbienen-Zählung", "", ("forschung_dokumentation",)),
        ("Bewerbungstraining mit Jugendlichen", "Wir üben Gespräche.", ()),
        ("Lauftraining am Kanal", "", ("sport_training",)),
        ("Aufsicht in der großen Pause", "", ()),
        ("Aufsichten im Stadtmuseum", "", ("kasse_einlass",)),
        ("Hundert Jahre Heimatverein", "Ganz in Ihrer Nähe", ()),
        ("Küster-Vertretung", "Sie vertreten unseren Küster, er hat einen Hund.", ()),
    ],
)
def test_what_helpers_do(title: str, text: str, does: tuple[str, ...]) -> None:
    assert categories.activities(title, text).slugs == does


def test_an_entry_has_its_activities_marked_as_understood() -> None:
    entry = Record(id="1", where="Zeile 2", title="Nachmittage", tasks="Kaffee kochen, Kuchen backen")
    made = drafts.make(entry, "import1-1", understand_nothing)
    assert isinstance(made.draft, Draft)
    assert made.draft.details.activities == ("kochen_verteilen",)
    (mark,) = [one for one in made.understood if one.field == "activities"]
    assert mark.value == "kochen_verteilen"
    assert 0 < mark.confidence < 0.9


def test_words_are_of_activities_that_there_are() -> None:
    assert set(activity_words.STEMS) <= {"", *labels.ACTIVITY}
    assert all(stem == categories.fold(stem).strip() for stems in activity_words.STEMS.values() for stem in stems)
