"""Sources: actors that this instance has chosen to follow and index, what it wants of them, and how they are doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from fediverse_ehrenamt.federation import addresses, chosen, discovery, fetch, inbox, outbox, outboxes, peers
from fediverse_ehrenamt.federation.chosen import DIRECT, Choice
from fediverse_ehrenamt.federation.handlers import Handlers, Lost
from fediverse_ehrenamt.federation.model import HostRow, RemoteActorRow, SourceRow
from fediverse_ehrenamt.jobs import again, queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.kit import ids, sentences
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError, Gone, Missing, NotFound, Rejected
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.types import (
    Activity,
    Actor,
    Create,
    Delete,
    Event,
    Follow,
    Note,
    Opportunity,
    Tombstone,
    Undo,
)
from fediverse_ehrenamt.work import Work, Workshop

GONE = "gone"
FORGET_SOURCE = "forget_source"  # the job of `things.tasks`; its argument is a source
ADD_SOURCE = "add_source"  # its argument is an address that `add` takes
_IDENTIFIED_LASTS = timedelta(days=1)
_GONE_TEXT = sentence("Das Konto gibt es nicht mehr.")
_WITH_ACTOR = select(SourceRow, RemoteActorRow).outerjoin(RemoteActorRow, RemoteActorRow.uri == SourceRow.uri)


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is listed; `what` says in words what it is, `choice` is None where everything is wanted."""

    uri: str
    name: str
    url: str
    host: str
    state: str
    added_at: datetime
    read_at: datetime | None
    error: str
    whole_origin: bool
    what: str = ""
    trust: str = DIRECT
    choice: Choice | None = None
    contact_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    indexable: bool | None = None  # None: the account was never asked


# --- choosing ---------------------------------------------------------------------------------------------------------
async def add(workshop: Workshop, address: str) -> Source:
    """Follow the actor at an address (URL, @handle@domain or an instance's domain) and read its outbox soon.

    Raises as `named`.
    """
    actor, _ = await named(workshop, address)
    return await workshop.write(follow, actor)


async def named(workshop: Workshop, address: str) -> tuple[Actor, str]:
    """Return the actor at an address, who can be followed, and the software of its host ("": not known).

    Raises `Rejected` or `Unavailable` with the reason where there is none, `Conflict` where it is ourselves or can't be
    followed.
    """
    ours = addresses.is_ours(workshop.settings, address.strip())
    uri = "" if ours else await discovery.find_actor(workshop, address)
    if ours or addresses.is_ours(workshop.settings, uri):
        raise Conflict("Das ist diese Instanz selbst; ihre eigenen Angebote sind schon im Index.")
    actor = await fetch.actor(workshop, uri)
    try:
        software = await discovery.software(workshop, ids.origin(uri))
        await _note_host(workshop, ids.host(uri), software)
    except EhrenamtError:  # the job `identify` asks again
        software = ""
    if instead := _instead(software, actor):
        raise Conflict(instead)
    return actor, software


def _instead(software: str, actor: Actor) -> Sentence | None:
    """Return what to follow in the place of an actor that accepts no followers, or publishes nothing."""
    if (software, actor.type) == ("mobilizon", "Person"):
        return sentence("Personen auf Mobilizon kann man nicht folgen; bitte die Gruppe oder die Instanz angeben.")
    if (software, actor.type) == ("wordpress", "Application"):
        return sentence(
            "Das technische Konto einer WordPress-Seite veröffentlicht nichts; bitte das Konto des Blogs oder eines der"
            " dort Schreibenden angeben, z. B. @name@%(host)s. Ein Konto des Blogs gibt es erst, wenn es dort im Plugin"
            " ActivityPub eingeschaltet ist.",
            host=ids.host(actor.id),
        )
    return None


def add_later(work: Work, addresses_: Sequence[str]) -> None:
    """Have actors followed as soon as jobs are done, when their hosts can ask us who we are."""
    queue.enqueue(work, [NewJob(ids.host(one), ADD_SOURCE, one) for one in addresses_])


async def run_add(workshop: Workshop, job: Job) -> None:
    """Follow what `add_later` was given; what cannot be followed is given up, what cannot be reached tried again."""
    try:
        await add(workshop, job.argument)
    except Conflict as error:
        raise Rejected(error.public) from error


