"""The life of a thing of ours, whatever its kind: handed in, changed, withdrawn. Each is one transaction."""

from collections.abc import Callable
from datetime import datetime

from fediverse_ehrenamt.federation import addresses, outbox
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.things import store
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.store import Outcome, Own
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.work import Work

Put = Callable[[Names, datetime, datetime], Thing]
"""(names, published, updated) → the thing, written down with its Document."""


def hand_in(work: Work, owner: str, own: Own, kind: str, put: Put) -> Outcome:
    """Publish what the actor `owner` hands in, or change what it handed in before under the same key."""
    store.hold(work, f"{owner} {own.key}")
    held = store.find_own(work, owner, own.key)
    if held is None:
        page, uri = addresses.new_object(work.settings)
        outbox.create(work, put(Names(uri, page, owner), work.now, work.now))
        return Outcome(uri, page, "published")
    if held.kind != kind:
        raise Invalid([Problem("id", f"„{own.key}“ heißt bei dieser Organisation schon etwas anderes")])
    if held.draft == own.draft:
        return Outcome(held.uri, held.id, "unchanged")
    return change(work, held, put)


def change(work: Work, held: ThingRow, put: Put) -> Outcome:
    """Change what is held and tell all that were sent it."""
    published = held.published_at or work.now
    outbox.change(work, put(Names(held.uri, held.id, held.actor), published, store.next_version(work, held)))
    return Outcome(held.uri, held.id, "changed")


def withdraw(work: Work, owner: str, key: str, former_type: str) -> Outcome:
    """Take something back for good (an error, or consent withdrawn); what is not there is no fault."""
    store.hold(work, f"{owner} {key}")
    held = store.find_own(work, owner, key)
    if held is None:
        return Outcome(key, "", "absent")  # a file that still says so may be handed in again
    store.remove(work, [held.uri])
    outbox.withdraw(work, held.uri, owner, former_type)
    return Outcome(held.uri, held.id, "withdrawn")
