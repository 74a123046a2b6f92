"""What peers tell us about events."""

from fediverse_ehrenamt.events.wire import to_document
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.things import inbox
from fediverse_ehrenamt.vocab.types import Create, Event, Update
from fediverse_ehrenamt.work import Work


@receives(Create, Event)
def on_create(work: Work, activity: Create) -> None:
    assert isinstance(activity.object, Event)
    inbox.take(work, activity, activity.object, to_document)


@receives(Update, Event)
def on_update(work: Work, activity: Update) -> None:
    assert isinstance(activity.object, Event)
    inbox.take(work, activity, activity.object, to_document)


HANDLERS = [on_create, on_update]
