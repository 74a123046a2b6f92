"""The vocabulary is wide and fixed, and words come as often as Zipf's law says."""

from collections import Counter

import pytest

from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.demo.words import WIDE, wide_vocabulary, zipf


def nouns(count: int) -> list[str]:
    first, second = ("Ba", "Ke", "Li", "Mo", "Nu", "Ra", "Se", "Ti", "Wo", "Zu"), ("bal", "den", "fing", "gost", "rum")
    return [f"{a}{b}{c}{d}" for a in first for b in second for c in second for d in second][:count]


def test_few_nouns_make_a_wide_vocabulary() -> None:
    words = wide_vocabulary(nouns(450))
    assert len(words) == len(set(words)) == WIDE
    assert all(word.isalpha() for word in words)


def test_the_vocabulary_does_not_depend_on_order_or_repetition() -> None:
    some = nouns(500)
    assert wide_vocabulary(some) == wide_vocabulary([*reversed(some), *some])


def test_nouns_are_all_kept_and_others_left_out() -> None:
    words = wide_vocabulary([*nouns(450), "zu-sammen", "x", "A" * 40, "2026"])
    assert set(nouns(450)) <= set(words)
    assert not {"zu-sammen", "x", "A" * 40, "2026"} & set(words)


def test_too_few_nouns_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        wide_vocabulary(nouns(20))


def test_zipf_draws_the_second_word_half_as_often_as_the_first() -> None:
    words = [f"w{rank}" for rank in range(1, 1001)]
    drawn = Counter(zipf(words, chance("test"), 200_000))
    assert 0.45 < drawn["w2"] / drawn["w1"] < 0.55
    assert 0.08 < drawn["w10"] / drawn["w1"] < 0.12
    assert drawn["w1000"] > 0


def test_a_width_beyond_all_compounds_is_refused() -> None:
    with pytest.raises(ValueError, match="only"):
        wide_vocabulary(nouns(400), width=1_000_000)
