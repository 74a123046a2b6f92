"""Finds and erases replies and messages; nothing of a conversation outlives what it hangs on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from fediverse_ehrenamt.conversations import rules
from fediverse_ehrenamt.conversations.model import MessageRow, RefusedRow, ReplyRow
from fediverse_ehrenamt.conversations.wire import Thread
from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.federation.model import LocalActorRow, PublishedRow, RemoteActorRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

LISTED = 200  # rows of one list
_THREAD_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it is listed; `content` is safe HTML, `author` "@anna@peer.example"."""

    id: int
    uri: str
    object: str
    organisation: str
    author: str
    author_name: str
    author_uri: str
    content: str
    warning: str
    url: str
    published_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is listed; `content` is safe HTML. `answered` says that the organisation wrote later."""

    id: int
    organisation: str
    person: str
    person_name: str
    person_uri: str
    sent: bool
    public: bool
    about: str
    content: str
    url: str
    at: datetime
    answered: bool
    state: str


# --- who and where ----------------------------------------------------------------------------------------------------
def actors_here(work: Work, uris: Sequence[str]) -> list[str]:
    """Return those that are actors of ours and not gone, in the order given."""
    own = [uri for uri in dict.fromkeys(uris) if addresses.is_actor(work.settings, uri)]
    if not own:
        return []
    chosen = select(LocalActorRow.uri).where(LocalActorRow.uri.in_(own), LocalActorRow.gone_at.is_(None))
    found = set(work.db.scalars(chosen))
    return [uri for uri in own if uri in found]


def thread_of(work: Work, uri: str) -> Thread | None:
    """Return the thread that an object of ours begins, or that a kept reply belongs to."""
    if addresses.is_ours(work.settings, uri):
        owner = work.db.scalar(select(ThingRow.actor).where(ThingRow.uri == uri, ThingRow.local))
        return Thread(uri, owner) if owner else None
    row = work.db.execute(select(ReplyRow.object, ReplyRow.organisation).where(ReplyRow.uri == uri)).first()
    return Thread(row.object, row.organisation) if row else None


def subject(work: Work, in_reply_to: str) -> str:
    """Return the object of ours that a message is about, directly or as an answer within a conversation."""
    if not in_reply_to:
        return ""
    thread = thread_of(work, in_reply_to)
    if thread is not None:
        return thread.object
    return work.db.scalar(select(MessageRow.about).where(MessageRow.uri == in_reply_to).limit(1)) or ""


def people() -> list[Select[str]]:
    """Return the queries of all actors that something is kept of: they have to stay known, to be able to delete it."""
    return [select(ReplyRow.author), select(MessageRow.person), select(RefusedRow.person)]


# --- replies ----------------------------------------------------------------------------------------------------------
def find_reply(work: Work, uri: str) -> ReplyRow | None:
    return work.db.scalar(select(ReplyRow).where(ReplyRow.uri == uri))


def get_reply(work: Work, number: int) -> ReplyRow:
    row = work.db.get(ReplyRow, number)
    if row is None:
        raise NotFound(sentence("Eine Antwort mit der Nummer %(number)s gibt es nicht.", number=number))
    return row


def count_replies(work: Work, thing: str, author: str = "") -> int:
    """Count the replies to an object of ours, all or those of one author."""
    chosen = select(func.count()).select_from(ReplyRow).where(ReplyRow.object == thing)
    return work.db.scalar(chosen.where(ReplyRow.author == author) if author else chosen) or 0


def counts_of(work: Work, things: Collection[str]) -> dict[str, int]:
    """Count the replies to each of some objects, in whatever state; what nobody replied to is not named."""
    counted = select(ReplyRow.object, func.count()).where(ReplyRow.object.in_(things)).group_by(ReplyRow.object)
    return {row[0]: row[1] for row in work.db.execute(counted)}


def replies(work: Work, organisation: str = "", state: str = "", numbers: Collection[int] | None = None) -> list[Reply]:
    """Return up to `LISTED` replies, newest first; of the `numbers` those that there are."""
    chosen = select(ReplyRow, RemoteActorRow).outerjoin(RemoteActorRow, RemoteActorRow.uri == ReplyRow.author)
    if organisation:
        chosen = chosen.where(ReplyRow.organisation == organisation)
    if state:
        chosen = chosen.where(ReplyRow.state == state)
    if numbers is not None:
        chosen = chosen.where(ReplyRow.id.in_(numbers))
    rows = work.db.execute(chosen.order_by(ReplyRow.id.desc()).limit(LISTED)).all()
    return [_reply(row, actor) for row, actor in rows]


def count_waiting(work: Work) -> int:
    """Count the replies that nobody has let through or hidden yet."""
    chosen = select(func.count()).select_from(ReplyRow).where(ReplyRow.state == rules.WAITING)
    return work.db.scalar(chosen) or 0


def waiting_since(work: Work) -> list[datetime]:
    """Return when each reply came that nobody has let through or hidden yet, the last `LISTED`."""
    chosen = select(ReplyRow.received_at).where(ReplyRow.state == rules.WAITING)
    return list(work.db.scalars(chosen.order_by(ReplyRow.received_at.desc()).limit(LISTED)))


def hide_waiting(work: Work, organisation: str, author: str) -> None:
    """Hide the replies of somebody to an organisation that nobody has let through or hidden yet."""
    waiting = ReplyRow.organisation == organisation, ReplyRow.author == author, ReplyRow.state == rules.WAITING
    work.db.execute(update(ReplyRow).where(*waiting).values(state=rules.HIDDEN))


def _reply(row: ReplyRow, actor: RemoteActorRow | None) -> Reply:
    address, name = named(row.author, actor)
    return Reply(
        id=row.id,
        uri=row.uri,
        object=row.object,
        organisation=row.organisation,
        author=address,
        author_name=name,
        author_uri=row.author,
        content=row.content,
        warning=row.warning,
        url=row.url,
        published_at=row.published_at,
        state=row.state,
    )


def shown(work: Work, thing: str) -> tuple[list[str], int]:
    """Return the URIs of the newest `LISTED` replies to an object that are shown, and the number of all."""
    mine = ReplyRow.object == thing, ReplyRow.state == "shown"
    chosen = select(ReplyRow.uri).where(*mine).order_by(ReplyRow.published_at.desc()).limit(LISTED)
    return list(work.db.scalars(chosen)), work.db.scalar(select(func.count()).select_from(ReplyRow).where(*mine)) or 0


# --- messages ---------------------------------------------------------------------------------------------------------
def find_messages(work: Work, uri: str) -> list[MessageRow]:
    """Return a note's rows: one for each organisation that it was written to."""
    return list(work.db.scalars(select(MessageRow).where(MessageRow.uri == uri)))


