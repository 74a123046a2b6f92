"""What peers report to us: a Flag of an actor or an object of ours waits for the operator."""

from fediverse_ehrenamt.federation import privacy, restrictions
from fediverse_ehrenamt.federation.handlers import receives
from fediverse_ehrenamt.moderation import actions, store
from fediverse_ehrenamt.vocab.types import Actor, Delete, Flag
from fediverse_ehrenamt.work import Work


@receives(Flag, str)
def on_flag(work: Work, activity: Flag) -> None:
    """Who complains of whom is nobody else's business: what is kept of it stands in the report alone."""
    privacy.erase_body(work, activity)
    if not restrictions.rules(work).of(activity.actor).reject_reports:
        actions.receive(work, activity)


@receives(Delete, Actor)
def on_delete_actor(work: Work, activity: Delete) -> None:
    store.erase_reporter(work, activity.actor)


HANDLERS = [on_flag, on_delete_actor]
