"""The tables of duplicates: what was looked at, by which keys it is found, and what is thought of two of them."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

AUTOMATIC, WAITING, SAME, DIFFERENT = "automatic", "waiting", "same", "different"
JOINED, DECIDED = (AUTOMATIC, SAME), (SAME, DIFFERENT)


class ListingRow(Base):
    """A Document that was looked at. `number` is made of its URI, so that nobody has to ask for it.

    `mark` changes with what is compared of it, `keys` are its keys, 8 bytes each, `brief` is what rules out most
    comparisons (`wire.brief`). `team` is the number of the listing
    that stands for its group, None for one that stands alone.
    """

    __tablename__ = "duplicate_listings"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    uri: Mapped[str] = mapped_column(String(2100))
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    keys: Mapped[bytes] = mapped_column(LargeBinary)
    brief: Mapped[bytes] = mapped_column(LargeBinary, server_default=text("''"))
    team: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_duplicate_listings_team", "team", sqlite_where=text("team IS NOT NULL"),
              postgresql_where=text("team IS NOT NULL")),
    )  # fmt: skip


class KeyRow(Base):
    """That a listing has a key; with the `number` 0, that the key is shared by too many to tell anything."""

    __tablename__ = "duplicate_keys"
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class PairRow(Base):
    """Two listings that may be one and the same, `one` with the smaller number.

    `state` is "automatic" (shown as one), "waiting" (for a person), or what a person said: "same" or "different", then
    with `decided_by` and `decided_at`. The sketches are of what both said then (`blocking.sketch`): where much of it
    has changed, the pair waits again.
    """

    __tablename__ = "duplicate_pairs"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    one: Mapped[int] = mapped_column(BigInteger)
    other: Mapped[int] = mapped_column(BigInteger, index=True)
    score: Mapped[float] = mapped_column(Float(53))
    state: Mapped[str] = mapped_column(String(20))
    against: Mapped[str] = mapped_column(String(200))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(100))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sketch_one: Mapped[bytes | None] = mapped_column(LargeBinary)
    sketch_other: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("uq_duplicate_pairs_both", "one", "other", unique=True),
        Index("ix_duplicate_pairs_state", "state", "score"),
        {"sqlite_autoincrement": True},  # an id that somebody wrote down never means another pair
    )


class MarkRow(Base):
    """One row: how far the changes of the documents were followed."""

    __tablename__ = "duplicate_mark"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    xid: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