def get_message(work: Work, number: int) -> MessageRow:
    row = work.db.get(MessageRow, number)
    if row is None:
        raise NotFound(sentence("Eine Nachricht mit der Nummer %(number)s gibt es nicht (mehr).", number=number))
    return row


def said(work: Work, organisation: str, person: str, since: datetime) -> Sequence[MessageRow]:
    """Return what a person wrote to an organisation since a time, the oldest first."""
    mine = MessageRow.organisation == organisation, MessageRow.person == person, ~MessageRow.sent
    chosen = select(MessageRow).where(*mine, MessageRow.at >= since).order_by(MessageRow.at, MessageRow.id)
    return work.db.scalars(chosen.limit(_THREAD_LENGTH)).all()


def count_messages(work: Work, organisation: str, person: str = "") -> int:
    """Count what an organisation was sent, by all or by one person."""
    chosen = select(func.count()).select_from(MessageRow).where(MessageRow.organisation == organisation)
    chosen = chosen.where(~MessageRow.sent)
    return work.db.scalar(chosen.where(MessageRow.person == person) if person else chosen) or 0


def messages(work: Work, organisation: str = "") -> list[Message]:
    """Return up to `LISTED` messages that came in, newest first."""
    chosen = _listed().where(~MessageRow.sent)
    if organisation:
        chosen = chosen.where(MessageRow.organisation == organisation)
    rows = work.db.execute(chosen.order_by(MessageRow.at.desc(), MessageRow.id.desc()).limit(LISTED)).all()
    return [_message(row, actor, answered) for row, actor, answered in rows]


def messages_of(work: Work, numbers: Collection[int]) -> list[Message]:
    """Return the messages with these numbers, those that there are."""
    rows = work.db.execute(_listed().where(MessageRow.id.in_(numbers))).all()
    return [_message(row, actor, answered) for row, actor, answered in rows]


def mark(work: Work, organisation: str, person: str, state: str, among: Collection[str]) -> None:
    """Give a state to what a person wrote to an organisation and that is in one of `among`."""
    theirs = MessageRow.organisation == organisation, MessageRow.person == person, ~MessageRow.sent
    work.db.execute(update(MessageRow).where(*theirs, MessageRow.state.in_(among)).values(state=state))


def conversation(work: Work, number: int) -> list[Message]:
    """Return all that passed between the two of a message, oldest first; raises `NotFound`."""
    one = get_message(work, number)
    pair = MessageRow.organisation == one.organisation, MessageRow.person == one.person
    rows = work.db.execute(_listed().where(*pair).order_by(MessageRow.at.desc(), MessageRow.id.desc())).fetchmany(
        _THREAD_LENGTH
    )
    return [_message(row, actor, answered) for row, actor, answered in reversed(rows)]


