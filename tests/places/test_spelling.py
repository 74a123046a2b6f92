"""Near spellings: the distance is right, the sieve before it loses nothing."""

from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.places.spelling import Spelling, distance

_WORDS = st.text("abcde", min_size=1, max_size=8)


def test_counts_edits_and_swaps() -> None:
    assert [distance("hagen", other, 2) for other in ("hagen", "hagn", "hgaen", "hafen", "haagenx", "berlin")] == [
        0,
        1,
        1,
        1,
        2,
        3,
    ]


@given(_WORDS, _WORDS)
def test_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other, 8) == distance(other, one, 8)
    assert (distance(one, other, 8) == 0) == (one == other)


@given(st.dictionaries(_WORDS, st.integers(0, 1000), min_size=1, max_size=30), _WORDS)
def test_finds_every_name_within_reach(names: dict[str, int], text: str) -> None:
    reach = 1 if len(text) <= 5 else 2
    near = {name for name in names if distance(text, name, reach) <= reach or name.startswith(text)}
    assert set(Spelling(names).near(text, 50)) == near
