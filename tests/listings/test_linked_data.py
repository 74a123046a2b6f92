"""Pages with JSON-LD: dates and offers, who and where, price and postponement; and those that have none."""

from datetime import UTC, date, datetime

import pytest

from fediverse_ehrenamt.imports import drafts, wordings
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings.record import EVENT, OFFER
from fediverse_ehrenamt.opportunities.rules import Draft
from tests.listings.reading import read, sample


def test_a_page_with_json_ld() -> None:
    records, faults = read(sample("seite.html"))
    concert, mentor, fest = records
    assert (concert.kind, concert.id) == (EVENT, "https://buergerhaus.example/t/1")
    located = (concert.venue, concert.postcode, concert.latitude, concert.longitude)
    assert located == (
        "Bürgerhaus",
        "58095",
        51.36,
        7.47,
    )
    assert concert.organisation == "Kulturverein Hagen"
    assert concert.ends_at == datetime(2026, 12, 20, 18, tzinfo=UTC)
    assert (mentor.kind, mentor.id, mentor.times) == (OFFER, "job-7", "1 Stunde pro Woche")
    assert mentor.last_day == date(2027, 3, 31)
    assert fest.cancelled
    assert fest.organisation == ""  # a person is nobody's business
    assert [fault.where for fault in faults] == ["Zeile 15", "Zeile 16, JSON-LD 2"]


def test_a_graph_whose_entries_point_to_their_organiser_and_place() -> None:
    page = """<html><script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
        {"@type": "NGO", "@id": "#org", "name": "Verein für Alles"},
        {"@type": "Place", "@id": "#hall", "name": "Halle", "address": "Hallenweg 7a, 58095 Hagen"},
        {"@type": "JobPosting", "@id": "#1", "title": "Baumpate", "employmentType": ["VOLUNTEER"],
         "hiringOrganization": {"@id": "#org"}, "jobLocation": {"@id": "#hall"}},
        {"@type": "JobPosting", "@id": "#2", "title": "Kassenwart", "employmentType": "VOLUNTEER"}
    ]}</script></html>"""
    records, faults = read(page)
    assert not faults
    assert [(one.title, one.organisation, one.venue, one.street, one.postcode) for one in records] == [
        ("Baumpate", "Verein für Alles", "Halle", "Hallenweg 7a", "58095"),
        ("Kassenwart", "", "", "", ""),
    ]


def test_a_page_without_json_ld_says_so() -> None:
    with pytest.raises(Invalid, match=r"schema\.org"):
        read(sample("ohne.html"))


def page(*nodes: str) -> str:
    return "".join(f'<script type="application/ld+json">{node}</script>' for node in nodes)


def test_an_action_of_some_hours_is_wanted_once() -> None:
    node = (
        '{"@type": "VolunteerAction", "name": "Bäume pflanzen", "startTime": "2027-03-13T10:00:00+01:00",'
        '"endTime": "2027-03-13T15:00:00+01:00", "location": "Göttingen"}'
    )
    (one,), _ = read(f"<html>{page(node)}</html>")
    assert (one.first_day, one.last_day, one.hours, one.per) == (date(2027, 3, 13), date(2027, 3, 13), 5, "einmalig")
    assert (one.times, one.locality, one.venue) == ("13.03.2027, 10:00 – 15:00 Uhr", "Göttingen", "")
    draft = drafts.make(one, "k", wordings.read).draft
    assert isinstance(draft, Draft)
    assert draft.details.availability is not None
    assert {cell[:2] for cell in draft.details.availability.cells} == {"sa"}


@pytest.mark.parametrize(
    "node",
    [
        '{"@type": "JobPosting", "title": "Lesen", "employmentType": "VOLUNTEER", "validThrough": "2027-06-30T22:00Z"}',
        '{"@type": "VolunteerAction", "name": "Lesen", "endTime": "2027-06-30T22:00Z"}',
    ],
)
def test_a_last_day_that_was_written_in_utc_is_the_one_that_was_meant(node: str) -> None:
    (one,), _ = read(f"<html>{page(node)}</html>")
    assert one.last_day == date(2027, 7, 1)


def test_what_a_page_says_of_price_postponement_and_persons() -> None:
    concert = (
        '{"@type": "Event", "name": "Konzert", "startDate": "2026-12-19T19:30", "eventStatus": "EventPostponed",'
        '"organizer": {"@type": "Person", "name": "Erika Muster"},'
        '"offers": [{"price": "12.00", "priceCurrency": "EUR"}, {"price": 8}]}'
    )
    nodes = (
        concert,
        '{"@type": "Event", "name": "Messe", "startDate": "2027-02-20", "offers": {"price": "0"}}',
        '{"@type": "Event", "name": "Oper", "startDate": "2027-02-20", "offers": {"price": 9, "priceCurrency": "CHF"}}',
        '{"@type": "JobPosting", "title": "Lesen", "employmentType": "VOLUNTEER, PART_TIME"}',
        '{"@type": "Event", "name": "Falsch", "startDate": "12. Januar"}',
        '{"@type": "Event", kaputt}',
    )
    records, faults = read(f"<html>{page(*nodes)}</html>")
    found = {one.title: one for one in records}
    assert (found["Konzert"].cost, found["Konzert"].cancelled) == ("8–12 €", True)
    assert (found["Konzert"].persons, found["Konzert"].organisation) == (("Erika Muster",), "")
    assert [found[title].cost for title in ("Messe", "Oper")] == ["kostenlos", ""]
    assert found["Lesen"].kind == OFFER
    assert "„Falsch“" in faults[0].where
    assert "was darin steht, fehlt hier" in faults[1].message
    assert faults[1].ends