def _listed() -> Select[MessageRow, RemoteActorRow, datetime]:
    """Select messages with their person and the time of the organisation's last answer to that person."""
    other = MessageRow.__table__.alias()
    pair = other.c.organisation == MessageRow.organisation, other.c.person == MessageRow.person
    last = select(func.max(other.c.at)).where(*pair, other.c.sent).scalar_subquery()
    chosen = select(MessageRow, RemoteActorRow, last)
    return chosen.outerjoin(RemoteActorRow, RemoteActorRow.uri == MessageRow.person)


def _message(row: MessageRow, actor: RemoteActorRow | None, answered: datetime | None) -> Message:
    address, name = named(row.person, actor)
    return Message(
        id=row.id,
        organisation=row.organisation,
        person=address,
        person_name=name,
        person_uri=row.person,
        sent=row.sent,
        public=row.public,
        about=row.about,
        content=row.content,
        url=row.url,
        at=row.at,
        answered=answered is not None and answered >= row.at,
        state=row.state,
    )


def named(uri: str, actor: RemoteActorRow | None) -> tuple[str, str]:
    """Return "@anna@peer.example" and "Anna"; of an actor that is not known, its URI and its host."""
    if actor is None:
        return uri, ids.host(uri)
    return f"@{actor.handle}@{ids.host(uri)}", actor.name


# --- refused senders --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody from whom an organisation takes nothing any more; `address` is "@anna@peer.example"."""

    uri: str
    address: str
    name: str
    since: datetime


def is_refused(work: Work, organisation: str, person: str) -> bool:
    return work.db.get(RefusedRow, (organisation, person)) is not None


def refused(work: Work, organisation: str) -> list[Refused]:
    """Return up to `LISTED` people from whom an organisation takes nothing any more, the newest first."""
    chosen = select(RefusedRow, RemoteActorRow).outerjoin(RemoteActorRow, RemoteActorRow.uri == RefusedRow.person)
    mine = chosen.where(RefusedRow.organisation == organisation).order_by(RefusedRow.since.desc(), RefusedRow.person)
    rows = work.db.execute(mine.limit(LISTED)).all()
    return [Refused(row.person, *named(row.person, actor), row.since) for row, actor in rows]


# --- erasing ----------------------------------------------------------------------------------------------------------
def erase_note(work: Work, uri: str) -> None:
    """Erase a note that its author deleted, reply or message; answers of ours stay."""
    work.db.execute(delete(ReplyRow).where(ReplyRow.uri == uri))
    work.db.execute(delete(MessageRow).where(MessageRow.uri == uri, ~MessageRow.sent))


def erase_person(work: Work, uri: str) -> None:
    """Erase all that somebody said to us, and what we said to them."""
    work.db.execute(delete(ReplyRow).where(ReplyRow.author == uri))
    work.db.execute(delete(RefusedRow).where(RefusedRow.person == uri))
    erase_messages(work, MessageRow.person == uri)


def erase_messages(work: Work, which: ColumnElement[bool]) -> None:
    """Erase messages, those of ours also where they stand ready to be delivered."""
    _no_longer_sendable(work, which)
    work.db.execute(delete(MessageRow).where(which))


def forget_sent(work: Work, which: ColumnElement[bool]) -> int:
    """Erase the activities in which messages of ours went out; the messages stay in their conversations."""
    found = work.db.scalars(select(MessageRow).where(which, MessageRow.activity != "")).all()
    _no_longer_sendable(work, MessageRow.id.in_([row.id for row in found]))
    for row in found:
        row.activity = ""
    return len(found)


def _no_longer_sendable(work: Work, which: ColumnElement[bool]) -> None:
    sent = list(work.db.scalars(select(MessageRow.activity).where(which, MessageRow.activity != "")))
    work.db.execute(delete(PublishedRow).where(PublishedRow.uri.in_(sent)))


def erase_old(work: Work, before: datetime, limit: int) -> int:
    """Erase up to `limit` messages that came or went before a time."""
    old = list(
        work.db.scalars(select(MessageRow.id).where(MessageRow.at < before).order_by(MessageRow.at).limit(limit))
    )
    if old:
        erase_messages(work, MessageRow.id.in_(old))
    return len(old)


def erase_orphans(work: Work, limit: int) -> int:
    """Erase up to `limit` replies whose object we took back."""
    held = select(ThingRow.uri).where(ThingRow.uri == ReplyRow.object)
    orphans = list(work.db.scalars(select(ReplyRow.id).where(~held.exists()).limit(limit)))
    if orphans:
        work.db.execute(delete(ReplyRow).where(ReplyRow.id.in_(orphans)))
    return len(orphans)
