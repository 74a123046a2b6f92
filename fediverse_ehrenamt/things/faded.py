"""Offers of other portals that nobody has confirmed or changed for half a year: asked for there, kept, or hidden here.

They leave by themselves when a year has passed (`fitting.bounded`); until then a page shows them less.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, or_, select, text, tuple_

from fediverse_ehrenamt.federation import chosen, inbox
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.storage import ageing, upsert
from fediverse_ehrenamt.things import review
from fediverse_ehrenamt.things.model import FadedRow, ThingRow
from fediverse_ehrenamt.vocab import lifetimes
from fediverse_ehrenamt.work import Work

LISTED = 200
ASKED_AGAIN = timedelta(days=1)  # so soon the same portal is asked for the same offer again
_BATCHES = 10  # that are looked through: what is filled or paused there is left out
_ERASED_AT_ONCE = 1_000
_faded = cast("Table", FadedRow.__table__)
_FOREIGN = text("NOT things.local AND things.kind = 'opportunity'")  # as in the partial index, for SQLite to see it


@dataclass(frozen=True, slots=True)
class Faded:
    """Such an offer; `source` is the URI of the source that gave it, "" where that is none any more."""

    document: Document
    source: str
    asked_at: datetime | None


def listing(work: Work) -> list[Faded]:
    """Return up to `LISTED` of them that are open and that nobody has decided to keep, the oldest first."""
    before = work.now - lifetimes.OFFER_FADES
    found: list[Faded] = []
    for rows in _batches(work, before):
        documents = {one.uri: one for one in search.among(work, [row.uri for row in rows])}
        chosen.foresee(work, [row.actor for row in rows])
        for row in rows:
            document = documents.get(row.uri)
            if document is not None and not document.status and (document.fresh_at or before) <= before:
                source = chosen.find(work, *filter(None, (row.actor, row.source)))
                found.append(Faded(document, source.uri if source else "", row.asked_at))
        if len(found) >= LISTED:
            break
    return found[:LISTED]


class _Row(NamedTuple):
    uri: str
    actor: str
    source: str | None
    version: datetime
    asked_at: datetime | None


def _batches(work: Work, before: datetime) -> Iterator[list[_Row]]:
    """Yield what was last changed before a moment, a bounded amount, the oldest first."""
    undecided = or_(FadedRow.kept_at.is_(None), FadedRow.kept_at <= before)
    columns = (ThingRow.uri, ThingRow.actor, ThingRow.source, ThingRow.version, FadedRow.asked_at)
    old = select(*columns).outerjoin(FadedRow, FadedRow.uri == ThingRow.uri)
    old = old.where(_FOREIGN, ThingRow.version <= before, undecided).order_by(ThingRow.version, ThingRow.uri)
    after: tuple[datetime, str] | None = None
    for _ in range(_BATCHES):
        here = old if after is None else old.where(tuple_(ThingRow.version, ThingRow.uri) > after)
        rows = [_Row(*row) for row in work.db.execute(here.limit(search.BATCH))]
        if not rows:
            return
        after = rows[-1].version, rows[-1].uri
        yield rows


def ask(work: Work, offers: Collection[Faded]) -> list[Faded]:
    """Have the portals of some offers asked what these are now: what is gone there goes here, what is new comes.

    Return those that are asked for: not what was within a day.
    """
    rested = [one for one in offers if one.asked_at is None or one.asked_at <= work.now - ASKED_AGAIN]
    queue.enqueue(work, [inbox.obtain(one.document.uri, one.source) for one in rested])
    _note(work, rested, "asked_at")
    return rested


def keep(work: Work, offers: Sequence[Faded]) -> None:
    """Note that some offers hold, as somebody here knows: nobody is bothered with them for another half a year."""
    _note(work, offers, "kept_at")


def hide(work: Work, offers: Sequence[Faded]) -> None:
    """Take some offers out of what is shown here, until they are shown again."""
    for one in offers:
        review.hide(work, one.document.uri)


def _note(work: Work, offers: Collection[Faded], what: str) -> None:
    rows = [{"uri": one.document.uri, what: work.now, "changed_at": work.now} for one in offers]
    upsert.put(work.db, _faded, ["uri"], rows)


def erase_old(work: Work) -> int:
    """Erase what was decided so long ago that it counts no more; return how many."""
    return ageing.erase_before(work.db, FadedRow.changed_at, work.now - lifetimes.OFFER_FADES, _ERASED_AT_ONCE)


HOUSEKEEPING: list[Callable[[Work], int]] = [erase_old]
