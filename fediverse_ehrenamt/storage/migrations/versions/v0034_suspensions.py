"""Suspended organisations, who decided a measure about which report, and what was taken down, to be put back."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("local_actors", sa.Column("suspended_at", UtcDateTime(), nullable=True))
    op.add_column("measures", sa.Column("kind", sa.String(20), server_default="removed", nullable=False))
    op.add_column("measures", sa.Column("person", sa.String(40), server_default=sa.text("''"), nullable=False))
    op.add_column("measures", sa.Column("report", sa.BigInteger(), nullable=True))
    op.add_column("measures", sa.Column("lifted_at", UtcDateTime(), nullable=True))
    op.create_table(
        "taken_posts",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("measure", sa.BigInteger(), nullable=False),
        sa.Column("uri", sa.String(2100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("series", sa.String(2100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_taken_posts"),
    )
    op.create_index("ix_taken_posts_measure", "taken_posts", ["measure"])


def downgrade() -> None:
    op.drop_table("taken_posts")
    for column in ("lifted_at", "report", "person", "kind"):
        op.drop_column("measures", column)
    op.drop_column("local_actors", "suspended_at")
