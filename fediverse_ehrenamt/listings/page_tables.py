"""Reads the tables of a page as rows: programs write "Excel files" that are pages, and some sites list offers so."""

import re
from collections.abc import Iterator

from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.listings.record import MAX_CELL, MAX_ROWS
from fediverse_ehrenamt.listings.tables import MAX_COLUMNS, Row

_LONGEST_PAGE = 20_000_000  # characters; what comes after them is dropped
# As in `kit.html`: no "<" stands inside, so no input costs quadratic time.
_TAG = re.compile(r"<(/?)(table|tr|td|th)(?=[\s>/])([^<>]*)>", re.IGNORECASE)
_SPAN = re.compile(r"(row|col)span\s{0,9}=\s{0,9}[\"']?(\d{1,4})", re.IGNORECASE)
_MOST_TABLES = 50
_MOST_ROWS = MAX_ROWS + 100  # with those above the entries; whoever reads them says that there are too many


def read(page: str) -> list[list[Row]]:
    """Return the rows of each table, with the lines where they begin; of tables within others those of the inner ones.

    A cell over several rows stands in each, one over several columns in the first. Linear in the length.
    """
    reader = _Reader(page)
    for tag in _TAG.finditer(page, 0, _LONGEST_PAGE):
        reader.take(tag, tag[2].lower())
        if len(reader.tables) > _MOST_TABLES:
            break
    reader.end_row()
    return [rows for rows in reader.tables if rows]


class _Reader:
    """What is read so far; the row that is open, and the cell in it, by where it begins."""

    def __init__(self, page: str) -> None:
        self.tables: list[list[Row]] = []
        self._page = page
        self._row: list[str] | None = None
        self._below: dict[int, tuple[int, str]] = {}  # by its column, how many rows more a cell reaches, what it says
        self._cell, self._spans = -1, (1, 1)
        self._line, self._counted = 1, 0

    def take(self, tag: re.Match[str], name: str) -> None:
        if self._cell >= 0 and self._row is not None:
            _keep(self._row, self._below, self._page[self._cell : tag.start()], self._spans)
        self._cell = -1
        if name in {"table", "tr"}:
            self.end_row()
        if tag[1]:
            return
        if name == "table":
            self.tables.append([])
            self._below = {}
        elif name == "tr" and self.tables:
            self._line += self._page.count("\n", self._counted, tag.start())
            self._counted, self._row = tag.start(), []
        elif name != "tr":
            self._cell, self._spans = tag.end(), _spans(tag[3])

    def end_row(self) -> None:
        if self._row is not None and self.tables:
            _end(self.tables[-1], self._row, self._below, self._line)
        self._row = None


def _spans(said: str) -> tuple[int, int]:
    """Return over how many rows and columns a cell reaches."""
    given = {one[1].lower(): max(1, int(one[2])) for one in _SPAN.finditer(said)}
    return given.get("row", 1), given.get("col", 1)


def _keep(row: list[str], below: dict[int, tuple[int, str]], said: str, spans: tuple[int, int]) -> None:
    row += _from_above(below, len(row))
    text = html.text(said)[:MAX_CELL] if "<" in said or "&" in said else " ".join(said.split())[:MAX_CELL]
    down, across = spans
    if down > 1:
        below[len(row)] = down, text
    row += [text, *[""] * (across - 1)][: max(0, MAX_COLUMNS - len(row))]


def _from_above(below: dict[int, tuple[int, str]], column: int) -> Iterator[str]:
    while column in below and column < MAX_COLUMNS:
        yield below[column][1]
        column += 1


def _end(rows: list[Row], row: list[str], below: dict[int, tuple[int, str]], line: int) -> None:
    if len(row) < MAX_COLUMNS:
        row += _from_above(below, len(row))
    for column, (left, said) in list(below.items()):
        below[column] = left - 1, said
        if left <= 1:
            del below[column]
    if any(row) and len(rows) < _MOST_ROWS:
        rows.append((line, row))
