"""What an organisation does with its events. Each is one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from fediverse_ehrenamt.attendance import store as attendance
from fediverse_ehrenamt.attendance.rules import KEPT
from fediverse_ehrenamt.events import rules, wire
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.look import actions as look
from fediverse_ehrenamt.search.model import EVENT
from fediverse_ehrenamt.things import actions, bulk, store
from fediverse_ehrenamt.things.actions import Maker
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.store import Outcome, Own
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab.types import Event
from fediverse_ehrenamt.work import Work


def publish(work: Work, owner: str, draft: Draft, row: str = "") -> Outcome:
    """Publish an event of the actor `owner`, change, cancel or withdraw the one with the same key; raises `Invalid`.

    Of events that share a name of a `row`, as those of a series do, followers are shown one at a time.
    """
    if draft.status == rules.WITHDRAWN:
        return withdraw(work, owner, draft.key)
    if faults := rules.problems(draft, work.now):
        raise Invalid(faults)
    return actions.hand_in(work, owner, _own(draft), EVENT, _maker(work, draft), series=row or draft.series)


def publish_quietly(work: Work, owner: str, drafts: Sequence[Draft]) -> list[Outcome]:
    """Publish many new events of the actor `owner` at once, in calendars and in nobody's timeline (`things.bulk`).

    Whoever calls this has asked `rules.problems` of each. Raises `Conflict` where one of the keys is taken.
    """
    document, hashtag = partial(wire.to_document, local=True), look.hashtag(work)
    fresh = [bulk.Fresh(_own(draft), partial(_made, work, draft, hashtag), document) for draft in drafts]
    outcomes = bulk.publish_quietly(work, owner, fresh)
    for draft, outcome in zip(drafts, outcomes, strict=True):
        attendance.settle(work, outcome.uri, draft.capacity, draft.ends_at + KEPT)
    return outcomes


def withdraw(work: Work, owner: str, key: str) -> Outcome:
    """Take an event back for good, as `things.actions.withdraw` does, and forget who came to it."""
    outcome = actions.withdraw(work, owner, key, "Event")
    attendance.forget_event(work, outcome.uri)
    return outcome


def drop(work: Work, date: ThingRow) -> Outcome:
    """Take a date out of its series: one that people were shown is cancelled and says so, any other is withdrawn."""
    status = "cancelled" if actions.has_been_shown(work, date.uri) else rules.WITHDRAWN
    return publish(work, date.actor, replace(values.load(Draft, date.draft), status=status))


def _own(draft: Draft) -> Own:
    return Own(draft.key, values.dump(draft))


def _maker(work: Work, draft: Draft) -> Maker:
    def make(names: Names, published: datetime, updated: datetime) -> Event:
        return _made(work, draft, look.hashtag(work), names, published, updated)

    return Maker(make, partial(_keep, work, _own(draft)))


def _made(work: Work, draft: Draft, hashtag: str, names: Names, published: datetime, updated: datetime) -> Event:
    attendance.lock(work, names.uri)  # so that nobody joins between counting and writing
    tagged = replace(draft, hashtags=look.tags(draft.hashtags, hashtag))
    return wire.to_wire(tagged, work.settings, names, published, updated, attendance.taken(work, names.uri))


def _keep(work: Work, own: Own, thing: Thing, page: str) -> None:
    assert isinstance(thing, Event)
    document = wire.to_document(thing, store.author(work, thing.attributed_to), page, local=True)
    store.put(work, thing, document, own)
    attendance.settle(work, thing.id, thing.capacity, (thing.ends_at or thing.starts_at) + KEPT)


def tell_full(work: Work) -> int:
    """Say of events that became full that they are ("BESETZT:"), or that they have places again; return how many.

    All that were sent the event get one Update for all who joined or left since; the next one waits for a while, so
    that nobody can make us send many by coming and going.
    """
    named = attendance.untold(work)
    rows = {row.uri: row for row in actions.hold(work, named)}
    for uri in named:
        if uri not in rows:
            attendance.forget_event(work, uri)
    # Asked anew: a change that was handed in meanwhile has said it too.
    changed = [rows[uri] for uri in attendance.untold(work) if uri in rows]
    for row in changed:
        _tell(work, row)
    return len(changed)


def _tell(work: Work, row: ThingRow) -> None:
    draft = values.load(Draft, row.draft)
    if draft.ends_at <= work.now or rules.first_words(draft.status, draft.shift):
        attendance.settle(work, row.uri, draft.capacity, draft.ends_at + KEPT)  # nobody would see a difference
    else:
        actions.change(work, row, _maker(work, draft))
