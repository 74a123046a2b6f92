"""Listings of others that are imported, and what became of their entries."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_DUE = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "import_sources",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("address", sa.String(length=2100), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("create_organisations", sa.Boolean(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("succeeded_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("etag", sa.String(length=500), nullable=False),
        sa.Column("last_modified", sa.String(length=100), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_sources")),
        sa.UniqueConstraint("address", name=op.f("uq_import_sources_address")),
    )
    op.create_index(
        "ix_import_sources_due", "import_sources", ["next_at"], unique=False, sqlite_where=_DUE, postgresql_where=_DUE
    )
    op.create_table(
        "import_entries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("foreign_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("imported", sa.Text(), nullable=False),
        sa.Column("version", UtcDateTime(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("understood", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Text(), nullable=False),
        sa.Column("renew_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_entries")),
        sa.UniqueConstraint("source", "foreign_id", name=op.f("uq_import_entries_source_foreign_id")),
    )
    for column in ("key", "uri"):
        op.create_index(op.f(f"ix_import_entries_{column}"), "import_entries", [column], unique=False)


def downgrade() -> None:
    op.drop_table("import_entries")
    op.drop_index("ix_import_sources_due", "import_sources")
    op.drop_table("import_sources")
