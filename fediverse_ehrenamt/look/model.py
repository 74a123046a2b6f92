"""The table of the look: one row, none as long as nobody chose anything; and one with the logo of before."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

NOW, FORMER = 1, 2


class LookRow(Base):
    """What an operator chose; "" and None where they left it. The row FORMER has nothing but a logo.

    `accent` and `accent_dark` are "#rrggbb" for the light and the dark scheme. `logo` is a PNG of `logo_width` by
    `logo_height` pixels, `logo_version` a hash of it.
    """

    __tablename__ = "look"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    accent: Mapped[str] = mapped_column(String(7))
    accent_dark: Mapped[str] = mapped_column(String(7))
    tagline: Mapped[str] = mapped_column(String(120))
    hashtag: Mapped[str] = mapped_column(String(50))
    logo_version: Mapped[str] = mapped_column(String(12))
    logo_width: Mapped[int] = mapped_column(Integer)
    logo_height: Mapped[int] = mapped_column(Integer)
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # it is looked at each second without it
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
