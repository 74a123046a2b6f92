"""Reads tables, CSV or of a workbook (`workbooks`), FreiNet's among them: a row of headings, then one entry in a row.

Which column means what is recognised (`columns`) or chosen in a mapping file. A row that cannot be read is a Fault with
the line where it begins; a cell may have several lines.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, zip_longest

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import answers, categories, column_names, columns
from fediverse_ehrenamt.listings.decoding import decode
from fediverse_ehrenamt.listings.record import MAX_CELL, MAX_ROWS, Fault, Record
from fediverse_ehrenamt.publishing import tree
from fediverse_ehrenamt.publishing.tree import Branch, Leaf

XLSX = b"PK\x03\x04"

_SEPARATORS = ";,\t|"
_SAYS_SEPARATOR = re.compile(r"sep=", re.IGNORECASE)  # the first line of some files, for Excel
_SAMPLE = 10_000  # characters of a file that show what parts its cells
_LOOKED_AT = 20  # rows among which the headings are
_LEAST_HEADINGS = 2
_LEAST_SHARE = 3  # one of so many headings is understood
_OF_OFFERS = frozenset({"summary", "text", "tasks", "times", "requirements"})
_DAY, _BESIDE_DAYS, _NAME = "starts_at", frozenset({"clock", "places", "venue", "locality", "organisation"}), "name"
_SUM = re.compile(r"(?:zwischen|gesamt)?(?:summe|gesamtzahl|insgesamt|total)\b", re.IGNORECASE)
_SUM_HAS = 3  # filled cells at most
_ENTRY_HAS = 2  # filled cells, where more columns than these are understood
_LONGEST_NAME = 120  # characters
_LONGEST_HEADING = 60  # characters of one that names a category; what is longer is a sentence
MAX_COLUMNS = 300

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings of a table and its rows, each with the line where it begins; a Fault where one is broken.

    `name` is what stands over it, as clubs write their own there; `sheet` what the sheet of a workbook is called,
    `aside` those sheets of it that are passed over.
    """

    headings: tuple[str, ...]
    rows: Iterator[Row | Fault]
    name: str = ""
    sheet: str = ""
    aside: tuple[str, ...] = ()


def lists_offers(table: Table) -> bool:
    """Say whether the headings are those of offers: beside what is to be done stands more about it than an address.

    A plan has days to tick, or dates and where, who or how many. A list of names is none, though it has days, nor is
    one of payments.
    """
    found = columns.meanings(table.headings)
    if "title" not in found:
        return False
    dated = _DAY in found and not _BESIDE_DAYS.isdisjoint(found)
    plan = dated or answers.names_days(map(columns.fold, table.headings))
    return not _OF_OFFERS.isdisjoint(found) or (plan and columns.fold(found["title"]) != _NAME)


def records_of(tables: Sequence[Table], chosen: Mapping[str, str] | None = None) -> Iterator[Record | Fault]:
    """Yield the entries of all sheets of a workbook; `chosen` holds for those that have its columns.

    Where numbers begin anew on each sheet, those of all but the first go with the name of theirs.
    """
    first, *further = tables
    yield from (Fault(name, name, sheet=True) for name in first.aside)
    if not further:
        yield from records(first, chosen)
        return
    read = [list(records(first, chosen))]
    for one in further:
        fitting = chosen if chosen and set(chosen.values()) <= set(one.headings) else None
        read.append(list(records(one, fitting)))
    titles: dict[str, str] = {}
    listed = [one for sheet in read for one in sheet if isinstance(one, Record)]
    anew = any(titles.setdefault(one.id, one.title) != one.title for one in listed)
    for table, sheet in zip(tables, read, strict=True):
        yield from (_of_sheet(one, table.sheet, numbered=anew and table is not first) for one in sheet)


def _of_sheet(one: Record | Fault, sheet: str, *, numbered: bool) -> Record | Fault:
    """Return an entry that stands on one of several sheets: they may be one for each area."""
    where = f"{sheet}, {one.where}"
    own = bool(one.id) and numbered and not one.id.startswith(columns.BY_WORDS)
    named = replace(one, where=where, id=f"{sheet}/{one.id}" if own else one.id)
    return replace(named, sheet=sheet) if isinstance(named, Record) else named


