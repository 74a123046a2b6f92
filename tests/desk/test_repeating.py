"""When what repeats itself takes place: weeks, months, summer time, days that are left out."""

from datetime import date, datetime, timedelta

import pytest

from fediverse_ehrenamt.desk import repeating
from fediverse_ehrenamt.desk.repeating import BY_DAY, BY_WEEKDAY, FORTNIGHTLY, MOST, WEEKLY, Rule
from fediverse_ehrenamt.kit.clock import HOME


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HOME)


def days(begin: str, rule: Rule) -> list[str]:
    starts_at = at(begin)
    return [f"{one.day:%d.%m.}" for one in repeating.occasions(rule, starts_at, starts_at + timedelta(hours=2))]


@pytest.mark.parametrize(
    ("begin", "rule", "expected"),
    [
        ("2026-12-01T19:00", Rule(WEEKLY, times=3), ["01.12.", "08.12.", "15.12."]),
        ("2026-12-01T19:00", Rule(WEEKLY, until=date(2026, 12, 14)), ["01.12.", "08.12."]),
        ("2026-12-01T19:00", Rule(WEEKLY, until=date(2026, 12, 14), times=1), ["01.12."]),
        ("2026-12-01T19:00", Rule(FORTNIGHTLY, times=3), ["01.12.", "15.12.", "29.12."]),
        ("2026-12-31T19:00", Rule(BY_DAY, times=3), ["31.12.", "31.01.", "31.03."]),
        ("2026-12-05T10:00", Rule(BY_WEEKDAY, times=3), ["05.12.", "02.01.", "06.02."]),
        ("2027-01-30T10:00", Rule(BY_WEEKDAY, times=3), ["30.01.", "27.02.", "27.03."]),
    ],
)
def test_days_follow_the_rule(begin: str, rule: Rule, expected: list[str]) -> None:
    assert days(begin, rule) == expected


def test_the_clock_on_the_wall_counts_where_summer_time_begins_and_ends() -> None:
    for begin in ("2027-03-23T19:00", "2027-10-26T19:00"):
        starts_at = at(begin)
        found = repeating.occasions(Rule(WEEKLY, times=3), starts_at, starts_at + timedelta(hours=2))
        assert {one.starts_at.astimezone(HOME).hour for one in found} == {19}
        assert len({one.starts_at.utcoffset() for one in found}) == 2, "the offset is another"
        assert {one.ends_at - one.starts_at for one in found} == {timedelta(hours=2)}
    skipped = repeating.occasions(Rule(WEEKLY, times=2), at("2027-03-21T02:30"), at("2027-03-21T04:00"))
    assert skipped[1].starts_at.hour == 3, "there is no half past two"


def test_what_lasts_over_midnight_ends_the_day_after() -> None:
    (first, second) = repeating.occasions(Rule(WEEKLY, times=2), at("2026-12-04T22:00"), at("2026-12-05T02:00"))
    assert (second.ends_at - second.starts_at) == (first.ends_at - first.starts_at) == timedelta(hours=4)


def test_days_that_are_left_out_count_and_are_named() -> None:
    rule = Rule(WEEKLY, times=3, without=frozenset({date(2026, 12, 8)}))
    found = repeating.occasions(rule, at("2026-12-01T19:00"), at("2026-12-01T21:00"))
    assert [one.takes_place for one in found] == [True, False, True]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule(WEEKLY), repeating.TERM_UNTIL),
        (Rule(WEEKLY, until=date(2026, 11, 30)), repeating.TERM_UNTIL),
        (Rule(WEEKLY, times=0), repeating.TERM_TIMES),
        (Rule(WEEKLY, times=MOST + 1), repeating.TERM_TIMES),
        (Rule(WEEKLY, until=date(2199, 1, 1)), repeating.TERM_UNTIL),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_of_its_field(rule: Rule, field: str) -> None:
    assert [problem.field for problem in repeating.problems(rule, at("2026-12-01T19:00"))] == [field]
    assert len(repeating.occasions(rule, at("2026-12-01T19:00"), at("2026-12-01T21:00"))) <= MOST


def test_only_the_ticks_of_days_that_were_listed_count() -> None:
    pairs = [(repeating.SHOWN, "2026-12-01"), (repeating.SHOWN, "2026-12-08"), (repeating.ON, "2026-12-01")]
    assert repeating.left_out(pairs, ["2026-12-01", "2027-01-05"]) == ["2026-12-08", "2027-01-05"]
    assert repeating.left_out([(repeating.SHOWN, "kein Tag")], []) == []
