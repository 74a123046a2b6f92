"""The order: freshness, the penalty, ties, and no organisation that fills the first ten."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.matching import rules
from fediverse_ehrenamt.matching.offers import Offer
from fediverse_ehrenamt.matching.profile import Profile, Where
from fediverse_ehrenamt.matching.rules import Order
from fediverse_ehrenamt.matching.weights import Weights
from tests.matching import chances
from tests.matching.chances import NOW

USUAL = Weights()
SPORTY = Profile(areas=frozenset({"sport"}))


def offer(number: int, organisation: str = "", **facts: Any) -> Offer:
    usual: dict[str, Any] = {"areas": ("sport",), "confirmed_at": NOW}
    made = Offer(uri=f"https://a.example/{number:03}", organisation_uri=organisation)
    return replace(made, **usual | facts)


def uris(found: Order) -> list[str]:
    return [match.offer.uri.rpartition("/")[2] for match in found.matches]


@pytest.mark.parametrize(
    ("days", "factor"), [(0, 1.0), (90, 1.0), (90.1, 0.95), (180, 0.95), (180.1, 0.85), (365, 0.85), (-0.5, 1.0)]
)
def test_freshness(days: float, factor: float) -> None:
    assert rules.freshness(NOW - timedelta(days=days), NOW) == factor
    found = rules.order([offer(1, confirmed_at=NOW - timedelta(days=days))], SPORTY, USUAL, NOW)
    assert found.matches[0].rank == pytest.approx(100 * factor)


def test_what_nobody_confirmed_or_only_the_future_did_is_least_fresh() -> None:
    assert rules.freshness(None, NOW) == rules.freshness(NOW + timedelta(days=2), NOW) == 0.85


@pytest.mark.parametrize(
    ("enquiries", "places", "points"),
    [(0, 1, 0), (1, 1, 2), (2, None, 4), (2, 0, 4), (3, 2, 3), (3, 1, 5), (40, 8, 5), (-3, 1, 0)],
)
def test_penalty(enquiries: int, places: int | None, points: float) -> None:
    asked = offer(1, recent_enquiries=enquiries, places=places)
    assert rules.penalty(asked) == points
    assert rules.order([asked], SPORTY, USUAL, NOW).matches[0].rank == pytest.approx(100 - points)


def test_ties_go_to_the_newest_confirmation_then_to_the_uri() -> None:
    older = NOW - timedelta(days=5)
    listed = [offer(3), offer(1, confirmed_at=older), offer(2), offer(4, confirmed_at=NOW - timedelta(days=80))]
    assert uris(rules.order(listed, SPORTY, USUAL, NOW)) == ["002", "003", "001", "004"]


def test_without_any_answer_the_freshest_come_first() -> None:
    listed = [offer(1, confirmed_at=NOW - timedelta(days=100)), offer(2), offer(3, confirmed_at=None)]
    found = rules.order(listed, Profile(), USUAL, NOW)
    assert uris(found) == ["002", "001", "003"]
    assert {match.points for match in found.matches} == {None}


def test_what_is_silent_about_the_search_stays_behind_what_meets_it() -> None:
    listed = [offer(1, areas=("kultur",)), offer(2), offer(3, areas=("kultur",))]
    silent = {one.uri for one in listed[1:]}
    assert uris(rules.order(listed, SPORTY, USUAL, NOW, unsure=silent)) == ["001", "002", "003"]


def test_no_organisation_fills_the_first_ten() -> None:
    listed = [offer(number, "big") for number in range(8)]
    listed += [offer(20 + number, f"small{number}", confirmed_at=NOW - timedelta(days=1)) for number in range(7)]
    found = uris(rules.order(listed, SPORTY, USUAL, NOW))
    assert found[:10] == ["000", "001", "002", "020", "021", "022", "023", "024", "025", "026"]
    assert found[10:] == ["003", "004", "005", "006", "007"]


def test_where_there_is_nobody_else_it_does() -> None:
    listed = [offer(number, "big") for number in range(8)] + [offer(9, "small")]
    assert uris(rules.order(listed, SPORTY, USUAL, NOW)) == [
        "000",
        "001",
        "002",
        "009",
        "003",
        "004",
        "005",
        "006",
        "007",
    ]
    alone = [offer(number) for number in range(12)]
    assert uris(rules.order(alone, SPORTY, USUAL, NOW)) == [f"{number:03}" for number in range(12)], "no organisation"


def test_what_was_left_out_is_counted_by_its_reason() -> None:
    hagen = replace(SPORTY, where=Where("Hagen", 51.3608, 7.4717, 10))
    far: dict[str, Any] = {"latitude": 53.0, "longitude": 7.5}
    listed = [offer(1), offer(2, **far), offer(3, **far), offer(4, status="besetzt"), offer(5, status="besetzt", **far)]
    found = rules.order(listed, hagen, USUAL, NOW)
    assert [(left.gate.reason, left.count, left.only) for left in found.left] == [
        ("geschlossen", 2, 1),
        ("zu_weit", 2, 2),
    ]
    assert uris(found) == ["001"]


@given(st.lists(chances.offers(), max_size=25), chances.profiles(), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_offers_come(
    listed: list[Offer], profile: Profile, dice: random.Random
) -> None:
    unique = list({one.uri: one for one in listed}.values())
    mixed = list(unique)
    dice.shuffle(mixed)
    first, second = rules.order(unique, profile, USUAL, NOW), rules.order(mixed, profile, USUAL, NOW)
    assert first == second
    assert len(first.matches) + sum(left.count for left in first.left) == len(unique)


@given(st.lists(chances.open_offers(), max_size=30), st.integers(1, 4))
def test_at_most_so_many_of_one_unless_there_is_nobody_else(listed: list[Offer], most: int) -> None:
    found = rules.order(listed, Profile(), USUAL, NOW, most_of_one=most).matches
    top = [match.offer.organisation_uri for match in found[: rules.TOP]]
    rest = [match.offer.organisation_uri for match in found[rules.TOP :]]
    for organisation in {one for one in top if one}:
        if top.count(organisation) > most:
            assert all(one and (one == organisation or top.count(one) >= most) for one in rest)
