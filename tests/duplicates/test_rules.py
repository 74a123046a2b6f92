"""The rules: scores computed by hand, what contradicts, what may be merged unasked; and that they hold for any text."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.duplicates import rules, usual, wire
from fediverse_ehrenamt.duplicates.rules import Judgement, Listing, Profile
from tests.duplicates.making import FAR, HERE, NEAR, OTHER_TEXT, TEXT, document, profile
from tests.workbench import NOW


def judge(one: Profile, other: Profile, *known: Profile) -> Judgement:
    found = rules.judge(one, other, usual.usual(one, other, [usual.tally(known)]))
    assert found == rules.judge(other, one, usual.usual(other, one, [usual.tally(known)]))
    return found


def test_the_same_everywhere_is_one() -> None:
    found = judge(profile(), profile(2, "b.example"))
    assert found.parts == {"text": 1.0, "title": 1.0, "organisation": 1.0, "near": 1.0}
    assert found.score == pytest.approx(1.0)
    assert not found.automatic, "another actor, another address: somebody is asked"
    assert found.doubtful


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({"at": NEAR}, 1.0),
        ({"at": (51.3640, 7.4750)}, 0.9),  # 511 m
        ({"at": None}, 1.0),  # nearness is not known: (0.5 + 0.2 + 0.2) / 0.9
        ({"organisation": "b.example"}, 1.0),  # nobody's name: (0.5 + 0.2 + 0.1) / 0.8
        ({"organisation": "Nachtigall"}, 0.85),  # 0.5 + 0.2 + 0 + 0.1 = 0.8, but the text alone says 0.85
        ({"text": OTHER_TEXT}, 0.53),  # 0.5 and a little: two German texts share some runs of five letters
        ({"text": "", "title": "Lesepate"}, 0.84),
        ({"text": "", "title": "Gassigeher"}, 0.0),
    ],
)
def test_scores_by_hand(changes: dict[str, Any], score: float) -> None:
    found = judge(profile(organisation="Stadtbücherei Hagen"), profile(2, "b.example", **changes))
    assert found.score == pytest.approx(score, abs=0.03)
    assert found.against == ()


def test_a_text_that_is_a_part_of_the_other() -> None:
    """Jaccard's index would be 0.36; that all of a part is in the whole counts 0.9."""
    part = TEXT.partition(" Acht")[0] + " Acht bis zwölf Kinder zwischen vier und sieben Jahren."
    found = judge(profile(), profile(2, "b.example", text=part))
    assert found.parts["text"] == pytest.approx(0.9, abs=0.03)


def test_usual_text_counts_by_how_many_others_have_it() -> None:
    """Two offers share only what three others say too: each shingle of that counts 1/16."""
    about = "Wir sind ein Verein mit vielen Ehrenamtlichen, Sie sind versichert und bekommen eine Schulung zur Hygiene."
    first = profile(1, text=f"Brot und Obst ausgeben an der Theke im Laden. {about}", title="Ausgabe")
    second = profile(2, text=f"Transporter fahren, Kisten laden, Touren planen. {about}", title="Fahrdienst")
    others = [profile(number, text=f"Ganz etwas anderes: Aufgabe {number}. {about}") for number in (3, 4, 5)]
    plain, known = judge(first, second).parts["text"], judge(first, second, *others, first, second).parts["text"]
    assert plain is not None
    assert known is not None
    assert plain > 0.5
    assert known < 0.15


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ({"place": "Altenessen, Essen", "at": HERE}, {"place": "Borbeck, Essen", "at": (51.40, 7.47)}, "place"),
        ({"at": HERE}, {"at": FAR}, "place"),
        ({"place": "Kita Nord", "at": None}, {"place": "Schule Süd", "at": None}, "place"),
        (
            {"title": "Nachbarschaftshilfe Borbeck"},
            {"title": "Nachbarschaftshilfe Kettwig", "host": "a.example"},
            "subject",
        ),
        ({"when": "dienstags 16 Uhr"}, {"when": "Mo, Do"}, "days"),
        ({"text": TEXT + " Jeden Freitag."}, {"text": TEXT + " Jeden Montag."}, "days"),
        ({"text": TEXT + " Für Kinder von 6 bis 9 Jahren."}, {"text": TEXT + " Von 12 bis 15 Jahren."}, "ages"),
        ({"text": TEXT + " Am 12. März."}, {"text": TEXT + " Am 19.3. geht es los."}, "dates"),
        ({"title": "Trainer U10"}, {"title": "Trainer U12"}, "numbers"),
        ({"place": "58095 Hagen"}, {"place": "58119 Hagen"}, "postcode"),
    ],
)
def test_what_contradicts(one: dict[str, Any], other: dict[str, Any], name: str) -> None:
    host = other.pop("host", "b.example")
    found = judge(profile(1, **one), profile(2, host, **other))
    assert name in found.against
    assert found.score <= 1.0 - rules.CONTRADICTION * len(found.against) + 1e-9
    assert not found.automatic


