"""What peers tell us about any thing: newer states replace older ones, deletions last."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from fediverse_ehrenamt.federation import outbox, peers
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import store
from fediverse_ehrenamt.things.wire import Author, Thing
from fediverse_ehrenamt.vocab.types import Activity, Actor, Create, Delete, Tombstone
from fediverse_ehrenamt.work import Work

_log = logging.getLogger(__name__)
T = TypeVar("T", bound=Thing)


def take(work: Work, activity: Activity, thing: T, to_document: Callable[[T, Author, str], Document]) -> None:
    """Write down a thing that its author sent, unless a newer state is held or it was deleted before it came."""
    if not thing.attributed_to:
        thing = replace(thing, attributed_to=activity.actor)
    if not thing.public:
        return
    store.hold(work, thing.id)  # its Delete, or another state of it, may be in another worker's hands
    if outbox.is_buried(work, thing.id):
        return
    held = store.held(work, thing.id)
    if held is not None and not _newer(activity, thing, held.version):
        return
    document = to_document(thing, store.author(work, thing.attributed_to), held.id if held else ids.new_id())
    store.put(work, thing, document)
    _log.info("„%s“ von %s empfangen", document.title, document.host)


def _newer(activity: Activity, thing: Thing, held: datetime) -> bool:
    """An Update without `updated` is newer by its own word; a Create must be newer by its date."""
    version = store.version(thing)
    return version > held if isinstance(activity, Create) else version >= held


@receives(Delete, Tombstone)
def on_delete(work: Work, activity: Delete) -> None:
    """Erase a thing and remember that it is gone, also if it never came."""
    uri = activity.object_id
    store.hold(work, uri)
    held = store.find(work, uri)
    outbox.bury(work, uri, held.kind if held else "")
    store.remove(work, [uri])


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    """Somebody left the fediverse: all that is theirs goes with them."""
    store.remove(work, store.of_actor(work, activity.actor))
    peers.forget(work, activity.actor)
    outbox.bury(work, activity.actor, "Actor")


HANDLERS = [on_delete, on_delete_actor]
