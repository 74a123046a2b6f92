"""The retry policy: bounds, order and sum, over all that chance may give."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.jobs import retry

CHANCES = st.floats(0, 1, exclude_max=True)
TRIES = st.integers(1, retry.MAX_TRIES - 1)
MIDDLE = 0.5  # no jitter
EXPECTED_SECONDS = [30, 90, 270, 810, 2430, 7290, 21_870, 36_000, 36_000, 36_000, 36_000]


def seconds(tries: int, chance: float = MIDDLE, retry_after: float | None = None) -> float:
    wait = retry.delay(tries, chance, retry_after)
    assert wait is not None
    return wait.total_seconds()


@pytest.mark.parametrize(("tries", "expected"), list(enumerate(EXPECTED_SECONDS, start=1)))
def test_each_wait_without_jitter(tries: int, expected: float) -> None:
    assert seconds(tries) == pytest.approx(expected, abs=1e-5)


def test_twelve_tries_take_about_two_days() -> None:
    waits = [retry.delay(tries, MIDDLE) for tries in range(1, 20)]
    taken = [wait for wait in waits if wait is not None]
    assert len(taken) == 11
    assert waits[11:] == [None] * 8
    assert timedelta(days=1.9) < sum(taken, timedelta()) < timedelta(days=2.2) < retry.MAX_AGE


@given(TRIES, CHANCES)
def test_jitter_stays_within_a_fifth(tries: int, chance: float) -> None:
    assert 0.8 * seconds(tries) - 1e-6 <= seconds(tries, chance) <= 1.2 * seconds(tries) + 1e-6


@given(TRIES, CHANCES, CHANCES)
def test_more_chance_is_more_wait(tries: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert seconds(tries, low) <= seconds(tries, high)


def test_jitter_reaches_both_ends() -> None:
    assert seconds(1, 0.0) == pytest.approx(24)
    assert seconds(1, 0.999999) == pytest.approx(36, rel=1e-4)


@given(CHANCES)
def test_waits_grow_with_the_tries(chance: float) -> None:
    waits = [seconds(tries, chance) for tries in range(1, retry.MAX_TRIES)]
    assert waits == sorted(waits)


@given(TRIES, CHANCES, st.floats(0, 1e9))
def test_a_named_time_lengthens_and_never_shortens(tries: int, chance: float, named: float) -> None:
    wait = seconds(tries, chance, named)
    assert wait >= seconds(tries, chance) - 1e-6
    assert wait >= min(named, 36_000) - 1e-6
    assert wait <= max(43_200, seconds(tries, chance)) + 1e-6


def test_a_named_time_is_bounded_by_the_longest_wait() -> None:
    assert seconds(1, MIDDLE, 120) == 120
    assert seconds(1, MIDDLE, 10) == 30
    assert seconds(1, MIDDLE, 1e12) == 36_000
    assert seconds(1, MIDDLE, 0) == 30


@pytest.mark.parametrize(
    ("openings", "expected"), [(1, 60), (2, 120), (3, 240), (8, 7_680), (9, 15_360), (10, 21_600), (50, 21_600)]
)
def test_a_host_is_left_alone_for_longer_each_time(openings: int, expected: float) -> None:
    assert retry.host_delay(openings, MIDDLE).total_seconds() == pytest.approx(expected)


@given(st.integers(1, 60), CHANCES)
def test_a_host_is_left_alone_within_bounds(openings: int, chance: float) -> None:
    wait = retry.host_delay(openings, chance).total_seconds()
    assert 48 - 1e-6 <= wait <= 1.2 * 21_600 + 1e-6
    assert wait <= retry.host_delay(openings + 1, chance).total_seconds() + 1e-6


def test_a_host_may_ask_for_more_within_bounds() -> None:
    assert retry.host_delay(1, MIDDLE, 300).total_seconds() == 300
    assert retry.host_delay(1, MIDDLE, 1).total_seconds() == 60
    assert retry.host_delay(1, MIDDLE, 1e12).total_seconds() == 21_600
    assert retry.host_delay(1, 0.0).total_seconds() == pytest.approx(48)


def test_five_failing_jobs_open_the_breaker() -> None:
    assert retry.FAILING_JOBS_TO_OPEN == 5
    assert retry.MAX_TRIES == 12
    assert timedelta(days=7) == retry.MAX_AGE
