"""Tables: FreiNet's and those that people make; what each column and each cell means, and what is never read."""

from datetime import UTC, date, datetime

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import columns, formats, moments, tables
from fediverse_ehrenamt.listings.record import EVENT
from tests.listings.reading import parted, read, sample


@pytest.mark.parametrize("name", ["freinet.csv", "freinet-windows.csv"])
def test_freinet_csv_in_both_encodings(name: str) -> None:
    records, faults = read(sample(name))
    assert [one.id for one in records] == ["4711", "4712", "4715"]
    first = records[0]
    assert first.title == "Lesepate für die Grundschule"
    assert first.organisation == "Stadtbücherei Hagen e.V."
    assert first.categories == ("Schule/Kindergarten", "Bildung")
    assert first.districts == ("Haspe",)
    assert (first.latitude, first.longitude) == (51.3497, 7.4214)
    assert first.requirements.split() == ["Freude", "am", "Lesen", "Geduld"]
    assert first.places == 3
    assert records[1].places is None  # FreiNet's 0 counts nobody
    assert first.changed_at == datetime.fromtimestamp(1790000000, UTC)
    assert [(fault.where, fault.id) for fault in faults] == [("Zeile 5", "4713"), ("Zeile 6", "4714")]


def test_persons_columns_are_not_read() -> None:
    records, _ = read(sample("freinet.csv"))
    assert "Muster" not in repr(records[0]).replace("Frau Muster", "")  # the name in the text is the text's business
    for name in ("Telefon", "E-Mail", "Ansprechpartner/in", "Kontaktperson", "Vorname", "telefon_mobil", "Fax"):
        assert columns.is_personal(name), name
    for name in ("Internetadresse", "Telos", "Titel", "Funktionalität"[:4]):
        assert not columns.is_personal(name), name


def test_contacts_of_a_row_are_known_but_shown_to_nobody() -> None:
    table = "titel;vorname;nachname;telefon\nChor;Erika;Muster;1\n"
    nested = (
        "<angebote><angebot><titel>Chor</titel><ansprechpartner><vorname>Erika</vorname><nachname>Muster</nachname>"
        "</ansprechpartner></angebot></angebote>"
    )
    listed = '[{"titel": "Chor", "kontaktperson": [{"vorname": "Erika", "nachname": "Muster"}]}]'
    for text in (table, nested, listed):
        records, _ = read(text)
        assert "Erika Muster" in records[0].persons
        assert "Muster" not in repr(records[0])
    records, _ = read("Ihr Name;Was suchen Sie?\nErika Muster;Chor\n")
    assert (records[0].title, records[0].persons) == ("Chor", ("Erika Muster",))


def test_whoever_did_not_agree_does_not_appear() -> None:
    text = (
        "Angebot;Dürfen wir das veröffentlichen?;Telefon (wird nicht veröffentlicht)\nChor;Ja;0\nSkat;Nein;0\n"
        "Wandern;;nein\n"
    )
    records, faults = read(text)
    assert [one.title for one in records] == ["Chor", "Wandern"]
    assert [(one.where, one.id, str(one.message)) for one in faults] == [
        ("Zeile 3", "", "soll nicht erscheinen: „Dürfen wir das veröffentlichen?“ ist „Nein“")
    ]


def test_what_stands_where_nobody_knew_what_to_write_is_nothing() -> None:
    text = (
        "titel;kurztext;aufgaben;zeiten;straße;ort;stadtteil;anforderungen;bereich\n"
        "Chor;k.A.;s.o.;siehe Text;n.n.;-;k. A.;keine;Kultur, -\n"
    )
    one = read(text)[0][0]
    assert (one.summary, one.tasks, one.times, one.street, one.locality, one.districts) == ("", "", "", "", "", ())
    assert (one.requirements, one.categories) == ("keine", ("Kultur",))


def test_a_form_and_an_authority_name_their_columns_in_their_own_ways() -> None:
    text = (
        "Was suchen Sie?;Beschreiben Sie die Tätigkeit kurz;Ab welchem Alter?;Straße;HSNR\n"
        "Chor;Wir singen.;18 J.;Domfreihof;1b\n"
    )
    one = read(text)[0][0]
    assert (one.title, one.text, one.minimum_age, one.street) == ("Chor", "Wir singen.", 18, "Domfreihof 1b")