def records(table: Table, chosen: Mapping[str, str] | None = None) -> Iterator[Record | Fault]:
    """Yield the entries of a table; `chosen` maps fields of a Record to headings, None where they are recognised."""
    found = columns.meanings(table.headings) if chosen is None else _checked(table, chosen)
    if "title" not in found:
        raise Invalid(
            [
                Problem(
                    "Spalten",
                    sentence("keine ist als Titel zu erkennen: %(found)s", found=", ".join(table.headings)[:500]),
                )
            ]
        )
    width, section = len(table.headings), ""
    for number, row in enumerate(table.rows):
        if number >= MAX_ROWS:
            raise Invalid(
                [Problem("Datei", sentence("hat mehr als %(most)s Zeilen; bitte auf mehrere verteilen", most=MAX_ROWS))]
            )
        if isinstance(row, Fault):
            yield row
            continue
        line, cells = row
        if _repeats(cells, table.headings):
            continue
        where = f"Zeile {line}"
        values = dict(zip(table.headings, cells, strict=False))
        if any(cell.strip() for cell in cells[width:]):
            # Cells that moved would put a phone number where the text belongs.
            yield Fault(
                where,
                sentence(
                    "hat %(found)s Zellen statt %(wanted)s; fehlt ein Anführungszeichen?",
                    found=len(cells),
                    wanted=width,
                ),
                _id(found, values),
            )
        elif len(found) > _ENTRY_HAS and _filled(row) < _ENTRY_HAS:
            alone = _alone(where, cells, _id(found, values))
            section = alone.message if alone.heading else section
            yield alone
        else:
            one = columns.record(values, where, found, only=chosen is not None)
            yield _sum(one, row) or _under(section, replace(one, feed=table.name) if isinstance(one, Record) else one)


def _alone(where: str, cells: Sequence[str], foreign_id: str) -> Fault:
    """Return what a row with one filled cell is: a heading over those below, or what is left of an entry: its id."""
    if foreign_id:
        return Fault(where, "nur die Nummer ist ausgefüllt", foreign_id)
    said = next(" ".join(cell.split()) for cell in cells if cell.strip())
    return Fault(where, said, heading=True)


def _sum(one: Record | Fault, row: Row) -> Fault | None:
    """Return a row that adds up those above as what it is: no entry."""
    adds = isinstance(one, Record) and _SUM.match(one.title) and _filled(row) <= _SUM_HAS
    return Fault(one.where, one.title, heading=True) if adds and isinstance(one, Record) else None


def _under(heading: str, one: Record | Fault) -> Record | Fault:
    """Return an entry with the heading that it stands under as its category, where it has none and that is one."""
    if (
        isinstance(one, Fault)
        or one.categories
        or len(heading) > _LONGEST_HEADING
        or not categories.areas_of([heading])
    ):
        return one
    return replace(one, categories=(heading,))


def _repeats(cells: Sequence[str], headings: Sequence[str]) -> bool:
    """Say whether a row has the headings once more, as where somebody joined the pages of a long list."""
    said = [(" ".join(cell.split()), name) for cell, name in zip(cells, headings, strict=False) if cell.strip()]
    return len(said) >= _LEAST_HEADINGS and all(cell == name for cell, name in said)


def _id(found: Mapping[str, str], values: Mapping[str, str]) -> str:
    return values.get(found.get("id", ""), "").strip()


def _checked(table: Table, chosen: Mapping[str, str]) -> Mapping[str, str]:
    problems = [
        Problem(
            field,
            sentence(
                "eine Spalte „%(name)s“ gibt es nicht; vorhanden: %(found)s",
                name=tree.shown(name),
                found=", ".join(table.headings)[:500],
            ),
        )
        for field, name in chosen.items()
        if name not in table.headings
    ]
    if problems:
        raise Invalid(problems)
    return chosen


def read_mapping(text: str, name: str) -> dict[str, str]:
    """Read a mapping file ("title: Was?", one field a line); raises `Invalid` naming all problems."""
    root = tree.parse(text, name)
    if not isinstance(root, Branch):
        raise Invalid([Problem(name, "richtig wäre in jeder Zeile ein Feld und seine Spalte, z. B. title: Angebot")])
    problems: list[Problem] = []
    found: dict[str, str] = {}
    for field, node in root.nodes.items():
        where = f"{name}, Zeile {root.lines[field]}"
        if field not in column_names.NAMES:
            problems.append(
                Problem(
                    where,
                    sentence(
                        "„%(named)s“ gibt es nicht; möglich: %(known)s",
                        named=tree.shown(field),
                        known=", ".join(column_names.NAMES),
                    ),
                )
            )
        elif not isinstance(node, Leaf):
            problems.append(Problem(where, sentence("%(field)s braucht den Namen einer Spalte", field=field)))
        elif columns.is_personal(node.text):
            message = sentence(
                "„%(text)s“ enthält Kontaktdaten; die werden nicht veröffentlicht", text=tree.shown(node.text)
            )
            problems.append(Problem(where, message))
        elif node.text.strip():
            found[field] = node.text.strip()
    if problems:
        raise Invalid(problems)
    return found


