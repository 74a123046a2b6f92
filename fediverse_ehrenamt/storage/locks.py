"""Locks on names: who holds one decides alone about what goes by that name, also before there is a row to lock."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def hold(db: Session, name: str) -> None:
    """Let nobody else decide about `name` until this transaction ends. SQLite has one writer anyway."""
    if db.get_bind().dialect.name != "sqlite":
        db.execute(_HOLD, {"name": name})
