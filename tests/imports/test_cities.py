"""What listings of two more cities held that was read wrongly or not at all: tables, marks, towns, papers."""

import json
from typing import Any

import pytest

from fediverse_ehrenamt.imports import drafts, wordings
from fediverse_ehrenamt.listings import addresses
from fediverse_ehrenamt.listings.record import EVENT, OFFER, Record
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.vocab.types import Effort, OpportunityDetails, Place
from tests.listings.reading import NOW, read


def made(**changes: Any) -> Draft:
    values = {"id": "1", "where": "Zeile 2", "title": "Helferin gesucht"} | changes
    draft = drafts.make(Record(**values), "import1-1", wordings.read).draft
    assert isinstance(draft, Draft)
    return draft


def details(**changes: Any) -> OpportunityDetails:
    return made(**changes).details


def cells(**changes: Any) -> tuple[str, ...]:
    availability = details(**changes).availability
    return availability.cells if availability else ()


# --- tables -----------------------------------------------------------------------------------------------------------
TWO_ROWS = """Gesuche, Stand 11/2026;;;;;;;;;
Nr.;Einrichtung;;;Tätigkeit;;Wann?;;Ansprechpartner;
;Name;Straße;PLZ / Ort;Was?;Beschreibung;Tage;Umfang;Name;Telefon
1;Wärmestube;Röntgenstr. 4;54292 Trier;Frühstücksdienst;Kaffee kochen;Mo–Sa 8–11 h;2 Std. pro Woche;Hr. Jost;0651/147
"""


def test_headings_in_two_rows_are_read_as_one() -> None:
    (one,), faults = read(TWO_ROWS)
    assert not faults
    assert (one.id, one.title, one.text) == ("1", "Frühstücksdienst", "Kaffee kochen")
    assert (one.organisation, one.street, one.postcode, one.locality) == (
        "Wärmestube", "Röntgenstr. 4", "54292", "Trier",
    )  # fmt: skip
    assert one.times == "Mo–Sa 8–11 h, 2 Std. pro Woche"
    assert "Jost" not in repr(drafts.make(one, "import1-1", wordings.read).draft)


def test_a_first_entry_is_no_second_row_of_headings() -> None:
    found, faults = read(
        "Nr;Einrichtung;Angebot;Ort\n1;Verein der Freunde;Name und Titel;Trier\n2;Verein;Lesen;Trier\n"
    )
    assert [one.title for one in found] == ["Name und Titel", "Lesen"]
    assert not faults


def test_all_columns_about_time_count_and_blanks_do_not() -> None:
    head = "angebotsid;angebotsname;zeitlicherrahmen;zeitspenden\n"
    found, _ = read(
        head + "1;Begleiter;s. Text;alle 14 Tage am WE\n2;Pate;flexibel;2 Std./Woche\n3;Koch;abends;abends\n"
    )
    assert [one.times for one in found] == ["alle 14 Tage am WE", "flexibel, 2 Std./Woche", "abends"]


ASKED = """Titel;Worum geht's?;Was ist zu tun?;Wer wird gesucht?;Wir bieten;Ort
Theke;Offener Treff für Schüler;Getränke ausgeben;Volljährige mit erw. FZ;Freikarten;Gera
"""


def test_headings_that_ask() -> None:
    (one,), faults = read(ASKED)
    assert not faults
    assert (one.title, one.text, one.tasks) == ("Theke", "Offener Treff für Schüler", "Getränke ausgeben")
    assert (one.requirements, one.benefits) == ("Volljährige mit erw. FZ", "Freikarten")


def test_districts_behind_slashes_are_several() -> None:
    found, _ = read(
        "angebotsname;ort;stadtteile\nKröten;Oldenburg;Eversten / Bloherfelde\nOma;Oldenburg;Krusen/Busch\n"
    )
    assert [one.districts for one in found] == [("Eversten", "Bloherfelde"), ("Krusen/Busch",)]


