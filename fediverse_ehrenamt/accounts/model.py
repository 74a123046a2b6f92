"""The tables of people and their sign-ins. Never federated; of every secret only its SHA-256 is kept."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Date, Index, LargeBinary, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.storage.types import UtcDateTime

ID, DIGEST, MAIL, ROLE, URI, LANGUAGE, NAME = 22, 64, 254, 20, 2100, 10, 100


class PersonRow(Base):
    """Somebody who can sign in; `mail` is in lower case, `seen_on` the last day on which they were here.

    Who has a role of the instance is `called` by mail to what waits for a decision, last at `called_at`.
    """

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    mail: Mapped[str] = mapped_column(String(MAIL), unique=True)
    name: Mapped[str] = mapped_column(String(NAME))
    language: Mapped[str] = mapped_column(String(LANGUAGE))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_on: Mapped[date | None] = mapped_column(Date)
    called: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GrantRow(Base):
    """A role of a person (`rules.Role`); `organisation` is an actor's URI, "" for the instance."""

    __tablename__ = "people_roles"
    person: Mapped[str] = mapped_column(String(ID), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(URI), primary_key=True)
    role: Mapped[str] = mapped_column(String(ROLE), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_people_roles_organisation", "organisation"),)


class SessionRow(Base):
    """A sign-in: `digest` of the token in the browser's cookie, `id` by which it is listed and ended.

    While it is `half` its second step is missing, and it lets nobody in. It is `strong` if one was shown: a code, or a
    passkey that has checked who holds it.
    """

    __tablename__ = "people_sessions"
    digest: Mapped[str] = mapped_column(String(DIGEST), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID))
    person: Mapped[str] = mapped_column(String(ID), index=True)
    browser: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_on: Mapped[date] = mapped_column(Date)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    half: Mapped[bool] = mapped_column(Boolean)
    strong: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class PasswordRow(Base):
    """The password of a person who wants one, as Argon2id left it."""

    __tablename__ = "people_passwords"
    person: Mapped[str] = mapped_column(String(ID), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class FactorRow(Base):
    """The sealed secret of a person's one-time codes; asked for once it is `confirmed`. No step counts twice."""

    __tablename__ = "people_factors"
    person: Mapped[str] = mapped_column(String(ID), primary_key=True)
    secret: Mapped[str] = mapped_column(String(300))
    confirmed: Mapped[bool] = mapped_column(Boolean)
    last_step: Mapped[int] = mapped_column(BigInteger)


class CodeRow(Base):
    """A code on paper that stands in for a one-time code, once; `digest` is that of person and code."""

    __tablename__ = "people_codes"
    digest: Mapped[str] = mapped_column(String(DIGEST), primary_key=True)
    person: Mapped[str] = mapped_column(String(ID), index=True)


class PasskeyRow(Base):
    """A passkey (WebAuthn credential) of a person; `digest` is that of its id, `sign_count` 0 if it does not count.

    It is `verified` once it has checked who holds it: then it is a second step in itself.
    """

    __tablename__ = "people_passkeys"
    digest: Mapped[str] = mapped_column(String(DIGEST), primary_key=True)
    person: Mapped[str] = mapped_column(String(ID), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_on: Mapped[date | None] = mapped_column(Date)
    verified: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class ChallengeRow(Base):
    """What a passkey has to sign, once: for a person who adds one, "" for whoever signs in."""

    __tablename__ = "people_challenges"
    digest: Mapped[str] = mapped_column(String(DIGEST), primary_key=True)
    person: Mapped[str] = mapped_column(String(ID), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class LinkRow(Base):
    """A link that signs a person in once; afterwards it leads to the path `onward`."""

    __tablename__ = "people_links"
    digest: Mapped[str] = mapped_column(String(DIGEST), primary_key=True)
    person: Mapped[str] = mapped_column(String(ID), index=True)
    onward: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class MoveRow(Base):
    """A new mail address that somebody wants: `digest` is that of the token which confirms it, `stop` of the one which
    stops it, sent to the `former` address. Once it is `confirmed` the row is kept for whoever has not wanted that.
    """

    __tablename__ = "people_moves"
    digest: Mapped[str] = mapped_column(String(DIGEST), primary_key=True)
    stop: Mapped[str] = mapped_column(String(DIGEST), index=True)
    person: Mapped[str] = mapped_column(String(ID), index=True)
    mail: Mapped[str] = mapped_column(String(MAIL))
    former: Mapped[str] = mapped_column(String(MAIL))
    confirmed: Mapped[bool] = mapped_column(Boolean)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class InvitationRow(Base):
    """A role that is offered to a mail address, until it is taken; `inviter` is a person, "" for the command line.

    `name` is what the person who is invited has called themselves before, "" where nobody knows.
    """

    __tablename__ = "people_invitations"
    digest: Mapped[str] = mapped_column(String(DIGEST), primary_key=True)
    mail: Mapped[str] = mapped_column(String(MAIL), index=True)
    role: Mapped[str] = mapped_column(String(ROLE))
    organisation: Mapped[str] = mapped_column(String(URI), index=True)
    inviter: Mapped[str] = mapped_column(String(ID))
    name: Mapped[str] = mapped_column(String(NAME), default="", server_default=text("''"))
    language: Mapped[str] = mapped_column(String(LANGUAGE))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
