"""Reads spreadsheets (XLSX) as the tables that they hold. What it needs takes 16 MB, so `formats` loads it for one."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from fediverse_ehrenamt.imports import tables
from fediverse_ehrenamt.imports.decoding import check_size
from fediverse_ehrenamt.imports.record import MAX_CELL
from fediverse_ehrenamt.imports.tables import MAX_COLUMNS, Row, Table
from fediverse_ehrenamt.kit.errors import Invalid, Problem

_MAX_UNPACKED = 400_000_000  # bytes
_MAX_MEMBERS = 2_000
_MOST_TIMES = 150  # as much as packed; spreadsheets reach 30
_SMALL = 1_000_000


def read(data: bytes) -> Table:
    """Return the first sheet of a workbook that has a table; raises `Invalid` where it is none, or a bomb."""
    check_size(data)
    _check_packing(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        return _first_table([_filled(one.iter_rows(values_only=True, max_col=MAX_COLUMNS)) for one in book.worksheets])
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise Invalid([Problem("Datei", "ist keine Excel-Datei (.xlsx), die sich lesen lässt")]) from error


def _first_table(sheets: Sequence[Iterator[Row]]) -> Table:
    """Return the table of the first sheet that has one: some begin with a sheet of notes."""
    for number, rows in enumerate(sheets, 1):
        try:
            return tables.of_rows(rows)
        except Invalid:
            if number == len(sheets):
                raise
    raise IndexError


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


def _filled(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, 1):
        texts = [_cell(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if (value.hour or value.minute) else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MAX_CELL]