# --- pages ------------------------------------------------------------------------------------------------------------
def test_an_action_is_found_by_its_name_and_its_town_is_taken_apart() -> None:
    graph = [
        {"@type": "VolunteerAction", "@id": "https://e.example/1", "name": "Eins",
         "location": {"@type": "Place", "name": "Tor", "address": {"@type": "PostalAddress",
                                                                   "addressLocality": "54290 Trier"}}},
        {"@type": "VolunteerAction", "@id": "https://e.example/#zwei", "name": "Zwei",
         "mainEntityOfPage": {"@id": "https://e.example/zwei.html"}},
        {"@type": "VolunteerAction", "@id": "https://e.example/#drei", "name": "Drei"},
    ]  # fmt: skip
    found, faults = read(json.dumps({"@graph": graph}), "jsonld")
    assert not faults
    assert [one.url for one in found] == ["https://e.example/1", "https://e.example/zwei.html", ""]
    assert (found[0].venue, found[0].postcode, found[0].locality) == ("Tor", "54290", "Trier")


def test_what_was_escaped_twice_is_read() -> None:
    draft = made(title="Nachhilfe f&amp;uuml;r Sch&amp;#252;ler", text="Deutsch &amp;amp; Mathe, 2 &amp;lt; 3 &amp; 4")
    assert draft.details.title == "Nachhilfe für Schüler"
    assert draft.text.startswith("Deutsch & Mathe, 2 < 3 & 4")


# --- where ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "towns"),
    [
        ("Hagen, Herdecke und Wetter", ("Hagen", "Herdecke", "Wetter")),
        ("Hude, Ganderkesee u. Wardenburg", ("Hude", "Ganderkesee", "Wardenburg")),
        ("Hagen", ()),
        ("Horn-Bad Meinberg", ()),
        ("Haus und Hof", ()),
        ("Hagen und Umgebung", ()),
        ("", ()),
    ],
)
def test_several_towns_in_one_cell(name: str, towns: tuple[str, ...]) -> None:
    assert addresses.towns(name) == towns


def test_an_entry_of_several_towns_is_in_the_first_and_names_all() -> None:
    draft = made(text="Kochen an Schulen", locality="Hagen, Herdecke und Wetter")
    assert draft.place is not None
    assert draft.place.locality == "Hagen"
    assert draft.text.endswith("Orte: Hagen, Herdecke und Wetter")
    (named,) = {made(locality="Hagen").place}
    assert named is not None
    assert (draft.place.latitude, draft.place.longitude) == (named.latitude, named.longitude)


def test_metres_without_their_zone_and_several_towns() -> None:
    place = made(locality="Hagen, Herdecke und Wetter", latitude=5690123.0, longitude=391234.0).place
    assert place is not None
    assert (round(place.latitude or 0, 2), round(place.longitude or 0, 2)) == (51.35, 7.44)


def test_a_house_before_its_street() -> None:
    said = addresses.told({"street": "Kulturzentrum Rennplatz, Rennplatzstr. 203", "locality": "Oldenburg"})
    assert (said["venue"], said["street"]) == ("Kulturzentrum Rennplatz", "Rennplatzstr. 203")
    kept = addresses.told({"street": "Marktstr. 5, Hinterhof", "locality": "Oldenburg"})
    assert (kept["venue"], kept["street"]) == ("", "Marktstr. 5, Hinterhof")


@pytest.mark.parametrize(
    ("venue", "name", "street", "mode"),
    [
        ("Begegnungsstätte Bieblach, Eiselstr. 12", "Begegnungsstätte Bieblach", "Eiselstr. 12", ""),
        ("Talstr. 30", "", "Talstr. 30", ""),
        ("Turnhalle Zwötzen (ebenerdig)", "Turnhalle Zwötzen (ebenerdig)", "", ""),
        ("stadtweit", "", "", "beliebig_im_gebiet"),
        ("Stadthalle", "Stadthalle", "", ""),
        ("von zu Hause", "", "", "online"),
        ("auch online möglich", "", "", "teilweise_online"),
    ],
)
def test_where_something_takes_place_may_be_a_street_or_nowhere(venue: str, name: str, street: str, mode: str) -> None:
    (one,), _ = read(f"Titel;Einsatzort;Ort\nHilfe;{venue};Gera\n")
    draft = drafts.make(one, "import1-1", wordings.read).draft
    assert isinstance(draft, Draft)
    assert draft.place is not None
    assert (draft.place.name, draft.place.street, draft.details.mode) == (name, street, mode)


