"""The tables of federation: actors of ours and of others, who follows whom, what came in, what went out."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, Text, false, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_Uri = String(2100)
ANSWERS = "kind IN ('Accept', 'Reject', 'Ignore')"  # in SQL; a partial index serves only a condition that is the same


class InstanceRow(Base):
    """What `init` decided; one row. Ids hold the URL and peers remember the domain, so neither may change later."""

    __tablename__ = "instance"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(_Uri)
    handle_domain: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LocalActorRow(Base):
    """An actor of ours. Keys are made on first use; a handle is never given out twice, not even after `gone_at`.

    `icon` is the name of a picture of ours (`media.images`), `website` a page of its own elsewhere, each "" for none.
    `suspended_at` is since when a moderator has let it publish nothing, None for one that may.
    """

    __tablename__ = "local_actors"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    handle: Mapped[str] = mapped_column(String(60), unique=True)
    type: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(_Uri)
    details: Mapped[str] = mapped_column(Text, default="")
    rsa_private: Mapped[str] = mapped_column(Text, default="")
    rsa_public: Mapped[str] = mapped_column(Text, default="")
    ed25519_private: Mapped[str] = mapped_column(Text, default="")
    ed25519_public: Mapped[str] = mapped_column(Text, default="")
    key_number: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    keys_made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    icon: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    icon_alt: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    website: Mapped[str] = mapped_column(String(600), default="", server_default=text("''"))
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FormerKeyRow(Base):
    """The keys that an actor of ours had before; for some days, for what was signed or announced with them."""

    __tablename__ = "former_keys"
    actor: Mapped[str] = mapped_column(_Uri, primary_key=True)
    rsa_id: Mapped[str] = mapped_column(_Uri)
    rsa_private: Mapped[str] = mapped_column(Text)
    ed25519_id: Mapped[str] = mapped_column(_Uri)
    ed25519_public: Mapped[str] = mapped_column(Text)
    announcement: Mapped[str] = mapped_column(_Uri)
    retired_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RemoteActorRow(Base):
    """Somebody else's actor as its own origin described it when it was last fetched."""

    __tablename__ = "remote_actors"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))
    type: Mapped[str] = mapped_column(String(20))
    handle: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(_Uri, default="")
    inbox: Mapped[str] = mapped_column(_Uri)
    shared_inbox: Mapped[str] = mapped_column(_Uri, default="")
    outbox: Mapped[str] = mapped_column(_Uri, default="")
    key_id: Mapped[str] = mapped_column(_Uri, default="", index=True)
    key_pem: Mapped[str] = mapped_column(Text, default="")
    proof_keys: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))  # for `peers.proof_keys`
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    indexable: Mapped[bool | None] = mapped_column(Boolean)  # FEP-5feb; None: fetched before this was asked
    discoverable: Mapped[bool | None] = mapped_column(Boolean)
    suspended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())  # by their own server


class FollowerRow(Base):
    """Somebody follows an actor of ours; `follow` is the id of their Follow."""

    __tablename__ = "followers"
    actor: Mapped[str] = mapped_column(_Uri, primary_key=True)
    follower: Mapped[str] = mapped_column(_Uri, primary_key=True)
    follow: Mapped[str] = mapped_column(_Uri)
    inbox: Mapped[str] = mapped_column(_Uri, index=True)
    host: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_followers_list", "actor", "since"),)


class SourceRow(Base):
    """An actor that this instance follows and indexes; `state` is "pending", "accepted", "rejected" or "gone".

    `whole_origin` is set for an instance's actor (type Application): then all actors of that origin are indexed.
    `trust` is "direct" or "review", `choice` a `chosen.Choice` as JSON (None: everything), `marks` what the last
    reading left for the next one (`outboxes.Marks` as JSON). `read_at` is when its outbox was last looked at, with or
    without success, `failures` how often that failed running, `contact_at` when anything was last heard of it.
    """

    __tablename__ = "sources"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), index=True)
    whole_origin: Mapped[bool] = mapped_column(Boolean)
    follow: Mapped[str] = mapped_column(_Uri)
    state: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")
    trust: Mapped[str] = mapped_column(String(20), default="direct", server_default="direct")
    choice: Mapped[str | None] = mapped_column(Text)
    marks: Mapped[str | None] = mapped_column(Text)
    contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class HostRow(Base):
    """What we know of a peer's host: `sister` says whether it runs this software (by NodeInfo).

    `scheme` is the one by which it reads our signatures, where that is not the one that is tried first.
    """

    __tablename__ = "hosts"
    host: Mapped[str] = mapped_column(String(300), primary_key=True)
    software: Mapped[str] = mapped_column(String(100), default="")
    sister: Mapped[bool] = mapped_column(Boolean, default=False)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scheme: Mapped[str | None] = mapped_column(String(20))


