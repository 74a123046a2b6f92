"""The table of what organisations have begun to write and not published yet."""

from datetime import datetime

from sqlalchemy import String, Text
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
