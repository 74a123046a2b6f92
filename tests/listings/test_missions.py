"""Missions as the interfaces of API Engagement list them, and as its partners hand them in."""

import json
from datetime import date

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import addresses, formats
from tests.listings.reading import read, sample

MISSION = {"clientId": "7", "title": "Aider au jardin", "domain": "environnement", "city": "Lille", "country": "France"}

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<source><publisher>Hub</publisher>
  <mission>
    <clientId><![CDATA[7]]></clientId><title><![CDATA[Aider au jardin]]></title>
    <description><![CDATA[Planter & arroser]]></description>
    <startAt>01/03/2027</startAt><endAt>31/12/2027</endAt><postedAt>15/11/2026</postedAt>
    <addresses>
      <address><street>1 rue du Parc</street><postalCode>59000</postalCode><city>Lille</city><country>France</country>
        <location><lat>50.63</lat><lon>3.06</lon></location></address>
      <address><city>Douai</city><country>France</country></address>
    </addresses>
    <domain>environnement</domain><tags>jardin,plein air</tags><places>3</places><openToMinors>no</openToMinors>
    <softSkills><softSkill>patience</softSkill><softSkill>humour</softSkill></softSkills>
    <organizationName>Vert Lille</organizationName>
  </mission>
  <mission><clientId>8</clientId><title/></mission>
</source>"""


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True, "data": [MISSION]},
        {"ok": True, "data": MISSION},
        {"total": 1, "hits": [MISSION]},
        {"missions": [MISSION]},
        [MISSION],
        MISSION,
    ],
)
def test_every_version_of_the_answer(answer: object) -> None:
    data = json.dumps(answer).encode()
    assert formats.detect(data) == formats.ENGAGEMENT
    (one,), faults = read(data)
    assert ((one.id, one.locality, one.country, one.language), faults) == (("7", "Lille", "FR", "fr"), [])


def test_a_feed_as_partners_hand_it_in() -> None:
    assert formats.detect(FEED.encode()) == formats.ENGAGEMENT
    (one,), faults = read(FEED)
    assert [(fault.where, fault.id) for fault in faults] == [("Eintrag 2", "8")]
    assert (one.title, one.organisation, one.street, one.postcode) == (
        "Aider au jardin", "Vert Lille", "1 rue du Parc", "59000",
    )  # fmt: skip
    assert (one.latitude, one.longitude, one.places, one.minimum_age) == (50.63, 3.06, 3, 18)
    assert (one.first_day, one.last_day) == (date(2027, 3, 1), date(2027, 12, 31))
    assert (one.categories, one.requirements) == (("jardin", "plein air"), "patience, humour")
    assert one.text == "Planter & arroser<p>Orte: Lille, Douai</p>"


def test_a_feed_that_breaks_off_names_the_line() -> None:
    with pytest.raises(Invalid, match="Zeile 7, Spalte"):
        read(FEED.partition("<addresses>")[0])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Deutschland", "DE"),
        ("allemagne", "DE"),
        ("Austria", "AT"),
        ("fr", "FR"),
        ("Nirgendwo", ""),
        ("", ""),
        ("001", ""),
    ],
)
def test_countries_by_name(said: str, code: str) -> None:
    assert addresses.country(said) == code


def test_missions() -> None:
    records, faults = read(sample("missionen.json"))
    (trees,) = records
    assert (trees.id, trees.organisation, trees.areas) == ("m-1", "Umweltladen", ("umwelt_tiere",))
    assert (trees.mode, trees.places, trees.minimum_age) == ("vor_ort", 20, 18)
    assert (trees.first_day, trees.last_day) == (date(2026, 12, 1), date(2027, 3, 1))
    assert (trees.street, trees.locality, trees.latitude) == ("Ischelandstr. 2", "Hagen", 51.36)
    assert [fault.id for fault in faults] == ["m-2"]


def test_online_missions_are_in_the_language_of_the_others() -> None:
    french = '{"clientId": "a", "title": "Aide aux devoirs", "addresses": [{"city": "Lyon", "country": "FR"}]}'
    online = '{"clientId": "b", "title": "Site web", "remote": "full", "addresses": []}'
    german = '{"clientId": "c", "title": "Vorlesen", "addresses": [{"city": "Kehl", "country": "DE"}]}'
    records, _ = read(f"[{french}, {online}, {german}, {french.replace('a', 'd', 1)}]", formats.ENGAGEMENT)
    assert [one.language for one in records][:3] == ["fr", "fr", ""]


@pytest.mark.parametrize(
    ("begin", "end", "times"),
    [
        ("2027-05-28T16:00:00Z", "2027-05-29T22:00:00Z", "18:00–24:00 Uhr"),
        ("2027-05-28T16:00:00Z", "2027-08-29T18:00:00Z", ""),
        ("2027-05-28T00:00:00Z", "2027-05-29T00:00:00Z", ""),
        ("2027-05-28T16:00:00Z", "", ""),
    ],
)
def test_hours_of_a_mission_of_a_few_days(begin: str, end: str, times: str) -> None:
    (one,), _ = read(f'[{{"clientId": "c", "title": "Aufsicht", "startAt": "{begin}", "endAt": "{end}"}}]')
    assert one.times == times


def test_a_day_that_was_written_in_utc_is_the_one_that_was_meant() -> None:
    """Midnight of the first of June is still in May there, and programs write days so."""
    days = '"startAt": "2027-05-31T22:00:00.000Z", "endAt": "2027-12-30T23:00:00.000Z"'
    (one,), _ = read(f'[{{"clientId": "c", "title": "Aufsicht", {days}}}]')
    assert (one.first_day, one.last_day) == (date(2027, 6, 1), date(2027, 12, 31))


def test_a_mission_names_its_district() -> None:
    place = '{"city": "Kehl", "country": "DE", "district": "Sundheim"}'
    (one,), _ = read(f'[{{"clientId": "c", "title": "Vorlesen", "addresses": [{place}]}}]', formats.ENGAGEMENT)
    assert (one.locality, one.districts) == ("Kehl", ("Sundheim",))
