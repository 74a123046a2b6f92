"""Every format is recognised and read, with its flaws: a bad entry is told with its line and costs no other."""

import io
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl
import pytest

from fediverse_ehrenamt.imports import drafts, wordings
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import addresses, columns, formats, moments, tables
from fediverse_ehrenamt.listings.record import EVENT, OFFER, Record
from fediverse_ehrenamt.opportunities.rules import Draft
from tests.listings.reading import NOW, parted, read, sample


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("freinet.csv", formats.FREINET_CSV),
        ("freinet-windows.csv", formats.FREINET_CSV),
        ("freinet.xml", formats.FREINET_XML),
        ("freinet.json", formats.FREINET_JSON),
        ("kalender.ics", formats.ICALENDAR),
        ("seite.html", formats.JSONLD),
        ("missionen.json", formats.ENGAGEMENT),
    ],
)
def test_a_format_is_known_by_its_content(name: str, form: str) -> None:
    assert formats.detect(sample(name)) == form


# --- tables -----------------------------------------------------------------------------------------------------------
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


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def test_a_workbook() -> None:
    data = workbook(
        [["Nr.", "Titel", "PLZ", "Gültig bis", "Telefon"], [1, "Gartenhilfe", 58095.0, date(2027, 5, 1), "0123"], [2]]
    )
    assert formats.detect(data) == formats.TABLE
    records, faults = read(data)
    assert [(one.id, one.title, one.postcode) for one in records] == [("1", "Gartenhilfe", "58095")]
    assert records[0].last_day == date(2027, 5, 1)
    assert [fault.where for fault in faults] == ["Zeile 3"]


def test_a_workbook_with_headings_over_headings_and_lines_between() -> None:
    data = workbook(
        [
            ["Ehrenamtsbörse – Stand 01.11.2026"],
            ["Angebot", None, None, "Wann & Wo"],
            ["Verein/Einrichtung", "Was wird gesucht?", "Was ist zu tun?", "Wann?", "Wo?", "PLZ"],
            ["Tafel", "Fahrer/in", "Waren abholen", "Mo u. Mi", "Marktstr. 1", 58095],
            ["JUGEND & SPORT"],
            ["TuS", "Turnen mit Kindern", "Anleiten", "Di 16 Uhr", "Halle Nord", 58097],
            ["Alle Angaben ohne Gewähr."],
        ]
    )
    records, faults = read(data)
    assert [(one.title, one.organisation, one.tasks, one.times, one.postcode) for one in records] == [
        ("Fahrer/in", "Tafel", "Waren abholen", "Mo u. Mi", "58095"),
        ("Turnen mit Kindern", "TuS", "Anleiten", "Di 16 Uhr", "58097"),
    ]
    assert [one.categories for one in records] == [(), ("JUGEND & SPORT",)]
    assert [(fault.where, fault.heading, fault.message) for fault in faults] == [
        ("Zeile 5", True, "JUGEND & SPORT"),
        ("Zeile 7", True, "Alle Angaben ohne Gewähr."),
    ]


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


def test_a_cell_that_reaches_over_several_rows_is_that_of_all() -> None:
    rows: list[list[object]] = [["Verein", "Titel", "Wann"], ["Tafel", "Fahrer"]]
    rows += [[None, "Ausgabe"], ["TuS", "Turnen"], [None, "Kasse"]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    sheet = book.active
    sheet.merge_cells("A2:A3")
    sheet["C4"], sheet["C5"] = date(2026, 12, 9), time(14)
    stored = io.BytesIO()
    book.save(stored)
    records, _ = read(stored.getvalue())
    assert [(one.organisation, one.title, one.times) for one in records] == [
        ("Tafel", "Fahrer", ""),
        ("Tafel", "Ausgabe", ""),
        ("TuS", "Turnen", "09.12.2026"),
        ("", "Kasse", "14:00 Uhr"),
    ]


def test_a_workbook_has_as_many_columns_as_are_filled() -> None:
    data = workbook([["Titel", "PLZ"], ["Gartenhilfe", 58095]])
    assert formats.table(data).headings == ("Titel", "PLZ")


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


def test_a_workbook_that_begins_with_a_sheet_of_notes() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["Titel", "PLZ"], ["Gartenhilfe", 58095]])))
    book.create_sheet("Hinweise", 0)["A1"] = "Bitte nicht weitergeben"
    stored = io.BytesIO()
    book.save(stored)
    assert [one.title for one in read(stored.getvalue())[0]] == ["Gartenhilfe"]


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


