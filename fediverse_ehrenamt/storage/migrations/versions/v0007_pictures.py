"""Remote pictures: which there are, which things show them."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("url", sa.String(length=2100), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_pictures")),
    )
    op.create_index(
        "ix_pictures_wanted",
        "pictures",
        ["try_at"],
        unique=False,
        sqlite_where=sa.text("try_at IS NOT NULL"),
        postgresql_where=sa.text("try_at IS NOT NULL"),
    )
    op.create_table(
        "picture_uses",
        sa.Column("thing", sa.String(length=2100), nullable=False),
        sa.Column("url", sa.String(length=2100), nullable=False),
        sa.PrimaryKeyConstraint("thing", name=op.f("pk_picture_uses")),
    )
    op.create_index(op.f("ix_picture_uses_url"), "picture_uses", ["url"], unique=False)
    op.create_table(
        "picture_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_mark")),
    )


def downgrade() -> None:
    for table in ("picture_mark", "picture_uses", "pictures"):
        op.drop_table(table)
