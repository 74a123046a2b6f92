"""Migrations: they lead to exactly the tables of the code, and back."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.storage import migrate, version
from fediverse_ehrenamt.storage.engine import open_engines


def test_up_and_down_and_up_again(database_url: str) -> None:
    engines = open_engines(database_url)
    try:
        assert not version.is_current(engines)
        before, after = migrate.upgrade(engines)
        assert before == ""
        assert version.is_current(engines)
        assert migrate.upgrade(engines) == (after, after)
        with engines.writer.begin() as connection:
            made = migrate.config()
            made.attributes["connection"] = connection
            command.downgrade(made, "base")
        with engines.writer.begin() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
            if not engines.sqlite:
                assert inspect(connection).get_sequence_names() == []
        assert migrate.upgrade(engines)[1] == after
    finally:
        engines.close()


def test_each_migration_is_named_by_its_version() -> None:
    """That is how the newest is known without Alembic."""
    scripts = ScriptDirectory.from_config(migrate.config())
    assert scripts.get_current_head() == version.newest()
    for script in scripts.walk_revisions():
        assert script.module.__name__.startswith(f"v{script.revision}_")


def test_the_schema_is_that_of_the_code(migrated_url: str) -> None:
    engines = open_engines(migrated_url)
    try:
        with engines.reader.begin() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, wiring.TABLES) == []
    finally:
        engines.close()


def test_partial_indexes_are_partial(migrated_url: str) -> None:
    """Alembic does not compare the conditions of indexes; the idle costs of the queue hang on them."""
    engines = open_engines(migrated_url)
    try:
        with engines.reader.begin() as connection:
            source = "sqlite_master WHERE type = 'index'" if engines.sqlite else "pg_indexes"
            column, name = ("sql", "name") if engines.sqlite else ("indexdef", "indexname")
            found = {row[0]: row[1] or "" for row in connection.execute(text(f"SELECT {name}, {column} FROM {source}"))}  # noqa: S608 - fixed words
    finally:
        engines.close()
    partial = {
        index.name: index
        for table in wiring.TABLES.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert len(partial) >= 7
    for index_name, index in partial.items():
        assert index_name is not None
        assert " WHERE " in found[index_name], index_name
        assert index.dialect_options["postgresql"]["where"] is not None


@pytest.mark.parametrize("broken", ["unknown"])
def test_a_schema_of_another_version_is_not_current(migrated_sqlite_url: str, broken: str) -> None:
    engines = open_engines(migrated_sqlite_url)
    try:
        with engines.writer.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": broken})
        assert not version.is_current(engines)
    finally:
        engines.close()
