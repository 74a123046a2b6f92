"""Dates of one event that are found together become one card, where a list is not by date."""

from dataclasses import replace
from datetime import UTC, datetime

from fediverse_ehrenamt.discover import series, view
from fediverse_ehrenamt.search.engine import Hit
from fediverse_ehrenamt.search.filters import BY_DATE, BY_START
from fediverse_ehrenamt.search.further import Further
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import i18n
from tests.discover import samples
from tests.search.making import document

READER = view.Reader(i18n.language("de"), samples.NOW, samples.HOME)


def date(number: int, day: int, title: str = "Repair-Café", organisation: str = "https://a.example/1") -> Document:
    begin = datetime(2027, 1, day, 14, tzinfo=UTC)
    made = document(number, kind=EVENT, title=title, starts_at=begin, ends_at=begin)
    return replace(made, organisation_uri=organisation)


SECOND, OFFER, FIRST, OTHERS, THIRD = (
    date(1, 9),
    document(2, title="Repair-Café"),
    date(3, 2, title="REPAIR-CAFÉ"),
    date(4, 2, organisation="https://b.example/1"),
    date(5, 16),
)
HITS = [Hit(one) for one in (SECOND, OFFER, FIRST, OTHERS, THIRD)]


def test_the_next_date_stands_for_all_where_the_best_of_them_is() -> None:
    found = series.grouped(Query(text="reparieren"), HITS, {})
    assert [one.hit.document for one in found] == [FIRST, OFFER, OTHERS]
    assert [one.further for one in found] == [Further((SECOND, THIRD), 2), Further((), 0), Further((), 0)]


def test_what_the_search_found_beside_a_date_is_named_too() -> None:
    fourth, fifth = date(6, 23), date(7, 30)
    found = series.grouped(Query(text="reparieren"), HITS, {SECOND.uri: Further((fourth, fifth), 9)})
    assert found[0].further == Further((SECOND, THIRD, fourth), 11)


def test_a_cancelled_date_does_not_stand_for_those_that_take_place() -> None:
    cancelled = replace(FIRST, status="abgesagt")
    (found,) = series.grouped(Query(text="reparieren"), [Hit(THIRD), Hit(cancelled), Hit(SECOND)], {})
    assert (found.hit.document, found.further.dates) == (SECOND, (cancelled, THIRD))
    said = [words for words, _ in view.dates(found.further.dates, READER)]
    assert said == ["Sa., 2. Jan. 2027, 15:00 Uhr (Abgesagt)", "Sa., 16. Jan. 2027, 15:00 Uhr"]


def test_in_a_list_by_date_each_has_its_place() -> None:
    for query in (Query(text="reparieren", sort=BY_START), Query(kinds=(EVENT,))):
        assert [one.hit for one in series.grouped(query, HITS, {})] == HITS
        assert series.dated(query, HITS) == ()
    mixed = Query(kinds=(EVENT,), text="reparieren")
    assert len(series.grouped(mixed, HITS, {})) == 3
    assert series.dated(mixed, HITS) == tuple(one.uri for one in (SECOND, FIRST, OTHERS, THIRD))


def test_a_list_of_events_in_another_order_names_the_further_dates() -> None:
    newest = Query(kinds=(EVENT,), sort=BY_DATE)
    assert len(series.grouped(newest, HITS, {})) == 3
    assert series.dated(newest, HITS) == tuple(one.uri for one in (SECOND, FIRST, OTHERS, THIRD))
