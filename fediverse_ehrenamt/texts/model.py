"""The table of texts: every version of each, the newest counts."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class TextRow(Base):
    """One version of a text in Markdown; an empty one takes it back to what is built in.

    `owner` is the handle of an organisation, or "" for the instance.
    """

    __tablename__ = "texts"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(30))
    slug: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_texts_of", "owner", "slug", "language"), {"sqlite_autoincrement": True})
