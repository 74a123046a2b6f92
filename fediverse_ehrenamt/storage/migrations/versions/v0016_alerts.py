"""Searches that are saved by mail, and what was found for whom."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alerts_mail"), "alerts", ["mail"], unique=False)
    for name, column, there in (
        ("asked", "asked_at", "confirmed_at IS NULL"),
        ("due", "next_at", "next_at IS NOT NULL"),
    ):
        op.create_index(
            f"ix_alerts_{name}", "alerts", [column], sqlite_where=sa.text(there), postgresql_where=sa.text(there)
        )
    op.create_table(
        "alert_hits",
        sa.Column("alert", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("alert", "document", name=op.f("pk_alert_hits")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_alert_hits_document", "alert_hits", ["document"], unique=False)
    op.create_table(
        "alert_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_mark")),
    )


def downgrade() -> None:
    op.drop_table("alert_mark")
    op.drop_table("alert_hits")
    op.drop_table("alerts")