@pytest.mark.parametrize(
    ("one", "other", "against"),
    [
        ("Markt 1, Hagen", "Haspe, Hagen", ()),  # one list has the street, another the part of town
        ("Haspe, Hagen", "Boele, Hagen", ("place",)),
        ("Markt 1, Hagen", "Brücke 2, Hagen", ("place",)),
        ("Markt 1, Hagen", "Haspe, Essen", ("place",)),
        ("Markt 1, Hagen", "Essen", ("place",)),
    ],
)
def test_a_street_may_be_in_a_part_of_its_town(one: str, other: str, against: tuple[str, ...]) -> None:
    somewhere = (51.4000, 7.4750)  # 4.5 km away: the middle of the town, where only that is known
    assert judge(profile(place=one), profile(2, "b.example", place=other, at=somewhere)).against == against
    assert judge(profile(place=other), profile(2, "b.example", place=one, at=somewhere)).against == against


def test_branches_of_an_association_are_different() -> None:
    district = profile(organisation="DRK Kreisverband Unna e.V.", text=OTHER_TEXT)
    local = profile(2, "b.example", organisation="DRK Ortsverein Unna")
    assert judge(district, local).parts["organisation"] == rules.APART
    same = profile(3, "b.example", organisation="Deutsches Rotes Kreuz, KV Unna")
    assert judge(district, same).parts["organisation"] == 1.0


def test_an_agency_that_names_the_organisation() -> None:
    agency = profile(
        2, "b.example", organisation="Freiwilligenzentrale", text=f"Der Kinderschutzbund sucht: {OTHER_TEXT}"
    )
    found = judge(profile(organisation="Kinderschutzbund e.V.", text=OTHER_TEXT), agency)
    assert found.parts["organisation"] == rules.CONTAINED


@pytest.mark.parametrize(
    ("changes", "automatic"),
    [
        ({"organisation_uri": "https://a.example/ap/buecherei"}, True),
        ({"url": "http://www.a.example/angebote/1/?utm_source=x#top"}, True),
        ({"same_as": ("https://a.example/ap/1",)}, True),
        ({"same_as": ("https://a.example/ap/1",), "when": "montags"}, False),
        ({"same_as": ("https://a.example/ap/1",), "text": OTHER_TEXT}, False),
        ({"url": "https://a.example/"}, False),  # a whole website is nobody's address
        ({}, False),
    ],
)
def test_what_is_merged_unasked(changes: dict[str, Any], *, automatic: bool) -> None:
    found = judge(profile(when="dienstags"), profile(2, "b.example", **changes))
    assert found.automatic is automatic


@pytest.mark.parametrize(
    ("one", "other", "automatic"),
    [
        ({}, {"at": (51.3640, 7.4750)}, True),  # 511 m
        ({}, {"at": (51.4000, 7.4750)}, True),  # 4.5 km: the office of who lists it
        ({"place": "Haspe, Hagen"}, {"place": "Boele, Hagen", "at": (51.3640, 7.4750)}, False),
        ({"place": "Hagen"}, {"place": "Hagen", "at": (51.3640, 7.4750)}, True),
        ({"place": "Hagen"}, {"place": "Hagen", "at": (51.4000, 7.4750)}, False),
        (
            {"place": "Hagen", "district": "Hagen-Haspe"},
            {"place": "Hagen", "district": "Hagen-Boele", "at": (51.3640, 7.4750)},
            False,
        ),
        (
            {"place": "Haspe, Hagen", "district": "Hagen-Haspe"},
            {"place": "Boele, Hagen", "district": "Hagen-Boele"},
            False,  # both at the office of who lists them
        ),
        ({"place": "Hagen", "title": "Lesen in Haspe"}, {"place": "Hagen", "title": "Lesen in Boele"}, False),
        ({}, {"at": (51.4000, 7.4750), "text": TEXT.replace("Acht", "Neun")}, False),
        ({}, {"at": (51.4000, 7.4750), "title": "Lesepaten am Samstag gesucht"}, False),
        ({}, {"at": FAR}, False),
    ],
)
def test_one_offer_of_two_sources_may_have_two_points_but_branches_stay_apart(
    one: dict[str, Any], other: dict[str, Any], *, automatic: bool
) -> None:
    """Both are of one actor of one instance that imports two lists."""
    assert judge(profile(**one), profile(2, "a.example", **other)).automatic is automatic