def test_a_row_that_claims_a_number_beyond_any_sheet_makes_no_rows_before_it() -> None:
    made, bent = workbook([["Titel", "PLZ"], ["Gartenhilfe", 58095], ["Vorlesen", 58095]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as packed, zipfile.ZipFile(bent, "w") as written:
        for name in packed.namelist():
            sheet = packed.read(name)
            written.writestr(name, sheet.replace(b'<row r="3"', b'<row r="3000000"').replace(b'"A3"', b'"A3000000"'))
    records, _ = read(bent.getvalue())
    assert [(one.title, one.where) for one in records] == [("Gartenhilfe", "Zeile 2")]


def test_a_bomb_and_what_is_no_workbook() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(Invalid, match="ungewöhnlicher Größe"):
        read(stored.getvalue())
    with pytest.raises(Invalid):
        read(b"PK\x03\x04 das ist kein Archiv")
    for empty in (b"", b"  \n"):
        with pytest.raises(Invalid, match="leer"):
            read(empty)


# --- FreiNet's XML and JSON -------------------------------------------------------------------------------------------
def test_freinet_xml_flat_and_nested() -> None:
    records, faults = read(sample("freinet.xml"))
    assert not faults
    flat, nested = records
    assert (flat.id, flat.where, flat.title) == ("501", "Zeile 3", "Sprachtandem & Begegnung")
    assert flat.categories == ("Flüchtlinge/Migration", "Bildung")
    assert flat.latitude == 51.3497
    assert (nested.id, nested.organisation) == ("502", "Haus am Park")
    assert (nested.street, nested.postcode) == ("Parkweg 3", "58097")  # it has no place of its own
    for one in records:
        assert "Beispiel" not in repr(one)
        assert "Muster" not in repr(one)


def test_fields_within_fields() -> None:
    entry = (
        "<angebot><angebotsname>Lesepate</angebotsname>"
        "<handlungsfelder><handlungsfeld id='1'><name>Bildung</name></handlungsfeld></handlungsfelder>"
        "<einrichtung id='7'><einrichtungsname>Stadtbücherei</einrichtungsname><strasse>Markt 1</strasse>"
        "<plz>58095</plz><ort>Hagen</ort></einrichtung>"
        "<ansprechpartner><name>Erika Muster</name><ort>Hagen</ort></ansprechpartner></angebot>"
    )
    (one,), _ = read(f"<angebotsliste>{entry}</angebotsliste>")
    assert (one.categories, one.organisation, one.street, one.postcode) == (
        ("Bildung",), "Stadtbücherei", "Markt 1", "58095",
    )  # fmt: skip
    assert "Muster" not in repr(one)
    (other,), _ = read(
        '[{"angebotsname": "Lesepate", "adresse": {"strasse": "Markt 1", "plz": "58095", "ort": "Hagen"},'
        ' "geo": {"lat": 51.36, "lng": 7.47}, "zielgruppen": [{"id": 1, "bezeichnung": "Kinder"}],'
        ' "kontakt": {"name": "Erika Muster", "strasse": "Weg 2", "plz": "1"}}]'
    )
    assert (other.street, other.locality, other.latitude, other.audiences) == ("Markt 1", "Hagen", 51.36, ("Kinder",))
    assert "Muster" not in repr(other)


def test_broken_xml_costs_the_broken_entry() -> None:
    records, faults = read(sample("freinet-broken.xml"))
    assert [(one.id, one.title) for one in records] == [
        ("601", "Kaffee & Kuchen im Café"),
        ("603", "Gartenhilfe im Stadtgarten"),
    ]
    assert faults[0].where == "Zeile 8"
    assert faults[-1].ends  # what is missing may only be unreadable


def test_xml_that_asks_for_entities_is_refused() -> None:
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        "<angebotsliste><angebot><angebotsname>&b;</angebotsname></angebot></angebotsliste>"
    )
    with pytest.raises(Invalid, match="DOCTYPE"):
        read(laughs)
    late = f"<?xml version='1.0' encoding='UTF-16'?>{laughs[21:]}".encode("utf-16")
    with pytest.raises(Invalid):
        read(late, formats.FREINET_XML)
    with pytest.raises(Invalid, match="Ebenen"):
        read("<a>" * 100 + "</a>" * 100)


def test_freinet_json() -> None:
    records, faults = read(sample("freinet.json"))
    assert [(one.id, one.title) for one in records] == [("701", "Hausaufgabenhilfe"), ("702", "Fahrdienst zur Tafel")]
    assert records[0].audiences == ("Kinder", "Jugendliche")
    assert records[0].postcode == "58095"
    assert records[1].organisation == "Tafel Hagen"
    assert [(fault.where, fault.id) for fault in faults] == [("Eintrag 3", ""), ("Eintrag 4", "703")]
    with pytest.raises(Invalid, match="Zeile 2, Spalte"):
        read('{"angebote": [\n {"angebotsname": "x"', formats.FREINET_JSON)


# --- calendars --------------------------------------------------------------------------------------------------------
def test_a_calendar() -> None:
    records, faults = read(sample("kalender.ics"))
    by_title: dict[str, list[Record]] = {}
    for one in records:
        by_title.setdefault(one.title, []).append(one)
    choir = by_title["Offene Chorprobe"]
    assert [f"{one.starts_at:%d.%m. %H:%M}" for one in choir] == [
        "01.12. 18:00", "03.12. 18:00", "22.12. 18:00", "29.12. 18:00", "05.01. 18:00",
    ]  # fmt: skip
    (moved,) = by_title["Offene Chorprobe (verlegt)"]
    assert moved.id == "chor@beispiel/20261215T170000Z"  # named by when it was planned
    assert f"{moved.starts_at:%d.%m. %H:%M}" == "16.12. 19:00"
    assert (choir[0].venue, choir[0].street, choir[0].postcode, choir[0].locality) == (
        "Bürgerhaus", "Marktstr. 1", "58095", "Hagen",
    )  # fmt: skip
    (market,) = by_title["Adventsmarkt"]
    assert f"{market.starts_at} {market.ends_at}" == "2026-12-05 00:00:00+01:00 2026-12-06 23:59:59+01:00"
    (evening,) = by_title["Infoabend Ehrenamt"]
    assert evening.starts_at == datetime(2027, 7, 1, 17, tzinfo=UTC)  # summer time of a zone of its own
    assert evening.ends_at == datetime(2027, 7, 1, 18, 30, tzinfo=UTC)
    assert evening.cancelled
    assert "War schon" not in by_title
    assert 50 <= len(by_title["Jeden Freitag Repair-Café"]) <= 60
    assert {one.timezone for one in by_title["Jeden Freitag Repair-Café"]} == {"Europe/Berlin"}
    told = " ".join(f"{fault.where}: {fault.message}" for fault in faults)
    for sign in ("„Ohne lesbares Datum“: der Beginn", "„Zu oft“: wiederholt sich öfter"):
        assert sign in told
    assert len(faults) == 2
    assert "erika" not in repr(records)


def calendar(*events: str) -> str:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT" for one in events)
    return f"BEGIN:VCALENDAR\r\n{body}\r\nEND:VCALENDAR\r\n"


def test_a_date_without_a_uid_goes_by_what_it_says() -> None:
    market, concert = (
        "SUMMARY:Flohmarkt\r\nDTSTART:20261212T100000",
        "SUMMARY:Konzert\r\nDTSTART:20261213T170000",
    )
    records, faults = read(calendar(market, concert, market))
    assert (sorted(one.title for one in records), faults) == (["Flohmarkt", "Konzert"], [])
    again, _ = read(calendar(concert, market))
    assert {one.id for one in again} == {one.id for one in records}
    assert all(one.id.startswith(columns.BY_WORDS) for one in records)


def test_a_date_without_a_title_is_told() -> None:
    records, faults = read(calendar("UID:a\r\nDTSTART:20261212T100000", "DTSTART:20261212T100000"))
    assert not records
    assert [str(one.message) for one in faults] == [
        "ein Termin ohne Titel (SUMMARY) und ohne Nummer (UID)",
        "der Titel fehlt (SUMMARY)",
    ]


def test_an_end_before_the_beginning_leaves_the_beginning() -> None:
    (one,), _ = read(calendar("UID:a\r\nSUMMARY:Lesen\r\nDTSTART:20261211T160000\r\nDTEND:20261211T150000"))
    assert one.starts_at is not None
    assert f"{one.starts_at:%d.%m. %H:%M}" == "11.12. 16:00"


def test_a_zone_as_exchange_shows_it() -> None:
    begin = "DTSTART;TZID=(UTC+01:00) Amsterdam\\, Berlin\\, Bern\\, Rom\\, Stockholm\\, \r\n Wien:20261209T190000"
    (one,), faults = read(calendar(f"UID:a\r\nSUMMARY:Forum\r\n{begin}"))
    assert (f"{one.starts_at}", faults) == ("2026-12-09 19:00:00+01:00", [])


def test_how_to_dial_in_is_no_description() -> None:
    line = "_" * 40
    told = f"Wir planen.\\n{line}\\nMicrosoft Teams-Besprechung\\nPasscode: Xy7\\n+49 69 1234567\\,\\,98#\\n{line}\\n"
    (one,), _ = read(calendar(f"UID:a\r\nSUMMARY:Forum\r\nDTSTART:20261209T190000\r\nDESCRIPTION:{told}"))
    assert one.text.strip() == "Wir planen."


@pytest.mark.parametrize(
    ("said", "venue", "street", "locality"),
    [
        ("Kurpark, Uelzener Straße, Treffpunkt Brunnen", "Kurpark, Uelzener Straße", "", ""),
        ("Kurpark, Lüneburg", "Kurpark", "", "Lüneburg"),
        ("VHS, Raum 2.14, Haagestr. 4", "VHS, Raum 2.14", "Haagestr. 4", ""),
        ("Kreishaus Raum 3, Hagen", "Kreishaus Raum 3", "", "Hagen"),
        ("Rathaus, Markt 1 Haus 3, 58095 Hagen", "Rathaus", "Markt 1 Haus 3", "Hagen"),
    ],
)
def test_what_is_no_town_names_the_place(said: str, venue: str, street: str, locality: str) -> None:
    found = addresses.read(said)
    assert (found["venue"], found["street"], found["locality"]) == (venue, street, locality)


def test_a_rule_that_never_fits_is_refused_at_once() -> None:
    rule = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"
    event = f"BEGIN:VEVENT\nUID:a\nSUMMARY:Nie\nDTSTART:19000101T000000Z\n{rule}\nEND:VEVENT\n"
    records, faults = read(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    assert not records
    assert "„Nie“" in faults[0].where


@pytest.mark.parametrize(
    ("begins", "rule", "said"),
    [
        ("20261201T100000Z", "FREQ=DAILY;INTERVAL=0", "RRULE"),
        ("20261201T100000Z", "FREQ=WEEKLY;INTERVAL=0;COUNT=5", "RRULE"),
        ("20261201T100000Z", "FREQ=YEARLY;INTERVAL=-1", "RRULE"),
        ("20261201T100000Z", "FREQ=DAILY;BYMONTH=13;COUNT=2", "RRULE"),
        ("20261201T100000Z", "FREQ=SECONDLY", "öfter als täglich"),
        ("20261201T100000Z", "FREQ=DAILY;COUNT=1000000000", "mehr als 5000"),
        ("00010101T100000Z", "FREQ=DAILY;UNTIL=99991231T000000Z", "seit zu vielen Jahren"),
        ("00010101T100000Z", "FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9", "seit zu vielen Jahren"),
    ],
)
def test_a_rule_that_would_be_followed_without_end_is_refused(begins: str, rule: str, said: str) -> None:
    records, faults = read(calendar(f"UID:a\r\nSUMMARY:Yoga\r\nDTSTART:{begins}\r\nRRULE:{rule}"))
    assert records == []
    assert [said in str(fault.message) for fault in faults] == [True]


def test_a_calendar_that_breaks_off_ends_nothing() -> None:
    cut = sample("kalender.ics").decode().partition("UID:zone@beispiel")[0]
    _, faults = read(cut)
    assert any(fault.ends for fault in faults)


# --- pages and missions -----------------------------------------------------------------------------------------------
def test_a_page_with_json_ld() -> None:
    records, faults = read(sample("seite.html"))
    concert, mentor, fest = records
    assert (concert.kind, concert.id) == (EVENT, "https://buergerhaus.example/t/1")
    located = (concert.venue, concert.postcode, concert.latitude, concert.longitude)
    assert located == (
        "Bürgerhaus",
        "58095",
        51.36,
        7.47,
    )
    assert concert.organisation == "Kulturverein Hagen"
    assert concert.ends_at == datetime(2026, 12, 20, 18, tzinfo=UTC)
    assert (mentor.kind, mentor.id, mentor.times) == (OFFER, "job-7", "1 Stunde pro Woche")
    assert mentor.last_day == date(2027, 3, 31)
    assert fest.cancelled
    assert fest.organisation == ""  # a person is nobody's business
    assert [fault.where for fault in faults] == ["Zeile 15", "Zeile 16, JSON-LD 2"]


def test_a_graph_whose_entries_point_to_their_organiser_and_place() -> None:
    page = """<html><script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
        {"@type": "NGO", "@id": "#org", "name": "Verein für Alles"},
        {"@type": "Place", "@id": "#hall", "name": "Halle", "address": "Hallenweg 7a, 58095 Hagen"},
        {"@type": "JobPosting", "@id": "#1", "title": "Baumpate", "employmentType": ["VOLUNTEER"],
         "hiringOrganization": {"@id": "#org"}, "jobLocation": {"@id": "#hall"}},
        {"@type": "JobPosting", "@id": "#2", "title": "Kassenwart", "employmentType": "VOLUNTEER"}
    ]}</script></html>"""
    records, faults = read(page)
    assert not faults
    assert [(one.title, one.organisation, one.venue, one.street, one.postcode) for one in records] == [
        ("Baumpate", "Verein für Alles", "Halle", "Hallenweg 7a", "58095"),
        ("Kassenwart", "", "", "", ""),
    ]


def test_a_page_without_json_ld_says_so() -> None:
    with pytest.raises(Invalid, match=r"schema\.org"):
        read(sample("ohne.html"))


def test_missions() -> None:
    records, faults = read(sample("missionen.json"))
    (trees,) = records
    assert (trees.id, trees.organisation, trees.areas) == ("m-1", "Umweltladen", ("umwelt_tiere",))
    assert (trees.mode, trees.places, trees.minimum_age) == ("vor_ort", 20, 18)
    assert (trees.first_day, trees.last_day) == (date(2026, 12, 1), date(2027, 3, 1))
    assert (trees.street, trees.locality, trees.latitude) == ("Ischelandstr. 2", "Hagen", 51.36)
    assert [fault.id for fault in faults] == ["m-2"]


@pytest.mark.parametrize("form", formats.FORMATS)
@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 50, b"{", b"[[[[", b"<", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", b"a;b\n\x81;\xff",
     b'{"data": 1}', b"<angebot><angebot_details/></angebot>", b'[{"@type": 1, "title": [1, {"x": null}]}]',
     "ä".encode("utf-16")],
)  # fmt: skip
def test_nonsense_is_refused_in_a_sentence(form: str, data: bytes) -> None:
    try:
        parted(formats.read(data, form, NOW))
    except Invalid as error:
        assert error.public  # noqa: PT017 - both are right: to refuse it, or to find nothing in it


