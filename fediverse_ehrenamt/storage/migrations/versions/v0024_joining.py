"""Organisations ask to take part, and show what they are.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_FEDERATED = (("icon", sa.String(60)), ("icon_alt", sa.Text()), ("website", sa.String(600)))


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "joining_requests",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("handle", sa.String(60), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.String(40), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("locality", sa.String(100), nullable=False),
        sa.Column("website", sa.String(600), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("mail", sa.String(254), nullable=False),
        sa.Column("account", sa.String(22), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("form", sa.String(64), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("organisation", sa.String(2100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_joining_requests"),
        sa.UniqueConstraint("code", name="uq_joining_requests_code"),
        sa.UniqueConstraint("form", name="uq_joining_requests_form"),
        sqlite_autoincrement=True,
    )
    for column in ("state", "handle", "mail", "account", "asked_at", "changed_at"):
        op.create_index(f"ix_joining_requests_{column}", "joining_requests", [column])
    op.create_table(
        "joining_notes",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("request", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("writer", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_joining_notes"),
        sa.UniqueConstraint("form", name="uq_joining_notes_form"),
    )
    op.create_index("ix_joining_notes_request", "joining_notes", ["request"])
    op.create_table(
        "organisation_profiles",
        sa.Column("actor", sa.String(2100), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor", name="pk_organisation_profiles"),
    )
    for name, kind in _FEDERATED:
        op.add_column("local_actors", sa.Column(name, kind, nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    for name, _kind in reversed(_FEDERATED):
        op.drop_column("local_actors", name)
    for table in ("organisation_profiles", "joining_notes", "joining_requests"):
        op.drop_table(table)
