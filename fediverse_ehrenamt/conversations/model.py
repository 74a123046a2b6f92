"""The tables of conversations: replies to what we publish, messages to organisations here, and whom they refuse."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

_Id = BigInteger().with_variant(Integer, "sqlite")
_Uri = String(2100)


class ReplyRow(Base):
    """A public answer to an object of ours, or to such an answer; `content` is HTML made safe, `warning` plain.

    `object` is ours at the thread's beginning, `organisation` the actor of ours that published it, `state` one of
    `rules.STATES`. Name and face of the author stay with the actor (`remote_actors`) and leave with it.
    """

    __tablename__ = "replies"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    uri: Mapped[str] = mapped_column(_Uri, unique=True)
    object: Mapped[str] = mapped_column(_Uri)
    in_reply_to: Mapped[str] = mapped_column(_Uri)
    organisation: Mapped[str] = mapped_column(_Uri, index=True)
    author: Mapped[str] = mapped_column(_Uri, index=True)
    content: Mapped[str] = mapped_column(Text)
    warning: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(40))
    url: Mapped[str] = mapped_column(_Uri)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))

    __table_args__ = (Index("ix_replies_thread", "object", "state", "published_at"),)


class RefusedRow(Base):
    """That an organisation takes nothing any more from a person in the fediverse; nobody else does so for that."""

    __tablename__ = "refused_senders"
    organisation: Mapped[str] = mapped_column(_Uri, primary_key=True)
    person: Mapped[str] = mapped_column(_Uri, primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageRow(Base):
    """One message between an actor of ours and a person; all of one pair are a conversation.

    `sent` says that it is ours, `public` that it was a mention that everybody may read. `about` is the object of ours
    that it answers, `context` the thread's id as the person's server named it. `activity` is the Create in which ours
    went out, until that is erased. `state` says what the organisation has done about it, one of `rules.LOOKED`.
    """

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(_Id, primary_key=True, autoincrement=True)
    organisation: Mapped[str] = mapped_column(_Uri)
    person: Mapped[str] = mapped_column(_Uri, index=True)
    uri: Mapped[str] = mapped_column(_Uri, index=True)
    sent: Mapped[bool] = mapped_column(Boolean)
    public: Mapped[bool] = mapped_column(Boolean)
    in_reply_to: Mapped[str] = mapped_column(_Uri)
    about: Mapped[str] = mapped_column(_Uri)
    context: Mapped[str] = mapped_column(_Uri)
    content: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(_Uri)
    version: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    activity: Mapped[str] = mapped_column(_Uri)
    state: Mapped[str] = mapped_column(String(20), default="new", server_default=text("'new'"))

    __table_args__ = (
        UniqueConstraint("organisation", "uri"),
        Index("ix_messages_conversation", "organisation", "person", "at"),
    )
