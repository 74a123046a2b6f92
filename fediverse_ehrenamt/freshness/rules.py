"""When an organisation is asked whether an offer still holds: a month before it ends, and once more in the last week.

One letter a week at most. So that nothing falls due between two letters, each asks already for what would within the
next week. Pure.
"""

from datetime import datetime, timedelta

from fediverse_ehrenamt.vocab.types import OpportunityDetails

FIRST, LAST = timedelta(days=30), timedelta(days=7)  # before it ends
WEEK = timedelta(days=7)  # between two letters to one organisation
BY_HAND = timedelta(days=1)  # after the last letter a coordinator may send one
LINKS_HOLD = timedelta(days=60)  # also for a month after the end, when people come back from their holidays
NOT_ASKED, FIRST_ASKED, LAST_ASKED = 0, 1, 2
_LIVED = 2  # an offer for a fortnight needs no question after a day


def nearness(ends_at: datetime, moment: datetime) -> int:
    """Return how near an end is at a moment: 1 within the last 30 days, 2 within the last 7, else 0."""
    left = ends_at - moment
    return LAST_ASKED if left <= LAST else FIRST_ASKED if left <= FIRST else NOT_ASKED


def stage(confirmed_at: datetime, ends_at: datetime, moment: datetime) -> int:
    """Return which question is due at a moment: 1 the first, 2 the last, 0 none.

    Each is asked only of what holds for twice its time at least, counted from its confirmation.
    """
    lifetime, near = ends_at - confirmed_at, nearness(ends_at, moment)
    if near == LAST_ASKED and lifetime >= _LIVED * LAST:
        return LAST_ASKED
    return FIRST_ASKED if near and lifetime >= _LIVED * FIRST else NOT_ASKED


def can_go_on(details: OpportunityDetails) -> bool:
    """Say whether a confirmation could make an offer last longer: not one that has a last day of its own."""
    return details.apply_by is None and details.end_date is None
