"""The table of figures."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

LONGEST_PART = 160


class FigureRow(Base):
    """One number of a month (its first day): `what` as `rules.What`, `part` what it is a part of, "" for the whole.

    It was counted `at` a moment; `later` says that this was not done in its month all along but afterwards, from what
    was still there.
    """

    __tablename__ = "figures"
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    what: Mapped[str] = mapped_column(String(40), primary_key=True)
    part: Mapped[str] = mapped_column(String(LONGEST_PART), primary_key=True)
    value: Mapped[float] = mapped_column(Float(53))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    later: Mapped[bool] = mapped_column(Boolean)
