"""How figures stand on pages: tables month by month with what of them is drawn beside the year before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from fediverse_ehrenamt.figures import rules
from fediverse_ehrenamt.figures.rules import Figure
from fediverse_ehrenamt.web import plots
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.web.plots import Plot, Point
from fediverse_ehrenamt.web.spreadsheets import Cell

YEAR = 12
_EVERY_TICK = 12  # months; of more, every third is named
_JANUARY = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is of (`key` for files), its numbers, and the same as words; `later`: see `Figure`."""

    label: str
    key: str
    cells: tuple[float | None, ...]
    words: tuple[str, ...]
    later: bool = False


@dataclass(frozen=True, slots=True)
class Lying:
    """A lying bar, `length` in percent of the longest."""

    label: str
    length: float
    words: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A table with its heading, and its drawing: `plot` of months or `lying` bars of parts."""

    slug: str
    title: str
    help: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    plot: Plot | None = None
    lying: tuple[Lying, ...] = ()

    @property
    def later(self) -> bool:
        """Whether any of it was counted afterwards."""
        return any(row.later for row in self.rows)

    def lines(self) -> list[list[Cell]]:
        """Return the table for a file."""
        return [[row.key, *row.cells] for row in self.rows]


Read = Callable[[date], Figure | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table by months: its heading, where its numbers come from, how many decimals they have."""

    heading: str
    read: Read
    decimals: int = 0


def monthly(
    slug: str, title: str, help_: str, columns: Sequence[Column], months: Sequence[date], words: Language
) -> Topic:
    """Return a topic by months, the last first in the table; its first column is drawn beside the year before."""
    first = columns[0]
    compared = any(first.read(rules.before(month, YEAR)) for month in months)
    headings = [words.gettext("Monat"), *(column.heading for column in columns)]
    if compared:
        columns = [*columns, Column("", lambda month: first.read(rules.before(month, YEAR)), first.decimals)]
        headings.append(words.gettext("%(what)s im Vorjahr") % {"what": first.heading})
    rows = [_row(month, columns, words) for month in months]
    plot = plots.upright([_point(row, month, number, months, words, compared=compared)
                          for number, (row, month) in enumerate(zip(rows, months, strict=True))])  # fmt: skip
    return Topic(slug, title, help_, tuple(headings), tuple(reversed(rows)), plot)


def _row(month: date, columns: Sequence[Column], words: Language) -> Row:
    found = [column.read(month) for column in columns]
    cells = tuple(
        None if one is None else round(one.value, column.decimals)
        for one, column in zip(found, columns, strict=True)
    )  # fmt: skip
    later = any(one.later for one in found if one is not None)
    return Row(words.month(month), f"{month:%Y-%m}", cells, tuple(said(cell, words) for cell in cells), later)


def said(cell: float | None, words: Language) -> str:
    """Write a number, a dash where it is unknown."""
    return "–" if cell is None else words.number(cell)


def _point(
    row: Row, month: date, number: int, months: Sequence[date], words: Language, *, compared: bool
) -> Point:  # fmt: skip
    told = f"{row.label}: {row.words[0]}"
    former = row.cells[-1] if compared else None
    if former is not None:
        told = words.gettext("%(said)s (im Vorjahr: %(former)s)") % {"said": told, "former": row.words[-1]}
    named = len(months) <= _EVERY_TICK or month.month % 3 == _JANUARY
    under = str(month.year) if month.month == _JANUARY or (number == 0 and month.month <= YEAR - 2) else ""
    return Point(row.cells[0], former, told, words.month_letter(month) if named else "", under)
