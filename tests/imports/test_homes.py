"""In which town entries are that name none: what is assumed, in which order, how it is said, that it stays."""

from typing import Any

import pytest

from fediverse_ehrenamt.imports import homes, sources
from fediverse_ehrenamt.imports.actions import Run
from fediverse_ehrenamt.imports.homes import MOST, NAMED, Home
from fediverse_ehrenamt.imports.sources import Wish
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings.record import EVENT, Record
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.organisations.rules import Profile
from fediverse_ehrenamt.search.model import Document
from tests.imports.conftest import Importing
from tests.imports.wordless import understand_nothing

HOW = Run(understand_nothing)
LUENEBURG = Home("Lüneburg", NAMED)


def event(venue: str = "", **said: Any) -> Record:
    return Record(id=venue or "x", where="Zeile 1", title="Treffen", kind=EVENT, venue=venue, **said)


def calendar(*places: str, name: str = "", extra: str = "") -> str:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", *([f"X-WR-CALNAME:{name}"] if name else [])]
    lines = head
    for number, place in enumerate(places):
        lines += ["BEGIN:VEVENT", f"UID:{number}@x", f"SUMMARY:Treffen {number}", "DTSTART:20270303T170000Z"]
        lines += [f"LOCATION:{place}"] if place else []
        lines += [extra, "END:VEVENT"] if extra else ["END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("Veranstaltungskalender Hansestadt Lüneburg", "Lüneburg"),
        ("Termine Freiburg", "Freiburg"),
        ("Sport- und Kulturtermine in Bad Hersfeld e.V.", "Bad Hersfeld"),
        ("Stadt Essen: Termine", "Essen"),
        ("Kochen und Essen", ""),
        ("Haus Mitte Kultur", ""),
        ("Termine Hagen und Dortmund", ""),
        ("termine", ""),
        ("", ""),
    ],
)
def test_the_town_that_a_source_is_named_after(name: str, town: str) -> None:
    assert homes.town_in(name) == town


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("https://www.stadt-lueneburg.de/termine.ics", "Lüneburg"),
        ("https://veranstaltungen.hagen.de/ical", "Hagen"),
        ("https://www.vereinskalender.de/hagen.ics", ""),
        ("/home/hagen/termine.ics", ""),
        ("https://localhost/x", ""),
    ],
)
def test_the_town_of_a_host(address: str, town: str) -> None:
    assert homes.find([event()], address).town == town


def test_most_entries_decide_where_no_name_does() -> None:
    some = [event(str(n), locality="Lüneburg") for n in range(3)]
    assert homes.find([*some, event("4", locality="Adendorf"), event("5")], "x.ics") == Home("Lüneburg", MOST)
    assert homes.find(some[:2], "x.ics") == homes.NOWHERE
    assert homes.find([*some, *(event(f"b{n}", postcode="58095") for n in range(3))], "x.ics") == homes.NOWHERE


@pytest.mark.parametrize(
    ("venue", "locality"),
    [
        ("Vereinsheim", "Lüneburg"),
        ("Rathaus Adendorf", "Adendorf"),
        ("Kirche in Scharnebeck", "Scharnebeck"),
        ("Gaststätte Dresden", "Lüneburg"),  # two hundred kilometres away
        ("Adendorf", "Lüneburg"),  # a name alone may be that of a house
    ],
)
def test_a_venue_that_names_a_place_nearby_is_there(venue: str, locality: str) -> None:
    assert homes.placed(event(venue), LUENEBURG).locality == locality


@pytest.mark.parametrize(
    "said", ["Kita Spatzennest", "Start Stadion/Oststr.", "Am Markt 5", "Nirgendwodorf", "Ernst-Abbe-Str. 4"]
)
def test_a_house_in_the_column_for_the_town_is_a_venue(said: str) -> None:
    assert homes.lacks_town(event(locality=said))
    found = homes.placed(event(locality=said), LUENEBURG)
    assert (found.venue, found.locality) == (said, "Lüneburg")


def test_anywhere_in_the_town_is_in_it_and_anywhere_in_the_country_is_not() -> None:
    assert homes.lacks_town(event("Stadtgebiet"))
    assert not homes.lacks_town(event("bundesweit"))


def test_a_venue_that_names_a_district_is_in_it() -> None:
    found = homes.placed(event("Bürgerhaus Haspe"), Home("Hagen", NAMED))
    assert (found.locality, found.districts) == ("Hagen", ("Haspe",))


@pytest.mark.parametrize(
    "said",
    [
        {"locality": "Hagen"},
        {"locality": "Frankfurt"},
        {"locality": "Hagen, Herdecke und Wetter"},
        {"postcode": "58095"},
        {"latitude": 53.2, "longitude": 10.4},
        {"mode": "online"},
        {"venue": "Online (Zoom)"},
        {"country": "AT"},
    ],
)
def test_what_says_where_it_is_needs_no_other_town(said: dict[str, Any]) -> None:
    assert homes.lacks_town(event(**said)) is False
    assert homes.lacks_town(event("Vereinsheim"))


