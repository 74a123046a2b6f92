"""The queries of doubts. Nothing here decides."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, TextClause, delete, func, or_, select, text, update

from fediverse_ehrenamt.doubts import rules
from fediverse_ehrenamt.doubts.model import DoubtLetterRow, DoubtRow
from fediverse_ehrenamt.organisations.model import ContactRow
from fediverse_ehrenamt.storage import locks, upsert
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

_doubts = cast("Table", DoubtRow.__table__)
_letters = cast("Table", DoubtLetterRow.__table__)
_OURS = text("things.local")  # written as in the partial index: only so does SQLite see that it is the one


def hold(work: Work, uri: str) -> None:
    """Let nobody else count a doubt about an offer until this transaction ends."""
    locks.hold(work.db, f"doubts {uri}")


def find(work: Work, mark: str) -> DoubtRow | None:
    return work.db.scalar(select(DoubtRow).where(DoubtRow.mark == mark))


def count_since(work: Work, since: datetime) -> int:
    return work.db.scalar(select(func.count()).select_from(_doubts).where(_doubts.c.at > since)) or 0


def doubted(work: Work, least: int, limit: int) -> list[str]:
    """Return up to `limit` offers with so many doubts at least, those with the most first."""
    count = func.count()
    chosen = select(_doubts.c.uri).where(_doubts.c.at > work.now - rules.WINDOW).group_by(_doubts.c.uri)
    ordered = chosen.having(count >= least).order_by(count.desc(), func.max(_doubts.c.at).desc())
    return list(work.db.scalars(ordered.limit(limit)))


def of(work: Work, uri: str, since: datetime | None) -> tuple[Mapping[str, int], datetime | None]:
    """Return how many doubts about an offer there are for each reason since a moment, and when the last one came."""
    after = max(since, work.now - rules.WINDOW) if since else work.now - rules.WINDOW
    rows = work.db.execute(select(_doubts.c.reason, _doubts.c.at).where(_doubts.c.uri == uri, _doubts.c.at > after))
    listed = [(str(row.reason), row.at) for row in rows]
    return Counter(reason for reason, _ in listed), max((at for _, at in listed), default=None)


def asked_at(work: Work, uri: str) -> datetime | None:
    return work.db.scalar(select(_letters.c.at).where(_letters.c.uri == uri))


def waiting(work: Work, limit: int) -> Sequence[ContactRow]:
    """Return the contacts, held, of up to `limit` organisations with offers that they may be asked about now."""
    lately = select(_letters.c.actor).where(_letters.c.at > work.now - rules.ORGANISATION_PAUSE)
    actors = (
        select(ThingRow.actor)
        .join(DoubtRow, DoubtRow.uri == ThingRow.uri)
        .outerjoin(DoubtLetterRow, DoubtLetterRow.uri == ThingRow.uri)
        .where(*_askable(work), ThingRow.actor.not_in(lately))
    )
    chosen = select(ContactRow).where(ContactRow.actor.in_(actors), ~ContactRow.quiet).order_by(ContactRow.actor)
    return work.db.scalars(chosen.limit(limit).with_for_update(skip_locked=True)).all()


def askable(work: Work, actor: str, limit: int) -> Sequence[ThingRow]:
    """Return the offers of an organisation with a doubt since the last letter about them, that being a week ago."""
    uris = (
        select(DoubtRow.uri)
        .join(ThingRow, ThingRow.uri == DoubtRow.uri)
        .outerjoin(DoubtLetterRow, DoubtLetterRow.uri == ThingRow.uri)
        .where(*_askable(work), ThingRow.actor == actor)
    )
    return work.db.scalars(select(ThingRow).where(ThingRow.uri.in_(uris)).order_by(ThingRow.uri).limit(limit)).all()


def _askable(work: Work) -> tuple[ColumnElement[bool] | TextClause, ...]:
    rested = or_(
        DoubtLetterRow.at.is_(None),
        (DoubtLetterRow.at <= work.now - rules.LETTER_PAUSE) & (DoubtRow.at > DoubtLetterRow.at),
    )
    return _OURS, ThingRow.expires_at > work.now, DoubtRow.at > work.now - rules.WINDOW, rested


def note_letter(work: Work, actor: str, uris: Collection[str]) -> None:
    rows = [{"uri": uri, "actor": actor, "at": work.now} for uri in uris]
    upsert.put(work.db, _letters, ["uri"], rows)


def remove(work: Work, uri: str, until: datetime) -> int:
    """Forget the doubts about an offer that came until a moment; return how many."""
    old = delete(_doubts).where(_doubts.c.uri == uri, _doubts.c.at <= until)
    return work.db.connection().execute(old).rowcount


def erase_marks(work: Work, before: datetime) -> int:
    """Erase what told one client from another."""
    old = update(_doubts).where(_doubts.c.mark.is_not(None), _doubts.c.at <= before).values(mark=None)
    return work.db.connection().execute(old).rowcount


def erase_old(work: Work, before: datetime) -> int:
    """Erase doubts and letters from before a moment."""
    connection = work.db.connection()
    return sum(connection.execute(delete(table).where(table.c.at <= before)).rowcount for table in (_doubts, _letters))
