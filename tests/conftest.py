"""Fixtures that every test may use: real servers once a session, a fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers

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
