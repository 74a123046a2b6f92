"""What is counted for figures, and the figures themselves: read and written. Nothing here decides."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from sqlalchemy import ColumnElement, Select, Table, distinct, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.engagements.model import EnquiryRow, EntryRow
from fediverse_ehrenamt.engagements.rules import Waited
from fediverse_ehrenamt.federation.model import FollowerRow, LocalActorRow
from fediverse_ehrenamt.figures import rules
from fediverse_ehrenamt.figures.model import LONGEST_PART, FigureRow
from fediverse_ehrenamt.figures.rules import Figure, Figures, Offer, What
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, DocumentRow
from fediverse_ehrenamt.storage import locks, upsert
from fediverse_ehrenamt.work import Work

SLICE = 2_000  # offers that are read at once
_MEASURED = 20_000  # enquiries of one month, the newest
_figures = cast("Table", FigureRow.__table__)
_organisation = LocalActorRow.type == "Organization"


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in Germany."""
    return datetime.combine(day, time(), HOME)


def end(month: date) -> datetime:
    """Return the moment at which a month (its first day) is over in Germany."""
    return midnight(rules.before(month, -1))


# --- offers -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Slice:
    """Some offers in the order of their ids; `last` is the id to go on after, "" where these were the last."""

    offers: Sequence[Offer]
    last: str


def offers(work: Work, after: str) -> Slice:
    """Return the next offers that are here; those that another shows too are left out."""
    chosen = (
        select(DocumentRow.id, DocumentRow.card, DocumentRow.beside)
        .where(DocumentRow.id > after, DocumentRow.kind == OPPORTUNITY, ~DocumentRow.gone)
        .order_by(DocumentRow.id)
    )
    rows = work.db.execute(chosen.limit(SLICE)).all()
    return Slice(
        [one for row in rows if (one := _offer(row.id, row.card, row.beside, work.now)) is not None],
        rows[-1].id if len(rows) == SLICE else "",
    )


def _offer(page: str, written: str, beside: str, now: datetime) -> Offer | None:
    document = card.read(written, beside)
    if document.covered:
        return None
    return Offer(
        is_open=not document.status and (document.expires_at is None or document.expires_at > now),
        own=document.local,
        areas=document.areas,
        district=document.district[: LONGEST_PART - len(rules.DISTRICT)],
        here_since=ids.made_at(page),
        fresh_at=document.fresh_at,
    )


def came(work: Work, start: datetime, end: datetime) -> int:
    """Count the offers that came here between two moments, also those that are gone: their ids tell."""
    here = DocumentRow.id >= ids.first_of(start), DocumentRow.id < ids.first_of(end), DocumentRow.kind == OPPORTUNITY
    return _count(work, select(func.count()).select_from(DocumentRow).where(*here))


def dates(work: Work) -> int:
    return _count(
        work, select(func.count()).select_from(DocumentRow).where(DocumentRow.kind == EVENT, ~DocumentRow.gone)
    )


# --- organisations ----------------------------------------------------------------------------------------------------
def organisations(work: Work, moment: datetime) -> int:
    """Count the organisations that were here at a moment."""
    here = LocalActorRow.created_at <= moment, or_(LocalActorRow.gone_at.is_(None), LocalActorRow.gone_at > moment)
    return _count(work, select(func.count()).select_from(LocalActorRow).where(_organisation, *here))


def followers(work: Work) -> int:
    """Count who follows an organisation of ours; who follows several counts for each."""
    ours = select(LocalActorRow.uri).where(_organisation)
    return _count(work, select(func.count()).select_from(FollowerRow).where(FollowerRow.actor.in_(ours)))


# --- enquiries --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Asked:
    """The enquiries of a month: how many are in which state, and within how many days half of them were answered."""

    states: Mapping[str, int]
    days: int | None


def asked(work: Work, month: date, organisation: str = "") -> Asked:
    """Return what became of the enquiries of a month, to all organisations or to one of them (a URI)."""
    chosen = select(EnquiryRow.state, EnquiryRow.confirmed_at, EnquiryRow.due_at, EnquiryRow.answered_at)
    chosen = chosen.where(*_within(month, EnquiryRow.confirmed_at), *_of(organisation))
    rows = work.db.execute(chosen.order_by(EnquiryRow.id.desc()).limit(_MEASURED)).all()
    waits = [
        Waited(row.confirmed_at, row.due_at, row.answered_at)
        for row in rows
        if row.state != enquiries.WITHDRAWN or row.answered_at is not None  # nobody answers what was taken back
    ]
    return Asked(Counter(row.state for row in rows), enquiries.usual_days(waits, work.now))


def placements(work: Work, month: date, organisation: str = "") -> int:
    """Count the enquiries that were agreed to in a month; of erased ones only that is left that they stand so."""
    chosen = select(func.count(distinct(EntryRow.enquiry))).where(EntryRow.step == enquiries.AGREE)
    if organisation:
        chosen = chosen.join(EnquiryRow, EnquiryRow.id == EntryRow.enquiry).where(*_of(organisation))
    erased = EnquiryRow.erased, EnquiryRow.state == enquiries.AGREED, *_within(month, EnquiryRow.changed_at)
    left = select(func.count()).select_from(EnquiryRow).where(*erased, *_of(organisation))
    return _count(work, chosen.where(*_within(month, EntryRow.at))) + _count(work, left)


def _of(organisation: str) -> tuple[ColumnElement[bool], ...]:
    return (EnquiryRow.organisation == organisation,) if organisation else ()


def _within(
    month: date, moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
) -> tuple[ColumnElement[bool], ...]:
    return moment >= midnight(month), moment < end(month)


def _count(work: Work, chosen: Select[int]) -> int:
    return work.db.scalar(chosen) or 0


# --- figures ----------------------------------------------------------------------------------------------------------
def hold(work: Work) -> None:
    """Let nobody else take a snapshot until this transaction ends."""
    locks.hold(work.db, "figures")


def last(work: Work) -> datetime | None:
    """Return when the last snapshot was taken."""
    return work.db.scalar(select(func.max(FigureRow.at)))


def first(work: Work) -> datetime | None:
    """Return when the first snapshot was taken; on its own day, the last one that replaced all of it."""
    return work.db.scalar(select(func.min(FigureRow.at)))


def read(work: Work, months: Sequence[date]) -> Figures:
    """Return all figures of some months."""
    rows = work.db.scalars(select(FigureRow).where(FigureRow.month.in_(months)))
    known = {(row.month, What(row.what), row.part): Figure(row.value, later=row.later) for row in rows}
    return Figures(known, last(work))


def put(work: Work, month: date, values: Mapping[tuple[What, str], float], *, later: bool = False) -> None:
    """Write figures of a month; those that are there already are replaced."""
    rows = [
        {"month": month, "what": str(what), "part": part, "value": float(value), "at": work.now, "later": later}
        for (what, part), value in sorted(values.items())
    ]
    upsert.put(work.db, _figures, ["month", "what", "part"], rows)
