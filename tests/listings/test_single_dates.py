"""Events that name each of their dates (RDATE), and each that is left out (EXDATE): those of a year, in good time."""

import time
from datetime import UTC, datetime, timedelta

from tests.listings.reading import NOW, read

FIRST = datetime(2010, 1, 1, 10, tzinfo=UTC)


def calendar(*lines: str) -> str:
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "UID:1@x",
        "SUMMARY:Lesekreis",
        "DTSTART:20100101T100000Z",
    ]
    return "\r\n".join([*head, "DURATION:PT1H", *lines, "END:VEVENT", "END:VCALENDAR", ""])


def dates(count: int, step: timedelta, first: datetime = FIRST) -> str:
    return ",".join(f"{first + number * step:%Y%m%dT%H%M%SZ}" for number in range(count))


def test_eighty_thousand_old_dates_cost_no_seconds() -> None:
    data = calendar(f"RDATE:{dates(80_000, timedelta(minutes=100))}", f"RDATE:{dates(3, timedelta(days=7), NOW)}")
    begun = time.process_time()
    found, faults = read(data)
    assert time.process_time() - begun < 2
    assert not faults
    assert [one.starts_at for one in found] == [NOW + timedelta(days=7 * number) for number in range(3)]


def test_more_dates_of_one_year_than_anybody_plans_are_refused_with_a_sentence() -> None:
    found, (fault,) = read(calendar(f"RDATE:{dates(6_000, timedelta(minutes=30), NOW)}"))
    assert not found
    assert fault.message == "nennt mehr als 5000 einzelne Termine für ein Jahr"


def test_old_exceptions_are_left_out_and_those_to_come_hold() -> None:
    old = dates(80_000, timedelta(minutes=60))
    found, faults = read(calendar("RRULE:FREQ=DAILY", f"EXDATE:{old}", "EXDATE:20261124T100000Z"))
    assert not faults
    assert [one.starts_at.day for one in found[:3] if one.starts_at] == [23, 25, 26]


def test_a_date_keeps_its_id_though_the_others_are_over_or_far_away() -> None:
    far = calendar("RDATE:20261201T100000Z", "RDATE:20291201T100000Z")
    (one,), _ = read(far)
    (same,), _ = read(calendar("RDATE:20261201T100000Z"))
    assert one.id == same.id == "1@x/20261201T100000Z"