def test_empty_places_in_a_list_are_no_entries() -> None:
    records, faults = read('[{"angebotsname": "Chor", "beschreibung": "Singen"}, null, {}, {"angebotsname": ""}]')
    assert [(one.title, one.where) for one in records] == [("Chor", "Eintrag 1")]
    assert [one.where for one in faults] == ["Eintrag 4"]


def page(*nodes: str) -> str:
    return "".join(f'<script type="application/ld+json">{node}</script>' for node in nodes)


def test_an_action_of_some_hours_is_wanted_once() -> None:
    node = (
        '{"@type": "VolunteerAction", "name": "Bäume pflanzen", "startTime": "2027-03-13T10:00:00+01:00",'
        '"endTime": "2027-03-13T15:00:00+01:00", "location": "Göttingen"}'
    )
    (one,), _ = read(f"<html>{page(node)}</html>")
    assert (one.first_day, one.last_day, one.hours, one.per) == (date(2027, 3, 13), date(2027, 3, 13), 5, "einmalig")
    assert (one.times, one.locality, one.venue) == ("13.03.2027, 10:00 – 15:00 Uhr", "Göttingen", "")
    draft = drafts.make(one, "k", wordings.read).draft
    assert isinstance(draft, Draft)
    assert draft.details.availability is not None
    assert {cell[:2] for cell in draft.details.availability.cells} == {"sa"}