@pytest.mark.parametrize(
    ("starts", "host", "score"),
    [
        (NOW, "b.example", 1.0),
        (NOW + timedelta(days=7), "b.example", 0.0),  # the next of a series
        (NOW + timedelta(hours=1), "b.example", 0.9),  # a lost time zone
        (NOW + timedelta(hours=1), "a.example", 0.0),  # a portal's own second session
        (NOW + timedelta(hours=5), "b.example", 0.0),
        (NOW.replace(hour=23, minute=0) - timedelta(days=1), "b.example", 0.9),  # a day without an hour
        (None, "b.example", 0.0),
    ],
)
def test_events_are_one_on_one_day_only(starts: Any, host: str, score: float) -> None:
    one = profile(1, kind="event", starts_at=NOW)
    found = judge(one, profile(2, host, kind="event", starts_at=starts))
    assert found.score == pytest.approx(score)


def test_another_kind_is_another_thing() -> None:
    assert judge(profile(), profile(2, kind="post")) == rules.UNLIKE
    assert judge(profile(), profile()) == rules.UNLIKE, "a thing is no duplicate of itself"


def _without_words(one: Profile) -> Profile:
    """Return what `worthwhile` may look at."""
    listing = replace(one.listing, uri="", title="", text="", organisation="", place="", when="", addresses=frozenset())
    return replace(one, listing=listing, content="", place=())


_WORDS = st.text(max_size=300)
_PLACES = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@st.composite
def _listings(draw: st.DrawFn) -> Listing:
    """Anything; often with words of the samples, so that there is something to compare."""
    text = draw(_WORDS | st.sampled_from([TEXT, OTHER_TEXT, TEXT[:150], ""]))
    one = document(
        draw(st.integers(1, 3)), draw(st.sampled_from(["a.example", "b.example"])), at=draw(_PLACES), text=text
    )
    days = draw(st.none() | st.integers(0, 200))
    return replace(
        wire.listing(one),
        title=draw(_WORDS | st.just(one.title)),
        organisation=draw(_WORDS | st.just(one.organisation)),
        place=draw(_WORDS),
        starts_at=None if days is None else NOW + timedelta(hours=days),
    )


@pytest.mark.unmeasured
@given(_listings(), _listings(), st.lists(_listings(), max_size=3))
def test_any_two_have_one_score_from_0_to_1(one: Listing, other: Listing, known: list[Listing]) -> None:
    mine, yours = rules.profile(one), rules.profile(other)
    found = judge(mine, yours, *map(rules.profile, known))
    assert 0.0 <= found.score <= 1.0 + 1e-9
    assert all(value is None or -1e-9 <= value <= 1.0 + 1e-9 for value in found.parts.values())
    assert not (found.automatic and found.doubtful)
    assert rules.worthwhile(mine, yours) == rules.worthwhile(yours, mine)
    assert rules.worthwhile(mine, wire.read_brief(wire.brief(yours))) == rules.worthwhile(mine, _without_words(yours))


@pytest.mark.parametrize("piece", ["Ehrenamt ", "a", "1. 1. ", "6 bis ", "<p>ä</p>", "montag "])
def test_long_texts_take_little_time(piece: str) -> None:
    one = profile(1, text=piece * 100_000, title=piece * 1_000)
    other = profile(2, "b.example", text=piece * 99_999 + "x", title=piece * 999)
    began = time.process_time()
    judge(one, other, one, other)
    assert time.process_time() - began < 2.0
