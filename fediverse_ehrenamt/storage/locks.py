"""Locks on names: who holds one decides alone about what goes by that name, also before there is a row to lock."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")


def hold(db: Session, *names: str) -> None:
    """Let nobody else decide about `names` until this transaction ends. SQLite has one writer anyway.

    They are taken in the order given: whoever takes several sorts them, so that no two wait for one another.
    """
    if names and db.get_bind().dialect.name != "sqlite":
        db.execute(_HOLD, {"names": list(names)})
