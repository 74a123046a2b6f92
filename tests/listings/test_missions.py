"""Missions as the interfaces of API Engagement list them, and as its partners hand them in."""

import json
from datetime import date

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import addresses, formats
from tests.listings.reading import read

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
