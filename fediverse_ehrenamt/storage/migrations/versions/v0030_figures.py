"""How often pages were opened, and what is counted month by month.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "views",
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation", sa.String(2100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("page", "day", name="pk_views"),
    )
    op.create_index("ix_views_day", "views", ["day"])
    op.create_index("ix_views_organisation", "views", ["organisation", "day"])
    op.create_table(
        "figures",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("part", sa.String(160), nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("later", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("month", "what", "part", name="pk_figures"),
    )


def downgrade() -> None:
    op.drop_table("figures")
    op.drop_table("views")