class OpeningRow(Base):
    """What the bodies of many activities begin with, `openings.py` says why. `used_at` is right to a day."""

    __tablename__ = "openings"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReceivedRow(Base):
    """One activity that came in: the row is its own job. The body leaves after processing, the id stays.

    Of the body, `rest` is what comes after the beginning that is kept once for many, all of it where `opening` is None.
    """

    __tablename__ = "received"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    activity: Mapped[str] = mapped_column(_Uri, unique=True)
    actor: Mapped[str] = mapped_column(_Uri)
    how: Mapped[str] = mapped_column(String(20))
    mark: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))  # begins of `Signed.mark`s
    opening: Mapped[int | None] = mapped_column(Integer)
    rest: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    verdict: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("ix_received_due", "due_at", "id", sqlite_where=text("due_at IS NOT NULL"),
              postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_received_bodies", "received_at", sqlite_where=text("rest IS NOT NULL"),
              postgresql_where=text("rest IS NOT NULL")),
    )  # fmt: skip

    beginning: Mapped[bytes | None] = column_property(
        select(OpeningRow.text).where(OpeningRow.id == opening).correlate_except(OpeningRow).scalar_subquery()
    )

    @property
    def body(self) -> bytes | None:
        """The body as it came, None once it was erased."""
        return None if self.rest is None else whole(self.beginning, self.rest)


def whole(beginning: bytes | None, rest: bytes) -> bytes:
    """Return a body as it came, of `ReceivedRow.beginning` and `ReceivedRow.rest`."""
    return rest if beginning is None else beginning + rest


class PublishedRow(Base):
    """An activity of ours, served under its id. A Create always holds its object as it is now."""

    __tablename__ = "published"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    uri: Mapped[str] = mapped_column(_Uri, unique=True)
    actor: Mapped[str] = mapped_column(_Uri)
    kind: Mapped[str] = mapped_column(String(20))
    object: Mapped[str] = mapped_column(_Uri, index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    listed: Mapped[bool] = mapped_column(Boolean)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_published_outbox", "actor", "listed", "id"),
        Index("ix_published_answers", "published_at", sqlite_where=text(ANSWERS), postgresql_where=text(ANSWERS)),
    )


class RecipientRow(Base):
    """An inbox that was sent an object: its Updates and its Delete go there too."""

    __tablename__ = "recipients"
    object: Mapped[str] = mapped_column(_Uri, primary_key=True)
    inbox: Mapped[str] = mapped_column(_Uri, primary_key=True)


class TombstoneRow(Base):
    """An object of anybody's that was deleted. Never expires: a Create that comes late must not revive it."""

    __tablename__ = "tombstones"
    uri: Mapped[str] = mapped_column(_Uri, primary_key=True)
    former_type: Mapped[str] = mapped_column(String(40), default="")
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BlockedByRow(Base):
    """Somebody has blocked an actor of ours; `block` is the id of their Block."""

    __tablename__ = "blocked_by"
    actor: Mapped[str] = mapped_column(_Uri, primary_key=True)
    blocker: Mapped[str] = mapped_column(_Uri, primary_key=True, index=True)
    block: Mapped[str] = mapped_column(_Uri)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class MoveRow(Base):
    """A source said that it goes on as `target`; `moved_at` is when that was found true and we followed it there."""

    __tablename__ = "moves"
    old: Mapped[str] = mapped_column(_Uri, primary_key=True)
    target: Mapped[str] = mapped_column(_Uri, index=True)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
