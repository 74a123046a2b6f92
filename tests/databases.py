"""SQLite databases with the newest schema: made once in a run and copied, since to migrate one takes half a second."""

import tempfile
from functools import cache
from pathlib import Path

from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import open_engines


def migrated(path: Path) -> Path:
    """Write a database with the newest schema and nothing in it to a file, and return the file."""
    path.write_bytes(_migrated())
    return path


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="ehrenamt-migrated-") as folder:
        path = Path(folder) / "ehrenamt.sqlite"
        migrate_url(f"sqlite:///{path}")
        return path.read_bytes()


def migrate_url(url: str) -> None:
    """Bring the database of an SQLAlchemy URL to the newest schema."""
    engines = open_engines(url)
    migrate.upgrade(engines)
    engines.close()
