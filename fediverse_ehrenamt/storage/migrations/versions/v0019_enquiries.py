"""Enquiries: who wants to help, sealed, and what was said about it."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "enquiries",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=2100), nullable=False),
        sa.Column("about", sa.String(length=2100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiries")),
        sa.UniqueConstraint("code", name=op.f("uq_enquiries_code")),
        sa.UniqueConstraint("form", name=op.f("uq_enquiries_form")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enquiries_organisation", "enquiries", ["organisation", "asked_at"], unique=False)
    op.create_index(op.f("ix_enquiries_changed_at"), "enquiries", ["changed_at"], unique=False)
    for name, columns, there in (
        ("mark", ["mark", "asked_at"], "mark != ''"),
        ("due", ["next_at"], "next_at IS NOT NULL"),
        ("message", ["message"], "message IS NOT NULL"),
    ):
        op.create_index(
            f"ix_enquiries_{name}",
            "enquiries",
            columns,
            sqlite_where=sa.text(there),
            postgresql_where=sa.text(there),
        )
    op.create_table(
        "enquiry_entries",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("enquiry", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("writer", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_entries")),
        sa.UniqueConstraint("form", name=op.f("uq_enquiry_entries_form")),
    )
    op.create_index(op.f("ix_enquiry_entries_enquiry"), "enquiry_entries", ["enquiry"], unique=False)


def downgrade() -> None:
    op.drop_table("enquiry_entries")
    op.drop_table("enquiries")
