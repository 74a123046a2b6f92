"""Calendars as programs write them, not as RFC 5545 wants them: what can only be meant in one way costs no date."""

import time
from datetime import UTC, datetime

import pytest

from fediverse_ehrenamt.listings import formats
from fediverse_ehrenamt.listings.record import Record
from tests.listings.reading import read

BEGIN = "DTSTART:20261212T100000Z"


def calendar(*lines: str, zone: str = "") -> str:
    event = ["BEGIN:VEVENT", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", *([zone] if zone else []), *event, "END:VCALENDAR", ""])


def only(*lines: str, zone: str = "") -> Record:
    (record,), faults = read(calendar(*lines, zone=zone))
    assert faults == []
    return record


def own_zone(offset: str, name: str = "Customized Time Zone") -> str:
    standard = ["BEGIN:STANDARD", "DTSTART:16010101T000000", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}"]
    return "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *standard, "END:STANDARD", "END:VTIMEZONE"])


def begins(record: Record) -> str:
    assert record.starts_at is not None
    return f"{record.starts_at.astimezone(UTC):%d.%m. %H:%M}"


@pytest.mark.parametrize(("offset", "begin"), [("+0100", "12.12. 09:00"), ("+0500", "12.12. 05:00")])
def test_a_zone_of_its_own_holds_for_one_calendar_only(offset: str, begin: str) -> None:
    zone = own_zone(offset)
    assert (
        begins(only("UID:a", "SUMMARY:Yoga", "DTSTART;TZID=Customized Time Zone:20261212T100000", zone=zone)) == begin
    )


def test_zones_hold_though_the_library_was_made_to_forget_them() -> None:
    begin = "DTSTART;TZID=Customized Time Zone:20261212T100000"
    found = set()
    for number in range(1_050):
        zone = own_zone("+0500").replace("BEGIN:STANDARD", f"X-NUMBER:{number}\r\nBEGIN:STANDARD")
        found.add(begins(only("UID:a", "SUMMARY:Yoga", begin, zone=zone)))
    assert found == {"12.12. 05:00"}


@pytest.mark.parametrize(
    ("named", "begin"),
    [
        ("W. Europe Standard Time", "12.12. 09:00"),
        ("europe/berlin", "12.12. 09:00"),
        ("/mozilla.org/20050126_1/Europe/London", "12.12. 10:00"),
        ("Weltzeit von Nirgendwo", "12.12. 09:00"),
        ("", "12.12. 09:00"),
    ],
)
def test_zones_by_name(named: str, begin: str) -> None:
    assert begins(only("UID:a", "SUMMARY:Yoga", f"DTSTART;TZID={named}:20261212T100000")) == begin


def test_a_zone_with_commas_in_its_name() -> None:
    zone = own_zone("+0800", "Kuala Lumpur\\, Singapore")
    one = only("UID:a", "SUMMARY:Yoga", 'DTSTART;TZID="Kuala Lumpur, Singapore":20261212T100000', zone=zone)
    assert begins(one) == "12.12. 02:00"


def test_a_broken_zone_costs_no_date_of_another() -> None:
    zone = own_zone("+5328", "Europe/Berlin") + "\r\n" + own_zone("+0100", "")
    assert (
        begins(only("UID:a", "SUMMARY:Yoga", "DTSTART;TZID=Europe/Berlin:20261212T100000", zone=zone)) == "12.12. 09:00"
    )


@pytest.mark.parametrize(
    ("begin", "said"),
    [
        ("DTSTART:20261212T1000Z", "12.12. 10:00"),
        ("DTSTART: 20261212T100000Z", "12.12. 10:00"),
        ("DTSTART:2026-12-12T10:00:00+01:00", "12.12. 09:00"),
        ("DTSTART:2026-12-12T10:00", "12.12. 09:00"),
        ("DTSTART:20261212Z", "11.12. 23:00"),
        ("DTSTART;TZID=America/New_York:20261212", "11.12. 23:00"),
        ("DTSTART;;VALUE=DATE-TIME:20261212T100000Z", "12.12. 10:00"),
        ("dtstart\r\n ;value=date\r\n :20261212", "11.12. 23:00"),
    ],
)
def test_beginnings_as_they_are_written(begin: str, said: str) -> None:
    assert begins(only("UID:a", "SUMMARY:Yoga", begin)) == said


@pytest.mark.parametrize(
    "line",
    [
        "GEO:;",
        "DTEND:None",
        "DURATION:PT1W",
        "DTEND:20261212T1100000Z",
        'ORGANIZER="mailto:e@beispiel.de"',
        "X-RADIUS=49",
    ],
)
def test_what_else_is_broken_is_no_reason_to_lose_the_date(line: str) -> None:
    assert begins(only("UID:a", line, "SUMMARY:Yoga", BEGIN)) == "12.12. 10:00"


def test_lines_that_are_none_go_on_with_the_text_above() -> None:
    told = ["DESCRIPTION:Wir räumen auf", "", "Treffpunkt: am Brunnen", "https://beispiel.de/karte", "LOCATION:Park"]
    one = only("UID:a", "SUMMARY:Putztag", BEGIN, *told)
    assert one.text.split("\n") == ["Wir räumen auf", "Treffpunkt: am Brunnen", "https://beispiel.de/karte"]
    assert one.venue == "Park"


def test_every_line_may_be_folded() -> None:
    uid = "0" * 90
    lines = ["UID", f" :{uid[:60]}", f" {uid[60:]}", "SUMMARY", " :Ad", " ventsmarkt", "DTSTART", " :20261212T100000Z"]
    one = only(*lines)
    assert (one.id, one.title) == (uid, "Adventsmarkt")


def test_a_text_that_is_packed_as_mail_was() -> None:
    packed = "DESCRIPTION;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:F=FCr alle,=0D=0A=\r\nauch Kinder"
    assert only("UID:a", "SUMMARY:Fest", BEGIN, packed).text == "Für alle,\nauch Kinder"


def test_rules_with_spaces_and_empty_ones() -> None:
    weekly = "RRULE:FREQ=WEEKLY;BYDAY=MO, TH;COUNT=4;RSCALE=GREGORIAN"
    records, faults = read(calendar("UID:a", "SUMMARY:Yoga", "DTSTART:20261214T100000Z", weekly))
    assert ([begins(one) for one in records], faults) == (
        ["14.12. 10:00", "17.12. 10:00", "21.12. 10:00", "24.12. 10:00"],
        [],
    )
    assert begins(only("UID:a", "SUMMARY:Neujahr", BEGIN, "RRULE:")) == "12.12. 10:00"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("DESCRIPTION:ohne Tag",), "der Beginn fehlt (DTSTART)"),
        ((BEGIN, "DTSTART:20261213T100000Z"), "DTSTART steht mehrmals da"),
        ((BEGIN, "RRULE:FREQ=WEEKLY;UNTL=20270101"), "die Wiederholung (RRULE) ist nicht zu lesen"),
        ((BEGIN, "RRULE:FREQ=WEEKLY", "EXDATE:irgendwann"), "welche Termine ausfallen (EXDATE), ist nicht zu lesen"),
    ],
)
def test_what_leaves_open_when_it_is_is_told(lines: tuple[str, ...], said: str) -> None:
    records, faults = read(calendar("UID:a", "SUMMARY:Yoga", *lines))
    assert records == []
    assert [(fault.where, str(fault.message)) for fault in faults] == [("Zeile 2, „Yoga“", said)]