def test_what_a_page_says_of_price_postponement_and_persons() -> None:
    concert = (
        '{"@type": "Event", "name": "Konzert", "startDate": "2026-12-19T19:30", "eventStatus": "EventPostponed",'
        '"organizer": {"@type": "Person", "name": "Erika Muster"},'
        '"offers": [{"price": "12.00", "priceCurrency": "EUR"}, {"price": 8}]}'
    )
    nodes = (
        concert,
        '{"@type": "Event", "name": "Messe", "startDate": "2027-02-20", "offers": {"price": "0"}}',
        '{"@type": "Event", "name": "Oper", "startDate": "2027-02-20", "offers": {"price": 9, "priceCurrency": "CHF"}}',
        '{"@type": "JobPosting", "title": "Lesen", "employmentType": "VOLUNTEER, PART_TIME"}',
        '{"@type": "Event", "name": "Falsch", "startDate": "12. Januar"}',
        '{"@type": "Event", kaputt}',
    )
    records, faults = read(f"<html>{page(*nodes)}</html>")
    found = {one.title: one for one in records}
    assert (found["Konzert"].cost, found["Konzert"].cancelled) == ("8–12 €", True)
    assert (found["Konzert"].persons, found["Konzert"].organisation) == (("Erika Muster",), "")
    assert [found[title].cost for title in ("Messe", "Oper")] == ["kostenlos", ""]
    assert found["Lesen"].kind == OFFER
    assert "„Falsch“" in faults[0].where
    assert "was darin steht, fehlt hier" in faults[1].message
    assert faults[1].ends


