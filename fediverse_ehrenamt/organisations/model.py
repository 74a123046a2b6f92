"""The table of what is kept of organisations for ourselves: where they are written to. Never federated, never shown."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class ContactRow(Base):
    """The mail address of an organisation of ours (`actor`), and when it was last written to of our own accord."""

    __tablename__ = "organisation_contacts"
    actor: Mapped[str] = mapped_column(String(2100), primary_key=True)
    mail: Mapped[str] = mapped_column(String(254))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