def test_an_open_quotation_mark_costs_what_it_swallows_only() -> None:
    big = "x" * 140_000
    text = f'id;titel;beschreibung\n1;"Offen;{big}\n2;Gartenhilfe;Sie gießen Blumen.\n'
    records, faults = read(text)
    assert [fault.where for fault in faults] == ["Zeile 2"]
    assert [one.title for one in records] == ["Gartenhilfe"]


def test_headings_below_a_banner_and_other_separators() -> None:
    text = "Liste der Angebote,,\n,,\nNr,Spalte A,Wo\n,,\n"
    with pytest.raises(Invalid, match="Titel"):
        read(text)
    records, _ = read("Unsere Liste\t\t\n\nNr\tAngebot\tStadt\n7\tVorlesen in der Kita\tHagen\n")
    assert [(one.id, one.title, one.locality) for one in records] == [("7", "Vorlesen in der Kita", "Hagen")]


def test_a_mapping_says_which_column_is_what() -> None:
    chosen = tables.read_mapping('title: "Was wird gesucht?"\ntext: Genauer\n', "spalten.yaml")
    table = formats.table(b"Was wird gesucht?;Genauer;Kontaktperson\nLesepate;Sie lesen vor.;Frau Muster\n")
    records, _ = parted(tables.records(table, chosen))
    assert [(one.title, one.text) for one in records] == [("Lesepate", "Sie lesen vor.")]
    table = formats.table(b"Angebot;Zeit\nLesepate;intern: Mo\n")
    records, _ = parted(tables.records(table, {"title": "Angebot"}))
    assert records[0].times == ""  # nobody chose that column
    with pytest.raises(Invalid, match="Kontaktdaten"):
        tables.read_mapping("text: Kontaktperson\n", "spalten.yaml")
    with pytest.raises(Invalid, match="gibt es nicht"):
        tables.read_mapping("titel: Angebot\n", "spalten.yaml")
    with pytest.raises(Invalid, match="vorhanden: Angebot, Zeit"):
        parted(tables.records(table, {"title": "Wunsch"}))


def test_ages_are_whole_numbers() -> None:
    records, _ = read("Titel;Beschreibung;Mindestalter;Höchstalter\nFreiwilligendienst;Jahr;16;26\nZelten;;0;ja\n")
    assert [(one.minimum_age, one.maximum_age) for one in records] == [(16, 26), (None, None)]


def test_a_table_of_dates_makes_events() -> None:
    text = "Veranstaltung;Datum;Uhrzeit;Ort\nSommerfest;12.06.2027;14–17 Uhr;Hagen\nTreffen;13.06.2027 18:00;;Hagen\n"
    records, _ = read(text)
    assert [one.kind for one in records] == [EVENT, EVENT]
    assert [str(one.starts_at) for one in records] == ["2027-06-12 14:00:00+02:00", "2027-06-13 18:00:00+02:00"]
    assert [str(one.ends_at) for one in records] == ["2027-06-12 17:00:00+02:00", "None"]


def test_a_heading_between_entries_is_the_category_of_those_that_have_none() -> None:
    rows = ["Sport", "a;Turnen;;1", "b;Chor;Musik;2", "Seite 2", "c;Lesen;;3", ";;;9"]
    records, faults = read("\n".join(["Verein;Titel;Kategorie;Nummer", *rows]).encode())
    assert [one.categories for one in records] == [("Sport",), ("Musik",), ()]
    assert [(fault.heading, fault.message) for fault in faults] == [
        (True, "Sport"),
        (True, "Seite 2"),
        (False, "nur die Nummer ist ausgefüllt"),
    ]
    assert faults[-1].id == "9"


def test_headings_that_come_again_are_no_entry() -> None:
    table = "Nr;Titel;Wann;\n1;Gartenhilfe;Di;\nNr;Titel;Wann;\n2;Titel;Mi;\n"
    records, faults = read(table, formats.TABLE)
    assert [one.id for one in records] == ["1", "2"]
    assert not faults


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("46368", date(2026, 12, 12)),  # as a spreadsheet numbers days
        ("46368,5", date(2026, 12, 12)),
        ("12.12.26", date(2026, 12, 12)),
        ("12.12.26 14:00", date(2026, 12, 12)),
        ("12.12.2026", date(2026, 12, 12)),
        ("58095", date(2059, 1, 20)),
        ("12345", None),
        ("12.12.126", None),
    ],
)
def test_days_as_spreadsheets_have_them(written: str, day: date | None) -> None:
    assert moments.day(written) == day


