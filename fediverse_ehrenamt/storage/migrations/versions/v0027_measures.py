"""What was decided about reports, what organisations were told of it, and which first posts were looked at.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reports", sa.Column("measure", sa.String(20), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "measures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("organisation", sa.String(2100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_measures"),
    )
    op.create_index("ix_measures_organisation", "measures", ["organisation"])
    op.create_index("ix_measures_at", "measures", ["at"])
    op.create_table(
        "looks",
        sa.Column("uri", sa.String(2100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name="pk_looks"),
    )
    op.create_index("ix_looks_at", "looks", ["at"])


def downgrade() -> None:
    op.drop_table("looks")
    op.drop_table("measures")
    op.drop_column("reports", "measure")
