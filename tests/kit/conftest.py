"""A client for tests of `kit/http.py`, and the watch over what it leaves behind."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest

from fediverse_ehrenamt.kit.http import Client
from tests.kit.scripted import HOME, Authority, authority


@pytest.fixture(autouse=True, scope="module")
def no_leaks() -> Iterator[None]:
    """An unclosed socket or transport becomes an error before a file is done."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(user_agent="ehrenamt-test", allowed_networks=[HOME]) as one:
        yield one
