"""What organisations have begun to write.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unfinished",
        sa.Column("actor", sa.String(2100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("image", sa.String(100), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_unfinished"),
    )
    op.create_index("ix_unfinished_saved_at", "unfinished", ["saved_at"])


def downgrade() -> None:
    op.drop_table("unfinished")
