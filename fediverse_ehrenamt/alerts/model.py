"""The tables of searches that are saved by mail: who wants to know what, and what was found for whom."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class AlertRow(Base):
    """A search (`Query.params`) of a mail address. Until `confirmed_at` it is only a question, and goes after two days.

    `rhythm` is one of `rules.RHYTHMS`, `language` that of the letters. `written_at` is when the last one was sent,
    `next_at` when the next one is due, None while there is nothing to tell.
    """

    __tablename__ = "alerts"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    mail: Mapped[str] = mapped_column(String(254), index=True)
    params: Mapped[str] = mapped_column(Text)
    rhythm: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_alerts_asked", "asked_at", sqlite_where=text("confirmed_at IS NULL"),
              postgresql_where=text("confirmed_at IS NULL")),
        Index("ix_alerts_due", "next_at", sqlite_where=text("next_at IS NOT NULL"),
              postgresql_where=text("next_at IS NOT NULL")),
        {"sqlite_autoincrement": True},  # a link in somebody's letter never means another search
    )  # fmt: skip


class HitRow(Base):
    """A Document (its opaque `id`) that an alert has found once; `waiting` until it stood in a letter."""

    __tablename__ = "alert_hits"
    alert: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(String(40), primary_key=True)
    waiting: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (Index("ix_alert_hits_document", "document"), {"sqlite_with_rowid": False})


class AlertMarkRow(Base):
    """One row: how far the changes of the documents were followed."""

    __tablename__ = "alert_mark"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    xid: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
