"""The table of views."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base


class ViewsRow(Base):
    """How often a page was opened on a day (in Germany); `page` and `organisation` as in `rules.Seen`."""

    __tablename__ = "views"
    page: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    organisation: Mapped[str] = mapped_column(String(2100))
    count: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_views_day", "day"), Index("ix_views_organisation", "organisation", "day"))
