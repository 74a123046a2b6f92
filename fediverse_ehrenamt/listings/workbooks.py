"""Reads spreadsheets (XLSX, ODS) as the tables of their sheets. That takes 16 MB, so `formats` loads it for one."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import IO

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.listings import opendocument, tables
from fediverse_ehrenamt.listings.decoding import check_size
from fediverse_ehrenamt.listings.record import MAX_CELL
from fediverse_ehrenamt.listings.tables import MAX_COLUMNS, Row, Table

_MAX_UNPACKED = 400_000_000  # bytes
_MAX_MEMBERS = 2_000
_MOST_TIMES = 150  # as much as packed; spreadsheets reach 30
_SMALL = 1_000_000
_MERGED = re.compile(rb'<(?:\w{1,9}:)?mergeCell\s[^>]{0,50}?ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
_MOST_MERGED = 100_000
_MOST_SHEETS = 50
_ASIDE = re.compile(
    r"archiv|\b(?:alt|alte|erledigt|besetzt|gelöscht|papierkorb|vorlage|muster|beispiel)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_PIECE, _LONGEST_MERGED = 1_000_000, 100  # bytes that are looked through at once, and of what is looked for
_LAST_ROW = 1_048_576  # of a sheet in Excel; the rows before one are made, whatever number it claims

Reaching = Mapping[int, Sequence[tuple[int, int]]]
"""By its row, the columns (from 0) of each cell that reaches further down, and the last row it reaches."""


def read(data: bytes, year: int) -> list[Table]:
    """Return the tables of a workbook in a year, at least one; raises `Invalid` where it has none, or is a bomb."""
    check_size(data)
    _check_packing(data)
    try:
        return _tables(*(_of_opendocument if opendocument.is_one(data) else _sheets)(data, year))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise Invalid([Problem("Datei", "ist keine Tabelle (.xlsx, .ods), die sich lesen lässt")]) from error


def _sheets(data: bytes, year: int) -> tuple[list[tuple[str, Iterator[Row]]], list[str]]:
    """Return name and rows of each sheet that is meant to be read, and the names of the others that can be seen.

    What is hidden, put aside by its name or of a former year is for nobody; where nothing else is there, it is read
    all the same.
    """
    reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    reader.read()
    paths = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
    visible = {one.title: one.sheet_state == "visible" for one in reader.wb.worksheets}
    meant, aside = _meant(visible, year)
    found = []
    for one in reader.wb.worksheets:
        if one.title not in meant:
            continue
        with reader.archive.open(paths[one.title]) as member:
            merged = _merged(member)  # openpyxl alone would not tell which are when it reads in parts
        rows = one.iter_rows(values_only=True, max_row=_LAST_ROW, max_col=MAX_COLUMNS)
        found.append((one.title, _filled(rows, merged)))
    return found, aside


def _of_opendocument(data: bytes, year: int) -> tuple[list[tuple[str, Iterator[Row]]], list[str]]:
    sheets = opendocument.read(data)
    meant, aside = _meant({one.name: not one.hidden for one in sheets}, year)
    return [(one.name, iter(one.rows)) for one in sheets if one.name in meant], aside


def _meant(visible: Mapping[str, bool], year: int) -> tuple[list[str], list[str]]:
    """Return the names of the sheets that are read, and those of the others that can be seen."""
    former = _former(list(visible), year)
    shown = [name for name, seen in visible.items() if seen and name not in former and not _ASIDE.search(name)]
    meant = (shown or list(visible))[:_MOST_SHEETS]
    return meant, [name for name, seen in visible.items() if seen and name not in meant]


def _former(names: Sequence[str], year: int) -> set[str]:
    """Return the names that are of a year before the given one and of which there is a newer one: "Angebote 2019"."""
    dated = {name: (_YEAR.sub("", name).strip(), int(found[0])) for name in names if (found := _YEAR.search(name))}
    newest: dict[str, int] = {}
    for kind, one in dated.values():
        newest[kind] = max(one, newest.get(kind, one))
    return {name for name, (kind, one) in dated.items() if one < min(year, newest[kind])}


def _merged(member: IO[bytes]) -> Reaching:
    """Return which cells of a sheet reach over rows below, by its XML, which names them behind all cells."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    rest, number = b"", 0
    while number < _MOST_MERGED and (piece := member.read(_PIECE)):
        text = rest + piece
        end = 0
        for match in _MERGED.finditer(text):
            column, first, last = column_index_from_string(match[1].decode()) - 1, int(match[2]), int(match[3])
            if last > first and column < MAX_COLUMNS:
                found[first].append((column, last))
            number, end = number + 1, match.end()
        rest = text[max(end, len(text) - _LONGEST_MERGED) :]
    return found


def _tables(sheets: Iterable[tuple[str, Iterator[Row]]], passed: Sequence[str]) -> list[Table]:
    """Return the first sheet that has a table, some begin with one of notes, and all further ones that list offers.

    The first names those that are passed over, but none that is empty or holds only notes.
    """
    found: list[Table] = []
    aside = list(passed)
    failed: Invalid | None = None
    for name, rows in sheets:
        try:
            one = replace(tables.of_rows(rows), sheet=name)
        except Invalid as error:
            failed = error
            continue
        if not found or tables.lists_offers(one):
            found.append(one)
        else:
            aside.append(name)
    if not found:
        raise failed or IndexError
    if found[1:] and not tables.lists_offers(found[0]):
        aside.insert(0, found.pop(0).sheet)
    return [replace(found[0], aside=tuple(aside)), *found[1:]]


def _check_packing(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except zipfile.BadZipFile as error:
        raise Invalid([Problem("Datei", "ist beschädigt")]) from error
    unpacked = sum(member.file_size for member in members)
    dense = any(
        member.file_size > _SMALL and member.file_size > _MOST_TIMES * max(1, member.compress_size)
        for member in members
    )
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_UNPACKED or dense:
        raise Invalid([Problem("Datei", "entpackt sich zu ungewöhnlicher Größe und wird deshalb nicht gelesen")])


def _filled(rows: Iterable[Sequence[object]], merged: Reaching) -> Iterator[Row]:
    """Yield the rows in which something stands; below a cell that reaches further down stands what it says."""
    above: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(rows, 1):
        if number not in merged and cells.count(None) == len(cells):
            continue
        texts = [_cell(cell) for cell in cells]
        if any(texts):
            said = {place: text for place, (last, text) in above.items() if number <= last}
            width = max(place for place, text in enumerate(texts, 1) if text)
            yield number, [text or said.get(place, "") for place, text in enumerate(texts[:width])]
        above |= {place: (last, texts[place]) for place, last in merged.get(number, ()) if place < len(texts)}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}" if (value.hour or value.minute) else f"{value:%d.%m.%Y}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M} Uhr"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)[:MAX_CELL]
    return unescape(text).replace("\r\n", "\n").replace("\r", "\n") if "_x" in text else text  # "_x000D_" ends a line
