"""What organisations have handed in and nobody sees until somebody has looked at it."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False),
        sa.Column("actor", sa.String(2100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("image", sa.String(100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("handed_in_at", UtcDateTime(), nullable=False),
        sa.Column("returned_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_held_posts"),
        sa.UniqueConstraint("actor", "key", name="uq_held_posts_actor_key"),
    )
    op.create_index("ix_held_posts_handed_in_at", "held_posts", ["handed_in_at"])


def downgrade() -> None:
    op.drop_table("held_posts")
