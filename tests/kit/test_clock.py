"""Times: read leniently, always aware, written in one form."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit import clock

NOON = datetime(2026, 12, 12, 12, tzinfo=UTC)


def test_now_is_aware() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2027, 6, 30, 22, 0, tzinfo=UTC), date(2027, 7, 1)),
        (datetime(2028, 2, 29, 1, 0, tzinfo=timezone(timedelta(hours=14))), date(2028, 2, 28)),
    ],
)
def test_a_day_begins_at_midnight_where_the_volunteers_are(moment: datetime, day: date) -> None:
    assert clock.day(moment) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-12T12:00:00Z", NOON),
        ("2026-12-12T13:00:00+01:00", NOON),
        ("2026-12-12T12:00:00", NOON),
        ("2026-12-12T12:00:00.5Z", NOON + timedelta(seconds=0.5)),
        (" 2026-12-12T12:00:00Z ", NOON),
        ("2026-12-12T13:00:00.000000+01:00Z", NOON),
        ("2026-12-12T12:00:00ZZ", None),
        ("2026-12-12", NOON - timedelta(hours=12)),
        ("20261212T120000Z", NOON),
        ("1899-12-31T00:00:00Z", None),
        ("2201-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2026-13-01T00:00:00Z", None),
        ("morgen um drei", None),
        ("2026", None),
        ("2026-12-12T12:00:00Z" + " " * 30, None),
        (1_796_126_400, None),
        (None, None),
        (["2026-12-12T12:00:00Z"], None),
    ],
)
def test_what_peers_write(text: object, moment: datetime | None) -> None:
    assert clock.parse(text) == moment


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-12-12T13:00:00+01:00", 1),
        (" 2026-12-12T13:00:00+01:00Z ", 1),
        ("2026-12-12T12:00:00Z", 0),
        ("2026-12-12T12:00:00", None),
        ("1826-12-12T13:00:00+01:00", None),
        ("um drei+01:00", None),
        (None, None),
    ],
)
def test_the_offset_of_a_time(text: object, hours: int | None) -> None:
    found = clock.offset(text)
    assert (found and found.utcoffset(None)) == (None if hours is None else timedelta(hours=hours))


@given(st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1), timezones=st.just(timezone(timedelta(hours=5)))))  # noqa: DTZ001 - hypothesis adds the zone
def test_what_we_write_is_read_back_to_the_second(moment: datetime) -> None:
    assert clock.parse(clock.write(moment)) == moment.replace(microsecond=0)


@pytest.mark.unmeasured
@given(st.text())
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = clock.parse(text)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT2H30M", 9_000),
        ("P1DT1S", 86_401),
        ("P2W", 1_209_600),
        ("PT3.5S", 3),
        ("PT0S", 0),
        *((text, None) for text in ("P", "PT", "P1Y", "P1M", "-PT1H", "PT1H ", "PT99999999H", "2H", "", None, 7)),
    ],
)
def test_durations(text: object, seconds: int | None) -> None:
    found = clock.duration(text)
    assert (found.total_seconds() if found is not None else None) == seconds
