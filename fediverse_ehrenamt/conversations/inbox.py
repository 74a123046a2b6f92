"""What people say to us: public answers to our objects are kept to be moderated, all else to an actor as a message.

None of it is ever indexed. What is not public leaves the raw store in the same transaction.
"""

from fediverse_ehrenamt.conversations import actions, store
from fediverse_ehrenamt.federation import addresses, outbox, privacy
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Activity, Actor, Create, Delete, Note, Tombstone, Update
from fediverse_ehrenamt.work import Work


@receives(Create, Note)
def on_create(work: Work, activity: Create) -> None:
    _hear(work, activity)


@receives(Update, Note)
def on_update(work: Work, activity: Update) -> None:
    """An Update may overtake its Create, or be all that we are sent."""
    _hear(work, activity)


def _hear(work: Work, activity: Activity) -> None:
    note = activity.object
    assert isinstance(note, Note)
    if not note.public:
        privacy.erase_body(work, activity)
    named = _named(work, activity, note)
    answers = note.in_reply_to and addresses.is_ours(work.settings, note.in_reply_to)
    if not named and not answers:
        return  # a post like any other
    things.hold(work, note.id)  # its Delete may be in another worker's hands
    if outbox.is_buried(work, note.id):
        return
    author, edit = note.attributed_to or activity.actor, isinstance(activity, Update)
    thread = store.thread_of(work, note.in_reply_to) if note.in_reply_to else None
    if thread is not None and note.public:
        actions.keep_reply(work, note, author, thread, edit=edit)
        return
    organisations = store.actors_here(work, named) or ([thread.organisation] if thread else [])
    if not organisations:
        raise NotFound(f"{note.id} speaks to nobody here")
    for organisation in organisations:
        actions.keep_message(work, note, author, organisation, edit=edit)


def _named(work: Work, activity: Activity, note: Note) -> list[str]:
    """Return the URIs of actors of ours that a note is addressed to or mentions.

    A quote of ours may be addressed to us only so that we hear of it; it is a message where it mentions us, too.
    """
    quotes = note.quote and addresses.is_ours(work.settings, note.quote)
    receivers = () if quotes else (*activity.to, *activity.cc, *note.to, *note.cc)
    addressed = (*receivers, *(mention.href for mention in note.mentions))
    return [uri for uri in dict.fromkeys(addressed) if addresses.is_actor(work.settings, uri)]


@receives(Delete, Tombstone)
def on_delete(work: Work, activity: Delete) -> None:
    store.erase_note(work, activity.object_id)


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    store.erase_person(work, activity.actor)


HANDLERS = [on_create, on_update, on_delete, on_delete_actor]
