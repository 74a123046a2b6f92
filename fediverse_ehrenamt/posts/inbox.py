"""What followed sources post beside offers and dates. Replies are talk and stay out of the index."""

from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.posts.wire import to_document
from fediverse_ehrenamt.things import inbox
from fediverse_ehrenamt.vocab.types import Create, Note, Update
from fediverse_ehrenamt.work import Work


@receives(Create, Note)
def on_create(work: Work, activity: Create) -> None:
    assert isinstance(activity.object, Note)
    if not activity.object.in_reply_to:
        inbox.take(work, activity, activity.object, to_document)


@receives(Update, Note)
def on_update(work: Work, activity: Update) -> None:
    assert isinstance(activity.object, Note)
    if not activity.object.in_reply_to:
        inbox.take(work, activity, activity.object, to_document)


HANDLERS = [on_create, on_update]
