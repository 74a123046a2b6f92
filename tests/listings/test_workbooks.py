"""Workbooks of several sheets, as agencies keep them: one for each area, some put aside, numbers that begin anew."""

import io
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
import pytest

from fediverse_ehrenamt.imports import drafts
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
