"""What peers tell us about quotes of what is ours: they ask whether they may, quote without asking, or delete it.

And about collections that recommend an actor of ours, which we ask for ourselves.
"""

from sqlalchemy import and_

from fediverse_ehrenamt.federation import addresses, privacy
from fediverse_ehrenamt.federation.handlers import Lost, receives
from fediverse_ehrenamt.quotes import actions, rules, store
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.quotes import FeatureRequest, QuoteRequest
from fediverse_ehrenamt.vocab.types import Activity, Actor, Create, Delete, Note, Tombstone, Undo, Update
from fediverse_ehrenamt.work import Work


@receives(QuoteRequest, str)
def on_request(work: Work, activity: QuoteRequest) -> None:
    """FEP-044f; such a request is for us alone, so its body is erased as soon as it is handled."""
    privacy.erase_body(work, activity)
    actions.answer(work, activity)


@receives(FeatureRequest, str)
def on_feature_request(work: Work, activity: FeatureRequest) -> None:
    """FEP-7aa9; as a request to quote."""
    privacy.erase_body(work, activity)
    actions.answer(work, activity)


@receives(Undo, FeatureRequest)
def on_undo_feature_request(work: Work, activity: Undo) -> None:
    """Whoever asked recommends nobody any more."""
    asked = activity.object
    assert isinstance(asked, FeatureRequest)
    mine = QuoteRow.author == activity.actor, QuoteRow.object == asked.object_id, QuoteRow.state == rules.ALLOWED
    store.erase(work, and_(QuoteRow.uri == asked.instrument_id, *mine))


@receives(Create, FeaturedCollection)
def on_collection(work: Work, activity: Create) -> None:
    """The origin of a collection says what it is now: it is asked, for nobody has to tell us."""
    assert isinstance(activity.object, FeaturedCollection)
    actions.look(work, activity.object)


@receives(Lost, str)
def on_lost(work: Work, activity: Lost) -> None:
    """A collection is not there; Mastodon answers so for what was deleted."""
    actions.lose(work, activity.object_id, again=activity.again)


@receives(Create, Note)
def on_create(work: Work, activity: Create) -> None:
    _hear(work, activity)


@receives(Update, Note)
def on_update(work: Work, activity: Update) -> None:
    _hear(work, activity)


def _hear(work: Work, activity: Activity) -> None:
    note = activity.object
    assert isinstance(note, Note)
    if note.quote and note.public and addresses.is_ours(work.settings, note.quote):
        actions.hear(work, note, note.attributed_to or activity.actor)


@receives(Delete, Tombstone)
def on_delete(work: Work, activity: Delete) -> None:
    store.erase(work, QuoteRow.uri == activity.object_id)


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    store.erase(work, QuoteRow.author == activity.actor)


HANDLERS = [
    on_request,
    on_feature_request,
    on_undo_feature_request,
    on_collection,
    on_lost,
    on_create,
    on_update,
    on_delete,
    on_delete_actor,
]
