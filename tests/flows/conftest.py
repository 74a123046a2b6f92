"""Fixtures of the flow tests: towns on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import servers, towns
from tests.conftest import DATABASES
from tests.towns import Country, Town

Found = Callable[[str], Town]
"""(name) → a new town that is set up and runs."""


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """A country without towns; `town()` without a database founds one on SQLite."""
    with towns.country(tmp_path) as made:
        yield made


@pytest.fixture(params=DATABASES)
def found(request: pytest.FixtureRequest, country: Country) -> Iterator[Found]:
    """Found towns on a database of each kind in turn."""
    if request.param == "sqlite":
        yield country.town
        return
    server: servers.Postgres = request.getfixturevalue("postgres_server")
    migrated: str = request.getfixturevalue("migrated_postgres")
    with ExitStack() as databases:
        yield lambda name: country.town(name, server.url(databases.enter_context(server.lent(migrated))))
        country.stop()  # before others are lent their databases


@pytest.fixture
def hagen(found: Found) -> Town:
    """A town with one organisation."""
    town = found("Hagen")
    town.add()
    return town
