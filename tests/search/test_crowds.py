"""Crowds: whatever a search can find is in the crowd that it looks through, and little else."""

from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.search import crowds, facets
from fediverse_ehrenamt.search.circle import ANYWHERE, NOWHERE, PLACED, cells
from fediverse_ehrenamt.search.crowds import ALL, DATED, UNDATED
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.vocab import labels
from tests.search.making import document

_AREAS = st.lists(st.sampled_from([*labels.AREA, "fremd"]), max_size=4, unique=True).map(tuple)


@given(st.sampled_from([ALL, DATED, UNDATED]), _AREAS, _AREAS)
def test_what_is_asked_for_is_in_the_crowd(when: int, said: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    slugs = facets.slugs(document(areas=said))
    demands = facets.demands(Query(areas=wanted))
    own = crowds.of(when, slugs)
    if all(demand.holds(slugs) for demand in demands):
        assert crowds.asked(when, demands) in own
    assert crowds.asked(ALL, demands) == ALL
    assert len(set(own)) == len(own)


def test_a_search_in_one_area_looks_through_that_area_alone() -> None:
    sport = facets.demands(Query(areas=("sport",)))
    for when, other in ((DATED, UNDATED), (UNDATED, DATED)):
        asked = crowds.asked(when, sport)
        assert asked in crowds.of(when, ("bereich:sport", "bereich:kultur"))
        assert asked not in crowds.of(when, ("bereich:kultur",))
        assert asked not in crowds.of(other, ("bereich:sport",))


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_marks_leave_the_cells_as_they_are(latitude: float, longitude: float) -> None:
    here = [ANYWHERE, NOWHERE, PLACED, *cells(latitude, longitude)]
    assert max(here) < min(DATED, UNDATED)
    listed = [crowds.within(DATED, cell) for cell in here]
    assert [cell for cell in listed if cell < DATED] == here[3:5], "the two finest alone are not told apart"
    assert [cell & ~DATED for cell in listed] == here


@given(st.sampled_from([ALL, DATED, UNDATED]), _AREAS, st.floats(-90, 90), st.floats(-180, 180))
def test_a_document_is_listed_in_each_of_its_cells_for_each_of_its_crowds(
    when: int, said: tuple[str, ...], latitude: float, longitude: float
) -> None:
    one, here = document(areas=said), [PLACED, *cells(latitude, longitude)]
    own = crowds.of(when, facets.areas(one))
    assert own == crowds.of(when, facets.slugs(one))
    listed = crowds.listed(own, here)
    assert len(listed) == len(set(listed))
    assert set(listed) == {crowds.within(crowd, cell) for crowd in own for cell in here}
