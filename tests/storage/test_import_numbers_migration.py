"""Listings that were brought keep their numbers and all that was noted of them; no number is given out again."""

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table, column, inspect, select, table, text

from fediverse_ehrenamt.imports.model import ImportSourceRow
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import Engines, open_engines
from tests.workbench import NOW

_BEFORE = "0036"
_SOURCE = {
    "format": "csv", "organisation": "agentur", "create_organisations": True, "only_own": True, "mapping": "{}",
    "every_hours": 24, "added_at": NOW, "read_at": NOW, "succeeded_at": NOW, "next_at": NOW, "etag": '"eins"',
    "last_modified": "gestern", "counts": '{"new": 3}', "problems": "[]", "error": "", "failures": 2,
}  # fmt: skip
_LATER = {"place", "place_from"}  # columns that came after the revisions of this test
_sources = Table(
    ImportSourceRow.__tablename__,
    MetaData(),
    *(
        Column(one.name, one.type, primary_key=one.primary_key)
        for one in inspect(ImportSourceRow).columns
        if one.name not in _LATER
    ),
)


def to(engines: Engines, revision: str) -> None:
    with engines.writer.begin() as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        command.upgrade(made, revision)


def add(engines: Engines, address: str, **given: int) -> int:
    with engines.writer.begin() as connection:
        made = connection.execute(_sources.insert().values(address=address, **_SOURCE, **given))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])


def rows(engines: Engines) -> list[dict[str, object]]:
    with engines.reader.begin() as connection:
        found = connection.execute(select(_sources).order_by(_sources.c.id))
        return [dict(row) for row in found.mappings()]


@pytest.mark.parametrize("kept", ["", "import7-3", "import12345678901234567890-3", "importiert"])
def test_rows_stay_and_no_number_comes_back(database_url: str, kept: str) -> None:
    engines = open_engines(database_url)
    try:
        to(engines, _BEFORE)
        numbers = [add(engines, "https://a.example/liste.csv"), add(engines, "https://b.example/liste.csv")]
        before = rows(engines)
        if kept and engines.sqlite:
            _keep(engines, kept)
        to(engines, "0037")
        assert rows(engines) == before
        assert [row["id"] for row in before] == numbers
        with engines.writer.begin() as connection:
            connection.execute(text("DELETE FROM import_sources"))
        following = add(engines, "https://c.example/liste.csv")
        assert following == (8 if kept == "import7-3" and engines.sqlite else numbers[-1] + 1)
        with engines.reader.begin() as connection:
            indexes = {one["name"] for one in inspect(connection).get_indexes("import_sources")}
        assert "ix_import_sources_due" in indexes
    finally:
        engines.close()


def _keep(engines: Engines, key: str) -> None:
    """Keep something under a key, of a listing that was given up long ago; of SQLite's columns only what it asks."""
    with engines.writer.begin() as connection:
        columns = inspect(connection).get_columns("things")
        needed = [one for one in columns if not one["nullable"] and one["default"] is None]
        values = {one["name"]: "2026-11-22 11:00:00.000000" if "_at" in one["name"] else "" for one in needed}
        values |= {"key": key, "local": "1"}
        connection.execute(table("things", *(column(name) for name in values)).insert().values(values))
