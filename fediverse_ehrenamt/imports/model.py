"""The tables of imports: the listings that are read again and again, and what became of each of their entries."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Uri = String(2100)
_DUE = "next_at IS NOT NULL"


class ImportSourceRow(Base):
    """A file or an address that holds somebody's listing.

    `organisation` is the handle under which entries are published whose own organisation is not here, with `only_own`
    all of them. `mapping` maps fields to columns (JSON, "" where they are recognised). `place` is the town of entries
    that name none, `place_from` where that comes from (`homes.STATED` …), both "" as long as none is known. It is read
    every `every_hours` (0: only when asked), the next time at `next_at`. `etag` and `last_modified` are what the server
    said last. Of the last run `counts` (JSON), `problems` (JSON, the first ones) and `error` are kept, "" for none;
    `succeeded_at` is when it last could be read.
    """

    __tablename__ = "import_sources"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    address: Mapped[str] = mapped_column(_Uri, unique=True)
    format: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str] = mapped_column(String(40))
    create_organisations: Mapped[bool] = mapped_column(Boolean)
    only_own: Mapped[bool] = mapped_column(Boolean, server_default=false())
    mapping: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    place_from: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    every_hours: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    etag: Mapped[str] = mapped_column(String(500), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    counts: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        Index("ix_import_sources_due", "next_at", sqlite_where=text(_DUE), postgresql_where=text(_DUE)),
        {"sqlite_autoincrement": True},  # what was kept of a source that was given up is named by its number
    )


class ImportEntryRow(Base):
    """An entry of a listing and the thing of ours that it became.

    `state` is "shown" or "vanished". `imported` is the draft that the source's last state makes, `digest` its hash;
    `version` is the thing's as the import last left it, so that a change made here is seen. `kept` are the fields
    (JSON) in which the thing differs from the source because somebody changed them here. `understood` and `confirmed`
    (JSON of `topics.Guess`) are what a machine read from words, and what of it a person confirmed. An offer is told
    to hold on at `renew_at`; `ends_at` is set for events.
    """

    __tablename__ = "import_entries"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    source: Mapped[int] = mapped_column(Integer)
    foreign_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(_Uri)
    key: Mapped[str] = mapped_column(String(200), index=True)
    uri: Mapped[str] = mapped_column(_Uri, index=True)
    state: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    imported: Mapped[str] = mapped_column(Text)
    version: Mapped[datetime] = mapped_column(UtcDateTime)
    kept: Mapped[str] = mapped_column(Text)
    understood: Mapped[str] = mapped_column(Text)
    confirmed: Mapped[str] = mapped_column(Text)
    renew_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("source", "foreign_id"),)
