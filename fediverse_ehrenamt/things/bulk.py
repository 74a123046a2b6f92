"""Many things of one organisation at once, as an import brings them: found and federated, but in nobody's timeline.

A town's four hundred offers would bury all else that its followers read. Sisters get them all, calendars the events;
others find them here, in the outbox, and when one is announced. Each batch is one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.federation import actors, addresses, outbox
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.things import showings, store
from fediverse_ehrenamt.things.store import Outcome, Own, Put
from fediverse_ehrenamt.things.wire import Author, Thing
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.work import Work

MOST = 500  # of one call: the transaction that holds them should be short


@dataclass(frozen=True, slots=True)
class Fresh:
    """Something that was not there before; `make` is given (names, published, updated), `document` what it made."""

    own: Own
    make: Callable[[Names, datetime, datetime], Thing]
    document: Callable[[Thing, Author, str], Document]


def publish_quietly(work: Work, owner: str, fresh: Sequence[Fresh]) -> list[Outcome]:
    """Publish what the actor `owner` hands in; return the outcomes in its order.

    Raises `Conflict` where something stands under one of the keys already, or under one twice, and where the owner may
    publish nothing.
    """
    actors.refuse_suspended(work, owner)
    assert len(fresh) <= MOST, "several transactions are shorter than one"
    keys = [one.own.key for one in fresh]
    locks.hold(work.db, *sorted(f"{owner} {key}" for key in keys))
    if len(set(keys)) < len(keys) or store.own_keys(work, owner, keys):
        raise Conflict(sentence("Unter einer dieser ids gibt es schon etwas."))
    author = store.author(work, owner)
    batch: list[Put] = []
    for one in fresh:
        page, uri = addresses.new_object(work.settings)
        thing = one.make(Names(uri, page, owner), work.now, work.now)
        batch.append(Put(thing, one.document(thing, author, page), one.own))
    store.put_all(work, batch)
    things = [one.thing for one in batch]
    showings.begin_all(work, things)
    outbox.create_quietly(work, owner, things)
    return [Outcome(one.thing.id, one.document.id, "published") for one in batch]
