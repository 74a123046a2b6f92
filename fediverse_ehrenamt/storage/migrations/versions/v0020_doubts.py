"""Doubts of visitors about offers, letters about them, and where a reporter is answered."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doubts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubts")),
        sa.UniqueConstraint("mark", name=op.f("uq_doubts_mark")),
    )
    op.create_table(
        "doubt_letters",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_doubt_letters")),
    )
    for table, column in (("doubts", "uri"), ("doubts", "at"), ("doubt_letters", "actor"), ("doubt_letters", "at")):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    for name, length in (("mail", 254), ("language", 10)):
        op.add_column(
            "reports", sa.Column(name, sa.String(length=length), server_default=sa.text("''"), nullable=False)
        )


def downgrade() -> None:
    op.drop_column("reports", "language")
    op.drop_column("reports", "mail")
    op.drop_table("doubt_letters")
    op.drop_table("doubts")
