"""What stands on which day: several days, nights, days of 23 and 25 hours, too many, pages of a list."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fediverse_ehrenamt.discover import days, timetable
from fediverse_ehrenamt.discover.timetable import Layout, Noted, Plan
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search.agenda import Span
from fediverse_ehrenamt.web import i18n
from tests.discover import samples

READER = Reader(i18n.language("de"), samples.NOW, samples.HOME)
WEEK = days.of(days.WEEK, date(2026, 12, 9))  # 7 to 13 December


def span(starts: str, ends: str = "") -> Span:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=HOME) for text in (starts, ends or starts))
    return int(first.timestamp()), int(last.timestamp())


def shown(plan: Plan) -> list[list[int]]:
    return [list(places) for places, _number in plan.by_day]


@pytest.mark.parametrize(
    ("starts", "ends", "on"),
    [
        ("2026-12-09T14:00", "2026-12-09T17:00", [2]),
        ("2026-12-09T14:00", "", [2]),
        ("2026-12-09T20:00", "2026-12-10T02:00", [2]),  # a night belongs to its evening
        ("2026-12-06T23:00", "2026-12-07T02:00", []),
        ("2026-12-09T10:00", "2026-12-11T12:00", [2, 3, 4]),
        ("2026-12-09T00:00", "2026-12-11T00:00", [2, 3]),  # up to midnight is not the next day
        ("2026-12-09T00:00", "2026-12-10T23:59", [2, 3]),
        ("2026-11-01T00:00", "2027-02-01T00:00", [0, 1, 2, 3, 4, 5, 6]),
        ("2026-12-13T23:59", "2026-12-20T00:00", [6]),
        ("2026-12-14T00:00", "2026-12-14T05:00", []),
        ("2026-12-01T00:00", "2026-12-07T00:00", []),  # ends as the first day begins
    ],
)
def test_a_date_stands_on_its_days(starts: str, ends: str, on: list[int]) -> None:
    plan = Layout(WEEK)([span(starts, ends)])
    assert [number for number, places in enumerate(shown(plan)) if places] == on
    assert plan.total == bool(on)


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2026, 10, 25), 25), (date(2026, 12, 9), 24)])
def test_a_day_lasts_from_midnight_to_midnight_also_when_clocks_change(day: date, hours: int) -> None:
    edges = timetable.first_second(day), timetable.first_second(day + timedelta(days=1))
    assert edges[1] - edges[0] == hours * 3600
    view = days.of(days.DAY, day)
    for second, is_in in ((edges[0] - 1, False), (edges[0], True), (edges[1] - 1, True), (edges[1], False)):
        assert Layout(view)([(second, second)]).total == is_in


def test_what_begins_stands_before_what_goes_on_and_the_rest_is_counted() -> None:
    exhibition = span("2026-11-01T10:00", "2027-01-31T18:00")
    spans = [exhibition, *(span(f"2026-12-09T{hour:02}:00", f"2026-12-09T{hour + 1:02}:00") for hour in range(8, 20))]
    plan = Layout(days.of(days.MONTH, date(2026, 12, 1)))(spans)
    by_key = dict(zip(days.of(days.MONTH, date(2026, 12, 1)).days, plan.by_day, strict=True))
    assert by_key[date(2026, 12, 9)] == ((1, 2, 3), 13)
    assert by_key[date(2026, 12, 10)] == ((0,), 1)
    assert plan.total == 13
    assert set(plan.wanted) == {0, 1, 2, 3}


def test_a_list_names_each_date_once_and_has_pages() -> None:
    month = days.of(days.LIST, date(2026, 12, 1))
    spans = sorted(
        [span("2026-11-20T10:00", "2026-12-24T18:00"), *(span(f"2026-12-{1 + n % 20:02}T10:00") for n in range(120))]
    )
    pages = [Layout(month, page)(spans) for page in (1, 2, 3)]
    listed = [place for plan in pages for places in shown(plan) for place in places]
    assert sorted(listed) == list(range(121))
    assert {(plan.total, plan.pages) for plan in pages} == {(121, 3)}
    assert shown(pages[0])[0][-1] == 0, "what goes on stands behind what begins"
    assert Layout(month, 99)(spans).page == 3
    assert Layout(month, -1)(spans) == pages[0]


def document(starts: str, ends: str) -> Noted:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=HOME).astimezone(UTC) for text in (starts, ends))
    return Noted(replace(samples.CAFE_CARD, starts_at=first, ends_at=last))


@pytest.mark.parametrize(
    ("starts", "ends", "day", "words"),
    [
        ("2026-12-09T14:00", "2026-12-09T17:30", 9, "14:00–17:30"),
        ("2026-12-09T14:00", "2026-12-09T14:00", 9, "14:00"),
        ("2026-12-09T20:00", "2026-12-10T02:00", 9, "20:00–02:00"),
        ("2026-12-09T14:00", "2026-12-11T12:00", 9, "ab 14:00"),
        ("2026-12-09T14:00", "2026-12-11T12:00", 10, "bis 11. Dez."),
        ("2026-12-09T14:00", "2026-12-11T12:00", 11, "bis 12:00"),
        ("2026-12-09T00:00", "2026-12-10T00:00", 9, "ganztägig"),
        ("2026-12-09T00:00", "2026-12-11T00:00", 9, "bis 10. Dez."),
        ("2026-12-09T00:00", "2026-12-10T23:59", 10, "letzter Tag"),
        ("2026-12-09T14:00", "2026-12-08T12:00", 9, "14:00"),  # an end before the beginning is none
    ],
)
def test_the_time_is_said_for_the_day_it_stands_on(starts: str, ends: str, day: int, words: str) -> None:
    assert timetable.hours(document(starts, ends).document, date(2026, 12, day), READER.language) == words


def test_a_phone_leaves_out_what_stood_on_a_day_before() -> None:
    noted = {0: document("2026-12-08T10:00", "2026-12-10T12:00"), 1: document("2026-12-10T15:00", "2026-12-10T16:00")}
    spans = [span("2026-12-08T10:00", "2026-12-10T12:00"), span("2026-12-10T15:00", "2026-12-10T16:00")]
    (week,) = timetable.table(Layout(WEEK)(spans), noted, WEEK, READER, [""] * 7)
    assert [day.new for day in week] == [False, True, False, True, False, False, False]
    assert [[entry.again for entry in day.entries] for day in week[1:4]] == [[False], [True], [False, True]]
    assert [day.key for day in timetable.listing(Layout(WEEK)(spans), noted, WEEK, READER, [""] * 7)] == [
        "2026-12-08", "2026-12-09", "2026-12-10",
    ]  # fmt: skip
