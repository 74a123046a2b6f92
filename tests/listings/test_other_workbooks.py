"""Tables that are no CSV and no Excel: OpenDocument as LibreOffice writes it, those in pages; and what is no list."""

import io
import time
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape

import openpyxl
import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import formats, opendocument
from fediverse_ehrenamt.listings.record import EVENT, MAX_ROWS
from tests.listings.reading import NOW, read

HEAD = ("Angebot", "Beschreibung", "PLZ", "Ort")
OFFER = ("Vorlesen", "Wir lesen Kindern vor.", 58095, "Hagen")
STYLES = """<office:automatic-styles><style:style style:name="ta2" style:family="table">
<style:table-properties table:display="false"/></style:style></office:automatic-styles>"""


def cell(value: object, more: str = "") -> str:
    kind, shown = "string", str(value)
    if value is None:
        return f"<table:table-cell {more}/>"
    if isinstance(value, date):
        said = f"{value:%Y-%m-%dT%H:%M:%S}" if isinstance(value, datetime) else f"{value}"
        kind, shown = f'date" office:date-value="{said}', "12.12."
    elif isinstance(value, int):
        kind, shown = f'float" office:value="{value}', f"{value:,}".replace(",", ".")
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
    return f'<table:table-cell {more} office:value-type="{kind}">{lines}</table:table-cell>'


def row(values: Sequence[object], more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(map(cell, values))}</table:table-row>"


def document(body: str) -> bytes:
    names = "".join(f' xmlns:{one}="urn:{one}"' for one in ("office", "table", "text", "style", "draw"))
    content = f"<office:document-content{names}>{STYLES}<office:body><office:spreadsheet>{body}</office:spreadsheet>"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", f"{content}</office:body></office:document-content>")
    return stored.getvalue()


def sheet(*rows: str, name: str = "Angebote", style: str = "ta1") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


def test_a_sheet_of_opendocument() -> None:
    data = document(sheet(row(HEAD), row(OFFER), row(()), row(("Garten\nund Hof", None, "01067", "Dresden"))))
    assert formats.detect(data) == formats.TABLE
    records, faults = read(data)
    assert faults == []
    assert [(one.where, one.title, one.text, one.postcode, one.locality) for one in records] == [
        ("Zeile 2", "Vorlesen", "Wir lesen Kindern vor.", "58095", "Hagen"),
        ("Zeile 4", "Garten und Hof", "", "01067", "Dresden"),
    ]


def test_days_and_hours_of_opendocument() -> None:
    begins = datetime(2026, 12, 12, 10, 30, tzinfo=UTC)
    data = document(
        sheet(row(("Titel", "Beginn", "Anmeldeschluss", "Ort")), row(("Fest", begins, date(2026, 12, 1), "Hagen")))
    )
    (one,), _ = read(data)
    assert (one.kind, f"{one.starts_at}", one.apply_by) == (EVENT, "2026-12-12 10:30:00+01:00", date(2026, 12, 1))


def test_hidden_and_further_sheets_comments_and_repeated_rows() -> None:
    comment = "<office:annotation><text:p>geheim</text:p></office:annotation>"
    commented = cell("Vorlesen").replace("<text:p>", f"{comment}<text:p>", 1)
    listed = [row(HEAD), f"<table:table-row>{commented}{''.join(map(cell, OFFER[1:]))}</table:table-row>"]
    empty = row((None,), 'table:number-rows-repeated="1048000"')
    data = document(
        sheet(*listed, empty, row(OFFER))
        + sheet(row(HEAD), row(("Verborgen", "x", 1, "y")), name="Intern", style="ta2")
        + sheet(row(HEAD), row(("Suppe kochen", "Für viele.", 58095, "Hagen")), name="Küche")
    )
    records, faults = read(data)
    assert faults == []
    assert [(one.where, one.title) for one in records] == [
        ("Angebote, Zeile 2", "Vorlesen"),
        ("Angebote, Zeile 1048003", "Vorlesen"),
        ("Küche, Zeile 2", "Suppe kochen"),
    ]


