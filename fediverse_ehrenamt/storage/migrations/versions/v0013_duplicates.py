"""Duplicates: what was looked at, by which keys it is found, what is thought of two; how Documents stand together."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("beside", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "duplicate_listings",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("team", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_duplicate_listings")),
    )
    op.create_index(
        "ix_duplicate_listings_team",
        "duplicate_listings",
        ["team"],
        unique=False,
        sqlite_where=sa.text("team IS NOT NULL"),
        postgresql_where=sa.text("team IS NOT NULL"),
    )
    op.create_table(
        "duplicate_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_duplicate_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duplicate_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("against", sa.String(length=200), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("sketch_one", sa.LargeBinary(), nullable=True),
        sa.Column("sketch_other", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pairs")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_duplicate_pairs_both", "duplicate_pairs", ["one", "other"], unique=True)
    op.create_index("ix_duplicate_pairs_other", "duplicate_pairs", ["other"], unique=False)
    op.create_index("ix_duplicate_pairs_state", "duplicate_pairs", ["state", "score"], unique=False)
    op.create_table(
        "duplicate_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_mark")),
    )


def downgrade() -> None:
    for table in ("duplicate_mark", "duplicate_pairs", "duplicate_keys", "duplicate_listings"):
        op.drop_table(table)
    op.drop_column("documents", "beside")
