"""Looks into a listing before it is taken over: which format it has, what is in its columns, what these may mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from fediverse_ehrenamt.bringing import rules
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import columns, formats

TABLES = frozenset({formats.TABLE, formats.FREINET_CSV})
"""The formats that have columns."""
FILE, ADDRESS = "Datei", "Adresse"
_LOOKED_AT = 40  # rows
_EXAMPLES = 3
_SHOWN = 60  # characters of an example


@dataclass(frozen=True, slots=True)
class Column:
    """A column with values that stand in it; `personal` ones are about people and never read."""

    name: str
    examples: tuple[str, ...]
    personal: bool


def format_of(content: bytes) -> str:
    """Return the format of a file by what is in it; raises `Invalid` where it is none of ours, or cannot be read."""
    no_list = formats.is_no_list(content)
    if no_list:
        raise Invalid([Problem(FILE, formats.unreadable(sentence(no_list)))])
    found = formats.detect(content)
    if (
        found == formats.TABLE
        and b"\0" in content[:_LOOKED_AT]
        and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"PK"))
    ):
        raise Invalid([Problem(FILE, formats.unreadable(sentence("enthält keinen Text")))])
    if found in TABLES:
        columns_of(content)
    return found


def columns_of(content: bytes) -> list[Column]:
    """Return the columns of a table; raises `Invalid` where it cannot be read."""
    table = formats.table(content)
    rows = [row[1] for row in islice(table.rows, _LOOKED_AT) if isinstance(row, tuple)]
    return [
        Column(name, _examples(rows, number), columns.is_personal(name)) for number, name in enumerate(table.headings)
    ]


def _examples(rows: Sequence[Sequence[str]], number: int) -> tuple[str, ...]:
    said = (" ".join(row[number].split()) for row in rows if number < len(row))
    distinct = dict.fromkeys(one if len(one) <= _SHOWN else f"{one[: _SHOWN - 1]}…" for one in said if one)
    return tuple(islice(distinct, _EXAMPLES))


def meant(found: Sequence[Column], former: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return fields with the names of columns: as somebody chose for such columns before, or guessed."""
    names = [column.name for column in found]
    fitting = [one for one in former if one and set(one.values()) <= set(names)]
    return dict(fitting[0]) if fitting else columns.meanings(names)


def problems_of(chosen: Mapping[str, str], found: Sequence[Column]) -> dict[str, str]:
    """Say of columns (by their names) that were given a field what is wrong; "" stands for the whole table.

    `chosen` maps names of columns to fields.
    """
    told: dict[str, str] = {}
    taken: dict[str, str] = {}
    for name, field in chosen.items():
        if field in taken:
            told[name] = sentence(
                "„%(field)s“ ist schon „%(column)s“. Bitte hier etwas anderes wählen.",
                field=sentence(rules.FIELDS[field]),
                column=taken[field],
            )
        taken.setdefault(field, name)
    if found and "title" not in taken:
        told[""] = sentence("Bitte sagen Sie, in welcher Spalte der Titel steht.")
    return told
