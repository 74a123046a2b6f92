"""The table of things: opportunities, events and posts that this instance holds, its own and those it received."""

from datetime import datetime

from sqlalchemy import Boolean, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Uri = String(2100)


class ThingRow(Base):
    """One object, whole: `body` is the JSON as we write it or as it came, with terms that we do not know yet.

    `id` is the opaque id of its page here, `kind` one of `search.model.KINDS`, `version` its `updated` or `published`.
    Of our own, `key` is the organisation's name for it and `draft` what the organisation handed in.
    """

    __tablename__ = "things"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(_Uri, index=True)
    local: Mapped[bool] = mapped_column(Boolean)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    key: Mapped[str | None] = mapped_column(String(200))
    draft: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("uq_things_key", "actor", "key", unique=True, sqlite_where=text("key IS NOT NULL"),
              postgresql_where=text("key IS NOT NULL")),
        Index("ix_things_expiry", "expires_at", sqlite_where=text("local AND expires_at IS NOT NULL"),
              postgresql_where=text("local AND expires_at IS NOT NULL")),
    )  # fmt: skip
