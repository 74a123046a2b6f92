"""Workbooks as agencies keep them: headings over headings, a sheet for each area, some put aside; and bombs."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

import openpyxl
import pytest

from fediverse_ehrenamt.imports import drafts
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import formats
from fediverse_ehrenamt.listings.record import Fault, Record
from fediverse_ehrenamt.opportunities.rules import Draft
from tests.imports.wordless import understand_nothing
from tests.listings.reading import read

HEAD = ("Nr", "Verein", "Angebot", "Beschreibung", "Wann", "Ort")


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name.startswith("versteckt") else "visible"
    stored = io.BytesIO()
    made.save(stored)
    return stored.getvalue()


def offer(number: object, title: str) -> tuple[object, ...]:
    return number, "Tafel", title, "Wir suchen Menschen, die anpacken.", "Di 9-12 Uhr", "Bautzen"


def test_all_sheets_are_read() -> None:
    found, faults = read(book(Allgemein=[HEAD, offer(1, "Fahrer")], Natur_Umwelt=[HEAD, offer(2, "Wiese mähen")]))
    assert not faults
    assert [(one.id, one.where, one.sheet) for one in found] == [
        ("1", "Allgemein, Zeile 2", "Allgemein"),
        ("2", "Natur_Umwelt, Zeile 2", "Natur_Umwelt"),
    ]


@pytest.mark.parametrize(
    ("sheet", "title", "areas", "audiences"),
    [
        ("Natur_Umwelt", "Wiese mähen", ("umwelt_tiere",), ()),
        ("Soziales + Sen.", "Hospizhelfer", ("gesundheit",), ("erkrankung",)),
        ("Kinder u. Jugend", "Bücher ordnen", ("jugend_bildung",), ()),
    ],
)
def test_a_sheet_says_the_area_of_what_does_not_say_it_itself(
    sheet: str, title: str, areas: tuple[str, ...], audiences: tuple[str, ...]
) -> None:
    found, _ = read(book(Allgemein=[HEAD, offer(1, "Fahrer")], **{sheet: [HEAD, offer(2, title)]}))
    draft = drafts.make(replace(found[1], organisation=""), "k", understand_nothing).draft
    assert isinstance(draft, Draft)
    assert (draft.details.areas, draft.details.audiences) == (areas, audiences)


def test_numbers_that_begin_anew_on_each_sheet_go_with_its_name() -> None:
    data = book(Soziales=[HEAD, offer(1, "Fahrer"), offer(2, "Ausgabe")], Sport=[HEAD, offer(1, "Trainerin")])
    found, _ = read(data)
    assert [one.id for one in found] == ["1", "2", "Sport/1"]


def test_what_stands_on_two_sheets_keeps_its_number() -> None:
    found, _ = read(book(Soziales=[HEAD, offer(1, "Fahrer")], Sport=[HEAD, offer(1, "Fahrer"), offer(2, "Trainerin")]))
    assert [one.id for one in found] == ["1", "1", "2"]


@pytest.mark.parametrize(
    "aside",
    ["Archiv", "alt 2019", "versteckt", "Vorlage", "erledigt"],
)
def test_what_is_put_aside_or_hidden_is_not_read(aside: str) -> None:
    found, faults = read(book(**{aside: [HEAD, offer(1, "Alter Fahrer")], "2026": [HEAD, offer(2, "Fahrer")]}))
    assert [one.title for one in found] == ["Fahrer"]
    assert [one.message for one in faults if one.sheet] == ([aside] if aside != "versteckt" else [])


def test_of_sheets_for_each_year_those_that_hold_are_read() -> None:
    rows = {year: [HEAD, offer(int(year[-4:]), f"Fahrer {year}")] for year in ("2024", "2025", "2026", "2027")}
    found, _ = read(book(**rows, **{"Feste 2024": [HEAD, offer(1, "Stadtfest")]}))
    assert [one.title for one in found] == ["Fahrer 2026", "Fahrer 2027", "Stadtfest"]  # in 2026


def test_where_nothing_else_is_there_what_is_put_aside_is_read() -> None:
    found, _ = read(book(Archiv=[HEAD, offer(1, "Fahrer")]))
    assert [one.title for one in found] == ["Fahrer"]


def test_plans_to_tick_and_lists_of_dates_are_read_and_lists_of_names_are_not() -> None:
    plan = [("Was", "Mo", "Di", "Mi", "Do", "Fr"), ("Bücher austragen", "x", "", "", "x", "")]
    dates = [("Datum", "Was", "Helfer"), ("Sa 17.04.27", "Frühjahrsputz", "20")]
    names = [("Name", "Datum", "Ort"), ("Erika Muster", "1.2.2027", "Hagen")]
    paid = [("Datum", "Was", "Betrag"), ("1.2.2027", "Porto", "12,50")]
    found, _ = read(book(Plan=plan, Termine=dates, Leute=names, Kasse=paid))
    assert [one.title for one in found] == ["Bücher austragen", "Frühjahrsputz"]


def test_a_sheet_of_addresses_lists_no_offers() -> None:
    addresses = [("Name", "Straße", "PLZ", "Ort"), ("Tafel e. V.", "Markt 1", "02625", "Bautzen")]
    for first, second in (("Vereine", "Gesuche"), ("Gesuche", "Vereine")):
        rows: dict[str, Sequence[Sequence[object]]] = {"Vereine": addresses, "Gesuche": [HEAD, offer(1, "Fahrer")]}
        found, faults = read(book(**{first: rows[first], second: rows[second]}))
        assert [one.title for one in found] == ["Fahrer"]
        assert [(one.message, one.sheet) for one in faults] == [("Vereine", True)]


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


def test_a_workbook_that_begins_with_a_sheet_of_notes() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["Titel", "PLZ"], ["Gartenhilfe", 58095]])))
    book.create_sheet("Hinweise", 0)["A1"] = "Bitte nicht weitergeben"
    stored = io.BytesIO()
    book.save(stored)
    assert [one.title for one in read(stored.getvalue())[0]] == ["Gartenhilfe"]


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


# --- columns that ask one thing ---------------------------------------------------------------------------------------
def row(head: str, *cells: str) -> Record | Fault:
    records, faults = read(f"Verein;Angebot;Beschreibung;{head}\nTafel;Fahrer gesucht;Wir fahren.;{';'.join(cells)}\n")
    return records[0] if records else faults[0]


@pytest.mark.parametrize(
    ("head", "said", "requirements"),
    [
        ("Führungszeugnis (ja/nein)", "ja", "Führungszeugnis erforderlich"),
        ("Führungszeugnis (ja/nein)", "ja (erw.)", "Erweitertes Führungszeugnis erforderlich"),
        ("erw. Führungszeugnis?", "x", "Erweitertes Führungszeugnis erforderlich"),
        ("Führungszeugnis", "N", "Kein Führungszeugnis nötig"),
        ("Führungszeugnis", "wird von uns bezahlt", "Führungszeugnis: wird von uns bezahlt"),
        ("Führungsz. (ja/nein)", "ja, erw.", "Erweitertes Führungszeugnis erforderlich"),
        ("FZ?", "nein", "Kein Führungszeugnis nötig"),
        ("Führungszeugnis", "eFZ", "Erweitertes Führungszeugnis erforderlich"),
        ("für Familien (x)", "x", "Geeignet für Familien"),
        ("Gruppen?", "ja, auch Firmen", "Geeignet für Gruppen, auch Firmen"),
        ("Familien", "x", ""),
        ("Führerschein nötig", "Klasse B", "Führerschein: Klasse B"),
        ("Masernschutz", "j", "Masernschutz erforderlich"),
        ("Masernschutz", "nein", ""),
        ("Deutschkenntnisse", "B1", "Deutschkenntnisse: B1"),
        ("Deutschkenntnisse", "k.A.", ""),
    ],
)
def test_what_a_column_asks_of_helpers(head: str, said: str, requirements: str) -> None:
    one = row(head, said)
    assert isinstance(one, Record)
    assert one.requirements == requirements


@pytest.mark.parametrize(
    ("head", "said", "benefits"),
    [
        ("Aufwandsentschädigung", "250 €/Jahr", "Aufwandsentschädigung: 250 €/Jahr"),
        ("Vergütung", "keine, aber Saft", ""),
        ("Vergütung", "20 € pro Stunde", "Vergütung: 20 € pro Stunde"),
        ("Fahrtkosten", "ja", "Fahrtkostenerstattung"),
        ("Verpflegung", "nein", ""),
    ],
)
def test_what_a_column_gives(head: str, said: str, benefits: str) -> None:
    one = row(head, said)
    assert isinstance(one, Record)
    assert one.benefits == benefits


@pytest.mark.parametrize(
    ("head", "said", "full"),
    [
        ("offen/besetzt", "besetzt", True),
        ("offen/besetzt", "offen", False),
        ("besetzt?", "ja", True),
        ("besetzt?", "nein", False),
        ("Status", "vergeben", True),
        ("Status", "aktuell", False),
    ],
)
def test_a_column_says_that_nobody_is_sought_any_more(head: str, said: str, full: bool) -> None:
    one = row(head, said)
    assert isinstance(one, Record)
    assert one.full is full
