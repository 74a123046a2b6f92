"""Who quotes what is published here, and the stamps by which they may."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("uri", sa.String(2100), nullable=False),
        sa.Column("object", sa.String(2100), nullable=False),
        sa.Column("organisation", sa.String(2100), nullable=False),
        sa.Column("author", sa.String(2100), nullable=False),
        sa.Column("stamp", sa.String(2100), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("url", sa.String(2100), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("version", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quotes"),
        sa.UniqueConstraint("uri", name="uq_quotes_uri"),
        sa.UniqueConstraint("stamp", name="uq_quotes_stamp"),
    )
    op.create_index("ix_quotes_author", "quotes", ["author"])
    op.create_index("ix_quotes_object", "quotes", ["object", "author"])
    op.create_index("ix_quotes_organisation", "quotes", ["organisation", "seen"])


def downgrade() -> None:
    op.drop_table("quotes")
