"""Lists made for other programs: columns in English, plugins of WordPress, addresses as agencies type them."""

from datetime import date

import pytest

from fediverse_ehrenamt.listings import addresses, columns, formats, moments
from fediverse_ehrenamt.listings.record import EVENT, OFFER
from tests.listings.reading import read


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
    assert one.persons == ("Erika Muster",)  # so that her name leaves the texts


def test_contacts_within_xml_are_known_as_well() -> None:
    offer = "<angebotsname>Gartenpflege</angebotsname><beschreibung>Fragen an Erika Muster.</beschreibung>"
    contact = "<kontakt><name>Erika Muster</name><mail>e@beispiel.de</mail></kontakt>"
    (one,), _ = read(f"<liste><angebot>{offer}{contact}</angebot></liste>")
    assert (one.title, one.persons) == ("Gartenpflege", ("Erika Muster",))


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


def test_a_day_beside_its_hours() -> None:
    (one,), faults = read(
        "title,start_date,start_time,end_time,location,city\nPutztag,2026-12-12,10:00,12:30,Stadtpark,Hagen\n"
    )
    assert faults == []
    assert (one.kind, f"{one.starts_at} {one.ends_at}") == (
        EVENT, "2026-12-12 10:00:00+01:00 2026-12-12 12:30:00+01:00",
    )  # fmt: skip


def test_an_offer_that_holds_for_long_is_no_event() -> None:
    head = "title,start_date,end_date,city\n"
    (one,), _ = read(f"{head}Vorlesen,2026-12-01T08:00,2027-11-30T17:00,Hagen\n")
    assert (one.kind, one.first_day, one.last_day) == (OFFER, date(2026, 12, 1), date(2027, 11, 30))


def test_events_as_another_plugin_of_wordpress_answers_them() -> None:
    (one,), faults = read(
        '{"events": [{"id": 44, "date": "2026-10-01 09:00:00", "title": "Putztag",'
        ' "description": "<p>Wir räumen auf.</p>",'
        ' "start_date": "2026-12-12 10:00:00", "end_date": "2026-12-12 12:00:00", "image": {"id": 3},'
        ' "venue": {"id": 5, "venue": "Stadtpark", "address": "Parkstr. 3", "city": "Hagen", "zip": "58095"},'
        ' "organizer": [{"id": 6, "organizer": "NABU Hagen", "email": "n@beispiel.de"}]}], "total": 1}'
    )
    assert faults == []
    assert (one.kind, f"{one.starts_at} {one.ends_at}") == (
        EVENT, "2026-12-12 10:00:00+01:00 2026-12-12 12:00:00+01:00",
    )  # fmt: skip
    assert (one.organisation, one.venue, one.street, one.locality) == ("NABU Hagen", "Stadtpark", "Parkstr. 3", "Hagen")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("1/2/2027", date(2027, 2, 1)),
        ("1/2", None),
    ],
)
def test_days_with_strokes(said: str, day: date | None) -> None:
    assert moments.day(said) == day


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        ("2026-12-12", "2026-12-13", "2026-12-12 00:00:00+01:00 2026-12-13 23:59:59+01:00"),
        ("2026-12-12 18:00", "2026-12-13", "2026-12-12 18:00:00+01:00 2026-12-13 23:59:59+01:00"),
        ("2026-12-12 18:00", "2026-12-12", "2026-12-12 18:00:00+01:00 None"),
        ("2026-12-12 18:00", "2026-12-13 00:00", "2026-12-12 18:00:00+01:00 2026-12-13 00:00:00+01:00"),
        ("1797073200", "1797087600", "2026-12-12 11:00:00+00:00 2026-12-12 15:00:00+00:00"),
    ],
)
def test_the_last_day_of_an_event_is_a_whole_one(begin: str, end: str, said: str) -> None:
    (one,), _ = read(f"Titel;Beginndatum;Endedatum;Ort\nMarkt;{begin};{end};Hagen\n")
    assert f"{one.starts_at} {one.ends_at}" == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "mac_roman"])
