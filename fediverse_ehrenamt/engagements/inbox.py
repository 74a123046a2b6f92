"""What the fediverse tells us about helping: direct messages about an offer, and Offer{Agreement} (FEP-0837).

Messages are kept by `conversations`, whose handlers come first; an Offer becomes such a message too. None of it is
public, so the body of an Offer is erased as soon as it is handled.
"""

from fediverse_ehrenamt.conversations import actions as conversations
from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.engagements import hearing, rules
from fediverse_ehrenamt.federation import privacy
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.vocab.types import Actor, Create, Delete, Follow, Note, Offer, Tombstone, Undo
from fediverse_ehrenamt.work import Work


@receives(Create, Note)
def on_create(work: Work, activity: Create) -> None:
    note = activity.object
    assert isinstance(note, Note)
    if not note.public:
        _hear(work, note.id, note.language)


@receives(Offer, str)
def on_offer(work: Work, activity: Offer) -> None:
    """Somebody commits to what an offer of ours asks for."""
    privacy.erase_body(work, activity)
    thread = talks.thread_of(work, activity.object_id)
    if thread is None or thread.object != activity.object_id or not activity.id:
        raise NotFound(f"{activity.object_id} is no offer of ours")
    note = Note(
        id=activity.id,
        attributed_to=activity.actor,
        content=html.paragraphs(activity.message),
        in_reply_to=activity.object_id,
        to=(thread.organisation,),
        published=activity.published,
    )
    conversations.keep_message(work, note, activity.actor, thread.organisation)
    _hear(work, activity.id, "", rules.AGREEMENT_WAY)


def _hear(work: Work, uri: str, language: str, way: str = rules.FEDIVERSE_WAY) -> None:
    for message in talks.find_messages(work, uri):
        hearing.hear(work, message, language, way)


@receives(Undo, Offer)
def on_undo(work: Work, activity: Undo) -> None:
    """Somebody takes their commitment back; the Offer comes whole."""
    assert isinstance(activity.object, Offer)
    hearing.take_back(work, activity.actor, activity.object.id)


@receives(Undo, Follow)
def on_undo_by_id(work: Work, activity: Undo) -> None:
    """What is undone by its id only may have been an Offer."""
    if isinstance(activity.object, str):
        hearing.take_back(work, activity.actor, activity.object)


@receives(Delete, Tombstone)
def on_delete(work: Work, activity: Delete) -> None:
    hearing.lose(work, activity.actor)


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    hearing.lose(work, activity.actor)


HANDLERS = [on_create, on_offer, on_undo, on_undo_by_id, on_delete, on_delete_actor]
