"""The only place that makes database engines: SQLite with one writer and many readers, or PostgreSQL with a pool."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util import LRUCache

BUSY_MS = 30_000  # how long a writer waits for another process (the command line beside `serve`)
_LOG_BUSY_MS = 100  # for others wait meanwhile, and it is tried again
READERS = 4
POOL = 8
_PRIVATE = 0o600
_STATEMENTS = 1000  # compiled; beyond that the ones that were not used for longest are forgotten

# Compiling a statement costs more than running most of them, so no engine does it for itself alone. The dialect is a
# part of a statement's key: engines of one kind use that of the first that connected.
_compiled: LRUCache[object, object] = LRUCache(_STATEMENTS)
_dialects: dict[str, Dialect] = {}


@dataclass(frozen=True, slots=True)
class Engines:
    """`writer` begins transactions that may write, `reader` those that only read. On PostgreSQL they are one."""

    writer: Engine
    reader: Engine
    sqlite: bool

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def may_be_there(database_url: str) -> bool:
    """Say whether there is a database file; whether a server has a database, only the server knows."""
    return not database_url.startswith("sqlite") or Path(make_url(database_url).database or "").exists()


def open_engines(database_url: str) -> Engines:
    """Return engines for `sqlite:///path` or `postgresql+psycopg://…`; nothing is connected yet."""
    if not database_url.startswith("sqlite"):
        engine = _learned(create_engine(database_url, pool_size=POOL, max_overflow=4, pool_pre_ping=True))
        return Engines(engine, engine, sqlite=False)
    path = make_url(database_url).database or ""
    _make_private(Path(path))
    return Engines(_sqlite(database_url, 1, "BEGIN IMMEDIATE"), _sqlite(database_url, READERS, "BEGIN"), sqlite=True)


def checkpoint(engines: Engines) -> None:
    """Have SQLite write its log into the database as far as nobody reads in it; waits for nobody.

    For the thread that writes, between two transactions. It does so by itself once the log is long, but then within a
    commit that somebody waits for.
    """
    if not engines.sqlite:
        return
    connection = engines.writer.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        connection.close()


def empty_log(engines: Engines) -> None:
    """Have SQLite write its log into the database and cut it: until then a copy of what was erased stands in there.

    Does nothing where somebody reads just now. For the thread that writes, between two transactions.
    """
    if not engines.sqlite:
        return
    connection = engines.writer.raw_connection()
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {_LOG_BUSY_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.close()


def _make_private(path: Path) -> None:
    """Create the database file readable by its owner only: it holds private keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE))


def _learned(engine: Engine) -> Engine:
    """Let an engine know every statement that one of its kind has compiled in this process."""
    engine.update_execution_options(compiled_cache=_compiled)
    kind = engine.dialect.name
    if kind in _dialects:
        engine.dialect = _dialects[kind]
        return engine

    @event.listens_for(engine, "connect")
    def share(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        engine.dialect = _dialects.setdefault(kind, engine.dialect)  # it has just asked the server what it can do

    return engine


def _sqlite(database_url: str, connections: int, begin: str) -> Engine:
    engine = _learned(
        create_engine(
            database_url,
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 512},
        )
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",  # a 202 or a saved form means that it survives a power cut; commits are grouped
            "foreign_keys = ON",
            "secure_delete = ON",  # what is erased is overwritten; only Debian builds SQLite so that it is by itself
            "temp_store = MEMORY",
            "cache_size = -16384",
            "mmap_size = 268435456",
            "wal_autocheckpoint = 6000",  # pages, 24 MB: who writes most asks for it before, between two commits
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # The driver's own default begins nothing before a read, so two read-then-write transactions lose one write.
        connection.exec_driver_sql(begin)

    return engine
