"""INSERT … ON CONFLICT, which SQLite and PostgreSQL both know and SQLAlchemy spells twice.

Every activity goes through here several times, so a statement is built and compiled once and then handed to the driver:
that takes a third of the time that SQLAlchemy takes to run it again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]
_STATEMENTS_KEPT = 64
_TOGETHER = (64, 16, 4, 1)  # rows of one SQLite statement; few numbers, so that few statements are prepared


def put(db: Session, table: Table, key: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows, all with the same columns; where the columns `key` are there already, change all others."""
    _run(db, table, tuple(key), rows, replace=True)


def add_missing(db: Session, table: Table, key: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows, all with the same columns; those whose columns `key` are there already are left as they are."""
    _run(db, table, tuple(key), rows, replace=False)


def _run(db: Session, table: Table, key: tuple[str, ...], rows: Sequence[Values], *, replace: bool) -> None:
    if not rows:
        return
    db.flush()
    connection = db.connection()
    statement = _statement(connection.dialect, table, key, tuple(rows[0]), replace=replace)
    if replace or not statement.positional:
        connection.exec_driver_sql(statement.text, [statement.bound(row) for row in rows])
        return
    # The driver gives the interpreter away for each execution, and a busy event loop keeps it for 5 ms each time.
    start = 0
    while start < len(rows):
        count = next(size for size in _TOGETHER if size <= len(rows) - start)
        values = tuple(chain.from_iterable(map(statement.bound, rows[start : start + count])))
        connection.exec_driver_sql(statement.repeated(count), values)
        start += count


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as the driver takes it; `names` are in the order of its parameters.

    `converted` are the places of those that the driver does not take as they are, which most are.
    """

    text: str
    names: tuple[str, ...]
    converted: tuple[tuple[int, _Convert], ...]
    positional: bool

    def bound(self, row: Values) -> tuple[Any, ...] | dict[str, Any]:
        values = [row[name] for name in self.names]
        for place, convert in self.converted:
            values[place] = convert(values[place])
        return tuple(values) if self.positional else dict(zip(self.names, values, strict=True))

    def repeated(self, count: int) -> str:
        """Return the statement for `count` rows at once."""
        values = f"({', '.join('?' * len(self.names))})"
        return self.text.replace(values, ", ".join([values] * count), 1)


@lru_cache(_STATEMENTS_KEPT)
def _statement(
    dialect: Dialect, table: Table, key: tuple[str, ...], names: tuple[str, ...], *, replace: bool
) -> _Statement:
    insert = sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)
    whole: sqlite.Insert | postgresql.Insert = insert.on_conflict_do_nothing(index_elements=list(key))
    if replace:
        changed = {name: insert.excluded[name] for name in names if name not in key}
        whole = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
    compiled = whole.compile(dialect=dialect, column_keys=list(names))
    positional = compiled.positional
    order = compiled.positiontup if positional else list(names)
    assert order is not None, "a positional statement knows its order"
    assert sorted(order) == sorted(names), "what is not given stays out of the statement"
    converters = [table.c[name].type.bind_processor(dialect) for name in order]
    converted = tuple((place, convert) for place, convert in enumerate(converters) if convert)
    return _Statement(str(compiled), tuple(order), converted, positional)