def test_a_cell_of_opendocument_that_reaches_down() -> None:
    tall = cell("Tafel", 'table:number-rows-spanned="2"')
    first = f"<table:table-row>{tall}{cell('Fahrer')}{cell('Hagen')}</table:table-row>"
    second = f"<table:table-row><table:covered-table-cell/>{cell('Köchin')}{cell('Wetter')}</table:table-row>"
    covered = '<table:table-row><table:covered-table-cell table:number-columns-repeated="3"/></table:table-row>'
    records, _ = read(document(sheet(row(("Verein", "Angebot", "Ort")), first, second, covered)))
    assert [(one.organisation, one.title) for one in records] == [("Tafel", "Fahrer"), ("Tafel", "Köchin")]


@pytest.mark.parametrize("content", ["<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "<office:x", "", "<x/>"])
def test_broken_opendocument_is_refused_in_a_sentence(content: str) -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
    with pytest.raises(Invalid):
        read(stored.getvalue())


def test_a_row_that_is_repeated_without_end() -> None:
    (found,) = opendocument.read(document(sheet(row(HEAD), row(OFFER, 'table:number-rows-repeated="1000000"'))))
    assert MAX_ROWS < len(found.rows) < 2 * MAX_ROWS


def test_line_ends_as_excel_escapes_them() -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(HEAD)
    made.worksheets[0].append(("Vorlesen", "Erst dies._x000D_\nDann das.", 58095, "Hagen"))
    stored = io.BytesIO()
    made.save(stored)
    (one,), _ = read(stored.getvalue())
    assert one.text == "Erst dies.\nDann das."


# --- pages ------------------------------------------------------------------------------------------------------------
PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>td {color: red}</style></head><body>
<table><tr><td>Startseite</td><td>Kontakt</td></tr><tr><td>Karte</td><td>Suche</td></tr></table>
<table border=1>
<tr><th>Verein<th>Angebot<th>Beschreibung<th>PLZ<th>Ort</tr>
<tr><td rowspan="2">Tafel &amp; Co.</td><td>Fahrer</td><td>Waren <b>holen</b><br>und bringen</td>
  <td>58095</td><td>Hagen</td></tr>
<tr><td>Köchin</td><td>Suppe</td><td>58300</td><td>Wetter</td></tr>
</table></body></html>"""


def test_a_page_with_a_table_as_programs_save_it_for_excel() -> None:
    assert formats.detect(PAGE.encode()) == formats.TABLE
    records, faults = read(PAGE)
    assert faults == []
    assert [(one.where, one.organisation, one.title, one.text, one.postcode) for one in records] == [
        ("Zeile 5", "Tafel & Co.", "Fahrer", "Waren holen\nund bringen", "58095"),
        ("Zeile 7", "Tafel & Co.", "Köchin", "Suppe", "58300"),
    ]


def test_a_page_whose_tables_list_nothing() -> None:
    arranged = "<table><tr><td>Montag</td><td>9 Uhr</td></tr></table>"
    with pytest.raises(Invalid, match="keine Angaben für Suchmaschinen"):
        read(arranged)
    with pytest.raises(Invalid, match="keine ist als Titel zu erkennen"):
        read(arranged, formats.TABLE)
    with pytest.raises(Invalid, match="keine Tabelle mit Überschriften"):
        read("<table><tr><td>Montag</td></tr></table>", formats.TABLE)


@pytest.mark.parametrize("piece", ["<tr>", "<td ", "<table>", "<td>", "<td rowspan=9999>", "<tr><td colspan=9999>"])
def test_no_table_of_a_page_costs_seconds(piece: str) -> None:
    begun = time.process_time()
    with pytest.raises(Invalid):
        list(formats.read(f"<table><tr>{piece * (500_000 // len(piece))}".encode(), formats.TABLE, NOW))
    assert time.process_time() - begun < 8


# --- what is no list --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "ist eine Excel-Datei von vor 2007 (.xls). Lesen können wir CSV, Excel (.xlsx)"),
        (b"%PDF-1.7", "ist eine PDF-Datei. Lesen können wir"),
        (b"{\\rtf1", "ist ein Textdokument. Lesen können wir"),
    ],
)
def test_what_is_no_list_is_told_with_what_would_be(begins: bytes, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        formats.detect(begins + b"\0" * 50)
    assert str(caught.value.problems[0]).startswith(f"Datei: {said}")
