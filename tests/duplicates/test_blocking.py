"""Keys: listings of one need share some, and a sketch tells how much of a text still stands."""

import pytest

from fediverse_ehrenamt.duplicates import blocking
from fediverse_ehrenamt.duplicates.blocking import likeness, sketch
from tests.duplicates.making import FAR, OTHER_TEXT, TEXT, profile
from tests.workbench import NOW

STRANGE = {"organisation": "Nachtigall", "title": "Ganz anders", "at": FAR}


@pytest.mark.parametrize(
    "changes",
    [
        {**STRANGE},  # the same text
        {**STRANGE, "text": "Neu", "organisation": "Stadtbücherei Hagen e.V."},
        {**STRANGE, "text": "Neu", "url": "http://a.example/angebote/1/"},
        {**STRANGE, "text": "Neu", "same_as": ("https://www.a.example/ap/1#x",)},
        {"text": "Neu", "organisation": "Nachtigall", "title": "Lesepaten"},  # the same title close by
        {**STRANGE, "text": "Die Bücherei sucht: " + TEXT + " Rufen Sie an, wir beraten Sie gern und unabhängig."},
    ],
)
def test_one_need_shares_a_key(changes: dict[str, object]) -> None:
    assert set(blocking.keys(profile())) & set(blocking.keys(profile(2, "b.example", **changes)))


def test_what_has_nothing_in_common_shares_none() -> None:
    other = profile(2, "b.example", **STRANGE, text=OTHER_TEXT)
    assert set(blocking.keys(profile())).isdisjoint(blocking.keys(other))


def test_events_share_keys_on_their_day_only() -> None:
    one = profile(1, kind="event", starts_at=NOW)
    same = profile(2, "b.example", kind="event", starts_at=NOW.replace(hour=14))
    assert set(blocking.keys(one)) & set(blocking.keys(same))
    next_week = profile(3, "b.example", kind="event", starts_at=NOW.replace(day=29))
    assert set(blocking.keys(one)).isdisjoint(blocking.keys(next_week))


def test_keys_are_few_and_fit_the_database() -> None:
    made = blocking.keys(profile(text=TEXT * 50, title="Ein sehr langer Titel mit wirklich vielen Wörtern darin"))
    assert len(made) <= 15
    assert all(-(2**63) <= key < 2**63 for key in made)


def test_a_sketch_tells_how_much_still_stands() -> None:
    before = sketch(profile())
    assert likeness(before, sketch(profile())) == 1.0
    assert likeness(before, sketch(profile(text=TEXT + " Bitte bringen Sie Zeit mit."))) > 0.75
    assert likeness(before, sketch(profile(text=OTHER_TEXT))) < 0.2
    assert likeness(b"", b"") == 1.0
