"""The tables of organisations: where they are written to, which nobody is shown, and what they show of themselves."""

from datetime import datetime

from sqlalchemy import Boolean, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class ContactRow(Base):
    """The mail address of an organisation of ours (`actor`), and when it was last written to of our own accord.

    Whoever is `quiet` wants no reminders of offers; what others ask of them and what is decided still reaches them.
    """

    __tablename__ = "organisation_contacts"
    actor: Mapped[str] = mapped_column(String(2100), primary_key=True)
    mail: Mapped[str] = mapped_column(String(254))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiet: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))


class ProfileRow(Base):
    """What an organisation of ours (`actor`) shows of itself: a `rules.Profile` as JSON."""

    __tablename__ = "organisation_profiles"
    actor: Mapped[str] = mapped_column(String(2100), primary_key=True)
    profile: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
