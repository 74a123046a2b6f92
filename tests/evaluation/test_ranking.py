"""The figures of search themselves: that they fall where an order gets worse, and what they are made from is whole."""

import pytest

from tests.evaluation import collection, languages, search
from tests.evaluation.collection import Listed
from tests.evaluation.ranking import Asked, Judge
from tests.search.making import document

UNITS = ("dogs", "cats", "chess", "dogs")
JUDGE = Judge.of(
    [Listed(unit, document(number)) for number, unit in enumerate(UNITS)] + [Listed("dogs", document(9), noise=True)]
)
DOGS, CATS, CHESS, MORE_DOGS, NOISE = (document(number).uri for number in (0, 1, 2, 3, 9))
ASKED = Asked("hund", {"dogs": 2, "cats": 1})


def test_the_best_order_is_one_and_a_worse_one_is_less() -> None:
    assert JUDGE.ndcg(ASKED, [DOGS, MORE_DOGS, CATS, CHESS]) == 1
    worse = JUDGE.ndcg(ASKED, [CHESS, CATS, DOGS, MORE_DOGS])
    assert JUDGE.ndcg(ASKED, [CHESS]) == 0 < worse < JUDGE.ndcg(ASKED, [CATS, DOGS, MORE_DOGS]) < 1
    assert JUDGE.ndcg(ASKED, [DOGS]) == pytest.approx(3 / (3 + 3 / 1.5849625 + 1 / 2))


def test_recall_counts_what_fits() -> None:
    assert JUDGE.recall(ASKED, [CHESS, DOGS, CATS], 10) == pytest.approx(2 / 3)
    assert JUDGE.recall(ASKED, [CHESS, DOGS, CATS], 2) == pytest.approx(1 / 2)


def test_noise_is_wrong_unless_its_title_is_right() -> None:
    assert JUDGE.gains(ASKED, [NOISE, CATS]) == [1]
    assert JUDGE.gains(Asked("katze", {"cats": 2}), [NOISE, CATS]) == [0, 2]


@pytest.mark.unmeasured
def test_every_search_has_an_answer_that_is_there() -> None:
    listed = [one for draw in collection.DRAWS for one in collection.collect(draw, noise=50)]
    judges = [Judge.of(collection.collect(draw, noise=50)) for draw in collection.DRAWS]
    known = {one.unit for one in listed} | {f"demo/{idea}" for idea in collection._titles().values()}
    searches = search.questions()
    asked = [one for part in searches.values() for one in part]
    assert len({one.text for one in asked}) == 253
    assert len(searches["held_out"]) == 60
    for one in [*asked, *languages.questions()]:
        assert set(one.grades) <= known, one.text
        assert any(judge.best(one) for judge in judges), one.text
    assert len({one.unit for one in listed if not one.unit.startswith("demo/")}) >= 150
