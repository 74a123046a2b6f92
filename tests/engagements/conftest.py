"""A town for each kind of database."""

import pytest

from fediverse_ehrenamt.instance import Instance
from tests.engagements.asking import Town
from tests.workbench import Clock


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> Town:
    return Town(instance, clock)
