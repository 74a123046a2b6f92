"""The tables of districts: what the instance keeps of each, and what was done with them."""

from datetime import datetime

from sqlalchemy import Boolean, Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_KEY = 300  # folding writes some letters as three


class DistrictRow(Base):
    """A district, or a name of one: `places.districts.Kept`, with its `origin` (`rules.Origin`)."""

    __tablename__ = "districts"
    town_key: Mapped[str] = mapped_column(String(_KEY), primary_key=True)
    name_key: Mapped[str] = mapped_column(String(_KEY), primary_key=True)
    town: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(40))
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    postcode: Mapped[str] = mapped_column(String(5))
    origin: Mapped[str] = mapped_column(String(20))
    stands_for: Mapped[str] = mapped_column(String(_KEY))
    hidden: Mapped[bool] = mapped_column(Boolean)


class ChangeRow(Base):
    """What was done (`rules.What`) to districts of some `towns` (one a line); the newest number is their edition.

    `before` and `after` are the rows that it changed (`store.States`), "" for what cannot be taken back. `placed_at` is
    when all that is published was looked through for it, of which `looked` of `planned` are done.
    """

    __tablename__ = "district_changes"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    did: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(300))
    towns: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    undone: Mapped[bool] = mapped_column(Boolean)
    looked: Mapped[int] = mapped_column(Integer)
    planned: Mapped[int] = mapped_column(Integer)
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
