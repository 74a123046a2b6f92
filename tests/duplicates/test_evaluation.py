"""The labelled pairs are enough, half of them hard negatives, and what is merged unasked is never wrong on them."""

from tests.evaluation import duplicates


def test_the_pairs_are_many_and_hard() -> None:
    pairs = list(duplicates.pairs())
    assert len(pairs) >= 200
    hard = [pair for pair in pairs if not pair.same]
    assert len(hard) >= 100
    assert {pair.half for pair in pairs} == {duplicates.TUNING, duplicates.HELD_OUT}


def test_nothing_different_is_merged_unasked_and_most_is_found() -> None:
    figures = duplicates.run()
    for half in (duplicates.TUNING, duplicates.HELD_OUT):
        assert figures[f"duplicates_{half}_automatic_precision"] == 1.0
        assert figures[f"duplicates_{half}_queue_recall"] > 0.6
        assert figures[f"duplicates_{half}_queue_precision"] > 0.7
