"""The tables of feeds: each saved search with its account, and what was found by it."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class FeedRow(Base):
    """A feed: its account (`actor`) and its search (`Query.params`).

    (`xid`, `seq`) is how far it has followed the changes of the documents. What has a number up to (`since_xid`,
    `since_seq`) was there before the feed, and is not announced. What it finds while it is `paused` isn't either.
    """

    __tablename__ = "feeds"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    actor: Mapped[str] = mapped_column(String(2100), unique=True)
    params: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since_xid: Mapped[int] = mapped_column(BigInteger)
    since_seq: Mapped[int] = mapped_column(BigInteger)
    xid: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
    paused: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    __table_args__ = ({"sqlite_autoincrement": True},)  # the searches that a process holds are known by their numbers


class EntryRow(Base):
    """A Document (`uri`) that a feed has found once: it is never announced a second time.

    `author` is whose it is, `announcement` the Announce of it, "" where there was none. `leaves_at` is the Document's
    end, `gone_at` when it was gone. `due_at` is when to look again at what was too far away to be announced.
    """

    __tablename__ = "feed_entries"
    feed: Mapped[int] = mapped_column(Integer, primary_key=True)
    uri: Mapped[str] = mapped_column(String(2100), primary_key=True)
    author: Mapped[str] = mapped_column(String(2100))
    announcement: Mapped[str] = mapped_column(String(2100))
    leaves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_feed_entries_uri", "uri"),
        Index("ix_feed_entries_gone", "gone_at", sqlite_where=text("gone_at IS NOT NULL"),
              postgresql_where=text("gone_at IS NOT NULL")),
        Index("ix_feed_entries_due", "due_at", sqlite_where=text("due_at IS NOT NULL"),
              postgresql_where=text("due_at IS NOT NULL")),
    )  # fmt: skip
