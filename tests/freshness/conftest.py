"""The town that reminders are tried in, on both databases."""

import pytest

from fediverse_ehrenamt.instance import Instance
from tests.freshness.asking import Town
from tests.workbench import Clock


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> Town:
    opened = Town(instance, clock)
    opened.open()
    return opened
