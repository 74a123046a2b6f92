"""The tables of remote pictures: which there are, which things show them, and how far the changes were followed."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class PictureRow(Base):
    """One remote picture, whoever shows it. Its file's name follows from its URL (`remote.name`).

    `state` is "wanted", "here", "failed" (given up) or "left" (to make room). `try_at` is set while it is wanted.
    `size` is in bytes, 0 unless it is here.
    """

    __tablename__ = "pictures"
    url: Mapped[str] = mapped_column(String(2100), primary_key=True)
    host: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(Integer)
    tries: Mapped[int] = mapped_column(Integer)
    try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_pictures_wanted", "try_at", sqlite_where=text("try_at IS NOT NULL"),
              postgresql_where=text("try_at IS NOT NULL")),
    )  # fmt: skip


class PictureUseRow(Base):
    """A thing (by its URI) and the one picture that it shows."""

    __tablename__ = "picture_uses"
    thing: Mapped[str] = mapped_column(String(2100), primary_key=True)
    url: Mapped[str] = mapped_column(String(2100), index=True)


class PictureMarkRow(Base):
    """One row: the number of the last change of documents whose picture was looked at (`search.model.Cursor`)."""

    __tablename__ = "picture_mark"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    xid: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
