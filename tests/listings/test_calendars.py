"""Calendars: dates, zones, places as programs write them, and rules that would be followed without end."""

from datetime import UTC, datetime

import pytest

from fediverse_ehrenamt.listings import addresses, columns
from fediverse_ehrenamt.listings.record import Record
from tests.listings.reading import read, sample


def test_a_calendar() -> None:
    records, faults = read(sample("kalender.ics"))
    by_title: dict[str, list[Record]] = {}
    for one in records:
        by_title.setdefault(one.title, []).append(one)
    choir = by_title["Offene Chorprobe"]
    assert [f"{one.starts_at:%d.%m. %H:%M}" for one in choir] == [
        "01.12. 18:00", "03.12. 18:00", "22.12. 18:00", "29.12. 18:00", "05.01. 18:00",
    ]  # fmt: skip
    (moved,) = by_title["Offene Chorprobe (verlegt)"]
    assert moved.id == "chor@beispiel/20261215T170000Z"  # named by when it was planned
    assert f"{moved.starts_at:%d.%m. %H:%M}" == "16.12. 19:00"
    assert (choir[0].venue, choir[0].street, choir[0].postcode, choir[0].locality) == (
        "Bürgerhaus", "Marktstr. 1", "58095", "Hagen",
    )  # fmt: skip
    (market,) = by_title["Adventsmarkt"]
    assert f"{market.starts_at} {market.ends_at}" == "2026-12-05 00:00:00+01:00 2026-12-06 23:59:59+01:00"
    (evening,) = by_title["Infoabend Ehrenamt"]
    assert evening.starts_at == datetime(2027, 7, 1, 17, tzinfo=UTC)  # summer time of a zone of its own
    assert evening.ends_at == datetime(2027, 7, 1, 18, 30, tzinfo=UTC)
    assert evening.cancelled
    (past,) = by_title["War schon"]  # so that a report can say that it is over
    assert past.ends_at == datetime(2020, 1, 1, 10, tzinfo=UTC)
    assert 50 <= len(by_title["Jeden Freitag Repair-Café"]) <= 60
    assert {one.timezone for one in by_title["Jeden Freitag Repair-Café"]} == {"Europe/Berlin"}
    told = " ".join(f"{fault.where}: {fault.message}" for fault in faults)
    for sign in ("„Ohne lesbares Datum“: der Beginn", "„Zu oft“: wiederholt sich öfter"):
        assert sign in told
    assert len(faults) == 2
    assert "erika" not in repr(records)


def calendar(*events: str) -> str:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT" for one in events)
    return f"BEGIN:VCALENDAR\r\n{body}\r\nEND:VCALENDAR\r\n"


def test_a_date_without_a_uid_goes_by_what_it_says() -> None:
    market, concert = (
        "SUMMARY:Flohmarkt\r\nDTSTART:20261212T100000",
        "SUMMARY:Konzert\r\nDTSTART:20261213T170000",
    )
    records, faults = read(calendar(market, concert, market))
    assert (sorted(one.title for one in records), faults) == (["Flohmarkt", "Konzert"], [])
    again, _ = read(calendar(concert, market))
    assert {one.id for one in again} == {one.id for one in records}
    assert all(one.id.startswith(columns.BY_WORDS) for one in records)


def test_a_date_without_a_title_is_told() -> None:
    records, faults = read(calendar("UID:a\r\nDTSTART:20261212T100000", "DTSTART:20261212T100000"))
    assert not records
    assert [str(one.message) for one in faults] == [
        "ein Termin ohne Titel (SUMMARY) und ohne Nummer (UID)",
        "der Titel fehlt (SUMMARY)",
    ]


def test_an_end_before_the_beginning_leaves_the_beginning() -> None:
    (one,), _ = read(calendar("UID:a\r\nSUMMARY:Lesen\r\nDTSTART:20261211T160000\r\nDTEND:20261211T150000"))
    assert one.starts_at is not None
    assert f"{one.starts_at:%d.%m. %H:%M}" == "11.12. 16:00"