@pytest.mark.anyio
async def test_an_entry_without_a_town_is_found_in_that_of_its_calendar(importing: Importing) -> None:
    data = calendar("Vereinsheim\\, Hauptstr. 5", "", "58095 Hagen", name="Termine Lüneburg")
    found = await importing.run(data)
    assert [str(note) for note in found.notes if "Ort" in note] == [
        "2 Einträge nennen keinen Ort; angenommen ist der Ort der Quelle: Lüneburg."
    ]
    documents = await importing.documents()
    assert [_near(documents[f"Treffen {n}"], 53.25) for n in range(3)] == [True, True, False]
    drafts = {row.key: row.draft or "" for row in (await importing.things()).values()}
    assert sum("Ort der Quelle: Lüneburg" in draft for draft in drafts.values()) == 2
    (source,) = await importing.instance.workshop.read(sources.listing)
    assert source.home == LUENEBURG
    marks = {one.title: [guess for guess in one.understood if guess.field == "place"] for one in found.lines}
    assert [len(marks[f"Treffen {n}"]) for n in range(3)] == [1, 1, 0]


def _near(document: Document, latitude: float) -> bool:
    return document.latitude is not None and abs(document.latitude - latitude) < 0.1


@pytest.mark.anyio
async def test_what_was_found_once_stays_though_the_entries_that_named_it_go(importing: Importing) -> None:
    four = ["21335 Lüneburg"] * 3 + ["Vereinsheim"]
    await importing.run(calendar(*four))
    again = calendar(*four).replace("LOCATION:21335 Lüneburg", "LOCATION:58095 Hagen")
    found = await importing.run(again)
    assert found.counts["unchanged"] == 1
    assert found.counts["changed"] == 3


@pytest.mark.anyio
async def test_what_a_person_says_counts_most_and_is_no_guess(importing: Importing) -> None:
    importing.file.write_text(calendar("Vereinsheim", name="Termine Lüneburg"))
    workshop, address = importing.instance.workshop, str(importing.file)
    await sources.read(workshop, address, Wish(organisation="agentur"), HOW)
    number, found = await sources.read(workshop, address, Wish(organisation="agentur", place="hagen"), HOW)
    (changed,) = found.of("changed")
    assert not [guess for guess in changed.understood if guess.field == "place"]
    assert (await workshop.read(sources.get, number)).home == Home("Hagen", homes.STATED)
    with pytest.raises(Invalid, match="Xyzburgg"):
        await sources.read(workshop, address, Wish(place="Xyzburgg"), HOW)
    number, _ = await sources.read(workshop, address, Wish(place=""), HOW)
    assert (await workshop.read(sources.get, number)).home == LUENEBURG


@pytest.mark.anyio
async def test_the_town_of_the_organisation_that_an_entry_names_goes_before_that_of_the_calendar(
    importing: Importing,
) -> None:
    workshop = importing.instance.workshop
    uri = await workshop.read(lambda work: organisations.get(work, "agentur").uri)
    await workshop.write(organisations.set_profile, uri, Profile(postcode="21335", locality="Lüneburg"))
    await importing.run(calendar("Vereinsheim"))
    assert _near((await importing.documents())["Treffen 0"], 53.25)
    page = '<script type="application/ld+json">[%s]</script>'
    node = '{"@type":"Event","@id":"%d","name":"Fest %d","startDate":"2027-03-03T18:00","organizer":{"name":"%s"}}'
    data = page % ",".join([node % (1, 1, "Freiwilligenagentur Hagen"), node % (2, 2, "Unbekannt")])
    importing.file = importing.file.with_name("seite.html")
    importing.file.write_text(data)
    await sources.read(workshop, str(importing.file), Wish(organisation="tierheim", place="Hagen"), HOW)
    documents = await importing.documents()
    assert [_near(documents[f"Fest {n}"], 51.36) for n in (1, 2)] == [True, True]  # what was said counts most
    await sources.read(workshop, str(importing.file), Wish(place=""), HOW)
    documents = await importing.documents()
    assert (_near(documents["Fest 1"], 53.25), documents["Fest 2"].latitude) == (True, None)


@pytest.mark.anyio
async def test_a_source_of_which_nothing_is_known_says_that_its_entries_are_not_found(importing: Importing) -> None:
    found = await importing.run(calendar("Vereinsheim"))
    assert any("findet sie nicht" in note for note in found.notes)
    assert (await importing.instance.workshop.read(sources.listing))[0].home == homes.NOWHERE


@pytest.mark.anyio
async def test_a_place_in_the_name_of_a_house_is_a_guess_and_not_that_of_the_source(importing: Importing) -> None:
    found = await importing.run(calendar("Rathaus Adendorf", name="Termine Lüneburg"))
    (line,) = found.of("new")
    assert [guess.value for guess in line.understood if guess.field == "place"] == ["Adendorf"]
    assert not [note for note in found.notes if "Ort der Quelle" in note]
    (thing,) = (await importing.things()).values()
    assert "Ort der Quelle" not in (thing.draft or "")
