"""Puts and finds how things of ours are shown: in timelines once and again, in calendars, at the top of a profile."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, exists, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.vocab.types import Event
from fediverse_ehrenamt.work import Work

FEATURED = 5  # as many as Mastodon lets people pin

_CANCELLED = '"status":"cancelled"'  # as `values.dump` writes it of a draft; within a text no quote stands bare

_showings = cast("Table", ShowingRow.__table__)


def begin(work: Work, thing: Thing, *, series: str = "", waits: bool = False) -> None:
    """Write down that a thing was published just now, or `waits`."""
    begin_all(work, [thing], series=series, waits=waits)


def begin_all(work: Work, things: Sequence[Thing], *, series: str = "", waits: bool = False) -> None:
    """Write the same down of many things."""
    rows = [
        {
            "uri": thing.id,
            "actor": thing.attributed_to,
            "series": series or None,
            "starts_at": _starts_at(thing),
            "shown_at": None if waits else work.now,
            "announcement": "",
        }
        for thing in things
    ]
    upsert.put(work.db, _showings, ["uri"], rows)


def follow(work: Work, thing: Thing) -> None:
    """Follow a thing that was changed: its date may be another."""
    work.db.execute(update(ShowingRow).where(ShowingRow.uri == thing.id).values(starts_at=_starts_at(thing)))


def end(work: Work, uri: str) -> None:
    work.db.execute(delete(ShowingRow).where(ShowingRow.uri == uri))


def find(work: Work, uri: str) -> ShowingRow | None:
    return work.db.get(ShowingRow, uri)


def find_all(work: Work, uris: Collection[str]) -> dict[str, ShowingRow]:
    """Return how each of some things is shown, by URI."""
    return {row.uri: row for row in work.db.scalars(select(ShowingRow).where(ShowingRow.uri.in_(uris)))}


def _starts_at(thing: Thing) -> datetime | None:
    return thing.starts_at if isinstance(thing, Event) else None


# --- series -----------------------------------------------------------------------------------------------------------
def dates(work: Work, series: str) -> Sequence[ThingRow]:
    """Return all dates of a series, the earliest first."""
    chosen = select(ThingRow).join(ShowingRow, ShowingRow.uri == ThingRow.uri).where(ShowingRow.series == series)
    return work.db.scalars(chosen.order_by(ShowingRow.starts_at)).all()


def near(work: Work, until: datetime, limit: int) -> Sequence[ShowingRow]:
    """Return waiting dates before `until`, of each series at most its next one, and lock them against other workers.

    A series whose next date was shown already waits until that date has begun: so they come one at a time. A date that
    is cancelled is not shown to those who never saw it, and none waits for it.
    """
    sooner = aliased(ShowingRow)
    next_is_another = exists().where(
        sooner.series == ShowingRow.series,
        sooner.starts_at > work.now,
        ~_is_cancelled(sooner.uri),
        (sooner.starts_at < ShowingRow.starts_at)
        | ((sooner.starts_at == ShowingRow.starts_at) & (sooner.uri < ShowingRow.uri)),
    )
    chosen = (
        select(ShowingRow)
        .where(ShowingRow.shown_at.is_(None), ShowingRow.starts_at > work.now, ShowingRow.starts_at <= until)
        .where(~next_is_another, ~_is_cancelled(ShowingRow.uri))
        .order_by(ShowingRow.starts_at)
        .limit(limit)
    )
    return work.db.scalars(chosen.with_for_update(skip_locked=True)).all()


def _is_cancelled(uri: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return exists().where(ThingRow.uri == uri, ThingRow.draft.contains(_CANCELLED))


# --- announced again --------------------------------------------------------------------------------------------------
def standing(work: Work, before: datetime, limit: int) -> Sequence[ShowingRow]:
    """Return what was announced again before a time and stands still, locked against other workers."""
    chosen = select(ShowingRow).where(ShowingRow.announcement != "", ShowingRow.shown_at < before)
    return work.db.scalars(chosen.limit(limit).with_for_update(skip_locked=True)).all()


# --- what peers read of it --------------------------------------------------------------------------------------------
def featured(work: Work, actor: str) -> Sequence[bytes]:
    """Return the newest open offers of an organisation as they are written."""
    # Of our own only what is open has a time at which it expires (`things.store.put`).
    chosen = select(ThingRow.body).where(
        ThingRow.actor == actor, ThingRow.local, ThingRow.kind == OPPORTUNITY, ThingRow.expires_at > work.now
    )
    return work.db.scalars(chosen.order_by(ThingRow.published_at.desc(), ThingRow.id.desc()).limit(FEATURED)).all()


def upcoming(work: Work, actor: str | None, offset: int, limit: int) -> tuple[Sequence[bytes], int]:
    """Return events of an organisation (None: of all) that have not begun, the earliest first, and the number of all.

    FEP-8a8e, `upcomingEvents`. The dates of a series are among them, also those that wait to be shown.
    """
    here = select(ShowingRow.uri).where(ShowingRow.starts_at > work.now)
    if actor is not None:
        here = here.where(ShowingRow.actor == actor)
    total = work.db.scalar(select(func.count()).select_from(here.subquery())) or 0
    page = here.order_by(ShowingRow.starts_at, ShowingRow.uri).offset(offset).limit(limit)
    uris = work.db.scalars(page).all()
    bodies = {row.uri: row.body for row in work.db.execute(select(ThingRow.uri, ThingRow.body).where(
        ThingRow.uri.in_(uris)))}  # fmt: skip
    return [bodies[uri] for uri in uris if uri in bodies], total
