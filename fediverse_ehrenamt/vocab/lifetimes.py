"""How long things hold that don't say so themselves: the one place for our own offers and those of others. Pure."""

from datetime import datetime, time, timedelta

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.vocab.types import OpportunityDetails

OFFER_HOLDS = timedelta(days=365)  # from its last confirmation; then it leaves the index
OFFER_FADES = timedelta(days=183)  # from its last confirmation; then a page shows it less
POST_HOLDS = timedelta(days=183)  # from its last change
_LAST_MOMENT = time(23, 59, 59)


def said_end(details: OpportunityDetails) -> datetime | None:
    """Return when an offer ends by its own word: as it says, else after the last day that it names; else None."""
    last = details.apply_by or details.end_date
    if details.expires_at or not last:
        return details.expires_at
    return datetime.combine(last, _LAST_MOMENT, tzinfo=HOME)
