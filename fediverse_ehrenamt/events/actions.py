"""What an organisation does with its events. Each is one transaction."""

from datetime import datetime
from functools import partial

from fediverse_ehrenamt.events import rules, wire
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.search.model import EVENT
from fediverse_ehrenamt.things import actions, store
from fediverse_ehrenamt.things.store import Outcome, Own
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab.types import Event
from fediverse_ehrenamt.work import Work


def publish(work: Work, owner: str, draft: Draft) -> Outcome:
    """Publish an event of the actor `owner`, change, cancel or withdraw the one with the same key; raises `Invalid`."""
    if draft.status == rules.WITHDRAWN:
        return actions.withdraw(work, owner, draft.key, "Event")
    if faults := rules.problems(draft, work.now):
        raise Invalid(faults)
    own = Own(draft.key, values.dump(draft))
    return actions.hand_in(work, owner, own, EVENT, partial(_put, work, draft, own))


def _put(work: Work, draft: Draft, own: Own, names: Names, published: datetime, updated: datetime) -> Event:
    thing = wire.to_wire(draft, work.settings, names, published, updated)
    document = wire.to_document(thing, store.author(work, names.actor), names.page, local=True)
    store.put(work, thing, document, own)
    return thing
