"""INSERT … ON CONFLICT, which SQLite and PostgreSQL both know and SQLAlchemy spells twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Values = Mapping[str, Any]


def _insert(db: Session, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if db.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def put(db: Session, table: Table, key: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows; where the columns `key` are there already, change all other given columns."""
    if not rows:
        return
    insert = _insert(db, table)
    changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
    db.execute(insert.on_conflict_do_update(index_elements=list(key), set_=changed), [dict(row) for row in rows])


def add_missing(db: Session, table: Table, key: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows; those whose columns `key` are there already are left as they are."""
    if not rows:
        return
    insert = _insert(db, table).on_conflict_do_nothing(index_elements=list(key))
    db.execute(insert, [dict(row) for row in rows])
