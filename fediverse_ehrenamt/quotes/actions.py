"""What becomes of quotes of what is ours, and of collections that recommend actors of ours.

Everybody may, until an organisation or an operator says otherwise.
"""

from sqlalchemy import ColumnElement

from fediverse_ehrenamt.conversations import actions as conversations
from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.federation import (
    absence,
    addresses,
    answers,
    inbox,
    outbox,
    peers,
    recipients,
    restrictions,
)
from fediverse_ehrenamt.federation.policy_model import RestrictionRow
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.quotes import rules, store, wire
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.quotes.store import Shown
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.quotes import InteractionRequest
from fediverse_ehrenamt.vocab.types import Note
from fediverse_ehrenamt.work import Work

_ENTRIES_AT_ONCE = 200


# --- coming in --------------------------------------------------------------------------------------------------------
def answer(work: Work, asked: InteractionRequest) -> None:
    """Allow by a stamp what is asked for, or refuse it; who asks again is answered again, with the same stamp.

    Raises `Gone` or `NotFound` where nothing of ours is shown, `Conflict` where that which would show it is not theirs,
    `Unavailable`.
    """
    asker = answers.asker(work, asked.actor)
    shown = store.asked_for(work, asked)
    uri = asked.instrument_id
    if not uri or not ids.same_origin(uri, asked.actor) or outbox.is_buried(work, uri):
        raise Conflict(f"{uri} is no post of {asked.actor}")
    row = _kept(work, uri, asked.actor, shown)
    if row is None or row.object != shown.uri or row.state == rules.REVOKED:
        outbox.send(work, wire.rejected(work.settings, shown.actor, asked, work.now), [asker.inbox])
        return
    if isinstance(asked.instrument, Note):
        wire.write(row, asked.instrument, work.now)
    if shown.is_actor and row.stamp is None:
        queue.enqueue(work, [inbox.obtain(uri)])
    row.state, row.stamp = rules.ALLOWED, row.stamp or addresses.new_stamp(work.settings)
    outbox.send(work, wire.accepted(work.settings, row, asked, work.now), [asker.inbox])


def hear(work: Work, note: Note, author: str) -> None:
    """Keep a public post that quotes something of ours, or a newer state of one.

    Older servers, and Misskey, never ask: of their quotes we know by the post alone, and have nothing to revoke.
    """
    shown = store.our_thing(work, note.quote)
    if outbox.is_buried(work, note.id):
        return
    row = _kept(work, note.id, author, shown)
    if row is not None and row.object == shown.uri:
        wire.write(row, note, work.now)
        conversations.get_to_know(work, author)


def _kept(work: Work, uri: str, author: str, shown: Shown) -> QuoteRow | None:
    """Return the row of a post or a collection, a new one where there is none yet.

    None where nothing is taken from its author, or as much as is kept; `Conflict` where it is known to be another's.
    """
    things.hold(work, f"quotes {shown.uri}")
    held = store.find(work, uri, shown)
    if held is not None and held.author != author:
        raise Conflict(f"{uri} is by {held.author}")
    if talks.is_refused(work, shown.actor, author) or restrictions.rules(work).of(author).refusal:
        return None
    if held is None and not store.is_full(work, shown.uri, author):
        held = wire.new(uri, author, shown.uri, shown.actor, work.now)
        work.db.add(held)
        work.db.flush()
        recipients.send_changes_to(work, shown.uri, peers.find(work, author))
    return held


# --- collections ------------------------------------------------------------------------------------------------------
def look(work: Work, found: FeaturedCollection) -> None:
    """Keep what a collection says of itself; what it does not recommend any more, or is another's, is erased."""
    for row in store.collections(work, found.id):
        things.hold(work, f"quotes {row.object}")
        late = row.received_at < work.now - rules.TAKEN_UP_WITHIN
        is_out = late and found.featured is not None and row.object not in found.featured
        if found.attributed_to != row.author or (is_out and row.state == rules.ALLOWED):
            store.erase(work, QuoteRow.id == row.id)
        else:
            wire.write_collection(row, found, work.now)


def look_again(work: Work) -> int:
    """Have some collections asked what they are now; return how many."""
    uris = store.to_look_at(work)
    queue.enqueue(work, [inbox.obtain(uri) for uri in uris])
    return len(uris)


def lose(work: Work, uri: str, *, again: bool) -> None:
    """Erase what is held of a collection that is not there, if that is so twice."""
    if not store.collections(work, uri):
        return
    if again:
        store.erase(work, QuoteRow.uri == uri)
    else:
        absence.ask_again(work, uri)


# --- no longer --------------------------------------------------------------------------------------------------------
def revoke(work: Work, row: QuoteRow) -> None:
    """Let what is ours be shown no longer: a Delete of its stamp.

    (FEP-044f, "Revoking a previously-accepted quote"; FEP-7aa9, "Revocation".) It goes to its author's server and to
    all that may have seen what is shown there. What nobody asked for, or was revoked before, stays as it is.
    """
    if row.state != rules.ALLOWED or row.stamp is None:
        return
    row.state, row.seen = rules.REVOKED, True
    outbox.bury(work, row.stamp, wire.kind_of_stamp(row))
    inboxes = recipients.were_sent(work, row.object) | recipients.followers(work, row.organisation)
    author = peers.find(work, row.author)
    if author is not None:
        inboxes.add(author.shared_inbox or author.inbox)
    outbox.send(work, wire.revoked(work.settings, row, work.now), inboxes)


def revoke_of(work: Work, organisation: str, author: str) -> None:
    """Revoke what somebody quotes of an organisation that takes nothing from them any more."""
    for row in store.allowed(work, (QuoteRow.organisation == organisation) & (QuoteRow.author == author)):
        revoke(work, row)


def enforce(work: Work) -> int:
    """Revoke some of what those quote that an operator has blocked; return how many."""
    here, found = restrictions.rules(work), 0
    for entry in restrictions.unswept(work, _ENTRIES_AT_ONCE):
        if entry.severity == "block":
            rows = [row for row in store.allowed(work, _by(entry)) if here.of(row.author).refusal]
            for row in rows:
                revoke(work, row)
            found += len(rows)
    return found


def _by(entry: RestrictionRow) -> ColumnElement[bool]:
    """Choose quotes by whom an entry may be about; a more specific one may still exempt them."""
    return QuoteRow.author.contains(entry.subject, autoescape=True)


# --- looking ----------------------------------------------------------------------------------------------------------
def see(work: Work, organisation: str, number: int) -> None:
    """Note that an organisation has looked at a quote; raises `NotFound`."""
    store.get(work, organisation, number).seen = True
