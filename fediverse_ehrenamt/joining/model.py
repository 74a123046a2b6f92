"""The tables of requests to take part, and of what was asked and answered about them. Erased in time."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_URI = 2100


class RequestRow(Base):
    """One organisation that wants to take part; `code` is its opaque name in links, `state` of `rules.STATES`.

    `account` is the id of whoever was signed in as they asked, "" for others: those confirm their `mail` first. `form`
    is a hash of what was sent, so that the same twice is one. `organisation` is the actor that was made of it.
    """

    __tablename__ = "joining_requests"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(200))
    handle: Mapped[str] = mapped_column(String(60), index=True)
    summary: Mapped[str] = mapped_column(Text)
    legal_form: Mapped[str] = mapped_column(String(40))
    postcode: Mapped[str] = mapped_column(String(10))
    locality: Mapped[str] = mapped_column(String(100))
    website: Mapped[str] = mapped_column(String(600))
    person: Mapped[str] = mapped_column(String(100))
    mail: Mapped[str] = mapped_column(String(254), index=True)
    account: Mapped[str] = mapped_column(String(22), index=True)
    language: Mapped[str] = mapped_column(String(10))
    form: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[str] = mapped_column(String(_URI), default="")

    __table_args__ = ({"sqlite_autoincrement": True},)  # a number in somebody's notes never means another one


class NoteRow(Base):
    """A question of the coordinators about a request, or an answer to it; `form` as in `RequestRow`."""

    __tablename__ = "joining_notes"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    request: Mapped[int] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    writer: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(String(64), unique=True)