def follow(work: Work, actor: Actor, like: SourceRow | None = None) -> Source:
    """Follow an actor as the instance; asking again repeats the Follow.

    A new source gets what was chosen of another, and its trust, where it takes the place of it (`like`).
    """
    row = work.db.get(SourceRow, actor.id)
    if row is None:
        row = SourceRow(
            uri=actor.id,
            origin=ids.origin(actor.id),
            whole_origin=actor.type == "Application",
            state="pending",
            added_at=work.now,
            error="",
            trust=like.trust if like else DIRECT,
            choice=like.choice if like else None,
            failures=0,
        )
        work.db.add(row)
    row.follow = addresses.new_activity(work.settings)
    row.state = "accepted" if row.state == "accepted" else "pending"
    instance = addresses.instance_actor(work.settings)
    activity = Follow(id=row.follow, actor=instance, object=actor.id, to=(actor.id,), published=work.now)
    outbox.send(work, activity, [actor.inbox])
    host = ids.host(actor.id)
    known = peers.host(work, host)
    new = [NewJob(host, "read_outbox", actor.id)]
    if known is None or known.asked_at < work.now - _IDENTIFIED_LASTS:
        new.append(NewJob(host, "identify", ids.origin(actor.id)))
    queue.enqueue(work, new)
    chosen.forget(work)
    return _listed(row, peers.find(work, actor.id), known.software if known else "")


def remove(work: Work, address: str) -> SourceRow:
    """Stop following a source; whoever calls this also drops what it published. Raises `NotFound`."""
    row = get(work, address)
    instance = addresses.instance_actor(work.settings)
    undone = Follow(id=row.follow, actor=instance, object=row.uri)
    activity = Undo(
        id=addresses.new_activity(work.settings), actor=instance, object=undone, to=(row.uri,), published=work.now
    )
    if (peer := peers.find(work, row.uri)) and row.state != GONE:
        outbox.send(work, activity, [peer.inbox])
    work.db.execute(delete(SourceRow).where(SourceRow.uri == row.uri))
    chosen.forget(work)
    return row


def change(work: Work, address: str, choice: Choice | None, trust: str) -> SourceRow:
    """Want something else of a source, and trust it so far; all of its outbox is read again. Raises `NotFound`.

    Whoever calls this also drops what is not wanted any more.
    """
    row = get(work, address)
    row.choice, row.trust, row.marks = chosen.write(choice), trust, None
    work.db.flush()
    queue.enqueue(work, [NewJob(ids.host(row.uri), "read_outbox", row.uri)])
    chosen.forget(work)
    return row


def read_now(work: Work, uri: str) -> None:
    """Have a source's outbox looked at now: the look that waits already, or another. Raises `NotFound`."""
    row = get(work, uri)
    host = ids.host(row.uri)
    theirs = (JobRow.host == host, JobRow.name == "read_outbox", JobRow.argument == row.uri)
    if work.db.scalar(select(JobRow.id).where(*theirs, JobRow.given_up_at.is_(None)).limit(1)) is None:
        queue.enqueue(work, [NewJob(host, "read_outbox", row.uri)])
    else:
        again.replay(work, host, given_up=False)


def get(work: Work, address: str) -> SourceRow:
    """Return a source by its URI, its page, @handle@host, or the host where there is but one; raises `NotFound`."""
    asked = address.strip()
    row = work.db.get(SourceRow, asked)
    if row is not None:
        return row
    rows = work.db.execute(_WITH_ACTOR).all()
    for names in (_pages, _handles, _hosts):
        found = [source for source, actor in rows if asked.rstrip("/") in names(source, actor)]
        if len(found) == 1:
            return found[0]
    known = "\n".join(sorted(source.uri for source, _ in rows)) or sentence("keine")
    raise NotFound(sentence("„%(address)s“ ist keine Quelle. Quellen sind:\n%(known)s", address=address, known=known))


async def find(workshop: Workshop, address: str) -> str:
    """Return the URI of a source by any address that `add` takes; raises `NotFound`."""
    try:
        return await workshop.read(_uri, address)
    except NotFound:
        # A handle or a page may be of another host than the actor, and only that one knows whom it means.
        try:
            uri = await discovery.find_actor(workshop, address)
        except EhrenamtError:
            uri = ""
        if not uri or not await workshop.read(_is_source, uri):
            raise
        return uri


def _uri(work: Work, address: str) -> str:
    return get(work, address).uri


