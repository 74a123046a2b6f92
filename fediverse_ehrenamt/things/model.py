"""The table of things: opportunities, events and posts that this instance holds, its own and those it received."""

from datetime import datetime

from sqlalchemy import Boolean, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Uri = String(2100)
_FOREIGN_OFFER = "NOT local AND kind = 'opportunity'"
WAITING, REJECTED, HIDDEN, SUSPENDED = "waiting", "rejected", "hidden", "suspended"


class ThingRow(Base):
    """One object, whole: `body` is the JSON as we write it or as it came, with terms that we do not know yet.

    `id` is the opaque id of its page here, `kind` one of `search.model.KINDS`, `version` its `updated` or `published`.
    Of our own, `key` is the organisation's name for it and `draft` what the organisation handed in. `source` is set
    where a source passed on what is another's: of most things the author, or the author's instance, is the source.
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
    source: Mapped[str | None] = mapped_column(_Uri)

    __table_args__ = (
        Index("uq_things_key", "actor", "key", unique=True, sqlite_where=text("key IS NOT NULL"),
              postgresql_where=text("key IS NOT NULL")),
        Index("ix_things_expiry", "expires_at", sqlite_where=text("local AND expires_at IS NOT NULL"),
              postgresql_where=text("local AND expires_at IS NOT NULL")),
        Index("ix_things_aged", "version", sqlite_where=text(_FOREIGN_OFFER), postgresql_where=text(_FOREIGN_OFFER)),
        Index("ix_things_source", "source", sqlite_where=text("source IS NOT NULL"),
              postgresql_where=text("source IS NOT NULL")),
    )  # fmt: skip


class FadedRow(Base):
    """What somebody did about an offer of another portal (`uri`) that nobody has confirmed for long.

    It was `asked_at` for at its portal, or `kept_at` because somebody here knows that it holds.
    """

    __tablename__ = "faded_offers"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ReviewRow(Base):
    """A thing that is kept out of `things` and the index: of a source that is not trusted directly, or hidden here.

    `state` is "waiting" (until somebody decides), "rejected", or "hidden": taken out again by a moderator, so that
    no newer state of it comes in until it is shown again. "suspended" is as hidden, for as long as the author is
    suspended at home. Of what was rejected only the id is kept.
    `card` is its Document as it would be indexed, `leaves_at` when the question answers itself.
    """

    __tablename__ = "reviews"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    source: Mapped[str] = mapped_column(_Uri, index=True)
    actor: Mapped[str] = mapped_column(_Uri, index=True)
    state: Mapped[str] = mapped_column(String(20))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    card: Mapped[str] = mapped_column(Text)
    version: Mapped[datetime] = mapped_column(UtcDateTime)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leaves_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class ShowingRow(Base):
    """How a thing of ours is shown, beside what it says.

    `shown_at` is when followers last saw it in their timelines: when it was published, or announced again; None while
    a date of a series waits for its time. `announcement` is the Announce of it that stands, "" for none. `series` is
    the URI of the thing that a date belongs to. `starts_at` is set for events.
    """

    __tablename__ = "showings"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    actor: Mapped[str] = mapped_column(_Uri)
    series: Mapped[str | None] = mapped_column(_Uri)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announcement: Mapped[str] = mapped_column(_Uri, default="")

    __table_args__ = (
        Index("ix_showings_series", "series", "starts_at", sqlite_where=text("series IS NOT NULL"),
              postgresql_where=text("series IS NOT NULL")),
        Index("ix_showings_calendar", "starts_at", sqlite_where=text("starts_at IS NOT NULL"),
              postgresql_where=text("starts_at IS NOT NULL")),
        Index("ix_showings_organisation", "actor", "starts_at", sqlite_where=text("starts_at IS NOT NULL"),
              postgresql_where=text("starts_at IS NOT NULL")),
        Index("ix_showings_waiting", "starts_at", "series", sqlite_where=text("shown_at IS NULL"),
              postgresql_where=text("shown_at IS NULL")),
        Index("ix_showings_standing", "shown_at", sqlite_where=text("announcement != ''"),
              postgresql_where=text("announcement != ''")),
    )  # fmt: skip
