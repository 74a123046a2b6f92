"""The table of reactions: who likes and who shares what is ours, to count them once and to let them take it back."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Uri = String(2100)
UNDONE = "kind = 'undone'"  # in SQL; a partial index serves only a condition that is the same


class ReactionRow(Base):
    """One actor's reaction to one object; `kind` is "like" or "share", `activity` the id of the newest of its kind.

    Of kind "undone" is what an actor took back before it came: then `object` too is the id of the activity.
    """

    __tablename__ = "reactions"
    object: Mapped[str] = mapped_column(_Uri, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    actor: Mapped[str] = mapped_column(_Uri, primary_key=True, index=True)
    activity: Mapped[str] = mapped_column(_Uri, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_reactions_undone", "at", sqlite_where=text(UNDONE), postgresql_where=text(UNDONE)),)
