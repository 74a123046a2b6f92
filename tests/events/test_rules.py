"""What makes an event fit to be published, and how its date is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fediverse_ehrenamt.events import rules
from fediverse_ehrenamt.vocab.types import EventDetails
from tests.workbench import NOW, fest

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no key": ({"key": ""}, "id"),
    "a long key": ({"key": "x" * 201}, "id"),
    "no name": ({"name": " "}, "name"),
    "a long name": ({"name": "x" * 201}, "name"),
    "no text": ({"text": "x"}, "text"),
    "no time zone": ({"timezone": "Hagen"}, "timezone"),
    "an end at its start": ({"ends_at": fest().starts_at}, "endTime"),
    "a year and two days": ({"ends_at": fest().starts_at + timedelta(days=367)}, "endTime"),
    "over": ({"starts_at": NOW - timedelta(days=2), "ends_at": NOW}, "startTime"),
    "an unknown state": ({"status": "erfunden"}, "status"),
    "no text for the picture": ({"image": "a.jpg", "image_alt": " "}, "image.alt"),
    "a strange page": ({"contact_url": "ftp://x"}, "contactUrl"),
    "a strange place": ({"online_url": "x"}, "onlineUrl"),
    "registration after the end": (
        {"details": EventDetails(kind="fest", register_by=fest().ends_at + timedelta(hours=1))},
        "registerBy",
    ),
}


@pytest.mark.parametrize(("changes", "field"), WRONG.values(), ids=WRONG)
def test_each_wrong_field_is_named(changes: dict[str, Any], field: str) -> None:
    (problem,) = rules.problems(fest(**changes), NOW)
    assert problem.field == field
    assert len(problem.message) > 10


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"status": "tentative", "online_url": "https://meet.example/1", "contact_url": "http://a.example"},
        {"status": "cancelled", "starts_at": NOW - timedelta(days=2), "ends_at": NOW},
        {"ends_at": fest().starts_at + timedelta(days=366), "image": "a.jpg", "image_alt": "Kuchen"},
        {"details": EventDetails(kind="fest", register_by=fest().ends_at)},
    ],
)
def test_what_is_right_has_no_problems(changes: dict[str, Any]) -> None:
    assert rules.problems(fest(**changes), NOW) == []


def test_the_first_words() -> None:
    assert rules.headline(fest()) == "Sommerfest"
    assert rules.headline(replace(fest(), status="cancelled")) == "ABGESAGT: Sommerfest"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "zone", "said"),
    [
        (at(12, 13), at(12, 16), "Europe/Berlin", "Sa, 12.12.2026, 14–17 Uhr"),
        (at(12, 13, 30), at(12, 16, 5), "Europe/Berlin", "Sa, 12.12.2026, 14:30–17:05 Uhr"),
        (at(12, 13), None, "Europe/Berlin", "Sa, 12.12.2026, 14 Uhr"),
        (at(12, 13), at(12, 13), "UTC", "Sa, 12.12.2026, 13 Uhr"),
        (at(12, 13), at(13, 11), "Europe/Berlin", "Sa, 12.12.2026, 14 Uhr – So, 13.12.2026, 12 Uhr"),
        (at(11, 23), at(12, 22, 59), "Europe/Berlin", "Sa, 12.12.2026"),
        (at(11, 23), at(13, 23), "Europe/Berlin", "Sa, 12.12.2026 – So, 13.12.2026"),
        (at(12, 22), at(12, 23, 30), "Europe/Berlin", "Sa, 12.12.2026, 23 Uhr – So, 13.12.2026, 0:30 Uhr"),
    ],
)
def test_the_date_in_one_line(start: datetime, end: datetime | None, zone: str, said: str) -> None:
    assert rules.date_line(start, end, zone) == said
