"""The queries of searches that are saved by mail. Nothing here decides."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, func, select, update

from fediverse_ehrenamt.alerts import wire
from fediverse_ehrenamt.alerts.model import AlertMarkRow, AlertRow, HitRow
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search.model import Cursor, DocumentRow
from fediverse_ehrenamt.storage import locks, upsert
from fediverse_ehrenamt.work import Work

_AT_ONCE = 5_000  # numbers in one query
_ONE_ROW = 1
_alerts = cast("Table", AlertRow.__table__)
_hits = cast("Table", HitRow.__table__)
_marks = cast("Table", AlertMarkRow.__table__)


def hold(work: Work, mail: str = "") -> None:
    """Let nobody else decide about an address, or follow for all, until this transaction ends."""
    locks.hold(work.db, f"alerts {mail}".rstrip())


# --- who wants to know ------------------------------------------------------------------------------------------------
def asked_since(work: Work, since: datetime, mail: str = "") -> int:
    """Count what was asked for since a moment: by one address, or by all who have not confirmed."""
    chosen = select(func.count()).select_from(_alerts).where(_alerts.c.asked_at > since)
    chosen = chosen.where(_alerts.c.mail == mail) if mail else chosen.where(_alerts.c.confirmed_at.is_(None))
    return work.db.scalar(chosen) or 0


def of_mail(work: Work, mail: str) -> Sequence[AlertRow]:
    """Return the confirmed searches of an address."""
    here = select(AlertRow).where(AlertRow.mail == mail, AlertRow.confirmed_at.is_not(None))
    return work.db.scalars(here.order_by(AlertRow.id)).all()


def all_of_mail(work: Work, mail: str) -> Sequence[AlertRow]:
    """Return the searches of an address, also those that nobody has confirmed yet."""
    return work.db.scalars(select(AlertRow).where(AlertRow.mail == mail).order_by(AlertRow.id)).all()


def live(work: Work) -> list[int]:
    """Return the numbers of all that are confirmed."""
    return list(work.db.scalars(select(_alerts.c.id).where(_alerts.c.confirmed_at.is_not(None))))


def searches(work: Work, numbers: Collection[int]) -> list[tuple[int, str]]:
    rows = work.db.execute(select(_alerts.c.id, _alerts.c.params).where(_alerts.c.id.in_(numbers)))
    return [(row.id, row.params) for row in rows]


def count_asking_for(work: Work, name: str, value: str) -> int:
    """Count the confirmed searches that ask for a value of a filter; whose they are is nobody's business."""
    live = select(_alerts.c.params).where(_alerts.c.confirmed_at.is_not(None))
    some = work.db.scalars(live.where(_alerts.c.params.contains(f"{name}=", autoescape=True)))
    return sum(saved.asks_for(params, name, value) for params in some)


def remove(work: Work, numbers: Collection[int]) -> None:
    """Erase searches with their addresses, all that was found for them, and letters about them that still wait."""
    work.db.flush()
    work.db.execute(delete(_hits).where(_hits.c.alert.in_(numbers)))
    work.db.execute(delete(AlertRow).where(AlertRow.id.in_(numbers)))
    sending.forget_about(work, [wire.CONFIRM, wire.STOP], [str(number) for number in numbers])


def unconfirmed(work: Work, before: datetime, limit: int) -> list[int]:
    """Return what was asked for before a moment and never confirmed."""
    old = select(_alerts.c.id).where(_alerts.c.confirmed_at.is_(None), _alerts.c.asked_at <= before)
    return list(work.db.scalars(old.limit(limit)))


# --- what was found ---------------------------------------------------------------------------------------------------
def followed(work: Work) -> Cursor | None:
    """Return how far the changes were followed, None before the first time."""
    row = work.db.execute(select(_marks.c.xid, _marks.c.seq)).first()
    return Cursor(row.xid, row.seq) if row else None


def note_followed(work: Work, cursor: Cursor) -> None:
    upsert.put(work.db, _marks, ["id"], [{"id": _ONE_ROW, "xid": cursor.xid, "seq": cursor.seq}])


def older(work: Work, numbers: Collection[int], moment: datetime) -> list[int]:
    """Return those that were confirmed before a moment."""
    found: list[int] = []
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _AT_ONCE):
        some = _alerts.c.id.in_(ordered[start : start + _AT_ONCE])
        found += work.db.scalars(select(_alerts.c.id).where(some, _alerts.c.confirmed_at < moment))
    return found


def add_hits(work: Work, document: str, numbers: Iterable[int]) -> list[int]:
    """Write down for whom a Document was found; return for whom it is new."""
    known = set(work.db.scalars(select(_hits.c.alert).where(_hits.c.document == document)))
    fresh = [number for number in numbers if number not in known]
    rows = [{"alert": number, "document": document, "waiting": True} for number in fresh]
    upsert.add_missing(work.db, _hits, ["alert", "document"], rows)
    return fresh


def drop_waiting(work: Work, document: str, found: Collection[int]) -> None:
    """Forget that a Document waits for those that it is found for no more."""
    held = select(_hits.c.alert).where(_hits.c.document == document, _hits.c.waiting)
    lost = [number for number in work.db.scalars(held) if number not in found]
    for start in range(0, len(lost), _AT_ONCE):
        some = _hits.c.alert.in_(lost[start : start + _AT_ONCE])
        work.db.execute(delete(_hits).where(_hits.c.document == document, some))


def forget(work: Work, uris: Collection[str]) -> None:
    """Forget Documents that are gone."""
    gone = select(DocumentRow.id).where(DocumentRow.uri.in_(uris))
    work.db.execute(delete(_hits).where(_hits.c.document.in_(gone)))


def waiting(work: Work, alert: int) -> list[str]:
    """Return the Documents that wait to be told of, the newest first."""
    here = select(_hits.c.document).where(_hits.c.alert == alert, _hits.c.waiting)
    return list(work.db.scalars(here.order_by(_hits.c.document.desc())))


def set_told(work: Work, alert: int) -> None:
    work.db.execute(update(_hits).where(_hits.c.alert == alert, _hits.c.waiting).values(waiting=False))


def unscheduled(work: Work, numbers: Collection[int]) -> list[AlertRow]:
    """Return those of some alerts for which no letter is planned."""
    found: list[AlertRow] = []
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _AT_ONCE):
        some = AlertRow.id.in_(ordered[start : start + _AT_ONCE])
        found += work.db.scalars(select(AlertRow).where(some, AlertRow.next_at.is_(None)))
    return found


def due(work: Work, limit: int) -> Sequence[AlertRow]:
    """Return up to `limit` alerts whose letter is due, held; what another worker has in hand is left to it."""
    chosen = select(AlertRow).where(AlertRow.next_at <= work.now).order_by(AlertRow.next_at)
    return work.db.scalars(chosen.limit(limit).with_for_update(skip_locked=True)).all()
