"""Feeds of others' systems: what OpenActive's carry is read, directories of social services are told what they are."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import formats, openactive
from fediverse_ehrenamt.listings.record import EVENT
from tests.listings.reading import read

NEXT = "https://feeds.example/sessions?afterTimestamp=2&afterId=7"
SERIES = "https://feeds.example/series/3"
PLACE = {
    "type": "Place",
    "name": "Turnhalle Haspe",
    "address": {"type": "PostalAddress", "streetAddress": "Kölner Str. 1", "addressLocality": "Hagen",
                "postalCode": "58135", "addressCountry": "DE"},
}  # fmt: skip
SESSION = {
    "@context": "https://openactive.io/",
    "type": "ScheduledSession",
    "id": "https://feeds.example/sessions/7",
    "startDate": "2026-12-05T09:30:00+01:00",
    "endDate": "2026-12-05T11:00:00+01:00",
}
WHOLE = {
    "type": "SessionSeries",
    "id": SERIES,
    "name": "Rollstuhlbasketball",
    "description": "Für alle.",
    "url": "https://verein.example/basketball",
    "organizer": {"type": "Organization", "name": "SV Haspe"},
    "activity": [{"type": "Concept", "prefLabel": "Basketball"}],
    "location": PLACE,
}


def page(*carried: dict[str, Any] | None) -> bytes:
    """Return a page of a feed; None is an item that was deleted."""
    items = [
        {"state": "updated" if data else "deleted", "kind": "x", "id": number, "modified": number}
        | ({"data": data} if data else {})
        for number, data in enumerate(carried, 1)
    ]
    return json.dumps(
        {"next": NEXT, "items": items, "license": "https://creativecommons.org/licenses/by/4.0/"}
    ).encode()


@pytest.mark.parametrize(
    "carried",
    [
        [SESSION | {"superEvent": WHOLE}],
        [SESSION | {"superEvent": SERIES}, WHOLE | {"startDate": "2026-01-01"} | {"endDate": "2026-01-01"}],
        [WHOLE | {"subEvent": [SESSION], "eventSchedule": [{"type": "PartialSchedule", "repeatFrequency": "P1W"}]}],
        [None, SESSION | {"superEvent": {"type": "Series", "superEvent": WHOLE}}],
    ],
    ids=["embedded", "by its id", "the series with its dates", "two levels"],
)
def test_a_date_is_named_by_its_series(carried: list[dict[str, Any] | None]) -> None:
    records, faults = read(page(*carried))
    one = next(record for record in records if record.id == SESSION["id"])
    assert (one.kind, one.title, one.organisation, one.text) == (EVENT, "Rollstuhlbasketball", "SV Haspe", "Für alle.")
    assert (one.venue, one.postcode, one.locality, one.categories) == (
        "Turnhalle Haspe", "58135", "Hagen", ("Basketball",),
    )  # fmt: skip
    assert one.starts_at == datetime(2026, 12, 5, 8, 30, tzinfo=UTC)
    assert one.url == WHOLE["url"]
    assert [fault.message for fault in faults if fault.ends] == [
        "ist eine Seite eines Feeds (OpenActive); was auf anderen Seiten steht, fehlt hier"
    ]
    assert [fault for fault in faults if not fault.ends] == []


def test_pages_are_joined_to_the_last_state_of_each_item() -> None:
    other = SESSION | {"id": f"{SERIES}/8", "superEvent": WHOLE}
    first, last = json.loads(page(SESSION | {"superEvent": WHOLE}, other)), json.loads(page(None))
    assert openactive.page_after(first, f"{NEXT}0") == NEXT
    assert openactive.page_after(first, NEXT) == "", "the last one names itself"
    assert openactive.page_after({"next": f"{NEXT}1", "items": []}, NEXT) == ""
    assert read(openactive.joined([first], ""))[1] == [], "nothing is missing of a whole feed"
    whole = openactive.joined([first, last], "")
    assert [one["state"] for one in json.loads(whole)["items"]] == ["updated", "deleted"]
    assert SESSION["id"] not in {one.id for one in read(whole)[0]}
    assert [fault.ends for fault in read(openactive.joined([first], NEXT))[1]] == [True]


def test_a_date_whose_series_is_elsewhere_says_so() -> None:
    records, faults = read(page(SESSION | {"superEvent": SERIES}))
    assert records == []
    assert faults[0].message == "der Titel fehlt (name); er steht in dem Feed, auf den superEvent zeigt"


def test_a_feed_of_something_else_says_of_what() -> None:
    records, faults = read(page({"type": "FacilityUse", "id": f"{SERIES}/f", "name": "Halle 1"}))
    assert records == []
    assert [str(fault.message) for fault in faults] == [
        "nennt weder Termine noch Gesuche nach Freiwilligen (VOLUNTEER); beschrieben sind: FacilityUse"
    ]


def test_items_without_an_end_are_cut_off() -> None:
    endless: dict[str, Any] = dict(SESSION)
    for _ in range(40):
        endless = {"type": "Event", "superEvent": endless}
    assert read(page(SESSION | {"superEvent": WHOLE}, endless))[0]


SERVICE = {
    "id": "1", "name": "Schuldnerberatung", "alternate_name": "", "eligibility_description": "Alle",
    "application_process": "Anrufen", "organization": {"id": "2", "name": "Diakonie"},
}  # fmt: skip
DIRECTORIES: dict[str, bytes] = {
    "a service": json.dumps(SERVICE).encode(),
    "a page of services": json.dumps({"page_number": 1, "contents": [SERVICE]}).encode(),
    "services where they are": json.dumps({"contents": [{"id": "3", "service": SERVICE, "location": {}}]}).encode(),
    "all tables": json.dumps({"organizations.csv": [{"id": "2"}], "services.csv": [{"id": "1"}]}).encode(),
    "organisations": b"id,name,alternate_name,description,email,website,tax_status,legal_status\n2,Diakonie,,,,,,\n",
    "contacts": b'"id","service_id","service_at_location_id","name","title"\n1,2,3,Empfang,Leitung\n',
}


@pytest.mark.parametrize("data", DIRECTORIES.values(), ids=DIRECTORIES)
def test_a_directory_of_social_services_is_told_what_it_is(data: bytes) -> None:
    with pytest.raises(Invalid, match="Verzeichnis sozialer Dienste"):
        formats.detect(data)


@pytest.mark.parametrize(
    "data",
    [
        b"id,title,organization_id,location_id,description\n1,Vorlesen,7,8,Im Kindergarten\n",
        json.dumps([{"id": 1, "title": "Vorlesen", "organization_id": 7, "location_id": 8}]).encode(),
        json.dumps({"items": [{"id": 1, "title": "Vorlesen", "state": "open"}]}).encode(),
    ],
)
def test_a_list_of_offers_that_looks_like_either_is_read(data: bytes) -> None:
    assert [one.title for one in read(data)[0]] == ["Vorlesen"]
