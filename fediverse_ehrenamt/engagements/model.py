"""The tables of enquiries; who asks and all that is said is sealed, like private keys, and leaves on time."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_Uri = String(2100)


class EnquiryRow(Base):
    """One enquiry to an actor of ours (`organisation`) about an object of ours (`about`, called `title` then).

    `code` is the opaque name in its links. `sealed` is a `rules.Person`, "" once that was erased: what is left then
    says nothing of anybody and is counted for a while. `mark` and `form` are keyed hashes, of the way by which the
    person is reached and of what was sent, to find the same again. It counts from `confirmed_at` on; `told` is the
    stage of reminders, `next_at` when to look again, None for never, `reminded_at` when the last letter went out.
    `message` is the number of the first message of an enquiry from the fediverse, or of the Offer that it came by: what
    is said there stays with `conversations`, and goes from there with the enquiry.
    """

    __tablename__ = "enquiries"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    organisation: Mapped[str] = mapped_column(_Uri)
    about: Mapped[str] = mapped_column(_Uri)
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    sealed: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(64), default="")
    form: Mapped[str | None] = mapped_column(String(64), unique=True)
    message: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    erased: Mapped[bool] = mapped_column(Boolean, default=False)
    told: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_enquiries_organisation", "organisation", "asked_at"),
        Index("ix_enquiries_mark", "mark", "asked_at", sqlite_where=text("mark != ''"),
              postgresql_where=text("mark != ''")),
        Index("ix_enquiries_due", "next_at", sqlite_where=text("next_at IS NOT NULL"),
              postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_enquiries_message", "message", sqlite_where=text("message IS NOT NULL"),
              postgresql_where=text("message IS NOT NULL")),
        {"sqlite_autoincrement": True},  # a number that a coordinator noted never means another one
    )  # fmt: skip


class EntryRow(Base):
    """A step that was taken in an enquiry, with what was said, sealed; `writer` and `step` as in `rules`.

    `form` is a keyed hash of what was sent, so that the same sent twice is one step.
    """

    __tablename__ = "enquiry_entries"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    enquiry: Mapped[int] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    writer: Mapped[str] = mapped_column(String(20))
    step: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[str] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(String(64), unique=True)
