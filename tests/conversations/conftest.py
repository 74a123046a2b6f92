"""A hall for each kind of database."""

import pytest

from fediverse_ehrenamt.instance import Instance
from tests.conversations.talking import Hall
from tests.workbench import Clock


@pytest.fixture
def hall(instance: Instance, clock: Clock) -> Hall:
    made = Hall(instance, clock)
    made.open()
    return made
