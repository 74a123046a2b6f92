"""What an organisation does with its opportunities. Each is one transaction."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import select

from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.opportunities import rules, wire
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.things import actions, store
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.store import Outcome, Own
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab.types import Opportunity
from fediverse_ehrenamt.work import Work

EXPIRED_AT_ONCE = 50


def publish(work: Work, owner: str, draft: Draft) -> Outcome:
    """Publish an opportunity of the actor `owner`, change or withdraw the one with the same key; raises `Invalid`."""
    if draft.details.status == rules.WITHDRAWN:
        return actions.withdraw(work, owner, draft.key, "Note")
    if faults := rules.problems(draft, work.now):
        raise Invalid(faults)
    return actions.hand_in(work, owner, _own(draft), OPPORTUNITY, partial(_put, work, draft))


def expire(work: Work) -> int:
    """Say of own offers whose time is over that they are ("ABGELAUFEN:"), to all that were sent them."""
    due = (
        select(ThingRow)
        .where(ThingRow.local, ThingRow.kind == OPPORTUNITY, ThingRow.expires_at <= work.now)
        .limit(EXPIRED_AT_ONCE)
    )
    rows = work.db.scalars(due).all()
    for row in rows:
        draft, told = values.load(Draft, row.draft), store.get(work, row.uri)
        assert isinstance(told, Opportunity)
        # That its time is over confirms nothing: it keeps its dates.
        confirmed = told.details.confirmed_at
        details = replace(draft.details, status="abgelaufen", confirmed_at=confirmed, expires_at=row.expires_at)
        expired = replace(draft, details=details)
        actions.change(work, row, partial(_put, work, expired))
    return len(rows)


def _own(draft: Draft) -> Own:
    return Own(draft.key, values.dump(draft))


def _put(work: Work, draft: Draft, names: Names, published: datetime, updated: datetime) -> Opportunity:
    confirmed = draft.details.confirmed_at or updated
    details = replace(draft.details, confirmed_at=confirmed, expires_at=rules.expires_at(draft.details, confirmed))
    thing = wire.to_wire(replace(draft, details=details), work.settings, names, published, updated)
    document = wire.to_document(thing, store.author(work, names.actor), names.page, local=True)
    store.put(work, thing, document, _own(draft))
    return thing
