"""The demo's data: organisations and what they post, seeded; the bulk of the benchmark comes from `demo/bulk.py`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.demo.bulk import documents
from fediverse_ehrenamt.demo.happenings import happenings
from fediverse_ehrenamt.demo.offers import offers
from fediverse_ehrenamt.demo.organisations import DemoOrganisation, organisations
from fediverse_ehrenamt.demo.towns import Town
from fediverse_ehrenamt.events import rules as event_rules
from fediverse_ehrenamt.opportunities import rules as opportunity_rules

__all__ = ["DemoOrganisation", "Entry", "documents", "entries", "organisations"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that the organisation with this handle posted, and when it last said that it holds.

    An opportunity's draft is valid at the `now` that was asked for, an event's at its `published_at`, since some are
    over by now.
    """

    organisation: str
    published_at: datetime
    confirmed_at: datetime
    draft: opportunity_rules.Draft | event_rules.Draft


def entries(town: Town, now: datetime, seed: int, opportunities: int = 64, events: int = 22) -> Iterator[Entry]:
    """Yield what a town's organisations posted, oldest first; the same for the same arguments."""
    posters = organisations(town, seed)
    made = [
        Entry(offer.organisation, offer.published_at, offer.confirmed_at, offer.draft)
        for offer in offers(town, posters, now, seed, opportunities)
    ]
    made += [
        Entry(event.organisation, event.published_at, event.published_at, event.draft)
        for event in happenings(town, posters, now, seed, events)
    ]
    yield from sorted(made, key=lambda entry: (entry.published_at, entry.organisation, entry.draft.key))
