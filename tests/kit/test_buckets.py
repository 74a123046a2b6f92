"""Token buckets: a burst, then as much as flows in; bounded in number; a clock that jumps gives nothing away."""

import timeit

from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.buckets import Buckets, Rate

MINUTE = Rate(60, 60.0)


def test_a_burst_and_then_as_much_as_flows_in() -> None:
    buckets = Buckets(10)
    assert [buckets.take("a", MINUTE, 0.0) for _ in range(60)] == [0.0] * 60
    assert buckets.take("a", MINUTE, 0.0) == 1.0
    assert buckets.wait("a", MINUTE, 0.5) == 0.5
    assert buckets.take("a", MINUTE, 1.0) == 0.0
    assert buckets.take("a", MINUTE, 1.0) == 1.0
    assert buckets.take("b", MINUTE, 1.0) == 0.0, "others have their own"


def test_looking_takes_nothing() -> None:
    buckets = Buckets(10)
    assert all(buckets.wait("a", Rate(1, 60.0), 0.0) == 0.0 for _ in range(5))
    assert len(buckets) == 0


def test_no_more_is_saved_than_a_burst() -> None:
    buckets = Buckets(10)
    buckets.take("a", MINUTE, 0.0)
    assert sum(buckets.take("a", MINUTE, 1e6) == 0.0 for _ in range(100)) == 60


def test_a_clock_that_is_put_back_gives_nothing() -> None:
    buckets = Buckets(10)
    for _ in range(60):
        buckets.take("a", MINUTE, 1000.0)
    assert buckets.take("a", MINUTE, 0.0) == 1.0


def test_no_more_are_remembered_than_the_limit_the_longest_unused_is_forgotten() -> None:
    buckets = Buckets(3)
    one = Rate(1, 60.0)
    for name in ("a", "b", "c"):
        buckets.take(name, one, 0.0)
    assert buckets.take("a", one, 59.0) > 0.0
    assert buckets.take("a", one, 60.0) == 0.0
    buckets.take("d", one, 60.0)
    assert len(buckets) == 3
    assert buckets.wait("b", one, 0.0) == 0.0, "forgotten, and full again"
    assert buckets.wait("a", one, 60.0) > 0.0


@given(st.lists(st.floats(0, 10), max_size=200))
def test_over_any_time_no_more_than_the_burst_and_what_flowed_in(pauses: list[float]) -> None:
    buckets, now, taken = Buckets(1), 0.0, 0
    for pause in pauses:
        now += pause
        taken += buckets.take("a", Rate(5, 10.0), now) == 0.0
        assert taken <= 5 + now / 2 + 1e-6


def test_taking_costs_next_to_nothing() -> None:
    buckets = Buckets(20_000)
    seconds = min(timeit.repeat(lambda: buckets.take("a", Rate(1e9, 60.0), 1.0), number=10_000, repeat=5)) / 10_000
    assert seconds < 100e-6  # some hundredth of it on an idle machine
