"""What is read again after a change of districts: what may be in one of their towns, and nothing else."""

from typing import Any

import pytest

from fediverse_ehrenamt.things import placing
from tests.search.making import document

AWAY: dict[str, Any] = {"latitude": 52.52, "longitude": 13.40}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"latitude": 51.35, "longitude": 7.42}, True),
        ({"latitude": 51.36, "longitude": 7.17}, True),  # 21 km from the middle
        (AWAY, False),
        (AWAY | {"district": "Hagen-Haspe"}, True),  # it was there, and says so
        (AWAY | {"district": "Berlin-Mitte"}, False),
        ({"latitude": None, "longitude": None, "place": "Irgendwo"}, True),
        ({"latitude": None, "longitude": None, "place": ""}, False),
    ],
)
def test_what_may_be_in_a_town(changes: dict[str, Any], *, expected: bool) -> None:
    one = document(**{"district": "", **changes})
    assert placing._area({"Hagen"}).may_have(one) is expected
    assert placing._area({"Nirgendwodorf"}).may_have(document(**AWAY, district="")) is False


def test_of_many_towns_everything_may_be_in_one() -> None:
    assert placing._area({f"Ort {number}" for number in range(50)}).may_have(document(**AWAY, district=""))
