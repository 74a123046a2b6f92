"""Finds and keeps what organisations write: what they have published, what waits for a look, what they have begun."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, cast

import msgspec
from sqlalchemy import Select, Table, delete, func, or_, select

from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.desk.model import HeldRow, SeriesRow, UnfinishedRow
from fediverse_ehrenamt.desk.reading import Typed
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
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
_MOST_HELD: Final = 50  # of one organisation
QUEUED: Final = 200  # of all, as they are listed
_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Typed)
_unfinished = cast("Table", UnfinishedRow.__table__)
_held = cast("Table", HeldRow.__table__)


def published(work: Work, actor: str) -> list[ThingRow]:
    """Return what an organisation has published, the last changed first, without the dates of series."""
    dates = select(ShowingRow.uri).where(ShowingRow.actor == actor, ShowingRow.series.is_not(None))
    chosen = select(ThingRow).where(ThingRow.actor == actor, ThingRow.local, ThingRow.uri.not_in(dates))
    return list(work.db.scalars(chosen.order_by(ThingRow.version.desc(), ThingRow.uri).limit(LISTED)))


def stands(work: Work, actor: str) -> bool:
    """Say whether anything that an organisation has published stands."""
    return work.db.scalar(select(ThingRow.uri).where(ThingRow.actor == actor, ThingRow.local).limit(1)) is not None


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


def _columns(actor: str, written: Written) -> dict[str, object]:
    """Return what stands in a form as the tables keep it of what was begun and of what waits."""
    return {
        "actor": actor,
        "key": written.key,
        "kind": written.kind,
        "typed": _encoder.encode(written.typed).decode(),
        "image": written.image,
    }


# --- what was begun ---------------------------------------------------------------------------------------------------
def keep(work: Work, actor: str, written: Written) -> None:
    """Keep what stands in a form; of an organisation that has begun very much, the oldest goes."""
    row = _columns(actor, written) | {"saved_at": work.now}
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
    """Forget what nobody has touched for long, and what was given back so long ago; return how much."""
    old = select(UnfinishedRow.actor, UnfinishedRow.key).where(UnfinishedRow.saved_at < work.now - KEPT)
    rows = work.db.execute(old.limit(_ERASED_AT_ONCE)).all()
    for actor, key in rows:
        forget(work, actor, key)
    returned = select(HeldRow.id).where(HeldRow.returned_at < work.now - KEPT).limit(_ERASED_AT_ONCE)
    given_back = list(work.db.scalars(returned))
    work.db.execute(delete(HeldRow).where(HeldRow.id.in_(given_back)))
    return len(rows) + len(given_back)


# --- what waits for a look --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Held:
    """What waits for a look, or was given back (`returned_at`) for the `reason`."""

    id: int
    actor: str
    written: Written
    title: str
    handed_in_at: datetime
    returned_at: datetime | None
    reason: str


def hold_back(work: Work, actor: str, written: Written, title: str) -> bool:
    """Keep what was handed in until somebody has looked at it; say whether it is other than what waits already.

    Raises `Conflict` where very much of the organisation waits.
    """
    before = held(work, actor, written.key)
    if before is not None and before.returned_at is None and before.written == replace(written, before=None):
        return False
    waiting = select(func.count()).select_from(HeldRow).where(HeldRow.actor == actor)
    if before is None and (work.db.scalar(waiting) or 0) >= _MOST_HELD:
        raise Conflict(
            "Von Ihnen wartet schon sehr viel auf die Prüfung. Bitte warten Sie, bis etwas davon zu sehen ist."
        )
    fresh = {"title": title, "handed_in_at": work.now, "returned_at": None, "reason": ""}
    upsert.put(work.db, _held, ["actor", "key"], [_columns(actor, written) | fresh])
    return True


def held(work: Work, actor: str, key: str) -> Held | None:
    """Return what of an organisation waits under a key, or was given back."""
    row = work.db.scalar(select(HeldRow).where(HeldRow.actor == actor, HeldRow.key == key))
    return None if row is None else _of_row(row)


def held_of(work: Work, actor: str) -> list[Held]:
    """Return all that waits of an organisation, or was given back, the last handed in first."""
    chosen = select(HeldRow).where(HeldRow.actor == actor).order_by(HeldRow.handed_in_at.desc(), HeldRow.id)
    return [_of_row(row) for row in work.db.scalars(chosen.limit(_MOST_HELD))]


def queue(work: Work) -> list[Held]:
    """Return up to `QUEUED` that wait of all organisations, the oldest first."""
    chosen = _waiting().order_by(HeldRow.handed_in_at, HeldRow.id).limit(QUEUED)
    return [_of_row(row) for row in work.db.scalars(chosen)]


def count_held(work: Work) -> int:
    """Count what waits of all organisations."""
    return work.db.scalar(select(func.count()).select_from(_waiting().subquery())) or 0


def held_since(work: Work) -> list[datetime]:
    """Return since when each of them waits, the last `QUEUED`."""
    held = _waiting().with_only_columns(HeldRow.handed_in_at).order_by(HeldRow.handed_in_at.desc())
    return list(work.db.scalars(held.limit(QUEUED)))


def _waiting() -> Select[HeldRow]:
    return select(HeldRow).where(HeldRow.returned_at.is_(None))


def get_held(work: Work, number: int) -> Held:
    """Return what waits under a number; raises `NotFound` where it was decided meanwhile."""
    row = work.db.scalar(_waiting().where(HeldRow.id == number))
    if row is None:
        raise NotFound(
            "Das wartet nicht (mehr): Jemand hat es schon entschieden, oder die Organisation nahm es zurück."
        )
    return _of_row(row)


def give_back(work: Work, number: int, reason: str) -> None:
    """Note that what waited is given back."""
    row = work.db.get_one(HeldRow, number)
    row.returned_at, row.reason = work.now, reason
    work.db.flush()


def release(work: Work, actor: str, key: str) -> None:
    """Let nothing wait any more under a key."""
    work.db.execute(delete(HeldRow).where(HeldRow.actor == actor, HeldRow.key == key))


def _of_row(row: HeldRow) -> Held:
    return Held(row.id, row.actor, _written(row), row.title, row.handed_in_at, row.returned_at, row.reason)


def _written(row: UnfinishedRow | HeldRow) -> Written:
    assert row.kind in KINDS
    return Written(row.kind, row.key, _decoder.decode(row.typed), row.image)
