"""How long things hold that don't say so themselves: the one place for our own offers and those of others. Pure."""

from datetime import date, datetime, time, timedelta

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.vocab.types import OpportunityDetails

OFFER_HOLDS = timedelta(days=365)  # from its last confirmation; then it leaves the index
OFFER_FADES = timedelta(days=183)  # from its last confirmation; then a page shows it less
POST_HOLDS = timedelta(days=183)  # from its last change
_LAST_MOMENT = time(23, 59, 59)


def said_end(details: OpportunityDetails) -> datetime | None:
    """Return when an offer ends by its own word, else None.

    That is as it says, else after the last day to apply, but never after the last day on which help is needed.
    """
    said = details.expires_at or _after(details.apply_by)
    return min((moment for moment in (said, _after(details.end_date)) if moment is not None), default=None)


def _after(day: date | None) -> datetime | None:
    return datetime.combine(day, _LAST_MOMENT, tzinfo=HOME) if day else None