def test_an_event_online_is_in_no_house() -> None:
    event = Record(id="1", where="", title="Schulung", kind=EVENT, venue="online", starts_at=NOW, ends_at=NOW)
    assert drafts.make(event, "import1-1", wordings.read).draft.place is None
    offer = made(kind=OFFER, venue="Mühle").place
    assert offer == Place(name="Mühle", country="DE")


# --- when -------------------------------------------------------------------------------------------------------------
def test_what_is_wanted_once_is_on_the_day_that_its_text_names() -> None:
    found = details(times="einmalig", text="Aufbau, Grillen, Abbau. Samstag, 19. Juni 2027, 9 bis 20 Uhr, in Schichten")
    assert (str(found.start_date), str(found.end_date), found.kind) == ("2027-06-19", "2027-06-19", "einmalig")
    assert found.availability is not None
    assert {cell[:2] for cell in found.availability.cells} == {"sa"}
    in_text = details(text="Einmalige Aktion am Samstag, 20.03.2027. Gruppen bitte anmelden bis 1. März 2027.")
    assert (str(in_text.start_date), str(in_text.apply_by), in_text.kind) == ("2027-03-20", "2027-03-01", "einmalig")
    assert details(text="Wir feiern am 20.03.2027. Einmalige Gelegenheit!").start_date is None
    often = details(times="einmalig oder regelmäßig", text="Sommerfest am 19. Juni 2027")
    assert (often.start_date, often.kind) == (None, "regelmaessig")
    deadline = details(times="einmalig", text="Anmeldung bis 10.01.2027")
    assert (deadline.start_date, str(deadline.apply_by)) == (None, "2027-01-10")


def test_hours_of_what_is_wanted_once_are_of_no_week() -> None:
    once = details(times="Sa, 12.12.2026 von 11 bis 19 Uhr, Schichten von 2 Std.")
    assert once.effort == Effort(min_hours=2, max_hours=2, per="einmalig")
    assert details(times="dienstags, 2 Std. pro Woche").effort == Effort(min_hours=2, max_hours=2, per="woche")


def test_two_days_of_one_part() -> None:
    assert cells(times="Dienstag- und Donnerstagvormittag") == ("di-vormittags", "do-vormittags")
    assert cells(times="Montag-, Mittwoch- oder Freitagabend") == ("mo-abends", "mi-abends", "fr-abends")


def test_hours_of_the_description_narrow_days_of_the_field() -> None:
    sings = "Wir suchen jemanden für unsere Probe jeden Donnerstag um 19.45 Uhr."
    assert cells(times="Do", text=sings) == ("do-abends",)
    assert cells(times="Do vormittags", text=sings) == ("do-vormittags",)
    assert len(cells(times="Di", text=sings)) == 5


def test_days_of_the_description_narrow_a_part_of_any_day() -> None:
    reads = "Möglich sind die Vormittage Mo.-Mi. zwischen 9.30 und 11.30 Uhr."
    mornings = ("mo-vormittags", "di-vormittags", "mi-vormittags")
    assert cells(times="1 Std./Wo., vormittags, n. V.", text=reads) == mornings
    assert len(cells(times="abends", text=reads)) == 7
    assert len(cells(times="täglich", text=reads)) == 35
    assert cells(times="Mo 17-19 wöchentl.") == ("mo-nachmittags", "mo-abends")


