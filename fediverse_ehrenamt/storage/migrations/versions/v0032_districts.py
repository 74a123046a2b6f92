"""Districts that the instance keeps, and what was done with them."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "districts",
        sa.Column("town_key", sa.String(300), nullable=False),
        sa.Column("name_key", sa.String(300), nullable=False),
        sa.Column("town", sa.String(100), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("postcode", sa.String(5), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("stands_for", sa.String(300), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("town_key", "name_key", name="pk_districts"),
    )
    op.create_table(
        "district_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("did", sa.String(20), nullable=False),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("towns", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_district_changes"),
    )
    op.create_index("ix_district_changes_placed_at", "district_changes", ["placed_at"])


def downgrade() -> None:
    op.drop_table("district_changes")
    op.drop_table("districts")
