"""The tables of doubts about offers, and of the letters that ask organisations about them. Nothing says who doubted."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_Uri = String(2100)


class DoubtRow(Base):
    """One doubt about an offer (`uri`); `reason` is of `rules.REASONS` or "".

    `mark` (`rules.mark`) is there for a day, so that nobody is counted twice on it; then it is erased.
    """

    __tablename__ = "doubts"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    uri: Mapped[str] = mapped_column(_Uri, index=True)
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    mark: Mapped[str | None] = mapped_column(String(32), unique=True)


class DoubtLetterRow(Base):
    """When an organisation (`actor`) was last asked about doubts in one of its offers."""

    __tablename__ = "doubt_letters"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    actor: Mapped[str] = mapped_column(_Uri, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
