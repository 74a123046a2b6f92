"""People who sign in: their roles, sign-ins, links and invitations."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID, _DIGEST, _MAIL, _ROLE, _URI, _LANGUAGE = (sa.String(length) for length in (22, 64, 254, 20, 2100, 10))


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", _ID, nullable=False),
        sa.Column("mail", _MAIL, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("language", _LANGUAGE, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("mail", name=op.f("uq_people_mail")),
    )
    op.create_table(
        "people_roles",
        sa.Column("person", _ID, nullable=False),
        sa.Column("organisation", _URI, nullable=False),
        sa.Column("role", _ROLE, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", "organisation", "role", name=op.f("pk_people_roles")),
    )
    op.create_table(
        "people_sessions",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("browser", sa.String(length=20), nullable=False),
        sa.Column("system", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("half", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people_sessions")),
    )
    op.create_table(
        "people_passwords",
        sa.Column("person", _ID, nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_people_passwords")),
    )
    op.create_table(
        "people_factors",
        sa.Column("person", _ID, nullable=False),
        sa.Column("secret", sa.String(length=300), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_people_factors")),
    )
    op.create_table(
        "people_codes",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people_codes")),
    )
    op.create_table(
        "people_passkeys",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people_passkeys")),
    )
    op.create_table(
        "people_challenges",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people_challenges")),
    )
    op.create_table(
        "people_links",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("onward", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people_links")),
    )
    op.create_table(
        "people_invitations",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("mail", _MAIL, nullable=False),
        sa.Column("role", _ROLE, nullable=False),
        sa.Column("organisation", _URI, nullable=False),
        sa.Column("inviter", _ID, nullable=False),
        sa.Column("language", _LANGUAGE, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people_invitations")),
    )
    for table, column in _INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


_INDEXES = (
    ("people_roles", "organisation"),
    ("people_sessions", "person"),
    ("people_sessions", "expires_at"),
    ("people_codes", "person"),
    ("people_passkeys", "person"),
    ("people_challenges", "person"),
    ("people_challenges", "expires_at"),
    ("people_links", "person"),
    ("people_links", "expires_at"),
    ("people_invitations", "mail"),
    ("people_invitations", "organisation"),
    ("people_invitations", "expires_at"),
)


_TABLES = ("invitations", "links", "challenges", "passkeys", "codes", "factors", "passwords", "sessions", "roles")


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(f"people_{table}")
    op.drop_table("people")
