"""Finds and erases reports, what organisations were told, and the first posts that nobody has looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import orjson
from sqlalchemy import ColumnElement, Select, Table, func, select, update

from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.moderation import rules
from fediverse_ehrenamt.moderation.model import LookRow, MeasureRow, ReportRow
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.storage import ageing, upsert
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.work import Work

LISTED = 200
FIRST_LISTED = 200  # first posts
_ORGANISATIONS = 2_000  # new ones that are looked through
_MEASURES = 20  # of one organisation, on its page
_DAY = timedelta(days=1)
_looks = cast("Table", LookRow.__table__)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is listed; `objects` are the URIs that it names, `answered` that its reporter gets a letter."""

    id: int
    reporter: str
    host: str
    actor: str
    objects: tuple[str, ...]
    comment: str
    received_at: datetime
    closed_at: datetime | None
    decision: str
    measure: str
    answered: bool


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


def page(work: Work, *, closed: bool, before: int, limit: int) -> list[Report]:
    """Return up to `limit` reports that wait for a decision (the oldest first), or were closed (the newest first).

    `before` is the id of the last one of the page before, 0 for the first page.
    """
    chosen = select(ReportRow).limit(limit)
    if closed:
        chosen = chosen.where(ReportRow.closed_at.is_not(None)).order_by(ReportRow.id.desc())
        chosen = chosen.where(ReportRow.id < before) if before else chosen
    else:
        chosen = chosen.where(ReportRow.closed_at.is_(None), ReportRow.id > before).order_by(ReportRow.id)
    return [report(row) for row in work.db.scalars(chosen)]


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
        measure=row.measure,
        answered=bool(row.mail),
    )


def count_open(work: Work) -> int:
    return _count(work, ReportRow.closed_at.is_(None))


def count_of_host(work: Work, host: str) -> int:
    """Count what a host reported within a day."""
    return _count(work, ReportRow.host == host, ReportRow.received_at > work.now - _DAY)


def count_of_mail(work: Work, mail: str) -> int:
    """Count what was reported within a day by whoever gave an address."""
    return _count(work, ReportRow.mail == mail, ReportRow.received_at > work.now - _DAY)


def _count(work: Work, *which: ColumnElement[bool]) -> int:
    return work.db.scalar(select(func.count()).select_from(ReportRow).where(*which)) or 0


def erase_mails(work: Work, before: datetime) -> int:
    """Erase the addresses of visitors whose reports are older than that; return how many."""
    old = update(ReportRow).where(ReportRow.mail != "", ReportRow.received_at < before).values(mail="")
    return work.db.connection().execute(old).rowcount


def of_mail(work: Work, mail: str) -> list[ReportRow]:
    """Return the reports to whose sender an answer goes to an address."""
    return list(work.db.scalars(select(ReportRow).where(ReportRow.mail == mail).order_by(ReportRow.id)))


def people() -> list[Select[str]]:
    """Return the query of all actors that something is kept of: they have to stay known, to be able to delete it."""
    return [select(ReportRow.reporter)]


def erase_reporter(work: Work, uri: str) -> None:
    """Erase what somebody wrote who has left; that something was reported, and what was decided, stays."""
    work.db.execute(update(ReportRow).where(ReportRow.reporter == uri).values(reporter="", comment=""))


def erase_closed(work: Work, before: datetime, limit: int) -> int:
    """Erase up to `limit` reports that were closed before a time."""
    return ageing.erase_before(work.db, ReportRow.closed_at, before, limit)


# --- what organisations were told -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Taken:
    """Something of an organisation that was taken down; `ground` is of `rules.Ground`."""

    title: str
    ground: str
    reason: str
    reported: bool
    at: datetime


def measures(work: Work, organisation: str) -> list[Taken]:
    """Return what was taken down of an organisation and why, the newest first."""
    chosen = select(MeasureRow).where(MeasureRow.organisation == organisation).order_by(MeasureRow.id.desc())
    rows = work.db.scalars(chosen.limit(_MEASURES))
    return [Taken(row.title, row.ground, row.reason, row.reported, row.at) for row in rows]


def erase_measures(work: Work, before: datetime, limit: int) -> int:
    return ageing.erase_before(work.db, MeasureRow.at, before, limit)


# --- first posts ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class First:
    """A first post of a new organisation: `actor` is its URI, `page` the opaque id of its page."""

    uri: str
    page: str
    kind: str
    actor: str
    published_at: datetime


def first_posts(work: Work) -> list[First]:
    """Return up to `FIRST_LISTED` first posts that nobody has looked at, the oldest first.

    They are the first `rules.FIRST_POSTS` offers and dates that an organisation published while it was new; the dates
    of a series count as one.
    """
    since = work.now - rules.LOOKED_AT_WITHIN
    new = select(LocalActorRow.uri, LocalActorRow.created_at)
    new = new.where(LocalActorRow.type == "Organization", LocalActorRow.created_at > since - rules.NEW_FOR)
    added = {row.uri: row.created_at for row in work.db.execute(new.limit(_ORGANISATIONS))}
    rank = func.row_number().over(partition_by=ThingRow.actor, order_by=(ThingRow.published_at, ThingRow.uri))
    dates = select(ShowingRow.uri).where(ShowingRow.series.is_not(None), ShowingRow.actor.in_(added))
    columns = (ThingRow.uri, ThingRow.id, ThingRow.kind, ThingRow.actor, ThingRow.published_at)
    ranked = select(*columns, rank.label("rank")).where(
        ThingRow.actor.in_(added), ThingRow.local, ThingRow.kind.in_((OPPORTUNITY, EVENT)), ThingRow.uri.not_in(dates)
    )
    one = ranked.subquery()
    chosen = select(one).outerjoin(LookRow, LookRow.uri == one.c.uri)
    chosen = chosen.where(one.c.rank <= rules.FIRST_POSTS, LookRow.uri.is_(None), one.c.published_at > since)
    rows = work.db.execute(chosen.order_by(one.c.published_at, one.c.uri))
    found = [First(row.uri, row.id, row.kind, row.actor, row.published_at) for row in rows]
    return [post for post in found if post.published_at <= added[post.actor] + rules.NEW_FOR][:FIRST_LISTED]


def look(work: Work, uris: Sequence[str]) -> None:
    """Note that somebody has looked at things; once more changes nothing."""
    upsert.add_missing(work.db, _looks, ["uri"], [{"uri": uri, "at": work.now} for uri in uris])


def erase_looks(work: Work, before: datetime, limit: int) -> int:
    return ageing.erase_before(work.db, LookRow.at, before, limit)
