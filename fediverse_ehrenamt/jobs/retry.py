"""When a failed job is tried again, and when a whole host is left in peace. Pure.

Twelve tries over about two days; jitter keeps thousands of jobs from coming back in the same second.
"""

from datetime import timedelta

MAX_TRIES = 12
MAX_AGE = timedelta(days=7)
FAILING_JOBS_TO_OPEN = 5  # different jobs of a host that failed one after another
QUICK_REOPENINGS = 2  # so often a breaker that opened again is closed at once by an inbound request …
LEAST_PEACE = timedelta(minutes=5)  # … then only this long after the last try: some hosts send, yet cannot be reached
HEARD_EVERY = timedelta(minutes=10)  # how finely it is written down when a host was heard
_FIRST = 30.0
_GROWTH = 3.0
_LONGEST = 10 * 3600.0
_JITTER = 0.2
_BREAKER_FIRST = 60.0
_BREAKER_LONGEST = 6 * 3600.0


def delay(tries: int, chance: float, retry_after: float | None = None) -> timedelta | None:
    """Return the wait after the `tries`-th failed try, None to give up; `chance` is a random number in [0, 1).

    `retry_after` (seconds, named by the peer) lengthens the wait, never beyond the longest one.
    """
    if tries >= MAX_TRIES:
        return None
    seconds = min(_FIRST * _GROWTH ** (tries - 1), _LONGEST) * (1 + _JITTER * (2 * chance - 1))
    return timedelta(seconds=max(seconds, min(retry_after or 0.0, _LONGEST)))


def host_delay(openings: int, chance: float, retry_after: float | None = None) -> timedelta:
    """Return how long a host is left in peace after its breaker opened for the `openings`-th time running."""
    seconds = min(_BREAKER_FIRST * 2.0 ** (openings - 1), _BREAKER_LONGEST) * (1 + _JITTER * (2 * chance - 1))
    return timedelta(seconds=max(seconds, min(retry_after or 0.0, _BREAKER_LONGEST)))