# --- what is asked and given ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ({"requirements": "erweitertes pol. FZ, Masernschutz"}, "clearance", "erweitert"),
        ({"requirements": "FZ"}, "clearance", "einfach"),
        ({"text": "Wir sind ein FZB. Aufzug vorhanden."}, "clearance", ""),
        ({"text": "Masernimpfnachweis notw."}, "credentials", ("masernschutz",)),
        ({"text": "Gesundheitszeugnis (Belehrung n. §43 IfSG) nötig."}, "credentials", ("hygienebelehrung",)),
        ({"text": "Keine Pflege. Mind. 18 J. Einsatz zu zweit."}, "minimum_age", 18),
        ({"requirements": "erw. Führungszeugnis, ab 21"}, "minimum_age", 21),
        ({"text": "Du bist zwischen 18 und 27 Jahre alt."}, "minimum_age", 18),
        ({"text": "Wir malen mit Menschen zwischen 20 und 30 Jahren."}, "minimum_age", None),
        ({"text": "Training: dienstags ab 20 Uhr, freitags ab 18"}, "minimum_age", None),
        ({"benefits": "Fahrtkosten, Mittagessen"}, "benefits", ("fahrtkosten", "verpflegung")),
        ({"benefits": "Führungszeugnis wird bezahlt"}, "benefits", ()),
        ({"benefits": "Einarbeitung, Haftpflichtversicherung"}, "insurance", ("haftpflicht_traeger",)),
        ({"text": "Bescheinigung für Praktikum möglich."}, "benefits", ("bescheinigung",)),
        ({"text": "Jährl. Aufwandspauschale 449 €."}, "compensation", "aufwandsentschaedigung"),
        ({"text": "Studierende sind herzlich willkommen!"}, "suitable_for", ("studierende",)),
        ({"text": "Auch Helfer mit wenig Deutsch sind gern gesehen."}, "german_level", "a1"),
        ({"text": "Gerne auch Menschen, die noch nicht so gut Deutsch sprechen."}, "suitable_for", ("wenig_deutsch",)),
        ({"text": "Wir begleiten Menschen, die noch wenig Deutsch sprechen."}, "german_level", ""),
        ({"text": "Zeitung vorlesen, per Telefon, von überall."}, "mode", "online"),
        ({"text": "Das geht komplett remote."}, "mode", "online"),
        ({"text": "Treffen abends oder digital."}, "mode", "teilweise_online"),
        ({"text": "Englisch oder Russisch sind ein Plus."}, "languages", ("en", "ru")),
        ({"text": "Der Kanal geht auch vom heimischen Sofa."}, "mode", "teilweise_online"),
        ({"times": "1 Abend/Woche, mind. 1/2 Jahr"}, "minimum_duration", "6_monate"),
        ({"title": "Dolmetscher Arabisch-Deutsch"}, "languages", ("ar",)),
        ({"text": "Arabisch, Dari oder Russisch wären super."}, "languages", ("ar", "fa", "ru")),
        ({"text": "Nachhilfe in Englisch, Geduld wäre gut."}, "languages", ()),
        ({"text": "Englischkenntnisse von Vorteil."}, "languages", ("en",)),
    ],
)  # fmt: skip
def test_what_is_asked_and_given(said: dict[str, str], field: str, value: object) -> None:
    assert getattr(details(**said), field) == value


@pytest.mark.parametrize(
    ("said", "access"),
    [
        ("Eingang ebenerdig, WC nicht rollstuhlgerecht", ("stufenlos",)),
        ("barrierefrei, Induktionsanlage vorhanden", ("induktionsschleife", "stufenlos")),
        ("Rollstuhlgerecht, mit Gebärdensprachdolmetschern.", ("gebaerdensprache", "stufenlos")),
        ("Das Haus hat einen Aufzug und ein Behinderten-WC.", ("rollstuhl_wc", "aufzug")),
        ("Das Haus ist nicht barrierefrei, das WC auch nicht.", ("nicht_barrierefrei",)),
        ("Das Haus ist ebenerdig, der Saal leider nicht barrierefrei", ("nicht_barrierefrei",)),
    ],
)
def test_getting_in_is_read_by_clauses(said: str, access: tuple[str, ...]) -> None:
    assert details(accessibility=said).accessibility == access


# --- what it is about -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "areas"),
    [
        ({"title": "Dreck-weg-Tag", "text": "Müllsammeln mit Groß und Klein"}, ("umwelt_tiere",)),
        ({"title": "Rama dama am Ufer"}, ("umwelt_tiere",)),
        ({"title": "Klavierbegleitung", "text": "für unseren Chor"}, ("kultur",)),
        ({"title": "Schulfrühstück zubereiten"}, ("schule_kita",)),
        ({"title": "Nachtwache", "audiences": ("Wohnungslose",)}, ("soziales",)),
        ({"title": "Besorgungen", "audiences": ("Patienten",)}, ("gesundheit",)),
        ({"title": "Übersetzen von Flyern"}, ("sonstiges",)),
    ],
)
def test_areas_by_words_and_by_audiences(said: dict[str, Any], areas: tuple[str, ...]) -> None:
    assert details(**said).areas == areas
