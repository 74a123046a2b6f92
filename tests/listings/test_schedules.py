"""Dates by a rule: schema.org's Schedule, events within events, and a row of days that is one thing with its hours."""

import json
from datetime import datetime
from typing import Any

import pytest

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.listings.record import Fault, Record
from tests.listings.reading import read

HOUSE = {"@type": "Place", "name": "Haus", "address": {"addressLocality": "Hagen"}}
EVENT: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Event",
    "@id": "e1",
    "name": "Yoga",
    "location": HOUSE,
}


def linked(node: dict[str, Any]) -> tuple[list[Record], list[Fault]]:
    return read(json.dumps(node))


def scheduled(**schedule: Any) -> tuple[list[Record], list[Fault]]:
    return linked(EVENT | {"eventSchedule": {"@type": "Schedule", **schedule}})


def begins(found: list[Record]) -> list[str]:
    return [f"{one.starts_at.astimezone(HOME):%d.%m. %H:%M}" for one in found if one.starts_at]


def test_a_weekly_course_has_its_dates_but_those_that_are_left_out() -> None:
    found, faults = scheduled(
        startDate="2026-09-02", endDate="2026-12-31", repeatFrequency="P1W", byDay="https://schema.org/Monday",
        startTime="19:00:00", endTime="20:30:00", exceptDate=["2026-12-07"],
    )  # fmt: skip
    assert not faults
    assert begins(found) == [f"{day} 19:00" for day in ("23.11.", "30.11.", "14.12.", "21.12.", "28.12.")]
    assert {one.series for one in found} == {"e1"}
    assert {f"{one.ends_at.astimezone(HOME):%H:%M}" for one in found if one.ends_at} == {"20:30"}
    assert {one.locality for one in found} == {"Hagen"}


@pytest.mark.parametrize(
    ("schedule", "first"),
    [
        ({"repeatFrequency": "P1M", "byDay": "2TU"}, ["08.12. 19:00", "12.01. 19:00"]),
        ({"repeatFrequency": "Monthly", "byMonthDay": 15}, ["15.12. 19:00", "15.01. 19:00"]),
        ({"repeatFrequency": "P2W", "byDay": ["Thursday"]}, ["03.12. 19:00", "17.12. 19:00"]),
        ({"byDay": ["FR", "https://schema.org/Saturday"]}, ["04.12. 19:00", "05.12. 19:00"]),
        ({"repeatFrequency": "P1D", "repeatCount": 2}, ["01.12. 19:00", "02.12. 19:00"]),
        ({}, ["01.12. 19:00"]),
    ],
)
def test_how_often(schedule: dict[str, Any], first: list[str]) -> None:
    found, faults = scheduled(startDate="2026-12-01", startTime="19:00", duration="PT2H", **schedule)
    assert not faults
    assert begins(found)[:2] == first


def test_a_schedule_that_says_nothing_is_no_beginning() -> None:
    found, (fault,) = scheduled(repeatFrequency="immer")
    assert not found
    assert "Beginn" in fault.message


def test_an_exhibition_is_one_event_with_opening_hours() -> None:
    week = ["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    hours = {"byDay": week, "startTime": "10:00", "endTime": "17:00", "exceptDate": ["2026-12-24", "2026-12-25"]}
    node = EVENT | {
        "startDate": "2026-11-01",
        "endDate": "2027-01-10",
        "description": "Bilder.",
        "eventSchedule": hours,
    }
    (one,), faults = linked(node)
    assert not faults
    assert (one.id, one.series) == ("e1", "")
    assert one.text == "Di–So 10–17 Uhr, nicht am 24.12., 25.12.\n\nBilder."
    assert one.starts_at == datetime(2026, 11, 1, 10, tzinfo=HOME)
    assert one.ends_at == datetime(2027, 1, 10, 17, tzinfo=HOME)


def calendar(*lines: str) -> str:
    begin = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:a", "SUMMARY:Schau"]
    return "\r\n".join([*begin, *lines, "END:VEVENT", "END:VCALENDAR", ""])


TEN = ("DTSTART;TZID=Europe/Berlin:20261201T100000", "DTEND;TZID=Europe/Berlin:20261201T173000")


@pytest.mark.parametrize(
    ("rule", "number", "text"),
    [
        ("FREQ=DAILY;COUNT=60", 1, "Täglich 10–17.30 Uhr"),
        ("FREQ=WEEKLY;BYDAY=TU,WE,TH,FR;COUNT=40", 1, "Di–Fr 10–17.30 Uhr"),
        ("FREQ=WEEKLY;BYDAY=TU,WE,FR,SU;UNTIL=20270228T235959Z", 1, "Di, Mi, Fr, So 10–17.30 Uhr"),
        ("FREQ=DAILY;COUNT=5", 5, ""),  # the days of a week in the holidays
        ("FREQ=DAILY", 60, ""),  # no exhibition: nobody knows when it ends
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=20", 20, ""),
        ("FREQ=DAILY;INTERVAL=2;COUNT=20", 20, ""),
        ("FREQ=DAILY;COUNT=1000", 60, ""),  # longer than a year
    ],
)
def test_a_row_of_days_in_a_calendar(rule: str, number: int, text: str) -> None:
    found, faults = read(calendar(*TEN, f"RRULE:{rule}"))
    assert not faults
    assert len(found) == number
    assert found[0].text == text


def test_whole_days_in_a_row_need_no_hours() -> None:
    (one,), _ = read(calendar("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=20"))
    assert one.text == ""
    assert one.ends_at == datetime(2026, 12, 20, 23, 59, 59, tzinfo=HOME)


def test_a_row_of_which_one_day_is_different_stays_dates() -> None:
    moved = calendar(*TEN, "RRULE:FREQ=DAILY;COUNT=20").replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Schau mit Musik\r\nRECURRENCE-ID;TZID=Europe/Berlin:20261205T100000\r\n"
        "DTSTART;TZID=Europe/Berlin:20261205T180000\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    found, _ = read(moved)
    assert len(found) == 20


def test_of_a_row_that_is_over_the_first_day_stands_for_all() -> None:
    (first,), faults = read(calendar("DTSTART:20260901T100000Z", "RRULE:FREQ=DAILY;COUNT=20"))
    assert (f"{first.starts_at:%Y-%m-%d}", faults) == ("2026-09-01", [])


def test_what_goes_on_beyond_the_horizon_is_not_over() -> None:
    assert read(calendar("DTSTART:20260901T100000Z", "RRULE:FREQ=YEARLY;INTERVAL=3")) == ([], [])


def test_what_is_within_an_event_is_where_that_is() -> None:
    inner = [
        {"@type": "Event", "name": "Umzug", "startDate": "2027-05-01T10:00"},
        {"@type": "Event", "name": "Konzert", "startDate": "2027-05-02T10:00", "location": "Marktplatz, 58095 Hagen"},
    ]
    verein = {"@type": "Organization", "name": "Verein"}
    around = {"@type": "Festival", "name": "Fest", "startDate": "2027-05-01", "endDate": "2027-05-03"}
    found, faults = linked(around | {"location": HOUSE, "organizer": verein, "subEvent": inner})
    assert not faults
    assert [(one.title, one.venue, one.locality) for one in found] == [
        ("Fest", "Haus", "Hagen"), ("Umzug", "Haus", "Hagen"), ("Konzert", "Marktplatz", "Hagen"),
    ]  # fmt: skip
    assert {one.organisation for one in found} == {"Verein"}
    series, _ = linked({"@type": "EventSeries", "name": "Reihe", "subEvent": inner})
    assert [one.title for one in series] == ["Umzug", "Konzert"]
