"""Fixtures that every test may use: real servers once a session, a fresh database for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.work import Workshop
from tests import servers, workbench
from tests.workbench import Clock

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the only loop we serve on."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """One PostgreSQL for the session; `database()` makes databases in it."""
    with servers.postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: servers.Postgres) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty PostgreSQL database."""
    with postgres_server.database() as name:
        yield postgres_server.url(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The SQLAlchemy URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'ehrenamt.sqlite'}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind in turn; a test that asks for it runs once on each."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of one Redis for the session; what a test leaves in it, the next test finds."""
    with servers.redis_server() as url:
        yield url


@pytest.fixture
def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free now."""
    return servers.free_port()


@pytest.fixture(scope="session")
def node() -> Path:
    """Return the Node program."""
    return servers.node()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the Chromium program, for Playwright's `executable_path`."""
    return servers.chromium()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: servers.Postgres) -> Iterator[str]:
    """The name of a database that was migrated once, to be copied: that is five times as quick."""
    with postgres_server.database() as name:
        engines = open_engines(postgres_server.url(name))
        migrate.upgrade(engines)
        engines.close()
        yield name


@pytest.fixture
def migrated_postgresql_url(postgres_server: servers.Postgres, migrated_postgres: str) -> Iterator[str]:
    with postgres_server.database(migrated_postgres) as name:
        yield postgres_server.url(name)


@pytest.fixture
def migrated_sqlite_url(sqlite_url: str) -> str:
    engines = open_engines(sqlite_url)
    migrate.upgrade(engines)
    engines.close()
    return sqlite_url


@pytest.fixture(params=DATABASES)
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn with the newest schema and nothing in it."""
    url: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return url


@pytest.fixture
def clock() -> Clock:
    """The clock of `workshop` and `instance`; it stands still until a test moves it."""
    return Clock()


@pytest.fixture
async def workshop(migrated_url: str, tmp_path: Path, clock: Clock, anyio_backend: str) -> AsyncIterator[Workshop]:
    """A Workshop on each kind of database in turn, with a real network client that may reach loopback."""
    assert anyio_backend == "asyncio"
    opened = workbench.open_workshop(workbench.settings(migrated_url, tmp_path), clock)
    yield opened
    await opened.close()


@pytest.fixture
async def instance(migrated_url: str, tmp_path: Path, clock: Clock, anyio_backend: str) -> AsyncIterator[Instance]:
    """An instance that is set up, on each kind of database in turn."""
    assert anyio_backend == "asyncio"
    async for opened in open_instance(migrated_url, tmp_path, clock):
        yield opened


@pytest.fixture
async def town(migrated_sqlite_url: str, tmp_path: Path, clock: Clock, anyio_backend: str) -> AsyncIterator[Instance]:
    """An instance that is set up, on SQLite, for tests to which the kind of database does not matter."""
    assert anyio_backend == "asyncio"
    async for opened in open_instance(migrated_sqlite_url, tmp_path, clock):
        yield opened


async def open_instance(database_url: str, data: Path, clock: Clock) -> AsyncIterator[Instance]:
    """Open and set up an instance; close it when the caller goes on."""
    opened = workbench.open_workshop(workbench.settings(database_url, data), clock)
    index = Index(data / "index")
    made = Instance(opened, index, Feed(index))
    setup.create(made, "Ehrenamt Hagen", "Ehrenamt in Hagen.", None)
    yield made
    await made.feed.close()
    await made.close()
