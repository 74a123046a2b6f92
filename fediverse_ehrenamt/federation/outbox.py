"""What goes out: the activity is written once, with one job for each inbox, in the caller's transaction.

Who gets what (DESIGN §6): a Create goes to the organisation's followers and to sisters that follow the instance; other
followers of the instance get the instance actor's Announce of the id; Update and Delete go to every inbox that was sent
the object, and to followers who came since and may have read it here. What changes nothing that people see (a
confirmation) goes to sisters alone, and so does a date of a series that is still far away.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import orjson
from sqlalchemy import Table, bindparam, delete, func, insert, select

from fediverse_ehrenamt.federation import addresses, proofs, recipients, restrictions
from fediverse_ehrenamt.federation.model import PublishedRow, RemoteActorRow, TombstoneRow
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Activity,
    Announce,
    Create,
    Delete,
    Event,
    Note,
    Opportunity,
    Tombstone,
    Undo,
    Update,
)
from fediverse_ehrenamt.work import Work

Thing = Note | Opportunity | Event
A = TypeVar("A", Announce, Undo, Delete)
DELIVER = "deliver"  # the job's name

_published = cast("Table", PublishedRow.__table__)
_tombstones = cast("Table", TombstoneRow.__table__)
_BURIED = select(_tombstones.c.uri).where(_tombstones.c.uri == bindparam("uri"))  # asked for all that comes in


@dataclass(frozen=True, slots=True)
class Delivery:
    """The argument of a `deliver` job: an activity of ours and the inbox it goes to."""

    activity: str
    inbox: str

    def text(self) -> str:
        return orjson.dumps([self.activity, self.inbox]).decode()

    @classmethod
    def of(cls, text: str) -> "Delivery":
        return cls(*orjson.loads(text))


def audience(actor: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `to` and `cc` of what an actor of ours publishes for everybody."""
    return (PUBLIC,), (addresses.followers(actor),)


def create(work: Work, thing: Thing) -> None:
    """Publish an object of ours; sisters that were introduced to it before have it already."""
    actor, instance = thing.attributed_to, addresses.instance_actor(work.settings)
    direct = recipients.followers(work, actor) | recipients.followers(work, instance, sisters=True)
    # Others may have been sent it, too: who joined or liked it early.
    introduced = recipients.were_sent(work, thing.id) & recipients.sisters(work, actor)
    _send(work, _creation(work, thing), thing.id, direct - introduced, listed=True)
    # To all of these, also where a Create goes to the same inbox: a server shares one among people who follow different
    # actors, and Mobilizon lists only what an actor that its relay follows has announced.
    announce(work, thing.id, actor, recipients.followers(work, instance, sisters=False))


def introduce(work: Work, thing: Thing) -> None:
    """Tell sisters alone of an object of ours; `create` shows it to everybody when its time comes."""
    _send(work, _creation(work, thing), thing.id, recipients.sisters(work, thing.attributed_to), listed=False)


def _creation(work: Work, thing: Thing) -> Create:
    return Create(
        id=addresses.new_activity(work.settings),
        actor=thing.attributed_to,
        object=thing,
        to=thing.to,
        cc=thing.cc,
        published=work.now,
    )


def create_quietly(work: Work, actor: str, things: Sequence[Thing]) -> None:
    """Publish many objects of one actor of ours without filling timelines.

    Sisters get the Creates. Of events, calendars hear too, each in the way that it lists them by: a Gancio by the
    Create of an organisation that it follows, Mobilizon by the Announce. Both are listed for all who catch up.
    """
    instance = addresses.instance_actor(work.settings)
    sisters = recipients.sisters(work, actor)
    calendars = recipients.gancios(work, recipients.followers(work, actor))
    alone, together, mobilizons = (
        restrictions.deliverable(work, inboxes)
        for inboxes in (sisters, sisters | calendars, recipients.mobilizons(work))
    )
    letters: list[_Letter] = []
    for thing in things:
        letters.append(_Letter(_creation(work, thing), thing.id, together if _is_for_calendars(thing) else alone))
        heard = mobilizons if isinstance(thing, Event) else []
        letters.append(_Letter(_announcement(work, instance, thing.id, actor), thing.id, heard))
    writers = {uri: proofs.writer(work, uri) for uri in (actor, instance)}
    work.db.execute(
        insert(_published),
        [
            {
                "uri": letter.activity.id,
                "actor": letter.activity.actor,
                "kind": type(letter.activity).__name__,
                "object": letter.about,
                "body": writers[letter.activity.actor](letter.activity),
                "listed": True,
                "published_at": work.now,
            }
            for letter in letters
        ],
    )
    recipients.note_sent(work, ((letter.about, inbox) for letter in letters for inbox in letter.inboxes))
    queue.enqueue(
        work,
        [
            NewJob(ids.host(inbox), DELIVER, Delivery(letter.activity.id, inbox).text(), letter.about)
            for letter in letters
            for inbox in letter.inboxes
        ],
    )


