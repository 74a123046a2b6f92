"""Reads spreadsheets in the form of OpenDocument (.ods), as LibreOffice writes them, as the rows of their sheets.

Source: OpenDocument 1.3, part 3, chapters 9 and 19.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.listings.record import MAX_CELL, MAX_ROWS
from fediverse_ehrenamt.listings.tables import MAX_COLUMNS, Row

_MOST_ROWS = MAX_ROWS + 100  # with those above the entries; whoever reads them says that there are too many
_CONTENT = "content.xml"
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_HEAD = 200  # bytes: the type is the first member of the archive, unpacked
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_BREAKS = {"text:line-break": "\n", "text:tab": " ", "text:s": " "}
_ASIDE = frozenset({"office:annotation", "draw:frame", "table:shapes"})  # a comment is no part of its cell
_TIME = re.compile(r"PT(\d{1,3})H(\d{1,2})M")


@dataclass(slots=True)
class Sheet:
    """A sheet by its name, whether it is hidden, and its rows in which something stands."""

    name: str
    hidden: bool = False
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class _Cell:
    said: Mapping[str, str]
    text: list[str] = field(default_factory=list)
    size: int = 0


def is_one(data: bytes) -> bool:
    return _MIMETYPE in data[:_HEAD]


def read(data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook in their order; raises `ValueError`, `KeyError` or `OSError` where it is broken.

    `Invalid` where it has a document type. Far more rows of a sheet than `MAX_ROWS` are dropped.
    """
    reader = _Reader()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open(_CONTENT) as content:
        try:
            reader.parser.ParseFile(content)
        except expat.ExpatError as error:
            raise ValueError(_CONTENT) from error
    return reader.sheets


class _Reader:
    """What is read so far; the cell that is open, and how often it and its row are repeated."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._begin, self._end
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self._text, _refuse
        self._hidden: set[str] = set()
        self._style = ""
        self._number, self._repeated = 0, 1
        self._row: list[str] = []
        self._says = False  # something of its own, not only what a cell above says
        self._cell: _Cell | None = None
        self._aside = 0
        self._reaching: dict[int, tuple[int, str]] = {}  # by its column, the last row that a cell above reaches

    def _begin(self, name: str, said: dict[str, str]) -> None:
        if name in _ASIDE:
            self._aside += 1
        elif name == "style:style":
            self._style = said.get("style:name", "")
        elif name == "style:table-properties" and said.get("table:display") == "false":
            self._hidden.add(self._style)
        elif name == "table:table":
            self.sheets.append(Sheet(said.get("table:name", ""), said.get("table:style-name", "") in self._hidden))
            self._number, self._reaching = 0, {}
        elif name == "table:table-row":
            self._row, self._says, self._repeated = [], False, _count(said, "table:number-rows-repeated")
        elif name in _CELLS:
            self._cell = _Cell(said)
        elif self._cell is not None:
            self._text("\n" if name == "text:p" and self._cell.text else _BREAKS.get(name, ""))

    def _text(self, text: str) -> None:
        if text and self._cell is not None and not self._aside and self._cell.size < MAX_CELL:
            self._cell.text.append(text)
            self._cell.size += len(text)

    def _end(self, name: str) -> None:
        if name in _ASIDE:
            self._aside -= 1
        elif name in _CELLS and self._cell is not None:
            self._keep_cell(self._cell)
            self._cell = None
        elif name == "table:table-row" and self.sheets:
            self._keep_row(self.sheets[-1].rows)

    def _keep_cell(self, cell: _Cell) -> None:
        value, at = _value(cell), len(self._row)
        self._says = self._says or bool(value)
        last, above = self._reaching.get(at, (0, ""))
        down = _count(cell.said, "table:number-rows-spanned")
        if down > 1:
            self._reaching[at] = self._number + down, value
        elif self._number < last:
            value = value or above
        room = min(_count(cell.said, "table:number-columns-repeated"), MAX_COLUMNS - at)
        self._row += [value] * room

    def _keep_row(self, rows: list[Row]) -> None:
        while self._row and not self._row[-1]:
            self._row.pop()
        if self._row and self._says:
            room = min(self._repeated, _MOST_ROWS - len(rows))
            rows += [(self._number + number, self._row) for number in range(1, room + 1)]
        self._number += self._repeated


def _refuse(*_: object) -> None:
    raise Invalid([Problem("Datei", "hat eine Dokumenttyp-Angabe (DOCTYPE); solche Dateien werden nicht gelesen")])


def _count(said: Mapping[str, str], name: str) -> int:
    value = said.get(name, "1")
    return max(1, int(value)) if value.isdecimal() and len(value) <= len("1048576") else 1


def _value(cell: _Cell) -> str:
    """Return what a cell says: a day in German, a number without the signs that group it, else its text."""
    text = "".join(cell.text).strip()
    match cell.said.get("office:value-type", ""):
        case "date":
            return _day(cell.said.get("office:date-value", "")) or text
        case "time" if found := _TIME.match(cell.said.get("office:time-value", "")):
            return f"{int(found[1]):02}:{int(found[2]):02} Uhr"
        case "float":
            return cell.said.get("office:value", text).removesuffix(".0")[:MAX_CELL]
    return text[:MAX_CELL]


def _day(said: str) -> str:
    try:
        day = datetime.fromisoformat(said)
    except ValueError:
        return ""
    return f"{day:%d.%m.%Y %H:%M}" if (day.hour or day.minute) else f"{day:%d.%m.%Y}"
