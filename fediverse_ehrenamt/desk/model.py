"""The tables of what organisations have begun to write, what waits for a look, and what repeats itself."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class UnfinishedRow(Base):
    """What stands in the form of an organisation (`actor`) for the thing that it calls `key`, saved by itself.

    `typed` is JSON, field by field; `image` the name of the picture that was stored for it.
    """

    __tablename__ = "unfinished"
    actor: Mapped[str] = mapped_column(String(2100), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    typed: Mapped[str] = mapped_column(Text)
    image: Mapped[str] = mapped_column(String(100))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class HeldRow(Base):
    """What an organisation (`actor`) has handed in under its `key` and nobody sees until somebody has looked at it.

    `typed` and `image` are what stood in its form, as in `unfinished`, `title` its name. `returned_at` is when it was
    given back for the `reason`, None while it waits.
    """

    __tablename__ = "held_posts"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    actor: Mapped[str] = mapped_column(String(2100))
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    typed: Mapped[str] = mapped_column(Text)
    image: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(Text)
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("actor", "key"),)


class SeriesRow(Base):
    """An event of an organisation (`actor`) that repeats itself; each of its dates is an event of its own.

    `typed` and `image` are what stands in its form, as in `unfinished`. `draft` is its next date as it was last
    published, from which all others are made. `first` is the key of the date whose URI (`context`) links all others.
    """

    __tablename__ = "series"
    actor: Mapped[str] = mapped_column(String(2100), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    typed: Mapped[str] = mapped_column(Text)
    image: Mapped[str] = mapped_column(String(100))
    draft: Mapped[str] = mapped_column(Text)
    first: Mapped[str] = mapped_column(String(200))
    context: Mapped[str] = mapped_column(String(2100))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
