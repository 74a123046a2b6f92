"""The queries of feeds: which there are, how far they have followed, what they have found."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, select

from fediverse_ehrenamt.federation import passing_on
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.feeds.model import EntryRow, FeedRow
from fediverse_ehrenamt.search.model import START, Cursor
from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.work import Work

_feeds = cast("Table", FeedRow.__table__)
_entries = cast("Table", EntryRow.__table__)


def hold(work: Work) -> None:
    """Let nobody else follow for the feeds until this transaction ends."""
    locks.hold(work.db, "feeds")


def all_of(work: Work) -> Sequence[FeedRow]:
    return work.db.scalars(select(FeedRow).order_by(FeedRow.id)).all()


def find(work: Work, actor: str) -> FeedRow | None:
    return work.db.scalar(select(FeedRow).where(FeedRow.actor == actor))


def announced_at(work: Work, actor: str) -> datetime | None:
    """Return when an account shared something last, None for never."""
    shared = select(PublishedRow.published_at).where(PublishedRow.actor == actor, PublishedRow.kind == "Announce")
    return work.db.scalar(shared.order_by(PublishedRow.id.desc()).limit(1))


def searches(work: Work, numbers: Collection[int]) -> list[tuple[int, str]]:
    """Return the numbers of feeds with their searches."""
    rows = work.db.execute(select(_feeds.c.id, _feeds.c.params).where(_feeds.c.id.in_(numbers)))
    return [(row.id, row.params) for row in rows]


def cursor(feed: FeedRow) -> Cursor:
    return Cursor(feed.xid, feed.seq)


def note_followed(work: Work, feeds: Iterable[FeedRow], number: Cursor) -> None:
    """Write down how far some feeds have followed."""
    for feed in feeds:
        feed.xid, feed.seq = number
    work.db.flush()


def begin_anew(feeds: Iterable[FeedRow], newest: Cursor) -> None:
    """Let feeds follow from the start; what there is by now is not announced unless it was already."""
    for feed in feeds:
        feed.xid, feed.seq = START
        feed.since_xid, feed.since_seq = newest


def entries(work: Work, uris: Collection[str]) -> dict[tuple[int, str], EntryRow]:
    """Return what all feeds know of some Documents, by feed and URI."""
    rows = work.db.scalars(select(EntryRow).where(EntryRow.uri.in_(uris)))
    return {(row.feed, row.uri): row for row in rows}


def due(work: Work, limit: int) -> Sequence[EntryRow]:
    """Return up to `limit` entries that are to be looked at again."""
    chosen = select(EntryRow).where(EntryRow.due_at <= work.now).order_by(EntryRow.due_at, EntryRow.uri)
    return work.db.scalars(chosen.limit(limit)).all()


def has_announced(work: Work, feed: int, uris: Collection[str]) -> bool:
    """Say whether a feed has announced one of some Documents."""
    told = select(_entries.c.uri).where(_entries.c.feed == feed, _entries.c.uri.in_(uris))
    return work.db.execute(told.where(_entries.c.announcement != "").limit(1)).first() is not None


def remove(work: Work, feed: FeedRow) -> None:
    work.db.execute(delete(_entries).where(_entries.c.feed == feed.id))
    work.db.delete(feed)
    work.db.flush()


def forget_gone(work: Work, before: datetime, limit: int) -> int:
    """Erase up to `limit` entries of what was gone before a moment; return how many."""
    old = select(_entries.c.feed, _entries.c.uri).where(_entries.c.gone_at < before).limit(limit)
    found = work.db.execute(old).all()
    for row in found:
        passing_on.forget(work, row.uri)
        work.db.execute(delete(_entries).where(_entries.c.feed == row.feed, _entries.c.uri == row.uri))
    return len(found)
