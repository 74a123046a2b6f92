"""Fixtures for the search tests: real databases, a real index in a temporary folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.work import Workshop
from tests.search.making import open_workshop


@pytest.fixture
async def workshop(migrated_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Workshop]:
    """A Workshop on a fresh database of each kind in turn."""
    assert anyio_backend == "asyncio"
    opened = open_workshop(migrated_url, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_workshop(migrated_sqlite_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Workshop]:
    assert anyio_backend == "asyncio"
    opened = open_workshop(migrated_sqlite_url, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")


@pytest.fixture
async def feed(index: Index, anyio_backend: str) -> AsyncIterator[Feed]:
    assert anyio_backend == "asyncio"
    opened = Feed(index)
    yield opened
    await opened.close()
