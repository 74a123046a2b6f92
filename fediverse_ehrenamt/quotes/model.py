"""The table of quotes: who in the fediverse quotes or recommends what is ours, and by which stamp they may."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_Uri = String(2100)
_COLLECTION = "object = organisation"


class QuoteRow(Base):
    """A post (`uri`) that quotes an object of ours; `content` is HTML made safe, "" of what is not for everybody.

    Or a collection that recommends an actor of ours, which is then both `object` and `organisation`; that is else who
    published the object. `stamp` is the URI of our authorization (None where nobody asked for one), `state` one of
    `rules.STATES`, `version` of which state `content` is, or when a collection was last looked at, `seen` whether the
    organisation has looked at it.
    """

    __tablename__ = "quotes"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    uri: Mapped[str] = mapped_column(_Uri)
    object: Mapped[str] = mapped_column(_Uri)
    organisation: Mapped[str] = mapped_column(_Uri)
    author: Mapped[str] = mapped_column(_Uri, index=True)
    stamp: Mapped[str | None] = mapped_column(_Uri, unique=True)
    content: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(_Uri)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))
    seen: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        UniqueConstraint("uri", "object"),
        Index("ix_quotes_object", "object", "author"),
        Index("ix_quotes_organisation", "organisation", "seen"),
        Index("ix_quotes_looked", "version", sqlite_where=text(_COLLECTION), postgresql_where=text(_COLLECTION)),
    )
