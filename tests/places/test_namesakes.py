"""Places of one name: the one near home is meant, it is said which, and the others are one click away."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from fediverse_ehrenamt.desk import finding
from fediverse_ehrenamt.discover import results
from fediverse_ehrenamt.imports import drafts, wordings
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.matching import params
from fediverse_ehrenamt.places import data, gazetteer, telling
from fediverse_ehrenamt.places.districts import District, Kept
from fediverse_ehrenamt.search import query as queries
from fediverse_ehrenamt.understanding import questions
from fediverse_ehrenamt.web import i18n

TODAY = date(2026, 11, 29)
HAMBURG, MUNICH, HANNOVER = (53.5507, 9.993), (48.1374, 11.5755), (52.3705, 9.7332)


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    """Be at the end at home where one was at the beginning: nowhere."""
    yield
    data.settle(None)
    data.teach(())


def meant(typed: str) -> str:
    spot = gazetteer.find(typed, at_home=True)
    assert spot is not None
    return f"{spot.name} {spot.region}"


@pytest.mark.parametrize(
    ("home", "typed", "place"),
    [
        (None, "Hamm", "Hamm NW"),
        (HAMBURG, "Hamm", "Hamm HH"),
        (MUNICH, "Hamm", "Hamm NW"),
        (None, "Neustadt", "Neustadt an der Weinstraße RP"),
        (HAMBURG, "Neustadt", "Neustadt HH"),
        (MUNICH, "Neustadt", "Neustadt an der Donau BY"),
        (HANNOVER, "Neustadt", "Neustadt am Rübenberge NI"),
        (HAMBURG, "Berlin", "Berlin BE"),
        (HAMBURG, "Hagen", "Hagen NW"),
        (HAMBURG, "Hamm (Westf.)", "Hamm NW"),
        (HAMBURG, "Hamm, NRW", "Hamm NW"),
        (HAMBURG, "59065 Hamm", "Hamm NW"),
        (HAMBURG, "Neustadt an der Orla", "Neustadt an der Orla TH"),
    ],
)
def test_a_name_means_the_place_near_home(home: tuple[float, float] | None, typed: str, place: str) -> None:
    data.settle(home)
    assert meant(typed) == place


def test_what_others_name_means_what_it_means_everywhere() -> None:
    data.settle(HAMBURG)
    spot = gazetteer.find("Hamm")
    assert spot is not None
    assert spot.region == "NW"


def test_a_district_of_home_comes_before_a_village_close_by() -> None:
    burg = District("Hannover", "Burg", 52.40, 9.70, "30419")
    data.teach([Kept(gazetteer.key("Hannover", "Burg"), burg)])
    data.settle(HANNOVER)
    assert meant("Burg") == "Hannover-Burg NI"


@pytest.mark.parametrize("name", ["Neustadt", "Hamm", "Horn", "Burg", "Altstadt", "Rotenburg"])
@pytest.mark.parametrize("home", [None, HAMBURG, MUNICH, HANNOVER])
def test_each_of_them_is_found_by_what_it_is_called(home: tuple[float, float] | None, name: str) -> None:
    data.settle(home)
    chosen = gazetteer.find(name, at_home=True)
    assert gazetteer.find(telling.apart(name), at_home=True) == chosen
    spots = [gazetteer.find(other, at_home=True) for other in telling.others(name)]
    assert None not in spots
    assert len({*spots, chosen}) == len(spots) + 1


def test_nobody_is_asked_where_only_one_is_meant() -> None:
    data.settle(HAMBURG)
    for name in ("Hamburg", "Berlin", "Hagen", "Hamm (Westf.)", "59065 Hamm", "Xyzzyheim", "", "Flensburg"):
        assert telling.others(name) == ()
        assert telling.apart(name) == name


def test_the_chip_says_which_and_the_others_are_one_click_away() -> None:
    data.settle(HAMBURG)
    query = queries.read([("q", "vorlesen"), ("ort", "Neustadt"), ("umkreis", "10"), ("bereich", "kultur")])
    words = i18n.language("de")
    assert "10 km um Neustadt (Hamburg)" in [one.label for one in results.active(query, words)]
    first, *others = results.namesakes(query)
    assert (first.label, first.current) == ("Neustadt (Hamburg)", True)
    assert "Neustadt in Holstein" in [one.label for one in others]
    for one in others:
        asked = queries.read(parse_qsl(urlsplit(one.href).query))
        assert asked.spot is not None
        assert asked.spot != query.spot
        assert (asked.text, asked.radius_km, asked.areas) == ("vorlesen", 10, ("kultur",))
        assert results.namesakes(asked) == ()


def test_a_question_says_which_place_was_understood() -> None:
    data.settle(HAMBURG)
    (part,) = questions.understand("vorlesen in Hamm", TODAY).parts
    assert (part.label, part.pairs) == ("Hamm (Hamburg)", (("ort", "Hamm"),))
    data.settle(None)
    (part,) = questions.understand("vorlesen in Hamm", TODAY).parts
    assert part.label == "Hamm"


def test_a_profile_is_where_its_name_means_at_home() -> None:
    data.settle(HAMBURG)
    where = params.read([("ort", "Hamm")]).where
    assert where is not None
    assert round(where.latitude) == 54  # the one in Westphalia lies at 52 degrees


def test_another_home_reads_no_places_anew() -> None:
    data.settle(HAMBURG)
    known, edition = data.places_edition(), data.edition()
    data.settle(MUNICH)
    assert data.places_edition() == known
    assert data.edition() > edition
    data.settle(MUNICH)
    assert data.edition() == edition + 1


@pytest.mark.parametrize(("postcode", "latitude"), [("", 53.55), ("67433", 49.35)])
def test_an_entry_without_a_postcode_lies_near_home(postcode: str, latitude: float) -> None:
    data.settle(HAMBURG)
    record = Record(id="1", where="Zeile 1", title="Vorlesen", locality="Neustadt", postcode=postcode)
    draft = drafts.make(record, "import1-1", wordings.read).draft
    assert draft.place is not None
    assert draft.place.latitude == pytest.approx(latitude, abs=0.05)


def test_what_an_organisation_types_lies_near_home() -> None:
    data.settle(HAMBURG)
    assert finding.middle({finding.LOCALITY: ["Hamm"]}) == pytest.approx(HAMBURG, abs=0.1)
    assert finding.middle({finding.POSTCODE: ["59065"], finding.LOCALITY: ["Hamm"]}) == pytest.approx(
        (51.68, 7.82), abs=0.1
    )