@dataclass(frozen=True, slots=True)
class _Letter:
    """An activity, the object it is about, and where it goes."""

    activity: Activity
    about: str
    inboxes: Collection[str]


def announce(work: Work, uri: str, author: str, inboxes: Iterable[str]) -> None:
    """Announce an object of ours as the instance: what puts an event into Mobilizon's listing."""
    instance = addresses.instance_actor(work.settings)
    _send(work, _announcement(work, instance, uri, author), uri, inboxes, listed=True)


def share(work: Work, actor: str, uri: str, author: str, *, again: bool = False) -> str:
    """Let an actor of ours announce anybody's object to its followers; return the Announce.

    The server of an author elsewhere is told too: it counts who shares, and sends its changes to where that is. `again`
    tells sisters alone, who then ask its origin what it is now: an Update by an author that they don't follow is none.
    """
    activity = _announcement(work, actor, uri, author)
    peer = None if again else work.db.get(RemoteActorRow, author)
    inboxes = recipients.followers(work, actor, sisters=again or None)
    if peer is not None:
        inboxes.add(peer.shared_inbox or peer.inbox)
    if inboxes or not again:
        _send(work, activity, uri, inboxes, listed=not again)
    return activity.id


def _announcement(work: Work, actor: str, uri: str, author: str) -> Announce:
    return Announce(
        id=addresses.new_activity(work.settings),
        actor=actor,
        object=uri,
        to=(PUBLIC,),
        cc=(addresses.followers(actor), author),
        published=work.now,
    )


def change(work: Work, thing: Thing) -> None:
    """Publish a changed object to all that were sent it, and to followers who came since.

    Earlier Updates that still wait anywhere are dropped: whoever gets this one has missed nothing. A Gancio that came
    since has the events of one page of the outbox only, and no answer but 500 to an Update of another (its events.js).
    """
    instance = addresses.instance_actor(work.settings)
    direct = recipients.followers(work, thing.attributed_to) | recipients.followers(work, instance, sisters=True)
    known = recipients.were_sent(work, thing.id)
    _supersede(work, thing.id)
    if _is_for_calendars(thing):
        _catch_up(work, thing.id, recipients.gancios(work, direct - known))
    _update(work, thing, direct | known)


def _catch_up(work: Work, uri: str, inboxes: Iterable[str]) -> None:
    """Deliver the Create of an object to those that came after it; who has the object already does nothing then."""
    creates = select(PublishedRow.uri).where(PublishedRow.object == uri, PublishedRow.kind == "Create")
    created = work.db.scalar(creates.order_by(PublishedRow.id.desc()).limit(1))
    if created is not None:
        targets = restrictions.deliverable(work, inboxes)
        queue.enqueue(
            work, [NewJob(ids.host(inbox), DELIVER, Delivery(created, inbox).text(), uri) for inbox in targets]
        )


def change_quietly(work: Work, thing: Thing) -> None:
    """Publish a changed object that was only introduced, to all that know it."""
    _supersede(work, thing.id)
    _update(work, thing, recipients.sisters(work, thing.attributed_to) | recipients.were_sent(work, thing.id))