def test_headings_of_several_words() -> None:
    names = [
        "Lfd. Nr.", "Name der Einrichtung", "Titel des Angebots", "Beschreibung der Tätigkeit", "Zielgruppe(n)",
        "Zeitaufwand / Einsatzzeiten", "Einrichtung Straße", "Ansprechpartner/in", "Zuletzt geändert am",
        "Anzahl der Mitglieder", "Vereins-Nr.", "Tätigkeitsfeld(er)", "Link zum Angebot",
    ]  # fmt: skip
    assert columns.meanings(names) == {
        "id": "Lfd. Nr.",
        "organisation": "Name der Einrichtung",
        "title": "Titel des Angebots",
        "text": "Beschreibung der Tätigkeit",
        "audiences": "Zielgruppe(n)",
        "times": "Zeitaufwand / Einsatzzeiten",
        "street": "Einrichtung Straße",
        "changed_at": "Zuletzt geändert am",
        "categories": "Tätigkeitsfeld(er)",
        "url": "Link zum Angebot",
    }


def test_headings_with_brackets_and_numbers() -> None:
    names = ["Engagementangebot", "Einsatzort (Straße)", "Einsatzort (PLZ)", "Kategorie 1", "Kategorie 2", "Wer?",
             "Zeitlicher Aufwand", "Das bieten wir", "Ansprechpartner (Name)"]  # fmt: skip
    assert columns.meanings(names) == {
        "title": "Engagementangebot",
        "street": "Einsatzort (Straße)",
        "postcode": "Einsatzort (PLZ)",
        "categories": "Kategorie 1",
        "organisation": "Wer?",
        "times": "Zeitlicher Aufwand",
        "benefits": "Das bieten wir",
    }


@pytest.mark.parametrize(
    ("given", "street", "postcode", "locality"),
    [
        ("Marktstr. 1-3, 58095 Hagen", "Marktstr. 1-3", "58095", "Hagen"),
        ("Marktstr. 1a 58095 Hagen", "Marktstr. 1a", "58095", "Hagen"),
        ("D-58095 Hagen", "", "58095", "Hagen"),
        ("Am Alten Markt 12", "Am Alten Markt 12", "", ""),
    ],
)
def test_an_address_in_one_cell(given: str, street: str, postcode: str, locality: str) -> None:
    records, _ = read(f"Titel;Organisation;Adresse des Einsatzortes\nGartenhilfe;Stadtgarten;{given}\n")
    found = records[0]
    assert (found.street, found.postcode, found.locality) == (street, postcode, locality)


def test_what_parts_the_cells_is_seen_below_a_banner_with_commas() -> None:
    records, _ = read(
        "Export, erstellt am 01.11.2026, 10 Uhr, von Hand\nTitel;Beschreibung\nGartenhilfe;gießen, jäten\n"
    )
    assert [(one.title, one.text) for one in records] == [("Gartenhilfe", "gießen, jäten")]


def test_another_list_says_what_the_first_leaves_empty() -> None:
    records, _ = read(
        "Titel;Stadtteile;Ortsteil;Handlungsfelder;Globalbereiche\nA;;Glüder;;Natur\nB;Wald;Glüder;Kultur;Natur\n"
    )
    assert [(one.districts, one.categories) for one in records] == [
        (("Glüder",), ("Natur",)),
        (("Wald",), ("Kultur",)),
    ]


def test_other_columns_say_what_the_first_leaves_empty() -> None:
    head = "angebotsId;angebotsname;zeitlicherrahmen;zeitspenden;bearbeitet;erstellt;zielgruppen\n"
    records, _ = read(f'{head}1;Vorlesen;;2 Std. pro Woche;;1780000000;"[""Kinder"", ""Senioren""]"\n')
    assert [(one.times, one.audiences) for one in records] == [("2 Std. pro Woche", ("Kinder", "Senioren"))]
    assert records[0].changed_at == datetime.fromtimestamp(1780000000, UTC)
