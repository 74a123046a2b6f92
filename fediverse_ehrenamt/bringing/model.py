"""The table of listings that were brought by the browser: what is to be done with each, and what became of it."""

from datetime import datetime

from sqlalchemy import Boolean, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime


class BroughtRow(Base):
    """One listing; `actor` is the organisation whose desk it lies on, "" for the instance's.

    `address` is where it was fetched, "" for a file. `content` goes as soon as it was read. `organisation` is the
    handle under which entries appear whose own is not here. `replaces` is the number of the source of which it is a new
    state, 0 for none. `place` is the town of entries that name none, as somebody typed it. `mapping` (JSON, "" where
    columns are recognised) and `every_hours` are as in `import_sources`. `person` and `on_behalf` are who had it read,
    for the log, until that is done. `planned` and `written` count entries; `source` and `report` (JSON of
    `imports.report.Report`) are set when it is done.
    """

    __tablename__ = "brought_listings"
    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    actor: Mapped[str] = mapped_column(String(2100), index=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(2100))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    digest: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(20))
    mapping: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    organisation: Mapped[str] = mapped_column(String(40))
    create_organisations: Mapped[bool] = mapped_column(Boolean)
    replaces: Mapped[int] = mapped_column(Integer)
    every_hours: Mapped[int] = mapped_column(Integer)
    force: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(22))
    on_behalf: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[int] = mapped_column(Integer)
    planned: Mapped[int] = mapped_column(Integer)
    written: Mapped[int] = mapped_column(Integer)
    report: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    error: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
