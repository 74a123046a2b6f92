"""Groups: the same as the same is the same, but never across a "different"; and who stands for a group."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.duplicates import grouping
from fediverse_ehrenamt.duplicates.grouping import MOST, Member, groups
from tests.workbench import NOW

_PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]))
PLAIN = Member(1, "https://m.example/1", own=False, original=1, filled=3, fresh_at=NOW)


def test_what_is_joined_in_a_row_is_one() -> None:
    assert groups(range(5), [(0, 1), (1, 2)], []) == [{0, 1, 2}, {3}, {4}]


def test_a_group_never_holds_two_that_are_different() -> None:
    assert groups(range(3), [(0, 1), (1, 2)], [(0, 2)]) == [{0, 1}, {2}]
    assert groups(range(3), [(1, 2), (0, 1)], [(2, 0)]) == [{0}, {1, 2}]


def test_a_group_is_no_crowd() -> None:
    many = [(number, number + 1) for number in range(2 * MOST)]
    assert max(map(len, groups(range(2 * MOST + 1), many, []))) <= MOST


@given(_PAIRS, _PAIRS)
def test_groups_part_all_and_keep_what_is_apart(joined: list[tuple[int, int]], apart: list[tuple[int, int]]) -> None:
    found = groups(range(10), joined, apart)
    assert sorted(number for group in found for number in group) == list(range(10))
    assert not any({one, other} <= group for one, other in apart for group in found)


def test_who_stands_for_a_group() -> None:
    """One's own first, then the original, then who tells most, then who was confirmed last."""
    ranked = [
        replace(PLAIN, own=True, original=0, filled=0),
        replace(PLAIN, original=2, filled=1),
        replace(PLAIN, filled=5, fresh_at=NOW - timedelta(days=400)),
        replace(PLAIN, fresh_at=NOW),
        replace(PLAIN, fresh_at=NOW - timedelta(days=1)),
        replace(PLAIN, fresh_at=None, uri="https://m.example/2"),
        replace(PLAIN, fresh_at=None, uri="https://m.example/3"),
    ]
    assert grouping.ordered(reversed(ranked)) == ranked
