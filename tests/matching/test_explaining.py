"""The explanation: the sentence people read, and that it speaks of exactly what was answered."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from fediverse_ehrenamt.matching import explaining, rules, week, weights, wording
from fediverse_ehrenamt.matching.explaining import Explanation, Outcome, Part, Topic
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile, Where
from fediverse_ehrenamt.matching.weights import Weights
from fediverse_ehrenamt.vocab.types import Effort, Skill
from fediverse_ehrenamt.web import i18n
from tests.matching import chances
from tests.matching.chances import NOW

DE, EN = i18n.language("de"), i18n.language("en")
USUAL = Weights()
HAGEN = Where("Hagen", 51.3608, 7.4717, 20, "hagen")
SATURDAY = week.mask(["sa-vormittags"])
OFFER = Offer(uri="https://a.example/1")


def said(profile: Profile, words: i18n.Language = DE, **facts: Any) -> str:
    return wording.sentence(explaining.explain(replace(OFFER, **facts), profile, USUAL), words)


def test_the_sentence_of_the_issue() -> None:
    person = Profile(areas=frozenset({"umwelt_tiere"}), cells=SATURDAY, where=HAGEN, needs=frozenset({"stufenlos"}))
    facts: dict[str, Any] = {
        "areas": ("umwelt_tiere",), "cells": SATURDAY, "latitude": 51.3608 + 3.2 / 111.195, "longitude": 7.4717,
    }  # fmt: skip
    # 100 · (1.5 + 1.2 + 0.84 + 0.5) / 4.7 = 85.96
    assert said(person, **facts) == (
        "Passt zu 86 %: Bereich Umwelt & Tiere ✓, Samstag vormittags ✓, 3,2 km; nicht angegeben: Barrierefreiheit"
    )


@pytest.mark.parametrize(
    ("person", "facts", "sentence"),
    [
        (Profile(), {}, ""),
        (Profile(areas=frozenset({"sport"})), {"areas": ("kultur",)}, "Passt zu 0 %; passt nicht: Bereich"),
        (Profile(areas=frozenset({"sport"})), {}, "Passt zu 50 %; nicht angegeben: Bereich"),
        (
            Profile(activities=frozenset({"lernhilfe", "beraten", "it_digital"})),
            {"activities": ("lernhilfe", "beraten", "it_digital")},
            "Passt zu 100 %: Beim Lernen helfen und 2 weitere ✓",
        ),
        (Profile(cells=SATURDAY), {"flexible": True}, "Passt zu 80 %: Zeiten nach Absprache ✓"),
        (Profile(cells=SATURDAY), {"cells": week.mask(["mo-abends"])}, "Passt zu 0 %; passt nicht: Zeiten"),
        (Profile(where=HAGEN), {"mode": "online"}, "Passt zu 90 %: online ✓"),
        (
            Profile(where=HAGEN),
            {"mode": "beliebig_im_gebiet", "municipality": "hagen"},
            "Passt zu 95 %: überall im Gebiet ✓",
        ),
        (
            Profile(skills=("Gitarre",)),
            {"skills": (Skill(name="Führerschein", required=True), Skill(name="Gitarre spielen"))},
            "Passt zu 0 %; passt nicht: Fähigkeiten (Führerschein)",
        ),
        (Profile(skills=("Gitarre",)), {"skills": (Skill(name="Gitarre"),)}, "Passt zu 100 %: Gitarre ✓"),
        (
            Profile(hours=4, commitment="6_monate"),
            {"effort": Effort(min_hours=6, per="woche"), "minimum_duration": "3_monate"},
            "Passt zu 75 %: etwas mehr Zeitaufwand als gewünscht, Mindestdauer ✓",
        ),
        (Profile(german_level="b1"), {"german_level": "a2"}, "Passt zu 100 %: Deutsch A2 reicht"),
        (Profile(german_level="a2"), {"german_level": "b1"}, "Passt zu 50 %: Deutsch B1 gewünscht"),
        (Profile(german_level="kein"), {"german_level": "nicht_noetig"}, "Passt zu 100 %: kein Deutsch nötig"),
        (Profile(german_level="a1"), {"german_level": "c1"}, "Passt zu 0 %; passt nicht: Deutschkenntnisse"),
        (Profile(languages=frozenset({"uk"})), {"languages": ("uk",)}, "Passt zu 100 %: Ukrainisch ✓"),
        (Profile(audiences=frozenset({"kinder"})), {"audiences": ("alle",)}, "Passt zu 100 %: für: Alle ✓"),
        (Profile(kinds=frozenset({"einmalig"})), {"kind": "einmalig"}, "Passt zu 100 %: Art: Einmaliger Einsatz ✓"),
        (
            Profile(needs=frozenset({"stufenlos", "aufzug"})),
            {"accessibility": ("aufzug",)},
            "Passt zu 75 %: Barrierefreiheit: Aufzug ✓; nicht angegeben: Barrierefreiheit",
        ),
        (Profile(no_clearance=True), {"clearance": "nein"}, "Passt zu 100 %: ohne Führungszeugnis ✓"),
        (Profile(no_clearance=True), {}, "Passt zu 50 %; nicht angegeben: Führungszeugnis"),
        (
            Profile(age="16_17", kinds=frozenset({"amt"})),
            {"minimum_age": 16, "kind": "amt"},
            "Passt zu 100 %: Art: Ehrenamtliches Amt (Vorstand u. Ä.) ✓, ab 16 Jahren ✓",
        ),
        (
            Profile(age="16_17", kinds=frozenset({"amt"})),
            {"for_minors": True, "kind": "amt"},
            "Passt zu 100 %: Art: Ehrenamtliches Amt (Vorstand u. Ä.) ✓, für Minderjährige geeignet ✓",
        ),
        (
            Profile(cells=SATURDAY, hours=4),
            {"cells": SATURDAY, "effort": Effort(min_hours=6, per="woche"), "told": ("cells", "effort")},
            (
                "Passt zu 80 %: Samstag vormittags ✓ (aus dem Text gelesen), "
                "etwas mehr Zeitaufwand als gewünscht (aus dem Text gelesen)"
            ),
        ),
        (
            Profile(cells=SATURDAY, hours=4),
            {"cells": week.mask(["mo-abends"]), "told": ("cells", "effort")},
            "Passt zu 20 %; passt nicht: Zeiten (aus dem Text gelesen); nicht angegeben: Zeitaufwand",
        ),
        (
            Profile(cells=SATURDAY),
            {"flexible": True, "told": ("flexible",)},
            "Passt zu 80 %: Zeiten nach Absprache ✓ (aus dem Text gelesen)",
        ),
        (Profile(), {"text_score": 0.3}, "Passt zu 30 %: Suchwort eher am Rande"),
    ],
)
def test_sentences(person: Profile, facts: dict[str, Any], sentence: str) -> None:
    assert said(person, **facts) == sentence


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["sa-vormittags", "sa-mittags"], "Samstag vormittags/mittags ✓"),
        (["mo-nachmittags", "di-nachmittags", "mi-nachmittags", "do-nachmittags", "fr-nachmittags"],
         "Montag–Freitag nachmittags ✓"),
        (["mo-abends", "do-abends"], "Montag, Donnerstag abends ✓"),
        (["mo-abends", "di-mittags"], "Montag abends und Dienstag mittags ✓"),
        (["mo-abends", "di-mittags", "mi-morgens"], "Montag abends und 2 weitere ✓"),
        ([f"{day}-abends" for day in week.DAYS], "täglich abends ✓"),
        ([f"so-{part}" for part in week.PARTS], "Sonntag ✓"),
    ],
)  # fmt: skip
def test_times_in_words(cells: list[str], words: str) -> None:
    part = Part(Topic.TIME, Outcome.FITS, week.cells(week.mask(cells)))
    assert wording.sentence(Explanation(100, (part,)), DE) == f"Passt zu 100 %: {words}"


def test_what_others_wrote_stays_text_and_short() -> None:
    name = "\u202e" + "<script>" * 40
    found = said(Profile(skills=(name,)), skills=(Skill(name=name),))
    assert "\u202e" not in found
    assert len(found) < 120


def test_what_was_left_out_in_words() -> None:
    person = Profile(where=replace(HAGEN, radius_km=10), german_level="kein")
    far: dict[str, Any] = {"latitude": 53.0, "longitude": 7.5}
    listed = [replace(OFFER, **far), replace(OFFER, **far), replace(OFFER, **far, german_level="b1"),
              replace(OFFER, status="besetzt")]  # fmt: skip
    found = rules.order(listed, person, USUAL, NOW)
    assert wording.excluded(found, DE) == (
        "4 ausgeschlossen: 1 nicht mehr offen, 1 nur mit Deutschkenntnissen, 2 zu weit weg"
    )
    assert wording.loosening(found) == (("umkreis", 2),)
    nothing = rules.order([OFFER], person, USUAL, NOW)
    assert (wording.excluded(nothing, DE), wording.loosening(nothing)) == ("", ())


@given(chances.offers(), chances.profiles())
def test_it_speaks_of_exactly_what_was_answered_and_counts(offer: Offer, profile: Profile) -> None:
    values = USUAL.personal(profile.levels).values
    counts = {one for one in rules.answered(profile) if values[one] > 0}
    topics = {part.topic for part in explaining.explain(offer, profile, USUAL).parts}
    spoken = {
        weights.AREAS: {Topic.AREAS}, weights.ACTIVITIES: {Topic.ACTIVITIES},
        weights.TIME: {Topic.TIME, Topic.FLEXIBLE}, weights.SKILLS: {Topic.SKILLS},
        weights.DISTANCE: {Topic.DISTANCE, Topic.ONLINE, Topic.AREA_WIDE}, weights.AUDIENCES: {Topic.AUDIENCES},
        weights.EFFORT: {Topic.HOURS, Topic.COMMITMENT}, weights.LANGUAGE: {Topic.GERMAN, Topic.LANGUAGES},
        weights.KIND: {Topic.KIND},
    }  # fmt: skip
    for criterion, ways in spoken.items():
        assert bool(topics & ways) == (criterion in counts)
    assert (Topic.HOURS in topics) == (weights.EFFORT in counts and profile.hours is not None)
    assert (Topic.GERMAN in topics) == (weights.LANGUAGE in counts and profile.german_level != "")
    assert (Topic.ACCESSIBILITY in topics) == bool(profile.needs)
    assert (Topic.CLEARANCE in topics) == profile.no_clearance
    assert (Topic.MINORS in topics) == profile.minor
    assert (Topic.TEXT in topics) == (offer.text_score is not None and values[weights.TEXT] > 0)


@given(chances.offers(), chances.profiles())
def test_it_can_always_be_said(offer: Offer, profile: Profile) -> None:
    explanation = explaining.explain(offer, profile, USUAL)
    sentence = wording.sentence(explanation, DE)
    assert sentence.startswith(f"Passt zu {explanation.percent} %") if explanation.percent is not None else not sentence
    assert "%(" not in sentence
    points = rules.score(offer, profile, USUAL)
    assert explanation.percent == (None if points is None else round(points))