def test_online_missions_are_in_the_language_of_the_others() -> None:
    french = '{"clientId": "a", "title": "Aide aux devoirs", "addresses": [{"city": "Lyon", "country": "FR"}]}'
    online = '{"clientId": "b", "title": "Site web", "remote": "full", "addresses": []}'
    german = '{"clientId": "c", "title": "Vorlesen", "addresses": [{"city": "Kehl", "country": "DE"}]}'
    records, _ = read(f"[{french}, {online}, {german}, {french.replace('a', 'd', 1)}]", formats.ENGAGEMENT)
    assert [one.language for one in records][:3] == ["fr", "fr", ""]


@pytest.mark.parametrize(
    ("begin", "end", "times"),
    [
        ("2027-05-28T16:00:00Z", "2027-05-29T22:00:00Z", "18:00–24:00 Uhr"),
        ("2027-05-28T16:00:00Z", "2027-08-29T18:00:00Z", ""),
        ("2027-05-28T00:00:00Z", "2027-05-29T00:00:00Z", ""),
        ("2027-05-28T16:00:00Z", "", ""),
    ],
)
def test_hours_of_a_mission_of_a_few_days(begin: str, end: str, times: str) -> None:
    (one,), _ = read(f'[{{"clientId": "c", "title": "Aufsicht", "startAt": "{begin}", "endAt": "{end}"}}]')
    assert one.times == times


def test_a_mission_names_its_district() -> None:
    place = '{"city": "Kehl", "country": "DE", "district": "Sundheim"}'
    (one,), _ = read(f'[{{"clientId": "c", "title": "Vorlesen", "addresses": [{place}]}}]', formats.ENGAGEMENT)
    assert (one.locality, one.districts) == ("Kehl", ("Sundheim",))
