"""The table of reminders: which question an organisation was asked about an offer, for the end that it then had."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class ReminderRow(Base):
    """One offer (`uri`). `stage` (`rules.stage`) counts for `expires_at` alone: a later end is asked about anew.

    What was looked at and needs no question has a row too, so that it is not looked at again every minute.
    """

    __tablename__ = "reminders"
    uri: Mapped[str] = mapped_column(String(2100), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    stage: Mapped[int] = mapped_column(Integer)
