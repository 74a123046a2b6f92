"""Index.best: what is ordered anew for one person; the same hits in the same order as `find`, with their scores."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fediverse_ehrenamt.search import card, measure
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.engine import Index, Results
from fediverse_ehrenamt.search.filters import BY_DATE
from fediverse_ehrenamt.search.model import Facts
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.vocab.types import Effort, Skill
from tests.search.making import HAGEN, NOW, document, event, filled

DAY = timedelta(days=1)
AROUND = Circle(HAGEN.latitude, HAGEN.longitude, 20.0)


def _ids(found: Results) -> list[int]:
    return [int(hit.document.id) for hit in found.hits]


def _many(folder: Path) -> Index:
    """Return 60 offers: every second in Hagen, the others in Flensburg, the first without a place."""
    return filled(
        folder,
        [
            document(
                number,
                title="Garten" if number % 3 else "Anderes",
                text="Wir gärtnern im Garten." + " Kommen Sie!" * number,
                fresh_at=NOW - number * DAY,
                latitude=None if number == 1 else HAGEN.latitude if number % 2 == 0 else 54.78,
                longitude=None if number == 1 else HAGEN.longitude if number % 2 == 0 else 9.43,
            )
            for number in range(1, 61)
        ],
    )


@pytest.mark.parametrize(
    "query",
    [Query(), Query(text="garten"), Query(spot=HAGEN, place="Hagen"), Query(text="garten", spot=HAGEN, place="Hagen")],
    ids=["all", "words", "circle", "words in a circle"],
)
@pytest.mark.parametrize("measured", [1, 4_000], ids=["many candidates", "few candidates"])
def test_the_same_as_the_pages_of_a_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: Query, measured: int
) -> None:
    monkeypatch.setattr(measure, "MEASURED", measured)
    index = _many(tmp_path)
    pages = [index.find(query.on_page(number), NOW) for number in (1, 2, 3)]
    best = index.best(query, NOW)
    assert _ids(best) == [number for page in pages for number in _ids(page)]
    assert [hit.distance_km for hit in best.hits] == [hit.distance_km for page in pages for hit in page.hits]
    assert (best.total, best.undated, best.placeless) == (pages[0].total, pages[0].undated, pages[0].placeless)
    few = index.best(query, NOW, 7)
    assert _ids(few) == _ids(best)[:7]
    assert few.total == best.total
    scores = [hit.text_score for hit in best.hits]
    if query.text:
        assert scores[0] == 1.0
        assert scores == sorted((score for score in scores if score is not None), reverse=True)
        assert 0 < (scores[-1] or 0) < 1
    else:
        assert set(scores) == {None}


def test_where_there_are_too_many_those_around_come_first(tmp_path: Path) -> None:
    index = _many(tmp_path)
    assert index.best(Query(), NOW, 60, AROUND).far == 0, "all can be looked at"
    found = index.best(Query(), NOW, 10, AROUND)
    assert _ids(found) == [1, 2, 4, 6, 8, 10, 12, 14, 16, 18], "and what may be anywhere"
    assert (found.total, found.far) == (31, 29)
    words = index.best(Query(text="anderes"), NOW, 5, AROUND)
    assert (words.total, words.far) == (10, 10)
    assert words.hits[0].text_score == 1.0
    circle = index.best(Query(spot=HAGEN, place="Hagen"), NOW, 10, AROUND)
    assert (circle.total, circle.far, circle.placeless) == (30, 0, 1)


def test_by_date_also_with_words_and_for_events(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        [
            document(1, title="Garten Garten", fresh_at=NOW - 9 * DAY),
            document(2, title="Hof", text="mit Garten", fresh_at=NOW - DAY),
            event(3, NOW + DAY, title="Gartenfest", fresh_at=NOW - 5 * DAY, text="im Garten"),
            event(4, NOW + 2 * DAY, title="Fest", fresh_at=NOW - 2 * DAY),
        ],
    )
    newest = Query(text="garten", sort=BY_DATE)
    assert _ids(index.find(newest, NOW)) == _ids(index.best(newest, NOW)) == [2, 3, 1]
    assert {hit.text_score for hit in index.best(newest, NOW).hits} == {None}
    assert _ids(index.find(Query(kinds=("event",)), NOW)) == [3, 4]
    assert _ids(index.find(Query(kinds=("event",), sort=BY_DATE), NOW)) == [4, 3]


def test_no_index_and_no_hits_are_no_fault(tmp_path: Path) -> None:
    assert Index(tmp_path / "nothing").best(Query(), NOW) == Results((), 0, 1, 0, rebuilding=True)
    index = filled(tmp_path / "empty", [document(1)])
    assert index.best(Query(text="quastenflosser"), NOW).hits == ()


def test_facts_are_kept_by_cards_and_hits(tmp_path: Path) -> None:
    facts = Facts(
        activities=("garten_naturpflege",), effort=Effort(min_hours=1.5, per="woche"), apply_by=NOW.date(),
        skills=(Skill(name="Geduld", required=True),), cells=("mo-abends",),
    )  # fmt: skip
    made = document(1, facts=facts)
    assert card.read(card.write(made)) == made
    assert filled(tmp_path, [made]).best(Query(), NOW).hits[0].document == made
    old = card.write(replace(made, facts=None)).replace(b',"facts":null', b"")
    assert b"facts" not in old
    assert card.read(old).facts is None


def test_what_was_misspelt_is_understood_as_in_a_search(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(number, title="Fahrradwerkstatt") for number in range(1, 9)])
    wrong = Query(text="Fahradwerkstatt")
    best, found = index.best(wrong, NOW), index.find(wrong, NOW)
    assert best.corrected == found.corrected != ""
    assert _ids(best) == _ids(found) != []