# --- CSV --------------------------------------------------------------------------------------------------------------
def read_csv(data: bytes) -> Table:
    """Return the table of a CSV file, whatever its separator and encoding; raises `Invalid` where there is none."""
    return of_rows(_csv_rows(decode(data)))


def _separator(text: str) -> str:
    """Return what parts the cells: what makes headings of one of the first lines, else what they have most of."""
    lines = text[:_SAMPLE].split("\n")[:_LOOKED_AT]
    ways = [(separator, line) for line in lines for separator in _SEPARATORS if separator in line]
    best = max(ways, key=lambda way: _understood((0, way[1].replace('"', "").split(way[0]))), default=(";", ""))
    if _understood((0, best[1].replace('"', "").split(best[0]))):
        return best[0]
    head = next((line for line in lines if any(one in line for one in _SEPARATORS)), "")
    return max(_SEPARATORS, key=head.count)


def _csv_rows(text: str) -> Iterator[Row | Fault]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Fault(f"Zeile {line}", "ist nicht zu lesen; fehlt ein schließendes Anführungszeichen?")
            continue
        if any(cell.strip() for cell in cells):
            yield line, [cell[:MAX_CELL] for cell in cells[:MAX_COLUMNS]]


def of_rows(rows: Iterator[Row | Fault]) -> Table:
    """Return a table whose headings are the one of the first rows that means most, else the first with some.

    Headings may stand in two rows, those above over several below: "Einrichtung" over "Name", "Straße", "Ort".
    """
    first = list(islice(rows, _LOOKED_AT))
    several = [row for row in first if not isinstance(row, Fault) and _filled(row) >= _LEAST_HEADINGS]
    if not several:
        raise Invalid([Problem("Datei", "enthält keine Tabelle mit Überschriften")])
    headings = max(several, key=_understood)
    begins = ends = first.index(headings)
    for at, (upper, lower) in enumerate(pairwise(first)):
        if isinstance(upper, Fault) or isinstance(lower, Fault) or not (_is_head(upper) and _is_head(lower)):
            continue
        both = upper[0], _two_rows(upper[1], lower[1])
        if _understood(both) > _understood(headings):
            headings, begins, ends = both, at, at + 1
    above = [row[1] for row in first[:begins] if not isinstance(row, Fault)]
    said = (cell.strip() for cells in above for cell in cells)
    name = next((cell for cell in said if cell and not _SAYS_SEPARATOR.match(cell)), "")
    return Table(_headings(headings[1]), chain(first[ends + 1 :], rows), " ".join(name.split())[:_LONGEST_NAME])


def _is_head(row: Row) -> bool:
    """Say whether most cells of a row are headings, those of contacts among them."""
    said = [cell.strip() for cell in row[1] if cell.strip()]
    known = [cell for cell in said if columns.is_personal(cell) or columns.meanings([cell])]
    return len(known) >= _LEAST_HEADINGS and len(known) * 2 >= len(said)


def _two_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return headings of two rows as one: "Name" below "Einrichtung" is "Name der Einrichtung"."""
    joined: list[str] = []
    over, of_the = "", " der "
    for above, below in zip_longest(upper, lower, fillvalue=""):
        one, other = " ".join(above.split()), " ".join(below.split())
        over = one or (over if other else "")
        joined.append(other + of_the + over if over and other and over != other else other or one)
    return joined


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row[1])


def _understood(row: Row) -> int:
    """Return how many fields a row names as headings do; an entry may hold a word of a heading, but few of them."""
    found = columns.meanings([cell.strip() for cell in row[1] if cell.strip()])
    return len(found) if "title" in found and _LEAST_SHARE * len(found) >= _filled(row) else 0


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the headings, each once: of two columns of one name the second goes by its number as well."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or f"Spalte {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)
