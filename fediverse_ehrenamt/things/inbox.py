"""What peers tell us about any thing: newer states replace older ones, deletions last."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from fediverse_ehrenamt.federation import absence, authority, chosen, inbox, outbox, peers, sources
from fediverse_ehrenamt.federation.authority import Refetch
from fediverse_ehrenamt.federation.chosen import Chosen
from fediverse_ehrenamt.federation.handlers import Lost, receives
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import fitting, review, store
from fediverse_ehrenamt.things.model import SUSPENDED
from fediverse_ehrenamt.things.store import Held, Put
from fediverse_ehrenamt.things.wire import Author, Thing
from fediverse_ehrenamt.vocab.types import Activity, Actor, Announce, Create, Delete, Follow, Tombstone, Undo
from fediverse_ehrenamt.work import Work

_log = logging.getLogger(__name__)
T = TypeVar("T", bound=Thing)


def take(work: Work, activity: Activity, thing: T, to_document: Callable[[T, Author, str], Document]) -> None:
    """Write down a thing of a source, unless a newer state is held or it was deleted before it came.

    What may not be indexed, says nothing in words, is over, or is not what its source was chosen for, is not kept
    either: a state of it that is held goes.
    """
    if not thing.attributed_to:
        thing = replace(thing, attributed_to=activity.actor)
    source = chosen.find(work, *filter(None, (thing.attributed_to, activity.actor, activity.via)))
    if source is None:
        return
    chosen.hear(work, source)
    # Its Delete, or another state of it, may be in another worker's hands: it is held from here.
    buried, held = store.standing(work, thing.id)
    if buried or (held is not None and not _newer(work, activity, thing, held.version)):
        return
    author = store.author(work, thing.attributed_to)
    document = fitting.bounded(to_document(thing, author, held.id if held else ids.new_id()), work.now)
    if not _wanted(work, source, thing, author, document):
        _drop(work, source, thing.id, held)
    elif source.review and held is None:
        review.submit(work, thing, document, source.uri)
    elif author.suspended and held is None:
        review.submit(work, thing, document, source.uri, SUSPENDED)
    else:
        via = None if source.is_author(thing.attributed_to) else source.uri
        store.put_soon(work, Put(thing, document, source=via))
        _log.info("„%s“ von %s empfangen", document.title, document.host)


def _wanted(work: Work, source: Chosen, thing: Thing, author: Author, document: Document) -> bool:
    return (
        bool(document.title)
        and fitting.consented(thing, author, document.kind)
        and not fitting.is_over(document, work.now)
        and fitting.fits(source.choice, document)
    )


def _drop(work: Work, source: Chosen, uri: str, held: Held | None) -> None:
    if held is not None:
        store.remove(work, [uri])
    if source.review:
        review.forget(work, [uri])


def _newer(work: Work, activity: Activity, thing: Thing, held: datetime) -> bool:
    """An Update without `updated` is newer by its own word; a Create must be newer by its date."""
    version = store.heard_version(thing, work.now)
    return version > held if isinstance(activity, Create) else version >= held


@receives(Delete, Tombstone)
def on_delete(work: Work, activity: Delete) -> None:
    """Erase a thing and remember that it is gone, also if it never came."""
    uri = activity.object_id
    store.hold(work, uri)
    held = store.find(work, uri)
    outbox.bury(work, uri, held.kind if held else "")
    store.remove(work, [uri])
    review.forget(work, [uri])
    if source := chosen.find(work, activity.actor):
        chosen.hear(work, source)


@receives(Lost, str)
def on_lost(work: Work, activity: Lost) -> None:
    """Its origin knows nothing of it: if that is so twice, what is held goes.

    There is no tombstone, so that it may come again.
    """
    uri = activity.object_id
    store.hold(work, uri)
    if activity.again:
        store.remove(work, [uri])
        review.lose(work, uri)
    elif store.find(work, uri) is not None or review.is_undecided(work, uri):
        absence.ask_again(work, uri, activity.via)


@receives(Undo, Announce)
def on_undo_announce(work: Work, activity: Undo) -> None:
    """A source takes back what it passed on: what is here by its word alone goes, and may come again by another's."""
    assert isinstance(activity.object, Announce)
    _take_back(work, activity.object, activity.actor)


@receives(Undo, Follow)
def on_undo_by_id(work: Work, activity: Undo) -> None:
    """Undo of a bare id, which may have been anything: what it was is known as long as its body is kept."""
    shared = inbox.received(work, activity.object_id, activity.actor) if isinstance(activity.object, str) else None
    if isinstance(shared, Announce):
        _take_back(work, shared, activity.actor)


def _take_back(work: Work, shared: Announce, actor: str) -> None:
    about = authority.judge(actor, shared)
    if not isinstance(about, Refetch):
        return
    uri = about.uri
    store.hold(work, uri)
    held = store.find(work, uri)
    if held is not None and held.source == actor:
        store.remove(work, [uri])
    review.withdraw(work, uri, actor)


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    """Somebody left the fediverse: all that is theirs goes with them."""
    store.remove(work, store.of_actor(work, activity.actor))
    review.forget_actor(work, activity.actor)
    sources.note_gone(work, activity.actor)
    peers.forget(work, activity.actor)
    outbox.bury(work, activity.actor, "Actor")


HANDLERS = [on_delete, on_lost, on_undo_announce, on_undo_by_id, on_delete_actor]
