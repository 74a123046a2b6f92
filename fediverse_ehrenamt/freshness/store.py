"""Which organisations are to be asked about which of their offers. Nothing here decides; `rules` does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, TextClause, delete, func, or_, select, text

from fediverse_ehrenamt.freshness import rules
from fediverse_ehrenamt.freshness.model import ReminderRow
from fediverse_ehrenamt.organisations.model import ContactRow
from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.storage.once import among
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

_reminders = cast("Table", ReminderRow.__table__)
_TOLD = (ReminderRow.uri == ThingRow.uri) & (ReminderRow.expires_at == ThingRow.expires_at)
_OURS = text("things.local")  # written as in the partial index: only so does SQLite see that it is the one
_OFFER = (_OURS, ThingRow.kind == OPPORTUNITY)  # of those only open ones have `expires_at`


def waiting(work: Work, limit: int) -> Sequence[str]:
    """Return the actors of up to `limit` organisations that may be asked now and have an offer to be looked at."""
    chosen = (
        select(ThingRow.actor)
        .join(ContactRow, ContactRow.actor == ThingRow.actor)
        .outerjoin(ReminderRow, _TOLD)
        .where(*_unasked(work.now, work.now), _rested(work))
        .group_by(ThingRow.actor)
        .order_by(func.min(ThingRow.expires_at))
    )
    return work.db.scalars(chosen.limit(limit)).all()


def hold(work: Work, actors: Sequence[str]) -> Sequence[ContactRow]:
    """Return those contacts that may be asked now, held; what another worker has in hand is left to it."""
    chosen = select(ContactRow).where(ContactRow.actor.in_(actors), _rested(work)).order_by(ContactRow.actor)
    options = {"populate_existing": True}
    return work.db.scalars(chosen.with_for_update(skip_locked=True), execution_options=options).all()


def _unasked(now: datetime, soon: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """Choose the open offers that come near their end until `soon`, and were not yet looked at as being so near."""
    unseen, once = ReminderRow.uri.is_(None), ReminderRow.stage < rules.LAST_ASKED
    near = unseen | (once & (ThingRow.expires_at <= soon + rules.LAST))
    return *_OFFER, ThingRow.expires_at > now, ThingRow.expires_at <= soon + rules.FIRST, near


def _rested(work: Work) -> ColumnElement[bool]:
    long_ago = or_(ContactRow.reminded_at.is_(None), ContactRow.reminded_at <= work.now - rules.WEEK)
    return ~ContactRow.quiet & long_ago


def expiring(work: Work, actor: str, limit: int) -> list[tuple[ThingRow, int]]:
    """Return the offers of an organisation that a letter now could ask about, the next first, with their last stage."""
    chosen = (
        select(ThingRow, func.coalesce(ReminderRow.stage, rules.NOT_ASKED))
        .outerjoin(ReminderRow, _TOLD)
        .where(*_unasked(work.now, work.now + rules.WEEK), ThingRow.actor == actor)
        .order_by(ThingRow.expires_at, ThingRow.uri)
    )
    return [(row.ThingRow, row[1]) for row in work.db.execute(chosen.limit(limit))]


def nearing(work: Work, limit: int) -> list[tuple[ThingRow, int, datetime | None, bool]]:
    """Return open offers of ours that end within a month, the next first: each with its last stage, when its
    organisation was last written to, and whether it can be and wants to.
    """
    chosen = (
        select(ThingRow, func.coalesce(ReminderRow.stage, rules.NOT_ASKED), ContactRow.reminded_at, ContactRow.quiet)
        .outerjoin(ReminderRow, _TOLD)
        .outerjoin(ContactRow, ContactRow.actor == ThingRow.actor)
        .where(*_OFFER, ThingRow.expires_at > work.now, ThingRow.expires_at <= work.now + rules.FIRST)
        .order_by(ThingRow.expires_at, ThingRow.uri)
    )
    return [(row.ThingRow, row[1], row[2], row[3] is False) for row in work.db.execute(chosen.limit(limit))]


def contact(work: Work, actor: str) -> ContactRow | None:
    """Return where an organisation is written to, held."""
    return work.db.scalar(select(ContactRow).where(ContactRow.actor == actor).with_for_update())


def note(work: Work, stages: Mapping[str, tuple[datetime, int]]) -> None:
    """Write down, by the URIs of offers, the end that each has and the stage that it was brought to."""
    rows = [{"uri": uri, "expires_at": ends_at, "stage": stage} for uri, (ends_at, stage) in stages.items()]
    upsert.put(work.db, _reminders, ["uri"], rows)


def erase_old(work: Work, limit: int) -> int:
    """Erase what was noted of ends that are past; return how many."""
    past = select(_reminders.c.uri).where(_reminders.c.expires_at <= work.now).limit(limit)
    return work.db.connection().execute(delete(_reminders).where(among(_reminders.c.uri, past))).rowcount