def confirm(work: Work, thing: Thing) -> None:
    """Tell sisters, who index its facts, that an object still holds; for all others nothing has changed.

    Earlier Updates that still wait for these are dropped. To others they stay on their way, as this one does not reach
    them; those that nobody waits for any more go, or a weekly confirmation would leave a copy each.
    """
    inboxes = recipients.sisters(work, thing.attributed_to)
    queue.supersede(work, thing.id, DELIVER, lambda argument: Delivery.of(argument).inbox in inboxes)
    awaited = {Delivery.of(argument).activity for argument in queue.replaceable(work, thing.id, DELIVER)}
    earlier = delete(PublishedRow).where(PublishedRow.object == thing.id, PublishedRow.kind == "Update")
    work.db.execute(earlier.where(PublishedRow.uri.not_in(awaited)))
    _update(work, thing, inboxes)


def _supersede(work: Work, uri: str) -> None:
    work.db.execute(delete(PublishedRow).where(PublishedRow.object == uri, PublishedRow.kind == "Update"))
    queue.supersede(work, uri, DELIVER)


def _update(work: Work, thing: Thing, inboxes: Iterable[str]) -> None:
    activity = Update(
        id=addresses.new_activity(work.settings),
        actor=thing.attributed_to,
        object=thing,
        to=thing.to,
        cc=thing.cc,
        published=work.now,
    )
    refresh_creates(work, thing)
    _send(work, activity, thing.id, inboxes, listed=False)


def _for_everybody(work: Work, kind: type[A], actor: str, thing: str | Announce | Tombstone) -> A:
    to, cc = audience(actor)
    return kind(id=addresses.new_activity(work.settings), actor=actor, object=thing, to=to, cc=cc, published=work.now)


def show_again(work: Work, uri: str, actor: str) -> str:
    """Let an actor of ours announce its own object to its followers, as a boost of its own post; return the Announce.

    A former one must be taken back before: Mastodon knows one boost for each account and post.
    """
    activity = _for_everybody(work, Announce, actor, uri)
    _send(work, activity, uri, recipients.followers(work, actor), listed=True)
    return activity.id


def take_back(work: Work, announcement: str) -> None:
    """Undo an Announce that `show_again` or `share` made, at all that were sent it; one that is gone is no fault."""
    row = work.db.scalar(select(PublishedRow).where(PublishedRow.uri == announcement))
    if row is None:
        return
    undone = Announce(id=row.uri, actor=row.actor, object=row.object, published=row.published_at)
    activity = _for_everybody(work, Undo, row.actor, undone)
    work.db.delete(row)
    bury(work, announcement, "Announce")
    # Of ours, others were sent it by the organisation.
    others = set[str]() if addresses.is_ours(work.settings, row.object) else recipients.were_sent(work, row.object)
    _send(work, activity, row.object, recipients.followers(work, row.actor) | others, listed=False, remember=False)


def withdraw(work: Work, uri: str, actor: str, former_type: str, *, shown: bool = True) -> None:
    """Take an object of ours back: a Delete to all that may have it, a Tombstone under its id for ever.

    Beside those that were sent it these are all who follow since, also a feed that announced it: they have read an
    outbox, or what is featured. Of what was not `shown` yet only sisters can know.
    """
    tombstone = Tombstone(id=uri, former_type=former_type, deleted=work.now)
    activity = _for_everybody(work, Delete, actor, tombstone)
    inboxes = recipients.were_sent(work, uri) | _readers(work, uri, actor, shown=shown)
    gone = work.db.execute(select(PublishedRow.uri, PublishedRow.kind).where(PublishedRow.object == uri)).all()
    for each in [(uri, former_type), *gone]:
        bury(work, *each)
    work.db.execute(delete(PublishedRow).where(PublishedRow.object == uri))
    recipients.forget(work, uri)
    # Other processes hold letters in memory; what is not in the queue is not delivered from there either.
    queue.cancel(work, sorted({ids.host(inbox) for inbox in inboxes}), uri, DELIVER)
    _send(work, activity, uri, inboxes, listed=False, remember=False)


