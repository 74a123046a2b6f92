"""Fixtures that every test may use: real servers once a session, a fresh database for each test."""

import asyncio
import gc
import shutil
import sqlite3
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from sqlalchemy import Engine, event

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.work import Workshop
from tests import databases, servers, workbench
from tests.workbench import Clock

Factory = pytest.TempPathFactory
DATABASES = ("sqlite", "postgresql")
_YOUNG, _GENERATIONS = 20_000, 20  # objects until the collector looks at the new ones, and looks until it looks at more


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="keep pictures of the pages in build/screenshots")


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all is collected: of what is loaded nothing is garbage, and to look through it takes a fifth
    servers.work_in_memory()
    # The same examples in each run, so that none fails by chance; how long one takes says nothing of the program.
    settings.register_profile("gate", deadline=None, derandomize=True)
    settings.register_profile("search", deadline=None)
    profile = config.getoption("hypothesis_profile") or "gate"
    settings.load_profile(profile)
    if profile == "gate":
        _take_no_examples_from_our_code()


def _take_no_examples_from_our_code() -> None:
    """Keep Hypothesis from trying the numbers and texts that stand in the modules which happen to be loaded.

    Each commit, and each part of the tests, would try others. It has no setting for that.
    """
    pytest.MonkeyPatch().setattr(providers, "_get_local_constants", lambda: providers._local_constants)


def pytest_collection_finish() -> None:
    """Keep what all tests stand on out of the garbage collector's sight: to look through it takes half a second.

    What each of them makes anew it may look for more rarely than it would: that takes a twentieth of their time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _GENERATIONS, _GENERATIONS)
    gc.enable()


@event.listens_for(Engine, "connect")
def _give_no_order(connection: object, _record: object) -> None:
    """Let SQLite return backwards what no order was asked for: PostgreSQL promises none, and keeps one until it fails.

    Who leans on the order in which rows were written is found at once, and not by chance.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Pause coverage for a test that asks for it, in all threads and in the processes that it starts."""
    measuring = Coverage.current() if item.get_closest_marker("unmeasured") else None
    if measuring is None:
        return (yield)
    measuring.stop()
    try:
        with servers.starting_unmeasured():
            return (yield)
    finally:
        measuring._warn_preimported_source = False  # each start would look through all modules, for 60 ms
        measuring.start()


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


# --- databases made once and copied: to migrate takes half a second, keys as long -------------------------------------
@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: servers.Postgres) -> Iterator[str]:
    """The name of a database with the newest schema."""
    with postgres_server.database() as name:
        databases.migrate_url(postgres_server.url(name))
        yield name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: Factory) -> Path:
    """A database file with the newest schema."""
    return databases.migrated(tmp_path_factory.mktemp("migrated") / "ehrenamt.sqlite")


@pytest.fixture(scope="session")
def set_up_postgres(
    postgres_server: servers.Postgres, migrated_postgres: str, tmp_path_factory: Factory
) -> Iterator[str]:
    """The name of a database of an instance that is set up."""
    with postgres_server.database(migrated_postgres) as name:
        _set_up(postgres_server.url(name), tmp_path_factory.mktemp("set-up"))
        yield name


@pytest.fixture(scope="session")
def set_up_sqlite(migrated_sqlite: Path, tmp_path_factory: Factory) -> Path:
    """The database file of an instance that is set up."""
    path = Path(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("set-up")))
    _set_up(f"sqlite:///{path}", path.parent)
    return path


def _set_up(url: str, data: Path) -> None:
    workshop = workbench.open_workshop(workbench.settings(url, data), Clock())
    index = Index(data / "index")
    setup.create(Instance(workshop, index, Feed(index)), "Ehrenamt Hagen", "Ehrenamt in Hagen.", None)
    asyncio.run(workshop.close())


@pytest.fixture
def migrated_postgresql_url(postgres_server: servers.Postgres, migrated_postgres: str) -> Iterator[str]:
    with postgres_server.lent(migrated_postgres) as name:
        yield postgres_server.url(name)


@pytest.fixture
def migrated_sqlite_url(migrated_sqlite: Path, sqlite_url: str) -> str:
    shutil.copy(migrated_sqlite, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
def begun(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """A folder for `ehrenamt init`, whose database has the newest schema already: no test's own concern."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "ehrenamt.sqlite")
    return tmp_path


@pytest.fixture
def set_up_postgresql_url(postgres_server: servers.Postgres, set_up_postgres: str) -> Iterator[str]:
    with postgres_server.lent(set_up_postgres) as name:
        yield postgres_server.url(name)


@pytest.fixture
def set_up_sqlite_url(set_up_sqlite: Path, sqlite_url: str) -> str:
    shutil.copy(set_up_sqlite, sqlite_url.removeprefix("sqlite:///"))
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


@pytest.fixture(params=DATABASES)
def set_up_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn in which an instance is set up."""
    url: str = request.getfixturevalue(f"set_up_{request.param}_url")
    return url


@pytest.fixture
async def instance(set_up_url: str, tmp_path: Path, clock: Clock, anyio_backend: str) -> AsyncIterator[Instance]:
    """An instance that is set up, on each kind of database in turn."""
    assert anyio_backend == "asyncio"
    async with open_set_up(set_up_url, tmp_path, clock) as opened:
        yield opened


@pytest.fixture
async def town(set_up_sqlite_url: str, tmp_path: Path, clock: Clock, anyio_backend: str) -> AsyncIterator[Instance]:
    """An instance that is set up, on SQLite, for tests to which the kind of database does not matter."""
    assert anyio_backend == "asyncio"
    async with open_set_up(set_up_sqlite_url, tmp_path, clock) as opened:
        yield opened


@asynccontextmanager
async def open_set_up(database_url: str, data: Path, clock: Clock) -> AsyncIterator[Instance]:
    """Open an instance until the block ends."""
    index = Index(data / "index")
    made = Instance(workbench.open_workshop(workbench.settings(database_url, data), clock), index, Feed(index))
    try:
        yield made
    finally:
        await made.feed.close()
        await made.close()
