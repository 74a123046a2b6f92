"""The tables of reports, of what was done to posts of our organisations and why, and of first posts looked at."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_Uri = String(2100)


class ReportRow(Base):
    """One report: `objects` are the URIs of ours that it names (a JSON list), `actor` the actor of ours behind them.

    `reporter` is whoever signed it, as a rule another instance's own actor, so that nobody here learns which person
    complained; an organisation of ours where it reports what it was sent (`actor` is then the sender elsewhere, and
    `objects` none: nobody but the organisation can see it); "" where a visitor of our pages did, of whom nothing is
    known. `mail` is where the answer goes, may be "" and is erased with the decision; `language` is that of the
    letters to it. `closed_at` is None while it waits for a decision; `measure` (`rules.Measure`, "" for none that is
    known) says what that was and `decision` why, in words.
    """

    __tablename__ = "reports"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    activity: Mapped[str] = mapped_column(_Uri, unique=True)
    reporter: Mapped[str] = mapped_column(_Uri, index=True)
    host: Mapped[str] = mapped_column(String(300))
    actor: Mapped[str] = mapped_column(_Uri)
    objects: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    decision: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    mail: Mapped[str] = mapped_column(String(254), default="", server_default=text("''"))
    language: Mapped[str] = mapped_column(String(10), default="", server_default=text("''"))

    __table_args__ = (Index("ix_reports_of_host", "host", "received_at"),)


class MeasureRow(Base):
    """That something of an organisation of ours was taken down, or the organisation suspended, with the reasons.

    `kind` is of `rules.Kind`, `title` that of the thing or the organisation's name, `ground` of `rules.Ground`;
    `reported` says whether somebody had reported it, `report` by which number, None for none. `person` is the id of
    whoever decided, "" at the machine itself. `lifted_at` is since when it does not hold any more, None while it does.

    `objection` is what the organisation says against it since `objected_at` (None: nothing), `outcome` (of
    `rules.Outcome`, "" while it waits) what was decided about that at `answered_at`, and `answer` why.
    """

    __tablename__ = "measures"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    organisation: Mapped[str] = mapped_column(_Uri, index=True)
    title: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    reported: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(String(20), server_default="removed")
    person: Mapped[str] = mapped_column(String(40), server_default=text("''"))
    report: Mapped[int | None] = mapped_column(BigInteger)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    objection: Mapped[str] = mapped_column(Text, server_default=text("''"))
    objected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    answer: Mapped[str] = mapped_column(Text, server_default=text("''"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TakenRow(Base):
    """What a `measure` (its id) has taken down, as the organisation handed it in, so that it can be put back.

    `uri` was its own, under which it never comes back: its tombstone stays, here and with all that were sent the
    Delete. `series` is that of `things.model.ShowingRow`, "" for none.
    """

    __tablename__ = "taken_posts"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    measure: Mapped[int] = mapped_column(BigInteger, index=True)
    uri: Mapped[str] = mapped_column(_Uri)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    draft: Mapped[str] = mapped_column(Text)
    series: Mapped[str] = mapped_column(_Uri)


class LookRow(Base):
    """That somebody has looked at a first post (`uri`) of a new organisation, and found nothing against it."""

    __tablename__ = "looks"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