def _is_source(work: Work, uri: str) -> bool:
    return work.db.get(SourceRow, uri) is not None


def _pages(_: SourceRow, actor: RemoteActorRow | None) -> set[str]:
    return {actor.url.rstrip("/")} if actor else set()


def _handles(source: SourceRow, actor: RemoteActorRow | None) -> set[str]:
    handle = f"{actor.handle}@{ids.host(source.uri)}" if actor else ""
    return {handle, f"@{handle}", f"acct:{handle}"} if handle else set()


def _hosts(source: SourceRow, _: RemoteActorRow | None) -> set[str]:
    return {source.origin, ids.host(source.uri)}


def listing(work: Work) -> list[Source]:
    rows = work.db.execute(_WITH_ACTOR.order_by(SourceRow.added_at)).all()
    runs = work.db.execute(select(HostRow.host, HostRow.software).where(HostRow.software != "")).all()
    software = {row.host: row.software for row in runs}
    return [_listed(source, actor, software.get(ids.host(source.uri), "")) for source, actor in rows]


def _listed(row: SourceRow, actor: RemoteActorRow | None, software: str) -> Source:
    host = ids.host(row.uri)
    return Source(
        uri=row.uri,
        name=actor.name if actor else row.uri,
        url=actor.url if actor else row.uri,
        host=host,
        state=row.state,
        added_at=row.added_at,
        read_at=row.read_at,
        error=sentences.load(row.error),
        whole_origin=row.whole_origin,
        what=discovery.describe(software, actor.type if actor else ""),
        trust=row.trust,
        choice=chosen.read(row.choice),
        contact_at=row.contact_at,
        next_at=row.next_at,
        failures=row.failures,
        indexable=actor.indexable if actor else None,
    )


def count(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(SourceRow)) or 0


def note_gone(work: Work, uri: str, error: str = _GONE_TEXT) -> None:
    """A source has left the fediverse: nothing of it is taken any more, and what it gave goes."""
    left = update(SourceRow).where(SourceRow.uri == uri).values(state=GONE, error=sentences.dump(error), next_at=None)
    if work.db.connection().execute(left).rowcount:
        queue.enqueue(work, [NewJob(queue.LOCAL, FORGET_SOURCE, uri)])
        chosen.forget(work)


# --- single things ---------------------------------------------------------------------------------------------------
async def obtain(workshop: Workshop, handlers: Handlers, uri: str, via: str = "", *, again: bool = False) -> None:
    """Ask an object's origin what it is, and handle the answer as if its author had sent it.

    `via` is the source that spoke of it, which may be why it is wanted here; `again` says that it was not there before.
    """
    if addresses.is_ours(workshop.settings, uri):
        return
    try:
        _, value = await fetch.from_origin(workshop, uri)
    except Missing:
        lost = Lost(id="", actor=ids.origin(uri), object=uri, via=via, again=again)
        await workshop.write(_dispatch, handlers, lost)
        return
    except Gone:
        value = Tombstone(id=uri)
    if isinstance(value, Tombstone):
        await workshop.write(_dispatch, handlers, Delete(id="", actor=ids.origin(uri), object=uri))
        return
    if isinstance(value, Activity):  # Announce of a Create's id
        await workshop.write(_enqueue, [inbox.obtain(value.object_id, via)])
    elif isinstance(value, Note | Opportunity | Event) and value.public:
        author = value.attributed_to or value.id
        await outboxes.introduce(workshop, author)
        activity = Create(id="", actor=author, object=value, to=value.to, via=via)
        await workshop.write(_dispatch, handlers, activity)
    elif isinstance(value, FeaturedCollection):
        author = value.attributed_to or value.id
        await workshop.write(_dispatch, handlers, Create(id="", actor=author, object=value, via=via))


def _enqueue(work: Work, new: Sequence[NewJob]) -> None:
    queue.enqueue(work, new)


def _dispatch(work: Work, handlers: Handlers, activity: Activity) -> None:
    inbox.dispatch(work, handlers, activity)


async def identify(workshop: Workshop, job: Job) -> None:
    """Ask a host's NodeInfo what software it runs: sisters get whole activities where others get announcements."""
    software = await discovery.software(workshop, job.argument)
    await _note_host(workshop, job.host, software)


async def _note_host(workshop: Workshop, host: str, software: str) -> None:
    await workshop.write(peers.note_host, host, software, sister=software == discovery.SOFTWARE)
