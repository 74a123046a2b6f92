"""The tables of the durable queue: jobs, and one lane for each host they go to."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")


class JobRow(Base):
    """Something to do once, later. A row that is here and not given up is still to be done.

    Jobs with the same `host` and `key` (an object's URI) run strictly in the order of their ids; an empty key waits
    for nobody. `argument` is whatever text the job's function reads. A `replaceable` job carries a state of its key's
    object, so that a newer one makes it needless. Ids are never given out twice: a worker may still have in hand what
    was cancelled, and must not settle another job in its place.
    """

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    host: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(2100), default="")
    name: Mapped[str] = mapped_column(String(60))
    argument: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")
    replaceable: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))

    __table_args__ = (
        Index("ix_jobs_due", "host", "due_at", "id", sqlite_where=text("given_up_at IS NULL"),
              postgresql_where=text("given_up_at IS NULL")),
        Index("ix_jobs_order", "host", "key", "id", sqlite_where=text("given_up_at IS NULL AND key != ''"),
              postgresql_where=text("given_up_at IS NULL AND key != ''")),
        Index("ix_jobs_given_up", "given_up_at", sqlite_where=text("given_up_at IS NOT NULL"),
              postgresql_where=text("given_up_at IS NOT NULL")),
        Index("ix_jobs_replaceable", "key", sqlite_where=text("replaceable"), postgresql_where=text("replaceable")),
        {"sqlite_autoincrement": True},
    )  # fmt: skip


class LaneRow(Base):
    """The queue of one host. Lanes are leased, never jobs, so that a dead host costs one look and not thousands.

    `next_at` is when the lane wants a look: the earliest job's time, the end of a lease, or the end of an open
    breaker. None: nothing waits. `failing` lists the ids of different jobs that failed since the host last answered,
    `failures` is their number, `openings` how often the breaker opened since then. `last_success_at` is when it last
    did what was asked; `heard_at` when it last answered or sent something, not finer than `retry.HEARD_EVERY`.
    """

    __tablename__ = "lanes"
    host: Mapped[str] = mapped_column(String(300), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    leased: Mapped[int] = mapped_column(Integer, default=0)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    failing: Mapped[str] = mapped_column(String(200), server_default=text("''"))
    openings: Mapped[int] = mapped_column(Integer, default=0)
    opened_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, server_default=text("''"))
    last_error_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
