"""Writes, sums up and erases views."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.views import rules
from fediverse_ehrenamt.views.model import ViewsRow
from fediverse_ehrenamt.views.rules import Seen
from fediverse_ehrenamt.work import Work

_ERASED_AT_ONCE = 5_000
_PAGES_AT_ONCE = 500
_views = cast("Table", ViewsRow.__table__)


@dataclass(frozen=True, slots=True)
class Views:
    """How often a page was opened: in all the time that is kept, and within the last 30 days."""

    total: int = 0
    recent: int = 0


def add(work: Work, counts: Mapping[tuple[date, Seen], int]) -> int:
    """Add views to the sums of their days, which other processes add to as well; return how many sums there were."""
    made = sqlite.insert if work.db.get_bind().dialect.name == "sqlite" else postgresql.insert
    insert = made(_views)
    sums = {"count": _views.c["count"] + insert.excluded["count"]}
    statement = insert.on_conflict_do_update(index_elements=["page", "day"], set_=sums)
    rows = [
        {"page": seen.page, "day": day, "organisation": seen.organisation, "count": count}
        for (day, seen), count in sorted(counts.items(), key=lambda one: (one[0][1].page, one[0][0]))
    ]  # in one order, so that no two processes wait for one another
    if rows:
        work.db.connection().execute(statement, rows)
    return len(rows)


def of_pages(work: Work, pages: Sequence[str]) -> dict[str, Views]:
    """Return the views of pages by their ids, also of those that nobody has opened."""
    since = today(work) - rules.RECENT
    recent = func.sum(_views.c["count"]).filter(_views.c.day > since)
    found = dict.fromkeys(pages, Views())
    for start in range(0, len(pages), _PAGES_AT_ONCE):
        some = _views.c.page.in_(pages[start : start + _PAGES_AT_ONCE])
        chosen = select(_views.c.page, func.sum(_views.c["count"]), recent).where(some).group_by(_views.c.page)
        found |= {page: Views(total, lately or 0) for page, total, lately in work.db.execute(chosen)}
    return found


def of_instance(work: Work, first: date, last: date) -> int:
    """Return how often pages of offers and dates were opened on the days from one to another."""
    return _sum(work, first, last, [_views.c.page.not_in((rules.SEARCHES, rules.EMPTY_SEARCHES))])


def of_organisation(work: Work, organisation: str, first: date, last: date) -> int:
    """Return how often the pages of an organisation of ours (its actor's URI) were opened on some days."""
    return _sum(work, first, last, [_views.c.organisation == organisation])


def of_page(work: Work, page: str, first: date, last: date) -> int:
    """Return how often one page was opened on some days, or what stands in the place of one."""
    return _sum(work, first, last, [_views.c.page == page])


def _sum(work: Work, first: date, last: date, conditions: Iterable[ColumnElement[bool]]) -> int:
    days = _views.c.day.between(first, last)
    return work.db.scalar(select(func.coalesce(func.sum(_views.c["count"]), 0)).where(days, *conditions)) or 0


def erase_old(work: Work) -> int:
    """Erase the sums of days that are not needed any more; return how many."""
    gone = 0
    old = select(_views.c.page, _views.c.day).where(_views.c.day < today(work) - rules.KEPT).limit(_ERASED_AT_ONCE)
    by_day: dict[date, list[str]] = {}
    for page, day in work.db.execute(old):
        by_day.setdefault(day, []).append(page)
    for day, pages in by_day.items():
        chosen = delete(_views).where(_views.c.day == day, _views.c.page.in_(pages))
        gone += work.db.connection().execute(chosen).rowcount
    return gone


def today(work: Work) -> date:
    """Return the day in Germany."""
    return clock.day(work.now)