def _readers(work: Work, uri: str, actor: str, *, shown: bool) -> set[str]:
    """Return the inboxes of those that may have read an object of ours here, or were introduced to it."""
    if not shown:
        return recipients.sisters(work, actor)
    instance = addresses.instance_actor(work.settings)
    followers = recipients.followers(work, actor) | recipients.followers(work, instance)
    return followers | recipients.of_sharers(work, uri)


def send(work: Work, activity: Activity, inboxes: Iterable[str]) -> None:
    """Send an activity that concerns only its receivers (Follow, Accept, Reject, Undo)."""
    undone = activity.object if isinstance(activity, Undo) else None
    # An Undo must not overtake its Follow, so both are about the same: whoever is followed.
    about = undone.object_id if isinstance(undone, Activity) else activity.object_id
    _send(work, activity, about, inboxes, listed=False, remember=False)


def bury(work: Work, uri: str, former_type: str) -> None:
    """Leave a tombstone, of an object of anybody's."""
    upsert.add_missing(
        work.db, _tombstones, ["uri"], [{"uri": uri, "former_type": former_type, "deleted_at": work.now}]
    )


def is_buried(work: Work, uri: str) -> bool:
    return work.db.execute(_BURIED, {"uri": uri}).first() is not None


def is_published(work: Work, uri: str) -> bool:
    """Say whether any activity about an object stands."""
    return work.db.scalar(select(PublishedRow.id).where(PublishedRow.object == uri).limit(1)) is not None


def _send(
    work: Work, activity: Activity, uri: str, inboxes: Iterable[str], *, listed: bool, remember: bool = True
) -> None:
    wanted = set(inboxes)
    if not _is_answered(activity):
        wanted -= recipients.gancios(work, wanted)
    targets = restrictions.deliverable(work, wanted)
    work.db.add(
        PublishedRow(
            uri=activity.id,
            actor=activity.actor,
            kind=type(activity).__name__,
            object=uri,
            body=_written(work, activity),
            listed=listed,
            published_at=work.now,
        )
    )
    work.db.flush()
    if remember:
        recipients.note_sent(work, ((uri, inbox) for inbox in targets))
    is_update = isinstance(activity, Update)
    queue.enqueue(
        work,
        [NewJob(ids.host(inbox), DELIVER, Delivery(activity.id, inbox).text(), uri, is_update) for inbox in targets],
    )


def _is_answered(activity: Activity) -> bool:
    """Say whether a Gancio answers this: it is about an event, or between itself and one of us."""
    thing = activity.object
    if isinstance(activity, Create | Update | Delete):
        return _is_for_calendars(thing) or (isinstance(thing, Tombstone) and thing.former_type == "Event")
    return not isinstance(activity, Announce) and not (isinstance(activity, Undo) and isinstance(thing, Announce))


def _is_for_calendars(thing: object) -> bool:
    """Say whether a Gancio lists this: an event that is somewhere.

    Of another it shows nothing, and it answers each Update of that with 500 (`_findOrCreatePlace`).
    """
    return isinstance(thing, Event) and (thing.place is not None or bool(thing.online_url))


def _written(work: Work, activity: Activity) -> bytes:
    """Return the bytes of an activity of ours as they are stored, served and delivered, with its actor's proof."""
    return proofs.write(work, activity)


def refresh_creates(work: Work, thing: Thing) -> None:
    """Let the Creates of an object carry it as it is now, for those who catch up later."""
    creates = select(PublishedRow).where(PublishedRow.object == thing.id, PublishedRow.kind == "Create")
    for row in work.db.scalars(creates):
        row.body = _written(work, replace(codec.parse_activity(row.body), object=thing))


def outbox_page(work: Work, actor: str, before: int | None, size: int) -> tuple[Sequence[PublishedRow], int]:
    """Return up to `size` listed activities of an actor, newest first, and the number of all."""
    listed = select(PublishedRow).where(PublishedRow.actor == actor, PublishedRow.listed)
    total = work.db.scalar(select(func.count()).select_from(listed.subquery())) or 0
    if before is not None:
        listed = listed.where(PublishedRow.id < before)
    return work.db.scalars(listed.order_by(PublishedRow.id.desc()).limit(size)).all(), total
