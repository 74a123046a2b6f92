"""Says whether a database has the newest schema: without Alembic, which takes a seventh of a command's start."""

from pathlib import Path

from sqlalchemy import inspect, text

from fediverse_ehrenamt.storage.engine import Engines

MIGRATIONS = Path(__file__).parent / "migrations"
_APPLIED = text("SELECT version_num FROM alembic_version")


def newest() -> str:
    """Return the version that this code expects: the last of the migrations, whose names begin with theirs."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("v*.py"))[1:].partition("_")[0]


def is_current(engines: Engines) -> bool:
    """Say whether the database has the schema that this code expects."""
    with engines.reader.begin() as connection:
        return inspect(connection).has_table("alembic_version") and connection.scalar(_APPLIED) == newest()
