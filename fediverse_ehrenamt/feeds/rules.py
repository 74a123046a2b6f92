"""What a feed does about a Document that it looks at. Pure."""

from datetime import datetime, timedelta

NEAR = timedelta(days=14)  # before it begins, a date of a series is announced, as organisations show their own
REMEMBERED = timedelta(days=400)  # how long a feed knows of what is gone, so that it announces nothing twice
LOOK_AGAIN = timedelta(hours=1)  # at a date that its organisation has not shown yet


def waits_until(now: datetime, starts_at: datetime | None, *, of_series: bool, hidden: bool) -> datetime | None:
    """Return when to look again at what is too far away to be announced, None where it may be announced now.

    A weekly shift would fill timelines for a year. `hidden` says that its organisation has not shown it yet.
    """
    if starts_at is not None and (of_series or hidden) and starts_at - NEAR > now:
        return starts_at - NEAR
    return now + LOOK_AGAIN if hidden else None


def ended_early(now: datetime, leaves_at: datetime | None) -> bool:
    """Say whether what is gone was taken away: it would not have left by itself yet."""
    return leaves_at is None or leaves_at > now
