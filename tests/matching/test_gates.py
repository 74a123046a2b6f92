"""Gates: one table for each, with the value on both sides of the limit, and the unknown that never leaves out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from fediverse_ehrenamt.matching import gates
from fediverse_ehrenamt.matching.gates import GATES, gate
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile, Where
from tests.matching import chances
from tests.matching.chances import NOW, TODAY

NOBODY = Profile()
HAGEN = Where("Hagen", 51.3608, 7.4717, 10, "hagen")
OPEN = Offer(uri="https://a.example/1")


def reason(profile: Profile = NOBODY, **facts: Any) -> str:
    found = gate(replace(OPEN, **facts), profile, NOW)
    return found.reason if found else ""


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ""),
        ({"status": "veroeffentlicht"}, ""),
        ({"status": "ein_neues_wort"}, ""),
        ({"status": "besetzt"}, "geschlossen"),
        ({"status": "pausiert"}, "geschlossen"),
        ({"status": "abgesagt"}, "geschlossen"),
        ({"apply_by": TODAY}, ""),
        ({"apply_by": TODAY - timedelta(days=1)}, "vorbei"),
        ({"end": TODAY}, ""),
        ({"end": TODAY - timedelta(days=1)}, "vorbei"),
        ({"expires_at": NOW + timedelta(seconds=1)}, ""),
        ({"expires_at": NOW}, "vorbei"),
        ({"confirmed_at": NOW - timedelta(days=365)}, ""),
        ({"confirmed_at": NOW - timedelta(days=365, seconds=1)}, "unbestaetigt"),
        ({"status": "besetzt", "apply_by": TODAY - timedelta(days=9)}, "geschlossen"),
    ],
)
def test_for_everybody(facts: dict[str, Any], expected: str) -> None:
    assert reason(**facts) == expected


def test_the_day_is_that_of_germany() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 0:30 on the 23rd in Germany
    assert gate(replace(OPEN, apply_by=late.date()), NOBODY, late) is not None
    assert gate(replace(OPEN, apply_by=late.date()), NOBODY, late - timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("age", "facts", "expected"),
    [
        ("", {"minimum_age": 18}, ""),
        ("ab_18", {"minimum_age": 18}, ""),
        ("ab_18", {"minimum_age": 21}, ""),
        ("16_17", {"minimum_age": 16}, ""),
        ("16_17", {"minimum_age": 17}, "mindestalter"),
        ("14_15", {"minimum_age": 14}, ""),
        ("14_15", {"minimum_age": 15}, "mindestalter"),
        ("u14", {"minimum_age": 0}, ""),
        ("u14", {"minimum_age": 12, "suitable_for": ("u14",)}, "mindestalter"),
        ("16_17", {}, "jugendschutz"),
        ("16_17", {"for_minors": True}, ""),
        ("16_17", {"suitable_for": ("u18",)}, ""),
        ("16_17", {"suitable_for": ("schueler", "studierende")}, "jugendschutz"),
        ("16_17", {"suitable_for": ("u14",)}, "jugendschutz"),
        ("u14", {"suitable_for": ("u18",)}, "jugendschutz"),
        ("u14", {"suitable_for": ("u14",)}, ""),
        ("16_17", {"minimum_age": 14, "for_minors": False}, "jugendschutz"),
        ("16_17", {"suitable_for": ("u18",), "for_minors": False}, "jugendschutz"),
        ("16_17", {"minimum_age": 18, "for_minors": True}, "mindestalter"),
        ("", {"maximum_age": 12}, ""),
        ("ab_18", {"maximum_age": 27}, ""),
        ("ab_18", {"maximum_age": 17}, "hoechstalter"),
        ("ab_18", {"maximum_age": 18}, ""),
        ("16_17", {"minimum_age": 10, "maximum_age": 15}, "hoechstalter"),
        ("16_17", {"minimum_age": 10, "maximum_age": 16}, ""),
        ("14_15", {"minimum_age": 10, "maximum_age": 14}, ""),
    ],
)
def test_minors_fail_closed_and_nobody_is_too_old(age: str, facts: dict[str, Any], expected: str) -> None:
    assert reason(Profile(age=age), **facts) == expected


@pytest.mark.parametrize(
    ("needs", "facts", "expected"),
    [
        ({"stufenlos"}, {}, ""),
        ({"stufenlos"}, {"accessibility": ("unbekannt",)}, ""),
        ({"stufenlos"}, {"accessibility": ("leichte_sprache",)}, ""),
        ({"stufenlos"}, {"accessibility": ("nicht_barrierefrei",)}, "barrieren"),
        ({"stufenlos"}, {"accessibility": ("stufenlos", "nicht_barrierefrei")}, ""),
        ({"stufenlos"}, {"accessibility": ("nicht_barrierefrei",), "mode": "online"}, ""),
        ({"gebaerdensprache"}, {"accessibility": ("nicht_barrierefrei",), "mode": "online"}, "barrieren"),
        (set(), {"accessibility": ("nicht_barrierefrei",)}, ""),
    ],
)
def test_barriers(needs: set[str], facts: dict[str, Any], expected: str) -> None:
    assert reason(Profile(needs=frozenset(needs)), **facts) == expected


@pytest.mark.parametrize(
    ("level", "wanted", "expected"),
    [("kein", "", ""), ("kein", "unbekannt", ""), ("kein", "nicht_noetig", ""), ("kein", "a1", "deutsch"),
     ("a1", "c1", ""), ("", "c1", "")],
)  # fmt: skip
def test_german(level: str, wanted: str, expected: str) -> None:
    assert reason(Profile(german_level=level), german_level=wanted) == expected


@pytest.mark.parametrize(
    ("clearance", "expected"),
    [("", ""), ("unbekannt", ""), ("nein", ""), ("einfach", "fuehrungszeugnis"), ("erweitert", "fuehrungszeugnis")],
)
def test_clearance(clearance: str, expected: str) -> None:
    assert reason(Profile(no_clearance=True), clearance=clearance) == expected
    assert reason(clearance=clearance) == ""


@pytest.mark.parametrize(
    ("online", "mode", "expected"),
    [("nein", "online", "nur_online"), ("nein", "teilweise_online", ""), ("nein", "", ""), ("nur", "online", ""),
     ("nur", "teilweise_online", "nicht_online"), ("nur", "vor_ort", "nicht_online"), ("nur", "", ""),
     ("auch", "online", ""), ("auch", "vor_ort", "")],
)  # fmt: skip
def test_online(online: str, mode: str, expected: str) -> None:
    assert reason(Profile(online=online), mode=mode) == expected


# One degree of latitude is 111.195 km: 0.0899° are 9.996 km, 0.09° are 10.008 km.
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"latitude": 51.3608 + 0.0899, "longitude": 7.4717}, ""),
        ({"latitude": 51.3608 + 0.09, "longitude": 7.4717}, "zu_weit"),
        ({"latitude": 51.3608 + 0.09, "longitude": 7.4717, "mode": "online"}, ""),
        ({"latitude": 51.3608 + 0.09, "longitude": 7.4717, "mode": "teilweise_online"}, "zu_weit"),
        ({"latitude": 51.5, "longitude": 7.4717, "mode": "beliebig_im_gebiet", "municipality": "hagen"}, ""),
        ({"latitude": 51.5, "longitude": 7.4717, "mode": "beliebig_im_gebiet", "municipality": "dortmund"}, "zu_weit"),
        ({"latitude": 51.5, "longitude": 7.4717, "municipality": "hagen"}, "zu_weit"),
        ({"latitude": 51.5, "longitude": None}, ""),
        ({}, ""),
    ],
)
def test_distance(facts: dict[str, Any], expected: str) -> None:
    assert reason(Profile(where=HAGEN), **facts) == expected


def test_a_district_belongs_to_its_municipality() -> None:
    far = {"latitude": 52.5, "longitude": 7.4717, "mode": "beliebig_im_gebiet"}
    haspe = Profile(where=replace(HAGEN, municipality="hagen haspe"))
    assert reason(haspe, **far, municipality="hagen") == ""
    assert reason(haspe, **far, municipality="hag") == "zu_weit"
    assert reason(haspe, **far, municipality="") == "zu_weit"


def test_whether_one_reason_alone_leaves_out() -> None:
    person = Profile(where=HAGEN, no_clearance=True)
    far = replace(OPEN, latitude=52.0, longitude=7.4717)
    alone, both = gate(far, person, NOW), gate(replace(far, clearance="einfach"), person, NOW)
    assert alone is not None
    assert (alone.reason, alone.only) == ("zu_weit", True)
    assert both is not None
    assert (both.reason, both.only) == ("fuehrungszeugnis", False)


def test_every_gate_has_words_and_a_reason_of_its_own() -> None:
    assert len({one.reason for one in GATES}) == len(GATES)
    assert all(one.counted and one.rule.endswith(".") for one in GATES)


@given(chances.offers())
def test_who_answers_nothing_is_left_out_of_nothing_that_is_open(offer: Offer) -> None:
    found = gate(offer, NOBODY, NOW)
    assert found is None or found.reason in {"geschlossen", "vorbei", "unbestaetigt"}


@given(chances.profiles())
def test_an_offer_that_says_nothing_is_kept_from_minors_only(profile: Profile) -> None:
    found = gate(OPEN, profile, NOW)
    assert (found.reason if found else "") == ("jugendschutz" if profile.minor else "")


def test_distances_are_those_of_the_globe() -> None:
    berlin = replace(OPEN, latitude=52.5200, longitude=13.4050)
    far = gates.distance_km(berlin, Where("Hamburg", 53.5511, 9.9937, 100))
    assert far == pytest.approx(255.3, abs=0.5)
    assert gates.distance_km(replace(OPEN, latitude=53.5511, longitude=9.9937), Where("", 53.5511, 9.9937, 1)) == 0
