"""Views of the calendar: read from a URL and written back, before and after each other, never beyond the bounds."""

from datetime import date, timedelta

import pytest

from fediverse_ehrenamt.discover import days
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import i18n

TODAY = date(2026, 11, 27)
DE, EN = i18n.language("de"), i18n.language("en")


@pytest.mark.parametrize(
    ("kind", "key", "first", "last", "title"),
    [
        ("monat", "2026-12", date(2026, 12, 1), date(2026, 12, 31), "Dezember 2026"),
        ("liste", "2028-02", date(2028, 2, 1), date(2028, 2, 29), "Februar 2028"),
        ("woche", "2026-W53", date(2026, 12, 28), date(2027, 1, 3), "Woche 53: 28. Dez. 2026 – 3. Jan. 2027"),
        ("woche", "2027-W01", date(2027, 1, 4), date(2027, 1, 10), "Woche 1: 4.–10. Jan. 2027"),
        ("tag", "2026-12-12", date(2026, 12, 12), date(2026, 12, 12), "Samstag, 12. Dezember 2026"),
    ],
)
def test_a_view_is_read_named_and_written_back(kind: str, key: str, first: date, last: date, title: str) -> None:
    view = days.read([("q", "garten"), (kind, key)], TODAY)
    assert (view.kind, view.first, view.last) == (kind, first, last)
    assert view.pair == (kind, key)
    assert view.title(DE).replace("\u2009", " ") == title


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("monat", "2026-99"), ("monat", "2026-00"), ("monat", "2026-1"), ("monat", "Dezember"), ("monat", "0000-01"),
        ("woche", "2026-W00"), ("woche", "2025-W53"), ("woche", "0"), ("woche", "2027-W53"), ("tag", "2026-02-29"),
        ("tag", "heute"), ("liste", "x" * 5_000), ("liste", "２０２６-12"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_would_be_right(kind: str, key: str) -> None:
    with pytest.raises(Invalid, match="richtig wäre zum Beispiel 2026-") as refused:
        days.read([(kind, key)], TODAY)
    assert len(refused.value.public) < 200


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("monat", "1999-01"),
        ("monat", "2028-12"),
        ("woche", "9999-W10"),
        ("tag", "9999-12-31"),
        ("tag", "0001-01-01"),
        ("tag", "2025-10-31"),
        ("liste", "2199-12"),
    ],
)
def test_what_is_too_far_away_is_refused_with_how_far_it_goes(kind: str, key: str) -> None:
    with pytest.raises(Invalid, match=r"liegt zu weit weg; der Kalender reicht von 11/2025 bis 11/2028"):
        days.read([(kind, key)], TODAY)


def test_without_a_time_it_is_the_month_that_is_searched_or_this_one() -> None:
    assert days.read([("monat", " ")], TODAY).pair == ("monat", "2026-11")
    assert days.read([], TODAY, date(2027, 3, 5)).pair == ("monat", "2027-03")
    assert days.read([], TODAY, date(1990, 3, 5)).pair == ("monat", "2026-11")


@pytest.mark.parametrize("kind", days.VIEWS)
def test_one_goes_through_all_of_time_without_a_gap_up_to_its_ends(kind: str) -> None:
    view, steps = days.of(kind, TODAY), 0
    while following := days.after(view, TODAY):
        assert following.first == view.last + timedelta(days=1)
        assert days.before(following, TODAY) == view
        assert days.read([following.pair], TODAY) == following
        view, steps = following, steps + 1
    assert view.last >= date(2028, 11, 30)
    assert steps < 800
    view = days.of(kind, TODAY)
    while earlier := days.before(view, TODAY):
        view = earlier
    assert view.first <= date(2025, 11, 1) <= view.last
    assert not days.reaches(view.first - timedelta(days=1), TODAY) or kind == "woche"


def test_a_month_is_seen_in_whole_weeks_from_monday_on() -> None:
    for number in range(24):
        shown = days.of(days.MONTH, date(2026 + number // 12, number % 12 + 1, 15)).days
        assert (shown[0].weekday(), shown[-1].weekday(), len(shown) % 7) == (0, 6, 0)


def test_another_kind_of_view_keeps_the_time_and_prefers_today() -> None:
    november, december = days.of(days.MONTH, TODAY), days.of(days.MONTH, date(2026, 12, 5))
    assert days.as_kind(november, days.WEEK, TODAY).pair == ("woche", "2026-W48")
    assert days.as_kind(december, days.WEEK, TODAY).pair == ("woche", "2026-W49")
    assert days.as_kind(days.of(days.WEEK, date(2026, 12, 7)), days.MONTH, TODAY) == december


def test_a_path_keeps_the_search_but_for_order_kind_and_page() -> None:
    query = Query(text="garten", kinds=("event",), sort="datum", page=3, since=TODAY, asked="x", literal=True)
    assert days.path(query, days.of(days.DAY, TODAY)) == "/kalender?q=garten&von=2026-11-27&tag=2026-11-27"
    assert days.path(Query()) == "/kalender"


def test_weekdays_begin_on_monday_in_every_language() -> None:
    assert DE.weekdays()[0] == ("Montag", "Mo")
    assert EN.weekdays()[6] == ("Sunday", "Su")
