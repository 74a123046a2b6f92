"""The tables of policy: who is blocked or limited, who is allowed, and a mark by which processes see a change."""

from datetime import datetime

from sqlalchemy import Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class RestrictionRow(Base):
    """A host with its subdomains, or an actor, that is not treated like others; the words are those of rules.py.

    `swept_at` is when nothing was left here of what must not be; None: somebody has to look (again).
    """

    __tablename__ = "restrictions"
    subject: Mapped[str] = mapped_column(String(2100), primary_key=True)
    severity: Mapped[str] = mapped_column(String(10))
    reject_media: Mapped[bool] = mapped_column(Boolean)
    reject_reports: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    public_comment: Mapped[str] = mapped_column(Text)
    obfuscate: Mapped[bool] = mapped_column(Boolean)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    swept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AllowedHostRow(Base):
    """A host that is spoken to in allow-list mode: this one, not those below it."""

    __tablename__ = "allowed_hosts"
    host: Mapped[str] = mapped_column(String(300), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class PolicyMarkRow(Base):
    """One row whose `mark` is another one after each change, so that looking for changes costs one small read."""

    __tablename__ = "policy_mark"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(40))
