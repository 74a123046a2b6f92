"""Finds and erases reports, what organisations were told, and the first posts that nobody has looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import orjson
from sqlalchemy import ColumnElement, Select, Table, delete, func, or_, select, update

from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.moderation import rules
from fediverse_ehrenamt.moderation.model import LookRow, MeasureRow, ReportRow, TakenRow
from fediverse_ehrenamt.moderation.rules import Kind
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.storage import ageing, upsert
from fediverse_ehrenamt.things import showings
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
        raise NotFound(sentence("Eine Meldung mit der Nummer %(number)s gibt es nicht.", number=number))
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


def erase_decider(work: Work, person: str) -> None:
    """Erase who decided on measures; `person` is the id of an account."""
    work.db.execute(update(MeasureRow).where(MeasureRow.person == person).values(person=""))


def people() -> list[Select[str]]:
    """Return the query of all actors that something is kept of: they have to stay known, to be able to delete it."""
    return [select(ReportRow.reporter), select(ReportRow.actor)]


def erase_reporter(work: Work, uri: str) -> None:
    """Erase what somebody wrote who has left, also where it is quoted; that it was reported, and the decision, stay."""
    work.db.execute(update(ReportRow).where(ReportRow.reporter == uri).values(reporter="", comment=""))
    work.db.execute(update(ReportRow).where(ReportRow.actor == uri).values(comment=""))


def erase_closed(work: Work, before: datetime, limit: int) -> int:
    """Erase up to `limit` reports that were closed before a time."""
    return ageing.erase_before(work.db, ReportRow.closed_at, before, limit)


# --- what organisations were told -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Decision:
    """Something of an organisation that was taken down, or its suspension; as in `model.MeasureRow`."""

    id: int
    organisation: str
    kind: Kind
    title: str
    ground: str
    reason: str
    reported: bool
    at: datetime
    person: str
    report: int | None
    lifted_at: datetime | None
    objection: str
    objected_at: datetime | None
    outcome: str
    answer: str
    answered_at: datetime | None


def measures(work: Work, organisation: str) -> list[Decision]:
    """Return what was taken down of an organisation and why, the newest first."""
    chosen = select(MeasureRow).where(MeasureRow.organisation == organisation).order_by(MeasureRow.id.desc())
    rows = work.db.scalars(chosen.limit(_MEASURES))
    return [measure(row) for row in rows]


def measure(row: MeasureRow) -> Decision:
    return Decision(
        id=row.id,
        organisation=row.organisation,
        kind=Kind(row.kind),
        title=row.title,
        ground=row.ground,
        reason=row.reason,
        reported=row.reported,
        at=row.at,
        person=row.person,
        report=row.report,
        lifted_at=row.lifted_at,
        objection=row.objection,
        objected_at=row.objected_at,
        outcome=row.outcome,
        answer=row.answer,
        answered_at=row.answered_at,
    )


def get_measure(work: Work, number: int) -> MeasureRow:
    """Return a measure; raises `NotFound`."""
    row = work.db.get(MeasureRow, number)
    if row is None:
        raise NotFound(sentence("Diese Entscheidung ist hier nicht (mehr) bekannt."))
    return row


def hold_measure(work: Work, row: MeasureRow) -> None:
    """Let nobody else decide about a measure until this transaction ends, and read it as it is now."""
    work.db.refresh(row, with_for_update=True)


def objections(work: Work, *, answered: bool, limit: int) -> list[Decision]:
    """Return measures that organisations objected to: the oldest that wait, or those that were answered last."""
    chosen = select(MeasureRow).where(MeasureRow.objected_at.is_not(None)).limit(limit)
    if answered:
        chosen = chosen.where(MeasureRow.answered_at.is_not(None)).order_by(MeasureRow.answered_at.desc())
    else:
        chosen = chosen.where(MeasureRow.answered_at.is_(None)).order_by(MeasureRow.objected_at)
    return [measure(row) for row in work.db.scalars(chosen)]


def objections_about(work: Work, report: int) -> list[Decision]:
    """Return the measures that were decided about a report and that their organisations objected to."""
    chosen = select(MeasureRow).where(MeasureRow.report == report, MeasureRow.objected_at.is_not(None))
    return [measure(row) for row in work.db.scalars(chosen.order_by(MeasureRow.id).limit(LISTED))]


def count_waiting(work: Work) -> int:
    """Count the reports and the objections that wait for a decision."""
    waiting = MeasureRow.objected_at.is_not(None), MeasureRow.answered_at.is_(None)
    return count_open(work) + (work.db.scalar(select(func.count()).select_from(MeasureRow).where(*waiting)) or 0)


def reported_when(work: Work) -> list[datetime]:
    """Return when each report came that waits for a decision, the last `LISTED`."""
    chosen = select(ReportRow.received_at).where(ReportRow.closed_at.is_(None))
    return list(work.db.scalars(chosen.order_by(ReportRow.received_at.desc()).limit(LISTED)))


def objected_when(work: Work) -> list[datetime]:
    """Return when each objection came that waits for a decision, the last `LISTED`."""
    came = MeasureRow.objected_at.is_not(None)
    chosen = select(MeasureRow.objected_at).where(came, MeasureRow.answered_at.is_(None))
    return list(work.db.scalars(chosen.order_by(MeasureRow.objected_at.desc()).limit(LISTED)))


def suspension(work: Work, organisation: str) -> MeasureRow | None:
    """Return the suspension of an organisation that holds now."""
    chosen = select(MeasureRow).where(MeasureRow.organisation == organisation, MeasureRow.kind == Kind.SUSPENDED)
    held = chosen.where(MeasureRow.lifted_at.is_(None)).order_by(MeasureRow.id.desc()).limit(1)
    return work.db.scalars(held).first()


def keep(work: Work, number: int, row: ThingRow) -> None:
    """Keep a thing of ours with the dates that belong to it, before a measure takes it down."""
    for one in (row, *showings.dates(work, row.uri)):
        showing = showings.find(work, one.uri)
        series = (showing.series or "") if showing else ""
        kept = TakenRow(measure=number, uri=one.uri, kind=one.kind, key=one.key or "", draft=one.draft, series=series)
        work.db.add(kept)
    work.db.flush()


def kept(work: Work, number: int) -> list[TakenRow]:
    """Return what a measure has taken down, in the order in which it was."""
    return list(work.db.scalars(select(TakenRow).where(TakenRow.measure == number).order_by(TakenRow.id)))


def forget_kept(work: Work, numbers: Sequence[int]) -> None:
    """Forget what measures have taken down."""
    work.db.execute(delete(TakenRow).where(TakenRow.measure.in_(numbers)))


def of_suspended(work: Work, limit: int) -> list[ThingRow]:
    """Return up to `limit` things that stand of organisations that are suspended."""
    chosen = select(ThingRow).join(LocalActorRow, LocalActorRow.uri == ThingRow.actor).where(ThingRow.local)
    return list(work.db.scalars(chosen.where(LocalActorRow.suspended_at.is_not(None)).limit(limit)))


def erase_measures(work: Work, before: datetime, limit: int) -> int:
    """Erase up to `limit` older measures with what they took down.

    A suspension stays while it holds, what was objected to until it was answered so long ago.
    """
    over = or_(MeasureRow.kind != Kind.SUSPENDED, MeasureRow.lifted_at.is_not(None))
    answered = or_(MeasureRow.objected_at.is_(None), MeasureRow.answered_at < before)
    chosen = select(MeasureRow.id).where(MeasureRow.at < before, over, answered).order_by(MeasureRow.at).limit(limit)
    old = list(work.db.scalars(chosen))
    if old:
        forget_kept(work, old)
        work.db.execute(delete(MeasureRow).where(MeasureRow.id.in_(old)))
    return len(old)


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


def first_published(work: Work) -> list[datetime]:
    """Return when those first posts were published that nobody has looked at."""
    return [one.published_at for one in first_posts(work)]


def look(work: Work, uris: Sequence[str]) -> None:
    """Note that somebody has looked at things; once more changes nothing."""
    upsert.add_missing(work.db, _looks, ["uri"], [{"uri": uri, "at": work.now} for uri in uris])


def erase_looks(work: Work, before: datetime, limit: int) -> int:
    return ageing.erase_before(work.db, LookRow.at, before, limit)
