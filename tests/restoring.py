"""PostgreSQL databases that many tests have one after the other: each finds it as the first one did."""

from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row

_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
_SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"
_SCHEMA = """
    SELECT '', count(*), max(class.oid::bigint) FROM pg_class class
    JOIN pg_attribute ON attrelid = class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'public'::regnamespace
"""

_Marks = dict[str, tuple[int, int | None]]


class Restored:
    """A database whose rows and sequences are set back to what they are now.

    A row that is written anew has a higher `xmin` than all before: how many rows a table has and the highest `xmin`
    among them tell whether it was written to. A test leaves most tables alone, and to look takes a millisecond.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.name = connection.info.dbname
        self._connection = connection
        connection.prepare_threshold = 0
        connection.execute("SET session_replication_role = replica")  # rows go and come back whatever refers to them
        tables = connection.cursor(row_factory=scalar_row).execute(_TABLES).fetchall()
        part = "SELECT {}, count(*), max(xmin::text::bigint) FROM {}"
        parts = [sql.SQL(part).format(table, sql.Identifier(table)) for table in tables]
        self._look = sql.SQL(" UNION ALL ").join([*parts, sql.SQL(_SCHEMA)]).as_string(connection).encode()
        numbers = [
            sql.SQL("setval({}, {}, {})").format(name, start if last is None else last, last is not None)
            for name, start, last in connection.execute(_SEQUENCES)
        ]
        self._renumber = sql.SQL("SELECT {}").format(sql.SQL(", ").join(numbers)).as_string(connection).encode()
        self._marks = self._marked()
        self._rows = {table: self._copied(table) for table in tables if self._marks[table][0]}

    def restore(self) -> bool:
        """Set all rows and sequences back and end all others' connections; False if the schema is another one now."""
        self._connection.execute(_OTHERS, (self._connection.info.backend_pid,))
        marks = self._marked()
        if marks[""] != self._marks[""]:
            return False
        written = [table for table, mark in marks.items() if mark != self._marks[table]]
        with self._connection.transaction():
            number = self._connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
            assert number is not None
            for table in written:
                self._rewrite(table)
                count, highest = self._marks[table]
                self._marks[table] = count, highest and number[0]
            self._connection.execute(self._renumber)
        return True

    def close(self) -> None:
        self._connection.close()

    def _marked(self) -> _Marks:
        return {name: (count, highest) for name, count, highest in self._connection.execute(self._look)}

    def _copied(self, table: str) -> bytes:
        with self._connection.cursor().copy(_named("COPY {} TO STDOUT", table)) as copy:
            return b"".join(bytes(part) for part in copy)

    def _rewrite(self, table: str) -> None:
        self._connection.execute(_named("DELETE FROM {}", table))
        if table in self._rows:
            with self._connection.cursor().copy(_named("COPY {} FROM STDIN", table)) as copy:
                copy.write(self._rows[table])


def _named(order: LiteralString, table: str) -> sql.Composed:
    return sql.SQL(order).format(sql.Identifier(table))
