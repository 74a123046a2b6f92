"""Finds and erases reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Select, delete, func, select, update

from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.moderation.model import ReportRow
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

LISTED = 200
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is listed; `objects` are the URIs of ours that it names."""

    id: int
    reporter: str
    host: str
    actor: str
    objects: tuple[str, ...]
    comment: str
    received_at: datetime
    closed_at: datetime | None
    decision: str


@dataclass(frozen=True, slots=True)
class Named:
    """What of a report is ours: the actor behind it ("" if none is), and all that is named."""

    actor: str
    objects: tuple[str, ...]


def ours(work: Work, uris: Sequence[str]) -> Named:
    """Return those of the URIs that are actors or things of ours; all else is no business of ours."""
    own = [uri for uri in uris if addresses.is_ours(work.settings, uri)]
    actors = set(work.db.scalars(select(LocalActorRow.uri).where(LocalActorRow.uri.in_(own))))
    rows = work.db.execute(select(ThingRow.uri, ThingRow.actor).where(ThingRow.uri.in_(own), ThingRow.local))
    authors = {row.uri: row.actor for row in rows}
    named = tuple(uri for uri in own if uri in actors or uri in authors)
    return Named(next((authors.get(uri, uri) for uri in named), ""), named)


def find(work: Work, activity: str) -> ReportRow | None:
    return work.db.scalar(select(ReportRow).where(ReportRow.activity == activity))


def get(work: Work, number: int) -> ReportRow:
    row = work.db.get(ReportRow, number)
    if row is None:
        raise NotFound(f"Eine Meldung mit der Nummer {number} gibt es nicht.")
    return row


def listing(work: Work, *, closed: bool = False) -> list[Report]:
    """Return up to `LISTED` reports, newest first: those that wait for a decision, or all."""
    chosen = select(ReportRow).order_by(ReportRow.id.desc()).limit(LISTED)
    return [report(row) for row in work.db.scalars(chosen if closed else chosen.where(ReportRow.closed_at.is_(None)))]


def report(row: ReportRow) -> Report:
    return Report(
        id=row.id,
        reporter=row.reporter,
        host=row.host,
        actor=row.actor,
        objects=tuple(orjson.loads(row.objects)),
        comment=row.comment,
        received_at=row.received_at,
        closed_at=row.closed_at,
        decision=row.decision,
    )


def count_open(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(ReportRow).where(ReportRow.closed_at.is_(None))) or 0


def count_of_host(work: Work, host: str) -> int:
    """Count what a host reported within a day."""
    lately = ReportRow.host == host, ReportRow.received_at > work.now - _DAY
    return work.db.scalar(select(func.count()).select_from(ReportRow).where(*lately)) or 0


def count_of_mail(work: Work, mail: str) -> int:
    """Count what was reported within a day by whoever gave an address."""
    lately = ReportRow.mail == mail, ReportRow.received_at > work.now - _DAY
    return work.db.scalar(select(func.count()).select_from(ReportRow).where(*lately)) or 0


def erase_mails(work: Work, before: datetime) -> int:
    """Erase the addresses of visitors whose reports are older than that; return how many."""
    old = update(ReportRow).where(ReportRow.mail != "", ReportRow.received_at < before).values(mail="")
    return work.db.connection().execute(old).rowcount


def people() -> list[Select[str]]:
    """Return the query of all actors that something is kept of: they have to stay known, to be able to delete it."""
    return [select(ReportRow.reporter)]


def erase_reporter(work: Work, uri: str) -> None:
    """Erase what somebody wrote who has left; that something was reported, and what was decided, stays."""
    work.db.execute(update(ReportRow).where(ReportRow.reporter == uri).values(reporter="", comment=""))


def erase_closed(work: Work, before: datetime, limit: int) -> int:
    """Erase up to `limit` reports that were closed before a time."""
    chosen = select(ReportRow.id).where(ReportRow.closed_at < before).order_by(ReportRow.closed_at).limit(limit)
    old = list(work.db.scalars(chosen))
    if old:
        work.db.execute(delete(ReportRow).where(ReportRow.id.in_(old)))
    return len(old)
