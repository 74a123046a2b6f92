"""Brings a database to the newest schema (Alembic), in one transaction."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from fediverse_ehrenamt.storage import version
from fediverse_ehrenamt.storage.engine import Engines

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('ehrenamt migrate', 0))")


def config() -> Config:
    """Return Alembic's configuration; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(version.MIGRATIONS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(engines: Engines) -> tuple[str, str]:
    """Apply what is missing and return the versions before ("" for an empty database) and after.

    Where nothing is, no migration is even read: to load them all takes Alembic 70 ms.
    """
    if version.is_current(engines):
        return version.newest(), version.newest()
    with engines.writer.begin() as connection:
        if not engines.sqlite:  # which has one writer anyway: two processes at once would make each table twice
            connection.execute(_ALONE)
        made = config()
        made.attributes["connection"] = connection
        before = MigrationContext.configure(connection).get_current_revision() or ""
        command.upgrade(made, "head")
        return before, MigrationContext.configure(connection).get_current_revision() or ""
