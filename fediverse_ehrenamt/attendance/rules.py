"""Whether somebody may still come to an event. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT = timedelta(days=7)  # after the end of an event it is still known who was to come, for questions afterwards
PAUSE = timedelta(minutes=15)  # between two Updates that tell that an event became full, or has places again


@dataclass(frozen=True, slots=True)
class Occasion:
    """What decides about joining; `capacity` is None where anybody may come, times are aware."""

    cancelled: bool
    ends_at: datetime
    register_by: datetime | None
    capacity: int | None


def refusal(occasion: Occasion, taken: int, now: datetime) -> str:
    """Return why nobody more may come, for the log and the peer; "" where somebody may."""
    if occasion.cancelled:
        return "the event is cancelled"
    if occasion.ends_at <= now:
        return "the event is over"
    if occasion.register_by is not None and occasion.register_by <= now:
        return "registration is closed"
    return "the event is full" if is_full(occasion.capacity, taken) else ""


def is_full(capacity: int | None, taken: int) -> bool:
    return capacity is not None and taken >= capacity
