"""Foreign servers for the tests of federation, and one workshop on SQLite for what the database does not change."""

from collections.abc import AsyncIterator

import pytest

from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.work import Workshop
from tests.federation import origin
from tests.federation.origin import Origin


@pytest.fixture
async def peer(anyio_backend: str) -> AsyncIterator[Origin]:
    assert anyio_backend == "asyncio"
    async with origin.origin() as one:
        yield one


@pytest.fixture
async def other(anyio_backend: str) -> AsyncIterator[Origin]:
    assert anyio_backend == "asyncio"
    async with origin.origin() as one:
        yield one


@pytest.fixture
def home(town: Instance) -> Workshop:
    """The workshop of an instance that is set up, on SQLite."""
    return town.workshop
