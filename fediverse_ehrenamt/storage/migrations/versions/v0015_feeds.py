"""Saved searches that are followed as accounts, and what each has found."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("since_xid", sa.BigInteger(), nullable=False),
        sa.Column("since_seq", sa.BigInteger(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("actor", name=op.f("uq_feeds_actor")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feed_entries",
        sa.Column("feed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("author", sa.String(length=2100), nullable=False),
        sa.Column("announcement", sa.String(length=2100), nullable=False),
        sa.Column("leaves_at", UtcDateTime(), nullable=True),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "uri", name=op.f("pk_feed_entries")),
    )
    op.create_index("ix_feed_entries_uri", "feed_entries", ["uri"], unique=False)
    for name, column in (("gone", "gone_at"), ("due", "due_at")):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_feed_entries_{name}", "feed_entries", [column], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_table("feed_entries")
    op.drop_table("feeds")
