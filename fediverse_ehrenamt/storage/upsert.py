"""INSERT … ON CONFLICT, which SQLite and PostgreSQL both know and SQLAlchemy spells twice."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Values = Mapping[str, Any]
_STATEMENTS_KEPT = 64


def put(db: Session, table: Table, key: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows; where the columns `key` are there already, change all other given columns."""
    if not rows:
        return
    changed = tuple(name for name in rows[0] if name not in key)
    db.execute(_put(_dialect(db), table, tuple(key), changed), [dict(row) for row in rows])


def add_missing(db: Session, table: Table, key: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows; those whose columns `key` are there already are left as they are."""
    if not rows:
        return
    db.execute(_add_missing(_dialect(db), table, tuple(key)), [dict(row) for row in rows])


def _dialect(db: Session) -> str:
    return db.get_bind().dialect.name


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@lru_cache(_STATEMENTS_KEPT)  # building the statement costs three times as much as running it
def _put(
    dialect: str, table: Table, key: tuple[str, ...], changed: tuple[str, ...]
) -> sqlite.Insert | postgresql.Insert:
    insert = _insert(dialect, table)
    return insert.on_conflict_do_update(
        index_elements=list(key), set_={name: insert.excluded[name] for name in changed}
    )


@lru_cache(_STATEMENTS_KEPT)
def _add_missing(dialect: str, table: Table, key: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(key))
