"""The tables of attendance: who comes to our events, by which peers' Joins, and how full each event is."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Uri = String(2100)
UNTOLD = "is_full != told_full"  # in SQL; a partial index serves only a condition that is the same


class AttendanceRow(Base):
    """One actor's place at one event. Personal: erased at `erase_at`, never published.

    `state` is "joined" or "left"; who left is remembered for a while, because their Join may be repeated late.
    `activity` is the id of the Join, `message` what was said with it (plain text).
    """

    __tablename__ = "attendances"
    event: Mapped[str] = mapped_column(_Uri, primary_key=True)
    actor: Mapped[str] = mapped_column(_Uri, primary_key=True, index=True)
    activity: Mapped[str] = mapped_column(_Uri, index=True)
    state: Mapped[str] = mapped_column(String(10))
    message: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    erase_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OccupancyRow(Base):
    """How many come to an event, and whether the last state that peers were sent says that it is full."""

    __tablename__ = "occupancies"
    event: Mapped[str] = mapped_column(_Uri, primary_key=True)
    taken: Mapped[int] = mapped_column(Integer)
    is_full: Mapped[bool] = mapped_column(Boolean)
    told_full: Mapped[bool] = mapped_column(Boolean)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_occupancies_untold", "event", sqlite_where=text(UNTOLD), postgresql_where=text(UNTOLD)),
    )
