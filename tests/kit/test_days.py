"""Names of months and short years, as people write them."""

import pytest

from fediverse_ehrenamt.kit import days


@pytest.mark.parametrize(("name", "number"), [("Januar", 1), ("Mrz", 3), ("mär", 3), ("Sept.", 9), ("Dezember", 12)])
def test_a_month_by_its_name(name: str, number: int) -> None:
    assert days.month(name) == number


def test_what_is_no_month() -> None:
    with pytest.raises(KeyError):
        days.month("Montag")


@pytest.mark.parametrize(
    ("text", "since", "long"),
    [
        ("12.12.26", 0, "12.12.2026"),
        ("15. 8.15 14:00", 0, "15. 8.2015 14:00"),
        ("12.12.2026", 0, "12.12.2026"),
        ("7.8.15-17 Uhr", 20, "7.8.15-17 Uhr"),
        ("7.8. 15 Uhr", 0, "7.8. 15 Uhr"),
        ("7.8.26 Uhr", 0, "7.8.26 Uhr"),
    ],
)
def test_short_years(text: str, since: int, long: str) -> None:
    assert days.long_years(text, since) == long
