"""Finds and keeps what organisations write: what they have published, and what they have only begun."""

from datetime import datetime, timedelta
from typing import Final, cast

import msgspec
from sqlalchemy import Table, delete, or_, select

from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.desk.model import SeriesRow, UnfinishedRow
from fediverse_ehrenamt.desk.reading import Typed
from fediverse_ehrenamt.search.model import EVENT, KINDS
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.things import showings
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.work import Work

KEPT: Final = timedelta(days=180)  # what was begun and not touched since
LISTED: Final = 500  # things of one organisation on its page, the newest first
_MOST_UNFINISHED: Final = 100  # of one organisation
_MOST_SERIES: Final = 200  # of one organisation on its page
_ERASED_AT_ONCE: Final = 1_000
_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Typed)
_unfinished = cast("Table", UnfinishedRow.__table__)


def published(work: Work, actor: str) -> list[ThingRow]:
    """Return what an organisation has published, the last changed first, without the dates of series."""
    dates = select(ShowingRow.uri).where(ShowingRow.actor == actor, ShowingRow.series.is_not(None))
    chosen = select(ThingRow).where(ThingRow.actor == actor, ThingRow.local, ThingRow.uri.not_in(dates))
    return list(work.db.scalars(chosen.order_by(ThingRow.version.desc(), ThingRow.uri).limit(LISTED)))


def find(work: Work, actor: str, name: str) -> ThingRow | None:
    """Return what an organisation has published by the id of its page, or by its own key."""
    named = or_(ThingRow.id == name, ThingRow.key == name)
    return work.db.scalars(select(ThingRow).where(ThingRow.actor == actor, ThingRow.local, named).limit(1)).first()


def uris_of(work: Work, actor: str, name: str) -> tuple[str, ...]:
    """Return the URIs of what an organisation has published as `find` takes it, of a series those of all its dates."""
    row = find(work, actor, name)
    return (row.uri,) if row is not None else tuple(one.uri for one in dates(work, actor, name))


# --- what repeats itself ----------------------------------------------------------------------------------------------
def name_of(actor: str, key: str) -> str:
    """Return the name that the dates of a series share (`things.model.ShowingRow.series`)."""
    return f"{actor}#reihe/{key}"


def series(work: Work, actor: str, key: str) -> SeriesRow | None:
    return work.db.get(SeriesRow, (actor, key))


def all_series(work: Work, actor: str) -> list[SeriesRow]:
    """Return all events of an organisation that repeat themselves, the last changed first."""
    chosen = select(SeriesRow).where(SeriesRow.actor == actor).order_by(SeriesRow.changed_at.desc(), SeriesRow.key)
    return list(work.db.scalars(chosen.limit(_MOST_SERIES)))


def dates(work: Work, actor: str, key: str) -> list[ThingRow]:
    """Return all dates of a series, the earliest first."""
    return list(showings.dates(work, name_of(actor, key)))


def put_series(work: Work, actor: str, written: Written, draft: str, first: str, context: str) -> None:
    """Keep the form of a series, and the draft of which its dates are made."""
    row = SeriesRow(actor=actor, key=written.key, draft=draft, first=first, context=context, changed_at=work.now)
    row.typed, row.image = _encoder.encode(written.typed).decode(), written.image
    work.db.merge(row)
    work.db.flush()


def forget_series(work: Work, row: SeriesRow) -> None:
    work.db.delete(row)
    work.db.flush()


def written_of(row: SeriesRow) -> Written:
    """Return what stands in the form of a series."""
    return Written(EVENT, row.key, _decoder.decode(row.typed), row.image)


# --- what was begun ---------------------------------------------------------------------------------------------------
def keep(work: Work, actor: str, written: Written) -> None:
    """Keep what stands in a form; of an organisation that has begun very much, the oldest goes."""
    row = {
        "actor": actor,
        "key": written.key,
        "kind": written.kind,
        "typed": _encoder.encode(written.typed).decode(),
        "image": written.image,
        "saved_at": work.now,
    }
    upsert.put(work.db, _unfinished, ["actor", "key"], [row])
    newest = select(UnfinishedRow.key).where(UnfinishedRow.actor == actor).order_by(UnfinishedRow.saved_at.desc())
    kept = list(work.db.scalars(newest.limit(_MOST_UNFINISHED)))
    work.db.execute(delete(UnfinishedRow).where(UnfinishedRow.actor == actor, UnfinishedRow.key.not_in(kept)))


def begun(work: Work, actor: str, key: str) -> tuple[Written, datetime] | None:
    """Return what was begun under a key, and when it was last saved."""
    row = work.db.get(UnfinishedRow, (actor, key))
    return None if row is None else (_written(row), row.saved_at)


def all_begun(work: Work, actor: str) -> list[tuple[Written, datetime]]:
    """Return all that an organisation has begun, the last saved first."""
    chosen = select(UnfinishedRow).where(UnfinishedRow.actor == actor).order_by(UnfinishedRow.saved_at.desc())
    return [(_written(row), row.saved_at) for row in work.db.scalars(chosen.limit(_MOST_UNFINISHED))]


def forget(work: Work, actor: str, key: str) -> bool:
    """Forget what was begun; say whether there was anything."""
    gone = delete(_unfinished).where(_unfinished.c.actor == actor, _unfinished.c.key == key)
    return bool(work.db.connection().execute(gone).rowcount)


def erase_old(work: Work) -> int:
    """Forget what nobody has touched for long; return how much."""
    old = select(UnfinishedRow.actor, UnfinishedRow.key).where(UnfinishedRow.saved_at < work.now - KEPT)
    rows = work.db.execute(old.limit(_ERASED_AT_ONCE)).all()
    for actor, key in rows:
        forget(work, actor, key)
    return len(rows)


def _written(row: UnfinishedRow) -> Written:
    assert row.kind in KINDS
    return Written(row.kind, row.key, _decoder.decode(row.typed), row.image)
