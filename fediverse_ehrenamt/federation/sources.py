"""Sources: actors that this instance has chosen to follow and index, and how it catches up with what they published."""

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from fediverse_ehrenamt.federation import addresses, discovery, fetch, inbox, outbox, peers
from fediverse_ehrenamt.federation.handlers import Handlers
from fediverse_ehrenamt.federation.model import RemoteActorRow, SourceRow
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError, Gone, NotFound, Rejected
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Activity,
    Actor,
    Announce,
    Collection,
    CollectionPage,
    Create,
    Delete,
    Event,
    Follow,
    Item,
    Note,
    Opportunity,
    Undo,
    Unsupported,
)
from fediverse_ehrenamt.work import Work, Workshop

ITEMS = 300  # of an outbox that are read at most
PAGES = 30
READ_AGAIN_AFTER = timedelta(hours=6)
_STORED_AT_ONCE = 50
_DUE_AT_ONCE = 20

Thing = Note | Opportunity | Event
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is listed."""

    uri: str
    name: str
    url: str
    host: str
    state: str
    added_at: datetime
    read_at: datetime | None
    error: str
    whole_origin: bool


# --- choosing ---------------------------------------------------------------------------------------------------------
async def add(workshop: Workshop, address: str) -> Source:
    """Follow the actor at an address (URL, @handle@domain or an instance's domain) and read its outbox soon.

    Raises `Rejected` or `Unavailable` with the reason where there is none, `Conflict` where it is ourselves.
    """
    ours = addresses.is_ours(workshop.settings, address.strip())
    uri = "" if ours else await discovery.find_actor(workshop, address)
    if ours or addresses.is_ours(workshop.settings, uri):
        raise Conflict("Das ist diese Instanz selbst; ihre eigenen Angebote sind schon im Index.")
    actor = await fetch.actor(workshop, uri)
    return await workshop.write(follow, actor)


def follow(work: Work, actor: Actor) -> Source:
    """Follow an actor as the instance; asking again repeats the Follow."""
    instance = addresses.instance_actor(work.settings)
    row = work.db.get(SourceRow, actor.id)
    if row is None:
        row = SourceRow(
            uri=actor.id,
            origin=ids.origin(actor.id),
            whole_origin=actor.type == "Application",
            follow=addresses.new_activity(work.settings),
            state="pending",
            added_at=work.now,
            error="",
        )
        work.db.add(row)
    else:
        row.follow = addresses.new_activity(work.settings)
        row.state = "accepted" if row.state == "accepted" else "pending"
    activity = Follow(id=row.follow, actor=instance, object=actor.id, to=(actor.id,), published=work.now)
    outbox.send(work, activity, [actor.inbox])
    host = ids.host(actor.id)
    queue.enqueue(work, [NewJob(host, "read_outbox", actor.id), NewJob(host, "identify", ids.origin(actor.id))])
    return _listed(row, peers.find(work, actor.id))


def remove(work: Work, address: str) -> SourceRow:
    """Stop following a source; whoever calls this also drops what it published. Raises `NotFound`."""
    row = work.db.get(SourceRow, address) or work.db.scalar(
        select(SourceRow).join(RemoteActorRow, RemoteActorRow.uri == SourceRow.uri).where(RemoteActorRow.url == address)
    )
    if row is None:
        known = "\n".join(source.uri for source in listing(work)) or "keine"
        raise NotFound(f"„{address}“ ist keine Quelle. Quellen sind:\n{known}")
    instance = addresses.instance_actor(work.settings)
    undone = Follow(id=row.follow, actor=instance, object=row.uri)
    activity = Undo(
        id=addresses.new_activity(work.settings), actor=instance, object=undone, to=(row.uri,), published=work.now
    )
    if peer := peers.find(work, row.uri):
        outbox.send(work, activity, [peer.inbox])
    work.db.execute(delete(SourceRow).where(SourceRow.uri == row.uri))
    return row


def listing(work: Work) -> list[Source]:
    rows = work.db.execute(
        select(SourceRow, RemoteActorRow)
        .outerjoin(RemoteActorRow, RemoteActorRow.uri == SourceRow.uri)
        .order_by(SourceRow.added_at)
    )
    return [_listed(source, actor) for source, actor in rows]


def _listed(row: SourceRow, actor: RemoteActorRow | None) -> Source:
    name, url = (actor.name, actor.url) if actor else (row.uri, row.uri)
    return Source(
        row.uri, name, url, ids.host(row.uri), row.state, row.added_at, row.read_at, row.error, row.whole_origin
    )


def count(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(SourceRow)) or 0


def read_again(work: Work) -> int:
    """Enqueue another look at outboxes last read long ago: Mobilizon and Gancio never repeat a lost delivery."""
    due = (
        select(SourceRow)
        .where(SourceRow.state != "rejected", SourceRow.read_at < work.now - READ_AGAIN_AFTER)
        .limit(_DUE_AT_ONCE)
    )
    rows = work.db.scalars(due).all()
    for row in rows:
        row.read_at = work.now
    queue.enqueue(work, [NewJob(ids.host(row.uri), "read_outbox", row.uri) for row in rows])
    return len(rows)


# --- catching up ------------------------------------------------------------------------------------------------------
def jobs(handlers: Handlers) -> dict[str, JobFunction]:
    """Return the jobs of this module; they hand what they fetch to the same handlers as the inbox does."""

    async def run_read_outbox(workshop: Workshop, job: Job) -> None:
        await read_outbox(workshop, handlers, job.argument)

    async def run_obtain(workshop: Workshop, job: Job) -> None:
        await obtain(workshop, handlers, job.argument)

    return {"read_outbox": run_read_outbox, "obtain": run_obtain, "identify": identify}


async def read_outbox(workshop: Workshop, handlers: Handlers, uri: str) -> None:
    """Take over what a source published: the newest `ITEMS`. What it embeds under its own origin is taken as it is."""
    actor = await fetch.actor(workshop, uri)
    try:
        found = [item async for item in _items(workshop, actor)]
    except EhrenamtError as error:
        await workshop.write(_note_read, uri, error.public)
        raise
    things = [thing for item in found if (thing := _embedded(item, uri)) is not None]
    others = {other for item in found if _embedded(item, uri) is None and (other := _reference(item))}
    for author in sorted({thing.attributed_to for thing in things}):
        await _introduce(workshop, author)
    for start in range(0, len(things), _STORED_AT_ONCE):
        await workshop.write(_take, handlers, things[start : start + _STORED_AT_ONCE])
    await workshop.write(_enqueue, [inbox.obtain(other) for other in sorted(others)])
    await workshop.write(_note_read, uri, "")


async def _introduce(workshop: Workshop, author: str) -> None:
    """Learn an author's name where that is possible; without it, what it wrote is shown under its host."""
    try:
        await fetch.ensure_actor(workshop, author)
    except EhrenamtError as error:
        _log.info("nothing is known of %s: %s", author, error)


async def _items(workshop: Workshop, actor: Actor) -> AsyncIterator[Item]:
    """Yield the items of an actor's outbox, newest first, up to the bounds."""
    if not actor.outbox:
        return
    page = await _page(workshop, actor.outbox, actor)
    read, seen = 0, set[str]()
    for _ in range(PAGES):
        for item in page.items:
            yield item
            read += 1
            if read >= ITEMS:
                return
        following = page.first if isinstance(page, Collection) else page.next
        if isinstance(following, CollectionPage):
            page = following
            continue
        if not following or following in seen or not ids.same_origin(following, actor.id):
            return
        seen.add(following)
        page = await _page(workshop, following, actor)


async def _page(workshop: Workshop, uri: str, actor: Actor) -> Collection | CollectionPage:
    _, value = await fetch.from_origin(workshop, uri)
    if not isinstance(value, Collection | CollectionPage) or not ids.same_origin(value.id, actor.id):
        raise Rejected(f"{uri} is no collection of {actor.id}")
    return value


def _embedded(item: Item, source: str) -> Thing | None:
    """Return the public object in an item if the source's own origin vouches for it."""
    thing = item.object if isinstance(item, Create | Announce) else item
    if isinstance(thing, Create):
        thing = thing.object
    if not isinstance(thing, Note | Opportunity | Event) or not thing.public or not ids.same_origin(thing.id, source):
        return None
    author = thing.attributed_to or source
    return replace(thing, attributed_to=author) if ids.same_origin(author, source) else None


def _reference(item: Item) -> str:
    """Return the URI that an item names without our being able to trust what it embeds."""
    if isinstance(item, Announce | Create):
        inner = item.object
        if isinstance(inner, Unsupported):
            return ""
        return inner.object_id if isinstance(inner, Create) else item.object_id
    return item if isinstance(item, str) else ""


def _take(work: Work, handlers: Handlers, things: Sequence[Thing]) -> None:
    for thing in things:
        inbox.dispatch(work, handlers, Create(id="", actor=thing.attributed_to, object=thing, to=(PUBLIC,)))


def _enqueue(work: Work, new: Iterable[NewJob]) -> None:
    queue.enqueue(work, list(new))


def _note_read(work: Work, uri: str, error: str) -> None:
    row = work.db.get(SourceRow, uri)
    if row is not None:
        row.read_at, row.error = work.now, error


async def obtain(workshop: Workshop, handlers: Handlers, uri: str) -> None:
    """Ask an object's origin what it is, and handle the answer as if its author had sent it."""
    if addresses.is_ours(workshop.settings, uri):
        return
    try:
        signed, value = await fetch.from_origin(workshop, uri)
    except Gone:
        await workshop.write(_dispatch, handlers, Delete(id="", actor=ids.origin(uri), object=uri))
        return
    if isinstance(value, Activity):  # Announce of a Create's id
        await workshop.write(_enqueue, [inbox.obtain(value.object_id)])
    elif isinstance(value, Note | Opportunity | Event) and value.public:
        await _introduce(workshop, signed.actor)
        await workshop.write(_dispatch, handlers, Create(id="", actor=signed.actor, object=value, to=value.to))


def _dispatch(work: Work, handlers: Handlers, activity: Activity) -> None:
    inbox.dispatch(work, handlers, activity)


async def identify(workshop: Workshop, job: Job) -> None:
    """Ask a host's NodeInfo what software it runs: sisters get whole activities where others get announcements."""
    software = await discovery.software(workshop, job.argument)
    sister = software == discovery.SOFTWARE
    await workshop.write(_note_host, job.host, software, sister)


def _note_host(work: Work, host: str, software: str, sister: bool) -> None:  # noqa: FBT001 - passed through a thread
    peers.note_host(work, host, software, sister=sister)
