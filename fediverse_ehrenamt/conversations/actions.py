"""What organisations do with what people say to them: keep, show or hide a reply, keep or answer a message."""

from datetime import timedelta
from typing import cast

from sqlalchemy import Table, delete

from fediverse_ehrenamt.conversations import rules, store, wire
from fediverse_ehrenamt.conversations.model import MessageRow, RefusedRow, ReplyRow
from fediverse_ehrenamt.conversations.wire import Addressee, Thread
from fediverse_ehrenamt.federation import actors, addresses, blocks, outbox, peers, recipients
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Create, Note
from fediverse_ehrenamt.work import Work

_AT_ONCE = 500
_refused = cast("Table", RefusedRow.__table__)


# --- replies ----------------------------------------------------------------------------------------------------------
def keep_reply(work: Work, note: Note, author: str, thread: Thread, *, edit: bool = False) -> None:
    """Keep a reply, or a newer state of one (`edit`: so it was said); raises `Conflict` where there are too many.

    Of somebody whom the organisation refuses nothing is kept, and nobody is told.
    """
    if store.is_refused(work, thread.organisation, author):
        return
    things.hold(work, f"replies {thread.object}")
    held = store.find_reply(work, note.id)
    if held is not None:
        if held.author == author and wire.is_newer(note, held.version, work.now, edit=edit):
            wire.write_reply(held, note, work.now)
        return
    if store.count_replies(work, thread.object) >= rules.REPLIES_OF_OBJECT:
        raise Conflict(f"{thread.object} has as many replies as are kept")
    if store.count_replies(work, thread.object, author) >= rules.REPLIES_OF_AUTHOR:
        raise Conflict(f"{author} has replied to {thread.object} as often as is kept")
    work.db.add(wire.new_reply(note, author, thread, work.now))
    work.db.flush()
    recipients.send_changes_to(work, thread.object, peers.find(work, author))
    get_to_know(work, author)


def moderate(work: Work, number: int, state: str) -> ReplyRow:
    """Let a reply be shown, or hide it; raises `NotFound`."""
    assert state in rules.STATES
    row = store.get_reply(work, number)
    row.state = state
    return row


# --- messages ---------------------------------------------------------------------------------------------------------
def keep_message(work: Work, note: Note, person: str, organisation: str, *, edit: bool = False) -> None:
    """Keep a message to an actor of ours, or a newer state of one; raises `Conflict` where there are too many.

    Of somebody whom that actor refuses nothing is kept, and nobody is told.
    """
    if store.is_refused(work, organisation, person):
        return
    things.hold(work, f"messages {organisation}")
    held = next((row for row in store.find_messages(work, note.id) if row.organisation == organisation), None)
    if held is not None:
        if held.person == person and not held.sent and wire.is_newer(note, held.version, work.now, edit=edit):
            wire.write_message(held, note, work.now)
        return
    if store.count_messages(work, organisation) >= rules.MESSAGES_OF_ORGANISATION:
        raise Conflict(f"{organisation} has as many messages as are kept")
    if store.count_messages(work, organisation, person) >= rules.MESSAGES_OF_PERSON:
        raise Conflict(f"{person} has written to {organisation} as often as is kept")
    about = store.subject(work, note.in_reply_to)
    work.db.add(wire.new_message(note, person, organisation, about, work.now))
    work.db.flush()
    get_to_know(work, person)


def refuse(work: Work, organisation: str, person: str) -> None:
    """Take nothing any more from somebody for one organisation; what waits of theirs there is settled.

    What they wrote stays to be read until it is erased. They are not told, as nobody is in Mastodon.
    """
    upsert.add_missing(
        work.db,
        _refused,
        ["organisation", "person"],
        [{"organisation": organisation, "person": person, "since": work.now}],
    )
    store.mark(work, organisation, person, rules.DONE, (rules.NEW, rules.SEEN))
    store.hide_waiting(work, organisation, person)


def accept_again(work: Work, organisation: str, person: str) -> bool:
    """Take from somebody again; say whether they were refused."""
    mine = _refused.c.organisation == organisation, _refused.c.person == person
    return bool(work.db.connection().execute(delete(_refused).where(*mine)).rowcount)


def get_to_know(work: Work, uri: str) -> None:
    """Ask for somebody's name where only their key is known: it may have been in memory, their row erased."""
    if peers.find(work, uri) is None:
        queue.enqueue(work, [NewJob(ids.host(uri), "introduce", uri, key=uri)])


def answer(work: Work, number: int, text: str) -> MessageRow:
    """Answer a message by a direct one that only the person gets; `text` is plain.

    Raises `Invalid`, `NotFound` (no such message, or nothing is known of the person), `Conflict` where they have
    blocked the organisation, or it is suspended: Mastodon takes nothing new from such an actor.
    """
    message = store.get_message(work, number)
    actors.refuse_suspended(work, message.organisation)
    if faults := rules.problems(text):
        raise Invalid(faults)
    if message.sent:
        raise Conflict(
            sentence(
                "Nummer %(number)s ist selbst eine Antwort; bitte die Nummer einer Nachricht der Person nennen.",
                number=number,
            )
        )
    peer = peers.find(work, message.person)
    if peer is None:
        raise NotFound(
            sentence(
                "Über %(person)s ist nichts mehr bekannt; vielleicht gibt es das Konto nicht mehr.",
                person=message.person,
            )
        )
    if blocks.is_blocked(work, message.organisation, message.person):
        raise Conflict(
            sentence(
                "%(name)s hat die Organisation blockiert und bekäme die Antwort nicht; nichts gesendet.", name=peer.name
            )
        )
    name, _ = store.named(peer.uri, peer)
    _, uri = addresses.new_object(work.settings)
    note = wire.answer(uri, message, Addressee(peer.uri, name, peer.url or peer.uri), text, work.now)
    activity = Create(
        id=addresses.new_activity(work.settings),
        actor=message.organisation,
        object=note,
        to=note.to,
        published=work.now,
    )
    # Neither listed nor remembered: nobody but the person can read it, under no address.
    outbox.send(work, activity, [peer.inbox])
    row = wire.sent_message(note, message, activity.id, work.now)
    work.db.add(row)
    work.db.flush()
    mark(work, message, rules.DONE)
    return row


def mark(work: Work, message: MessageRow, state: str) -> None:
    """Say how far an organisation is with all that a person wrote to it; what is done is not only seen again."""
    assert state in rules.LOOKED
    store.mark(work, message.organisation, message.person, state, [rules.NEW] if state == rules.SEEN else rules.LOOKED)


def forget(work: Work, message: MessageRow) -> None:
    """Erase all that passed between the two of a message."""
    pair = (MessageRow.organisation == message.organisation) & (MessageRow.person == message.person)
    store.erase_messages(work, pair)


# --- housekeeping -----------------------------------------------------------------------------------------------------
def expire(work: Work) -> int:
    """Erase what has been kept long enough, and replies to what is no longer there."""
    messages = store.erase_old(work, work.now - rules.MESSAGES_LAST, _AT_ONCE)
    return messages + store.erase_orphans(work, _AT_ONCE) + _forget_sent(work, rules.SENT_LASTS)


def _forget_sent(work: Work, after: timedelta) -> int:
    """Erase our answers from where they stand ready to be delivered, once nothing delivers them any more."""
    return store.forget_sent(work, MessageRow.at < work.now - after)