def test_what_is_private_does_not_appear_and_is_told() -> None:
    records, faults = read(calendar("UID:a", "SUMMARY:Arzt", BEGIN, "CLASS:PRIVATE"))
    assert records == []
    assert [(one.where, str(one.message), one.id) for one in faults] == [
        ("Zeile 2", "ist als privat gekennzeichnet (CLASS) und erscheint nicht", "")  # without id: it counts as gone
    ]


def test_an_answer_to_an_invitation_does_not_hide_it() -> None:
    invited = calendar("UID:a", "SUMMARY:Sitzung", BEGIN)
    answered = calendar("UID:a", "ATTENDEE:mailto:e@beispiel.de")
    records, faults = read(invited + answered)
    assert ([one.title for one in records], faults) == (["Sitzung"], [])


def test_an_event_that_was_cut_out_of_a_calendar() -> None:
    event = f"BEGIN:VEVENT\nUID:a\nSUMMARY:Yoga\n{BEGIN}\nEND:VEVENT\n"
    assert formats.detect(event.encode()) == formats.ICALENDAR
    records, faults = read(event)
    assert [one.title for one in records] == ["Yoga"]
    assert [fault.ends for fault in faults] == [True]  # nobody knows what else there was


def test_long_lines_cost_no_seconds() -> None:
    begun = time.process_time()
    read(calendar("UID:a", "SUMMARY:Yoga", BEGIN, f"EXDATE{':1' * 500_000}x", f"EXDATE{';' * 500_000}:20261212"))
    read(calendar("UID:a", "SUMMARY:Yoga", BEGIN, "DESCRIPTION:x", *[" y"] * 200_000))
    assert time.process_time() - begun < 5


def test_many_zones_cost_no_seconds() -> None:
    zones = "\r\n".join(own_zone("+0100", f"Zone {n}").replace("TZID:", f"X-N:{n}\r\nTZID:") for n in range(2_000))
    one = "BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:Yoga\r\nDTSTART;TZID=Zone {n}:20261212T100000\r\nEND:VEVENT"
    events = "\r\n".join(one.replace("{n}", str(number)) for number in range(2_000))
    begun = time.process_time()
    records, faults = read(f"BEGIN:VCALENDAR\r\n{zones}\r\n{events}\r\nEND:VCALENDAR\r\n")
    assert (len(records), faults, {begins(record) for record in records}) == (2_000, [], {"12.12. 09:00"})
    assert time.process_time() - begun < 10


def test_a_moment_is_aware() -> None:
    assert only("UID:a", "SUMMARY:Yoga", "DTSTART:20261212T100000").starts_at == datetime(2026, 12, 12, 9, tzinfo=UTC)
