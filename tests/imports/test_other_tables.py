"""Lists made for other programs: columns in English, plugins of WordPress, addresses as agencies type them."""

import pytest

from fediverse_ehrenamt.imports import addresses, columns
from fediverse_ehrenamt.imports.record import EVENT
from tests.imports.reading import read


def test_a_list_of_opportunities_in_english() -> None:
    (one,), faults = read(
        "Opportunity,Short Description,Charity,Skills Required,Time Commitment,Postal Code,Town,Deadline,Min Age,"
        "Contact Name,Phone\n"
        "Reading aloud,Read to children,Lesewelt,Patience,2 hours a week,58095,Hagen,2027-01-31,16,"
        "Erika Muster,0233112345\n"
    )
    assert faults == []
    assert (one.title, one.summary, one.organisation) == ("Reading aloud", "Read to children", "Lesewelt")
    assert (one.requirements, one.times, one.minimum_age) == ("Patience", "2 hours a week", 16)
    assert (one.postcode, one.locality, f"{one.apply_by}") == ("58095", "Hagen", "2027-01-31")
    assert "Erika" not in repr(one)
    assert "0233" not in repr(one)


def test_events_as_a_plugin_of_wordpress_exports_them() -> None:
    (one,), faults = read(
        "EVENT NAME,EVENT ORGANIZER NAME,EVENT VENUE NAME,EVENT START DATE,EVENT START TIME,EVENT DESCRIPTION,"
        "EVENT WEBSITE,EVENT COST\n"
        "Putztag,NABU Hagen,Stadtgarten,2026-12-12,10:00,Wir räumen auf.,https://beispiel.de/putztag,0\n"
    )
    assert faults == []
    assert (one.kind, one.title, one.organisation, one.venue) == (EVENT, "Putztag", "NABU Hagen", "Stadtgarten")
    assert f"{one.starts_at}" == "2026-12-12 10:00:00+01:00"
    assert (one.url, one.text) == ("https://beispiel.de/putztag", "Wir räumen auf.")


def test_what_only_tells_things_apart_is_no_name() -> None:
    meant = columns.meanings(["id", "title", "organization_id", "address_id", "Einrichtungs-Nr", "location_type"])
    assert meant == {"id": "id", "title": "title"}


def test_an_agency_writes_its_entries_anew_as_json() -> None:
    (one,), _ = read(
        '[{"id": "7", "name": "Gartenpflege", "org": "Haus am Park", "ort": "Essen",'
        ' "address": "Parkallee, 45128 Essen",'
        ' "contact": {"name": "Erika Muster", "email": "e@beispiel.de"}, "targets": ["Senioren"],'
        ' "stadtteile": ["Mitte"], "timeframe": "freitags 10–12 Uhr"}]'
    )
    assert (one.title, one.organisation, one.audiences) == ("Gartenpflege", "Haus am Park", ("Senioren",))
    assert (one.street, one.postcode, one.locality, one.times) == ("Parkallee", "45128", "Essen", "freitags 10–12 Uhr")
    assert "e@beispiel.de" not in repr(one)


@pytest.mark.parametrize(
    ("said", "venue", "street"),
    [
        ("Hauptstr. 353 (Reisebüro), 45143 Essen", "Reisebüro", "Hauptstr. 353"),
        ("Hauptstr. 44, 48, 45128 Essen", "", "Hauptstr. 44"),
        ("Parkallee, 45239 Essen", "", "Parkallee"),
        ("Vereinsheim, Semperstraße, 45138 Essen", "Vereinsheim, Semperstraße", ""),
        ("Kurpark, Uelzener Straße", "Kurpark, Uelzener Straße", ""),
    ],
)
def test_addresses_as_agencies_type_them(said: str, venue: str, street: str) -> None:
    found = addresses.read(said)
    assert (found["venue"], found["street"]) == (venue, street)


def test_a_town_instead_of_a_street_is_none() -> None:
    told = addresses.told({"street": "Essen", "locality": "Essen"})
    assert (told["street"], told["locality"]) == ("", "Essen")
