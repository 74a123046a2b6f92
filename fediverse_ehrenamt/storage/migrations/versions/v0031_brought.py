"""Listings that people bring by the browser, and sources whose entries are all one organisation's."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought_listings",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("actor", sa.String(2100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(2100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("organisation", sa.String(40), nullable=False),
        sa.Column("create_organisations", sa.Boolean(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=False),
        sa.Column("force", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("person", sa.String(22), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_brought_listings"),
    )
    for column in ("actor", "added_at"):
        op.create_index(f"ix_brought_listings_{column}", "brought_listings", [column])
    op.add_column("import_sources", sa.Column("only_own", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("import_sources", "only_own")
    op.drop_table("brought_listings")
