"""FreiNet's XML and JSON: flat, nested, broken, and hostile."""

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import formats
from tests.listings.reading import read, sample


def test_freinet_xml_flat_and_nested() -> None:
    records, faults = read(sample("freinet.xml"))
    assert not faults
    flat, nested = records
    assert (flat.id, flat.where, flat.title) == ("501", "Zeile 3", "Sprachtandem & Begegnung")
    assert flat.categories == ("Flüchtlinge/Migration", "Bildung")
    assert flat.latitude == 51.3497
    assert (nested.id, nested.organisation) == ("502", "Haus am Park")
    assert (nested.street, nested.postcode) == ("Parkweg 3", "58097")  # it has no place of its own
    for one in records:
        assert "Beispiel" not in repr(one)
        assert "Muster" not in repr(one)


def test_fields_within_fields() -> None:
    entry = (
        "<angebot><angebotsname>Lesepate</angebotsname>"
        "<handlungsfelder><handlungsfeld id='1'><name>Bildung</name></handlungsfeld></handlungsfelder>"
        "<einrichtung id='7'><einrichtungsname>Stadtbücherei</einrichtungsname><strasse>Markt 1</strasse>"
        "<plz>58095</plz><ort>Hagen</ort></einrichtung>"
        "<ansprechpartner><name>Erika Muster</name><ort>Hagen</ort></ansprechpartner></angebot>"
    )
    (one,), _ = read(f"<angebotsliste>{entry}</angebotsliste>")
    assert (one.categories, one.organisation, one.street, one.postcode) == (
        ("Bildung",), "Stadtbücherei", "Markt 1", "58095",
    )  # fmt: skip
    assert "Muster" not in repr(one)
    (other,), _ = read(
        '[{"angebotsname": "Lesepate", "adresse": {"strasse": "Markt 1", "plz": "58095", "ort": "Hagen"},'
        ' "geo": {"lat": 51.36, "lng": 7.47}, "zielgruppen": [{"id": 1, "bezeichnung": "Kinder"}],'
        ' "kontakt": {"name": "Erika Muster", "strasse": "Weg 2", "plz": "1"}}]'
    )
    assert (other.street, other.locality, other.latitude, other.audiences) == ("Markt 1", "Hagen", 51.36, ("Kinder",))
    assert "Muster" not in repr(other)


def test_broken_xml_costs_the_broken_entry() -> None:
    records, faults = read(sample("freinet-broken.xml"))
    assert [(one.id, one.title) for one in records] == [
        ("601", "Kaffee & Kuchen im Café"),
        ("603", "Gartenhilfe im Stadtgarten"),
    ]
    assert faults[0].where == "Zeile 8"
    assert faults[-1].ends  # what is missing may only be unreadable


def test_xml_that_asks_for_entities_is_refused() -> None:
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        "<angebotsliste><angebot><angebotsname>&b;</angebotsname></angebot></angebotsliste>"
    )
    with pytest.raises(Invalid, match="DOCTYPE"):
        read(laughs)
    late = f"<?xml version='1.0' encoding='UTF-16'?>{laughs[21:]}".encode("utf-16")
    with pytest.raises(Invalid):
        read(late, formats.FREINET_XML)
    with pytest.raises(Invalid, match="Ebenen"):
        read("<a>" * 100 + "</a>" * 100)


def test_freinet_json() -> None:
    records, faults = read(sample("freinet.json"))
    assert [(one.id, one.title) for one in records] == [("701", "Hausaufgabenhilfe"), ("702", "Fahrdienst zur Tafel")]
    assert records[0].audiences == ("Kinder", "Jugendliche")
    assert records[0].postcode == "58095"
    assert records[1].organisation == "Tafel Hagen"
    assert [(fault.where, fault.id) for fault in faults] == [("Eintrag 3", ""), ("Eintrag 4", "703")]
    with pytest.raises(Invalid, match="Zeile 2, Spalte"):
        read('{"angebote": [\n {"angebotsname": "x"', formats.FREINET_JSON)


def test_empty_places_in_a_list_are_no_entries() -> None:
    records, faults = read('[{"angebotsname": "Chor", "beschreibung": "Singen"}, null, {}, {"angebotsname": ""}]')
    assert [(one.title, one.where) for one in records] == [("Chor", "Eintrag 1")]
    assert [one.where for one in faults] == ["Eintrag 4"]