def test_umlauts_in_every_encoding_that_excel_writes(encoding: str) -> None:
    text = "Träger;Angebot;Ort\nTafel Süd;Köche für „Große“ gesucht;Lüneburg\n"
    known = text if encoding != "cp850" else text.translate({ord(sign): '"' for sign in "„“"})
    (one,), faults = read(known.encode(encoding), formats.TABLE)
    assert faults == []
    assert (one.organisation, one.locality) == ("Tafel Süd", "Lüneburg")
    assert one.title.startswith("Köche für")


def test_one_broken_letter_costs_no_other() -> None:
    (one,), _ = read("Träger;Angebot;Ort\nTafel Süd;Köche \udcff;Lüneburg\n".encode("utf-8", "surrogateescape"))
    assert (one.organisation, one.locality) == ("Tafel Süd", "Lüneburg")


def test_a_line_for_excel_is_no_name() -> None:
    (one,), _ = read("sep=;\nTräger;Angebot;Ort\nTafel;Kochen;Hagen\n")
    assert (one.title, one.feed) == ("Kochen", "")


def test_districts_without_the_number_plate_of_their_town() -> None:
    (one,), _ = read("Angebot;Stadtteile;Ort\nKochen;Borbeck - E, Kettwig – E, Nord-West, Alt - Neu;Essen\n")
    assert one.districts == ("Borbeck", "Kettwig", "Nord-West", "Alt - Neu")


def test_districts_without_the_number_that_sorts_them() -> None:
    (one,), _ = read("Angebot;Stadtteile;Ort\nKochen;1 Ortsunabhängig, 02 Altenessen, 3. Bezirk, 4 WG;Essen\n")
    assert one.districts == ("Ortsunabhängig", "Altenessen", "3. Bezirk", "4 WG")


@pytest.mark.parametrize(
    ("district", "postcode", "town"),
    [
        ("Hamburg", "22113", "Hamburg"),  # the postcode is Oststeinbek's, too
        ("Hamburg", "20095", ""),
        ("Altona", "22765", ""),
        ("Tornesch", "25436", ""),  # the smaller one may belong to the larger
        ("Berlin", "22113", ""),  # too far away
        ("Nirgendwo", "22113", ""),
        ("Hamburg", "", ""),
    ],
)
def test_a_city_that_stands_where_its_district_should(district: str, postcode: str, town: str) -> None:
    (one,), _ = read(f"Angebot;PLZ;Ort;Ortsteil\nKochen;{postcode};;{district}\n")
    assert (one.locality, one.districts) == (town, (district,))


@pytest.mark.parametrize(
    ("said", "town", "district"),
    [
        ("Essen/nördliche Innenstadt", "Essen", "nördliche Innenstadt"),
        ("Bautzen OT Salzenforst", "Bautzen", "Salzenforst"),
        ("Hagen/Herdecke", "Hagen/Herdecke", ""),
        ("Nirgendwo/Mitte", "Nirgendwo/Mitte", ""),
        ("Hagen", "Hagen", ""),
        ("Essen Stadtkern", "Essen", "Stadtkern"),
        ("Essen-Nirgendhausen", "Essen", "Nirgendhausen"),
        ("Essen - Bergisch Nirgend", "Essen", "Bergisch Nirgend"),
        ("Frankfurt Main", "Frankfurt Main", ""),
        ("Essen Ruhr", "Essen Ruhr", ""),
        ("Bad Homburg", "Bad Homburg", ""),
        ("Hamburg-Altona", "Hamburg", "Altona"),
        ("Wittenberg Lutherstadt", "Wittenberg Lutherstadt", ""),
    ],
)
def test_a_town_with_a_district_behind_it(said: str, town: str, district: str) -> None:
    assert addresses.parted(said) == (town, district)
