"""Events that repeat themselves.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("actor", sa.String(2100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("image", sa.String(100), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("first", sa.String(200), nullable=False),
        sa.Column("context", sa.String(2100), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_series"),
    )


def downgrade() -> None:
    op.drop_table("series")