def test_a_zone_as_exchange_shows_it() -> None:
    begin = "DTSTART;TZID=(UTC+01:00) Amsterdam\\, Berlin\\, Bern\\, Rom\\, Stockholm\\, \r\n Wien:20261209T190000"
    (one,), faults = read(calendar(f"UID:a\r\nSUMMARY:Forum\r\n{begin}"))
    assert (f"{one.starts_at}", faults) == ("2026-12-09 19:00:00+01:00", [])


def test_how_to_dial_in_is_no_description() -> None:
    line = "_" * 40
    told = f"Wir planen.\\n{line}\\nMicrosoft Teams-Besprechung\\nPasscode: Xy7\\n+49 69 1234567\\,\\,98#\\n{line}\\n"
    (one,), _ = read(calendar(f"UID:a\r\nSUMMARY:Forum\r\nDTSTART:20261209T190000\r\nDESCRIPTION:{told}"))
    assert one.text.strip() == "Wir planen."


@pytest.mark.parametrize(
    ("said", "venue", "street", "locality"),
    [
        ("Kurpark, Uelzener Straße, Treffpunkt Brunnen", "Kurpark, Uelzener Straße", "", ""),
        ("Kurpark, Lüneburg", "Kurpark", "", "Lüneburg"),
        ("VHS, Raum 2.14, Haagestr. 4", "VHS, Raum 2.14", "Haagestr. 4", ""),
        ("Kreishaus Raum 3, Hagen", "Kreishaus Raum 3", "", "Hagen"),
        ("Rathaus, Markt 1 Haus 3, 58095 Hagen", "Rathaus", "Markt 1 Haus 3", "Hagen"),
    ],
)
def test_what_is_no_town_names_the_place(said: str, venue: str, street: str, locality: str) -> None:
    found = addresses.read(said)
    assert (found["venue"], found["street"], found["locality"]) == (venue, street, locality)


def test_a_rule_that_never_fits_is_refused_at_once() -> None:
    rule = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"
    event = f"BEGIN:VEVENT\nUID:a\nSUMMARY:Nie\nDTSTART:19000101T000000Z\n{rule}\nEND:VEVENT\n"
    records, faults = read(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    assert not records
    assert "„Nie“" in faults[0].where


@pytest.mark.parametrize(
    ("begins", "rule", "said"),
    [
        ("20261201T100000Z", "FREQ=DAILY;INTERVAL=0", "RRULE"),
        ("20261201T100000Z", "FREQ=WEEKLY;INTERVAL=0;COUNT=5", "RRULE"),
        ("20261201T100000Z", "FREQ=YEARLY;INTERVAL=-1", "RRULE"),
        ("20261201T100000Z", "FREQ=DAILY;BYMONTH=13;COUNT=2", "RRULE"),
        ("20261201T100000Z", "FREQ=SECONDLY", "öfter als täglich"),
        ("20261201T100000Z", "FREQ=DAILY;COUNT=1000000000", "mehr als 5000"),
        ("00010101T100000Z", "FREQ=DAILY;UNTIL=99991231T000000Z", "seit zu vielen Jahren"),
        ("00010101T100000Z", "FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9", "seit zu vielen Jahren"),
    ],
)
def test_a_rule_that_would_be_followed_without_end_is_refused(begins: str, rule: str, said: str) -> None:
    records, faults = read(calendar(f"UID:a\r\nSUMMARY:Yoga\r\nDTSTART:{begins}\r\nRRULE:{rule}"))
    assert records == []
    assert [said in str(fault.message) for fault in faults] == [True]


def test_a_calendar_that_breaks_off_ends_nothing() -> None:
    cut = sample("kalender.ics").decode().partition("UID:zone@beispiel")[0]
    _, faults = read(cut)
    assert any(fault.ends for fault in faults)
