"""Numbers with what they count: one of it is called otherwise."""

import pytest

from fediverse_ehrenamt.kit.counts import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 Aufträge"), (1, "1 Auftrag"), (2, "2 Aufträge")])
def test_one_is_no_plural(number: int, said: str) -> None:
    assert counted(number, "Auftrag", "Aufträge") == said
