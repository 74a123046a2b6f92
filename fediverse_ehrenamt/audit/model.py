"""The table of the audit log."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.audit import rules
from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_URI, _PERSON, _DID = 2100, 22, 40


class EntryRow(Base):
    """One thing that somebody did: `person` (an id, or one of the words of `rules`), `did` (`rules.Did`), to what.

    `organisation` is the URI of the one that it concerns, "" for none.
    """

    __tablename__ = "audit_log"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    person: Mapped[str] = mapped_column(String(_PERSON), index=True)
    on_behalf: Mapped[bool] = mapped_column(Boolean)
    did: Mapped[str] = mapped_column(String(_DID))
    label: Mapped[str] = mapped_column(String(rules.LABEL))
    uri: Mapped[str] = mapped_column(String(_URI), index=True)
    organisation: Mapped[str] = mapped_column(String(_URI), index=True)
    detail: Mapped[str] = mapped_column(Text)
