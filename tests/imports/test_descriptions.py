"""What an entry says only in its text becomes values of its draft that are marked as understood by machine."""

from dataclasses import replace
from typing import Any

import pytest

from fediverse_ehrenamt.imports import drafts, wordings
from fediverse_ehrenamt.imports.drafts import Made
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.vocab.types import Effort, OpportunityDetails

ENTRY = Record(id="1", where="Zeile 2", title="Lesepate gesucht", categories=("Sport",))
TUESDAYS = "Wir suchen für dienstags 15–17 Uhr jemanden, der mit den Kindern bastelt."


def made(**changes: Any) -> Made:
    return drafts.make(replace(ENTRY, **changes), "import1-1", wordings.read)


def details(**changes: Any) -> OpportunityDetails:
    draft = made(**changes).draft
    assert isinstance(draft, Draft)
    return draft.details


def cells(**changes: Any) -> tuple[str, ...]:
    availability = details(**changes).availability
    return availability.cells if availability else ()


# --- times ------------------------------------------------------------------------------------------------------------
def test_times_of_the_description_are_marked_and_less_sure_than_those_of_the_field() -> None:
    told, stated = made(text=TUESDAYS), made(text="Sie lesen vor.", times="dienstags 15–17 Uhr")
    assert isinstance(told.draft, Draft)
    assert told.draft.details.availability is not None
    assert told.draft.details.availability.cells == ("di-nachmittags",)
    assert told.draft.details.availability.text == ""
    sure = {guess.field: guess.confidence for guess in told.understood}
    assert 0.5 <= sure["availability.cells"] < stated.understood[0].confidence


def test_the_field_of_the_source_wins() -> None:
    assert cells(text=TUESDAYS, times="freitags 9–12 Uhr") == ("fr-vormittags",)
    found = details(text=f"{TUESDAYS} Zeitaufwand: 3 Std. pro Woche.", times="nach Absprache")
    assert found.availability is not None
    assert (found.availability.flexible, found.availability.cells) == (True, ("di-nachmittags",))
    assert found.effort == Effort(min_hours=3, max_hours=3, per="woche")
    assert details(text="Zeitaufwand: 3 Std. pro Woche.", hours=5.0, per="woche").effort == Effort(
        min_hours=5, per="woche"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Einsatzzeiten:\n- Mo 10–12 Uhr\n- Mi 15–17 Uhr", ("mo-vormittags", "mi-nachmittags")),
        (f"{TUESDAYS} Ihr Einsatz ist immer dienstags.", ("di-nachmittags",)),
        (f"{TUESDAYS} Andere Helfer kommen donnerstags vormittags.", ()),
        ("Das Café findet mittwochs 15–17 Uhr statt.", ("mi-nachmittags",)),
        (f"{TUESDAYS} Das Café findet mittwochs 15–17 Uhr statt.", ("di-nachmittags",)),
        ("Unser Büro ist Mo–Fr 9–12 Uhr erreichbar.", ()),
    ],
)
def test_of_several_times_only_what_fits_all_is_believed(text: str, found: tuple[str, ...]) -> None:
    assert cells(text=text) == found


def test_the_title_says_when_too() -> None:
    assert cells(title="Küchenhilfe, Di 9–12 Uhr", text="Schnippeln und spülen.") == ("di-vormittags",)


def test_amounts_rhythm_and_duration() -> None:
    found = details(text="Der Einsatz umfasst ca. 2 Stunden pro Woche. Sie sollten mindestens ein Jahr bleiben.")
    assert (found.effort, found.minimum_duration) == (Effort(min_hours=2, max_hours=2, per="woche"), "1_jahr")
    monthly = details(text="Sie sehen sich.", times="jeden 1. und 3. Di im Monat 15 Uhr")
    assert monthly.availability is not None
    assert monthly.availability.recurrence == "FREQ=MONTHLY;BYDAY=1TU,3TU"
    assert details(text="Helfer sind hier 100 Stunden pro Woche im Einsatz.").effort is None
    unlike = "Der Einsatz umfasst 2 Stunden pro Woche. Der Einsatz umfasst 5 Stunden pro Monat."
    assert details(text=unlike).effort is None


# --- conditions -------------------------------------------------------------------------------------------------------
def test_conditions_are_marked() -> None:
    found = made(
        text="Sie fahren Essen aus. Mindestalter 21.",
        requirements="Führerschein Klasse B\nerweitertes Führungszeugnis\ngute Deutschkenntnisse",
        benefits="Erstattung der Fahrtkosten, Einarbeitung",
    )
    assert isinstance(found.draft, Draft)
    said = found.draft.details
    assert (said.minimum_age, said.clearance, said.credentials) == (21, "erweitert", ("fahrerlaubnis_b",))
    assert (said.german_level, said.benefits) == ("b2", ("fahrtkosten", "einarbeitung"))
    marks = {guess.field: guess.value for guess in found.understood}
    assert marks == {
        "minimumAge": "21",
        "clearance": "erweitert",
        "credentials": "fahrerlaubnis_b",
        "germanLevel": "b2",
        "benefits": "fahrtkosten, einarbeitung",
        "activities": "unterrichten_vorlesen",
    }
    assert all(0.4 <= guess.confidence <= 0.9 for guess in found.understood)


@pytest.mark.parametrize(
    ("text", "times", "mode"),
    [
        ("Sie pflegen unsere Seiten. Das kann von zu Hause aus gemacht werden.", "", "teilweise_online"),
        ("Sie tippen Interviews am eigenen PC ab.", "", "online"),
        ("Sie schreiben unsere Pressetexte.", "10 Std. im Monat, Home-Office", "online"),
        ("Bilder und Texte, im Büro oder daheim.", "", "teilweise_online"),
        ("Sie holen die Kinder von zu Hause ab.", "", ""),
        ("Für Menschen, die nicht mehr von zu Hause weg können.", "", ""),
        ("Homeoffice ist leider nicht möglich.", "", ""),
        ("Sie besuchen Menschen zu Hause.", "", ""),
    ],
)
def test_help_from_home(text: str, times: str, mode: str) -> None:
    found = made(text=text, times=times)
    assert isinstance(found.draft, Draft)
    assert found.draft.details.mode == mode
    assert ("mode" in {guess.field for guess in found.understood}) == bool(mode)


def test_where_it_is_wins_over_from_where() -> None:
    assert details(text="Auch im Homeoffice möglich.", mode="vor_ort").mode == "vor_ort"
    assert details(text="Auch im Homeoffice möglich.", districts=("ortsunabhängig",)).mode == "teilweise_online"


def test_a_stated_age_wins_and_one_that_cannot_be_is_left_out() -> None:
    stated = made(text="Helfer ab 16 Jahren sind willkommen.", minimum_age=18)
    assert isinstance(stated.draft, Draft)
    assert stated.draft.details.minimum_age == 18
    assert "minimumAge" not in {guess.field for guess in stated.understood}
    assert details(text="Helfer ab 18 Jahren sind willkommen.", maximum_age=17).minimum_age is None


def test_a_machine_lets_no_minors_in() -> None:
    assert details(text="Helfer ab 16 Jahren sind willkommen.").minimum_age is None
    assert details(text="Helfer ab 16 Jahren sind willkommen.", minimum_age=16).minimum_age == 16


def test_contact_times_and_persons_stay_out() -> None:
    found = made(text="Sie lesen vor. Frau Muster, Tel. 02331 123456, erreichen Sie dienstags 9–12 Uhr.")
    assert "Muster" not in repr(found.draft)
    assert [guess.field for guess in found.understood] == ["activities"]
