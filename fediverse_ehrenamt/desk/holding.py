"""What is shown only once somebody has looked at it, where the instance wants that: an organisation's first offer.

Until then it is a form that is kept: no object, no Document, no activity, so nobody can find or be sent it. An
organisation of which nothing stands is checked, also again: withdrawing gets nobody round it.
"""

from datetime import datetime

from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import actions, drafting, store
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import store as looks
from fediverse_ehrenamt.moderation import wire
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.things.store import Outcome, hold
from fediverse_ehrenamt.work import Work


def is_checked(work: Work, actor: str, by: By) -> bool:
    """Say whether somebody looks at what an organisation hands in before it is shown; not so what others do for it."""
    return preferences.current(work).check_first and not by.on_behalf and not store.stands(work, actor)


def publish(work: Work, actor: str, written: Written, by: By) -> Outcome | None:
    """Publish what was written, or let it wait for somebody's look and return None.

    Raises `Invalid`, `Conflict` where very much waits or the organisation is suspended.
    """
    actors.refuse_suspended(work, actor)
    hold(work, f"{actor} {written.key}")
    if not is_checked(work, actor, by):
        return actions.publish(work, actor, written, by)
    title = actions.title_of(drafting.draft(written, work.now))
    if store.hold_back(work, actor, written, title):
        audit.note(work, by, Did.HANDED_IN, About(title, "", actor))
    store.forget(work, actor, written.key)
    return None


def take_back(work: Work, actor: str, key: str) -> None:
    """Forget what an organisation has begun or handed in under a key."""
    hold(work, f"{actor} {key}")
    store.forget(work, actor, key)
    store.release(work, actor, key)


def let_out(work: Work, number: int, seen: datetime, by: By) -> Outcome:
    """Publish what waited, as if its organisation did so now, and tell the organisation.

    `seen` is when what was looked at was handed in. Raises `NotFound` where it was decided already, `Conflict` where it
    was changed since, `Invalid` where it cannot be published any more.
    """
    held = _held(work, number, seen)
    outcome = actions.publish(work, held.actor, held.written, By(by.person, on_behalf=True))
    looks.look(work, [outcome.uri])
    audit.note(work, by, Did.POST_LET_IN, About(held.title, outcome.uri, held.actor))
    page = f"{work.settings.url}/organisationen/{actors.by_uri(work, held.actor).handle}"
    _write(work, held, page, "")
    return outcome


def give_back(work: Work, number: int, seen: datetime, reason: str, by: By) -> None:
    """Give what waited back to its organisation, which reads the reason at its desk and by mail.

    Raises as `let_out`, `Invalid` where the reason is none.
    """
    moderation.check(reason)
    held = _held(work, number, seen)
    said = "\n".join(html.visible(line) for line in reason.strip().splitlines())
    store.give_back(work, held.id, said)
    audit.note(work, by, Did.POST_KEPT_OUT, About(held.title, "", held.actor), said)
    desk = f"{work.settings.url}/verwaltung/organisationen/{actors.by_uri(work, held.actor).handle}"
    _write(work, held, desk, said)


def _held(work: Work, number: int, seen: datetime) -> store.Held:
    """Return what waits, held so that nobody else decides about it."""
    found = store.get_held(work, number)
    hold(work, f"{found.actor} {found.written.key}")
    work.db.expire_all()
    held = store.get_held(work, number)
    if held.handed_in_at != seen:
        raise Conflict("Die Organisation hat das inzwischen geändert. Bitte sehen Sie es sich noch einmal an.")
    return held


def _write(work: Work, held: store.Held, href: str, reason: str) -> None:
    home = actors.instance(work).name
    looked = wire.Looked(html.visible(held.title), href, reason, work.now)
    for to in moderation.recipients(work, held.actor):
        sending.post(work, wire.looked_at(work.settings, home, to, looked))
