"""What a source is asked for, how far it is trusted, what it gave and who consents to being indexed."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FORGET = sa.text("DELETE FROM things WHERE NOT local AND uri IN (SELECT uri FROM documents WHERE gone)")


def upgrade() -> None:
    for column in (
        sa.Column("trust", sa.String(length=20), server_default="direct", nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("marks", sa.Text(), nullable=True),
        sa.Column("contact_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("sources", column)
    op.add_column("remote_actors", sa.Column("indexable", sa.Boolean(), nullable=True))
    op.add_column("remote_actors", sa.Column("discoverable", sa.Boolean(), nullable=True))
    op.add_column("things", sa.Column("source", sa.String(length=2100), nullable=True))
    op.create_index(
        "ix_things_source",
        "things",
        ["source"],
        unique=False,
        sqlite_where=sa.text("source IS NOT NULL"),
        postgresql_where=sa.text("source IS NOT NULL"),
    )
    op.create_table(
        "reviews",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("source", sa.String(length=2100), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("version", UtcDateTime(), nullable=False),
        sa.Column("came_at", UtcDateTime(), nullable=False),
        sa.Column("leaves_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_reviews")),
    )
    for column_name in ("source", "actor", "leaves_at"):
        op.create_index(op.f(f"ix_reviews_{column_name}"), "reviews", [column_name], unique=False)
    op.execute(_FORGET)  # until now only the Document of what expired was taken away


def downgrade() -> None:
    op.drop_table("reviews")
    op.drop_index("ix_things_source", "things")
    op.drop_column("things", "source")
    op.drop_column("remote_actors", "discoverable")
    op.drop_column("remote_actors", "indexable")
    for name in ("failures", "next_at", "contact_at", "marks", "choice", "trust"):
        op.drop_column("sources", name)
