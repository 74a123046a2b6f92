"""The score: each part by hand, the sum by hand, and what must hold for whatever is compared."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fediverse_ehrenamt.matching import gates, parts, rules, week
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile, Where
from fediverse_ehrenamt.matching.weights import CRITERIA, LEVELS, SLUGS, Weights
from fediverse_ehrenamt.vocab.types import Effort, Skill
from tests.matching import chances

USUAL = Weights()
HAGEN = Where("Hagen", 51.3608, 7.4717, 20, "hagen")
OFFER = Offer(uri="https://a.example/1")


def score(profile: Profile, **facts: Any) -> float:
    found = rules.score(replace(OFFER, **facts), profile, USUAL)
    assert found is not None
    return round(found, 2)


def cells(*names: str) -> int:
    return week.mask(names)


# --- each criterion alone: its weight falls out, what is left is 100 times its part -----------------------------------
@pytest.mark.parametrize("wanted", ["areas", "activities", "audiences"])
def test_sets(wanted: str) -> None:
    wish: dict[str, Any] = {wanted: frozenset({"sport", "kinder"})}
    two = Profile(**wish)
    assert score(two, **{wanted: ("sport",)}) == 75
    assert score(two, **{wanted: ("sport", "kinder", "mehr")}) == 100
    assert score(two, **{wanted: ("anderes",)}) == 0
    assert score(two, **{wanted: ()}) == 50
    assert score(two, **{wanted: ("sport", "sport")}) == 75


def test_an_offer_for_all_people_fits_whatever_audience() -> None:
    assert score(Profile(audiences=frozenset({"kinder", "aeltere"})), audiences=("alle",)) == 100


def test_kinds() -> None:
    assert score(Profile(kinds=frozenset({"einmalig"})), kind="einmalig") == 100
    assert score(Profile(kinds=frozenset({"einmalig", "projekt"})), kind="einmalig") == 75
    assert score(Profile(kinds=frozenset({"einmalig"})), kind="amt") == 0
    assert score(Profile(kinds=frozenset({"einmalig"}))) == 50


def test_time() -> None:
    saturday = Profile(cells=cells("sa-vormittags", "sa-mittags"))
    assert score(saturday, cells=cells("sa-vormittags")) == 100
    assert score(saturday, cells=cells("sa-vormittags", "so-vormittags", "mo-abends", "di-abends")) == 25
    assert score(saturday, cells=cells("mo-abends")) == 0
    assert score(saturday, cells=cells("mo-abends"), flexible=True) == 80
    assert score(saturday, cells=cells("sa-vormittags"), flexible=True) == 100
    assert score(saturday, flexible=True) == 80
    assert score(saturday, flexible=False) == 50
    assert score(saturday) == 50


def test_nearness() -> None:
    person = Profile(where=HAGEN)
    ten_km = {"latitude": 51.3608 + 10 / 111.195, "longitude": 7.4717}
    assert score(person, latitude=51.3608, longitude=7.4717) == 100
    assert score(person, **ten_km) == pytest.approx(50, abs=0.01)
    assert score(person, latitude=52.5, longitude=7.4717) == 0
    assert score(person, **ten_km, mode="online") == 90
    assert score(person, **ten_km, mode="beliebig_im_gebiet", municipality="hagen") == 95
    assert score(person, **ten_km, mode="beliebig_im_gebiet", municipality="iserlohn") == pytest.approx(50, abs=0.01)
    assert score(person) == 50


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Effort(min_hours=2, max_hours=3, per="woche"), 100),
        (Effort(min_hours=4, max_hours=6, per="woche"), 100),
        (Effort(min_hours=6, max_hours=6, per="woche"), 50),
        (Effort(min_hours=7, per="woche"), 25),
        (Effort(min_hours=8, per="woche"), 0),
        (Effort(min_hours=80, per="woche"), 0),
        (Effort(max_hours=9, per="woche"), 100),
        (Effort(min_hours=4 * 52 / 12 * 1.5, per="monat"), 50),
        (Effort(min_hours=4 * 52 * 1.25, per="jahr"), 75),
        (Effort(min_hours=10, per="einmalig"), 100),
        (Effort(min_hours=2, per="quartal"), 50),
        (Effort(per="woche"), 50),
        (None, 50),
    ],
)
def test_hours(asked: Effort | None, expected: float) -> None:
    assert score(Profile(hours=4, hours_per="woche"), effort=asked) == expected


@pytest.mark.parametrize(
    ("wanted", "asked", "expected"),
    [("6_monate", "3_monate", 100), ("6_monate", "6_monate", 100), ("6_monate", "1_jahr", 0),
     ("1_monat", "3_monate", 0), ("keine", "keine", 100), ("keine", "1_monat", 0), ("1_jahr", "laenger", 0),
     ("laenger", "laenger", 100), ("6_monate", "", 50), ("6_monate", "ewig", 50)],
)  # fmt: skip
def test_commitment(wanted: str, asked: str, expected: float) -> None:
    assert score(Profile(commitment=wanted), minimum_duration=asked) == expected


def test_what_happens_once_binds_nobody() -> None:
    assert score(Profile(commitment="keine"), kind="einmalig") == 100


def test_hours_and_commitment_share_one_weight() -> None:
    person = Profile(hours=4, commitment="6_monate")
    weekly = Effort(min_hours=6, per="woche")
    assert score(person, effort=weekly, minimum_duration="3_monate") == 75
    assert score(person, effort=weekly) == 50
    assert score(person, minimum_duration="3_monate") == 75
    assert score(person) == 50


@pytest.mark.parametrize(
    ("own", "wanted", "expected"),
    [("b1", "a2", 100), ("b1", "b1", 100), ("b1", "b2", 50), ("b1", "c1", 0), ("kein", "nicht_noetig", 100),
     ("kein", "a1", 50), ("a1", "", 50), ("a1", "unbekannt", 50), ("a1", "z9", 50), ("c1", "c1", 100)],
)  # fmt: skip
def test_german(own: str, wanted: str, expected: float) -> None:
    assert score(Profile(german_level=own), german_level=wanted) == expected


def test_suitable_with_little_german_is_a1() -> None:
    assert score(Profile(german_level="a1"), suitable_for=("wenig_deutsch",)) == 100
    assert score(Profile(german_level="a1"), suitable_for=("wenig_deutsch",), german_level="b1") == 0


def test_a_language_in_common() -> None:
    person = Profile(german_level="a1", languages=frozenset({"uk", "ru"}))
    assert score(person, german_level="b1") == 0
    assert score(person, german_level="b1", languages=("uk",)) == 75
    assert score(person, languages=("uk", "ru")) == 100
    assert score(person, languages=("ar",)) == 50
    only = Profile(languages=frozenset({"uk"}))
    assert score(only, languages=("uk",)) == 100
    assert score(only, languages=("ar",), german_level="c1") == 50


def test_skills() -> None:
    person = Profile(skills=("Führerschein", "Gitarre spielen"))
    licence, excel, guitar = (
        Skill(name="Führerschein Klasse B", required=True),
        Skill(name="Excel"),
        Skill(name="gitarre"),
    )
    assert score(person, skills=(licence,)) == 100
    assert score(person, skills=(licence, excel)) == 50
    assert score(person, skills=(licence, guitar, excel, Skill(name="Segeln"))) == 50
    assert score(person, skills=(Skill(name="Excel", required=True), licence, guitar)) == 0
    assert score(person, skills=(excel,)) == 0
    assert score(person) == 50
    assert score(Profile(skills=("!!",)), skills=(Skill(name="??"),)) == 0
    assert score(Profile(skills=("C",)), skills=(Skill(name="c"),)) == 100


def test_needs() -> None:
    person = Profile(needs=frozenset({"stufenlos", "leichte_sprache"}))
    assert score(person, accessibility=("stufenlos", "leichte_sprache")) == 100
    assert score(person, accessibility=("stufenlos",)) == 75
    assert score(person) == 50
    assert score(person, mode="online") == 75
    assert score(person, accessibility=("nicht_barrierefrei",)) == 0
    assert score(person, accessibility=("nicht_barrierefrei", "stufenlos")) == 50
    free = Profile(no_clearance=True)
    assert (score(free, clearance="nein"), score(free), score(free, clearance="einfach")) == (100, 50, 0)
    assert score(replace(person, no_clearance=True), clearance="nein") == pytest.approx(
        (0.5 + 0.5 + 1) / 3 * 100, abs=0.01
    )


def test_the_searched_words_count_where_there_are_some() -> None:
    nobody = Profile()
    assert rules.score(OFFER, nobody, USUAL) is None
    assert score(nobody, text_score=0.3) == 30
    assert score(nobody, text_score=7.0) == 100
    # (1.5 · 1 + 1.0 · 0.5) / 2.5
    assert score(Profile(areas=frozenset({"sport"})), areas=("sport",), text_score=0.5) == 80


# --- the sum ----------------------------------------------------------------------------------------------------------
def test_the_sum_by_hand() -> None:
    """82 %: area 1.5·1, time 1.2·1, nearness 1.0·0.84, needs 1.0·0.5, activity 1.5·0.75 of 6.2."""
    person = Profile(
        areas=frozenset({"umwelt_tiere"}),
        activities=frozenset({"garten_naturpflege", "tiere_versorgen"}),
        cells=cells("sa-vormittags"),
        where=HAGEN,
        needs=frozenset({"stufenlos"}),
    )
    facts = {
        "areas": ("umwelt_tiere",),
        "activities": ("garten_naturpflege",),
        "cells": cells("sa-vormittags"),
        "latitude": 51.3608 + 3.2 / 111.195,
        "longitude": 7.4717,
    }
    assert score(person, **facts) == pytest.approx(100 * (1.5 + 1.2 + 0.84 + 0.5 + 1.125) / 6.2, abs=0.01)
    assert score(person, **facts) == pytest.approx(83.31, abs=0.01)


def test_what_a_person_does_not_care_for_does_not_count() -> None:
    person = Profile(areas=frozenset({"sport"}), kinds=frozenset({"amt"}), levels=(("art", "egal"),))
    assert score(person, areas=("sport",), kind="projekt") == 100
    assert score(replace(person, levels=()), areas=("sport",), kind="projekt") == pytest.approx(150 / 2.1, abs=0.01)
    twice = replace(person, levels=(("art", "sehr"),))
    assert score(twice, areas=("sport",), kind="projekt") == pytest.approx(150 / 2.7, abs=0.01)
    assert rules.score(OFFER, Profile(kinds=frozenset({"amt"}), levels=(("art", "egal"),)), USUAL) is None


def test_weights_of_an_instance() -> None:
    assert Weights.of([("bereich", 3.0), ("art", 9.0), ("zeit", -1.0)]).values[:3] == (3.0, 1.5, 0.0)
    assert Weights.of([("art", 9.0)]).values[SLUGS.index("art")] == 3.0
    assert Weights.of([]) == USUAL
    assert Weights.of([("bereich", 2.0)]).personal([("bereich", "sehr")]).values[0] == 3.0
    assert USUAL.personal([(slug, "egal") for slug in SLUGS]).values == (0.0,) * len(CRITERIA)
    assert len(parts.JUDGES) == len(CRITERIA)
    assert LEVELS["normal"] == 1


def test_the_usual_weights_are_those_that_were_decided() -> None:
    assert {one.slug: one.weight for one in CRITERIA} == {
        "bereich": 1.5, "taetigkeit": 1.5, "zeit": 1.2, "naehe": 1.0, "faehigkeiten": 1.0, "umfang": 0.8,
        "zielgruppe": 0.8, "sprache": 0.6, "art": 0.6, "suchtext": 1.0, "bedarf": 1.0,
    }  # fmt: skip


# --- what holds for everything ----------------------------------------------------------------------------------------
@given(chances.offers(), chances.profiles(), chances.weights())
def test_a_score_is_from_0_to_100(offer: Offer, profile: Profile, instance: Weights) -> None:
    found = rules.score(offer, profile, instance)
    assert found is None or 0 <= found <= 100


@given(chances.offers(), chances.profiles(), chances.weights())
def test_the_breakdown_adds_up_to_the_score(offer: Offer, profile: Profile, instance: Weights) -> None:
    counted = rules.breakdown(offer, profile, instance)
    whole = sum(one.weight for one in counted)
    found = rules.score(offer, profile, instance)
    if found is None:
        assert counted == ()
    else:
        total = sum(one.weight * (0.5 if one.part is None else one.part) for one in counted)
        assert found == pytest.approx(100 * total / whole)


@given(chances.offers(), chances.profiles())
def test_each_part_is_from_0_to_1(offer: Offer, profile: Profile) -> None:
    distance = gates.distance_km(offer, profile.where)
    for criterion in rules.answered(profile):
        part = parts.JUDGES[criterion](profile)(offer, distance)
        assert part is None or 0 <= part <= 1


@given(chances.offers(), chances.profiles(), st.floats(0, 1), st.floats(0, 1))
def test_nearer_is_never_worse(offer: Offer, profile: Profile, first: float, second: float) -> None:
    person = replace(profile, where=HAGEN)
    near, far = sorted((first, second))
    one = replace(offer, latitude=HAGEN.latitude + near, longitude=HAGEN.longitude)
    other = replace(offer, latitude=HAGEN.latitude + far, longitude=HAGEN.longitude)
    assert (rules.score(one, person, USUAL) or 0) >= (rules.score(other, person, USUAL) or 0)


@given(chances.offers(), chances.profiles(), st.integers(0, 2**42 - 1))
def test_more_time_is_never_worse(offer: Offer, profile: Profile, more: int) -> None:
    assume(profile.cells)
    wider = replace(profile, cells=profile.cells | more)
    assert (rules.score(offer, wider, USUAL) or 0) >= (rules.score(offer, profile, USUAL) or 0)


@given(chances.offers(), chances.profiles(), st.integers(1, 200), st.integers(1, 200))
def test_more_hours_are_never_worse(offer: Offer, profile: Profile, first: int, second: int) -> None:
    few, many = sorted((first, second))
    less, more = replace(profile, hours=float(few)), replace(profile, hours=float(many))
    assert (rules.score(offer, more, USUAL) or 0) >= (rules.score(offer, less, USUAL) or 0)


@given(chances.offers(), chances.profiles(), st.sampled_from(["kein", "a1", "a2", "b1", "b2"]))
def test_better_german_is_never_worse(offer: Offer, profile: Profile, level: str) -> None:
    levels = ["kein", "a1", "a2", "b1", "b2", "c1"]
    better = replace(profile, german_level=levels[levels.index(level) + 1])
    worse = replace(profile, german_level=level)
    assert (rules.score(offer, better, USUAL) or 0) >= (rules.score(offer, worse, USUAL) or 0)


@given(chances.offers(), chances.profiles(), st.floats(0, 1), st.floats(0, 1))
def test_a_better_text_is_never_worse(offer: Offer, profile: Profile, first: float, second: float) -> None:
    low, high = sorted((first, second))
    better, worse = replace(offer, text_score=high), replace(offer, text_score=low)
    assert (rules.score(better, profile, USUAL) or 0) >= (rules.score(worse, profile, USUAL) or 0)
