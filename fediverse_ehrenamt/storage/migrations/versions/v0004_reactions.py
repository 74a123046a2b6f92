"""Who liked, shared and joined what is ours; answers leave."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ANSWERS = sa.text("kind IN ('Accept', 'Reject', 'Ignore')")
_UNDONE = sa.text("kind = 'undone'")
_UNTOLD = sa.text("is_full != told_full")


def upgrade() -> None:
    op.create_table(
        "reactions",
        sa.Column("object", sa.String(length=2100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("activity", sa.String(length=2100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("object", "kind", "actor", name=op.f("pk_reactions")),
    )
    op.create_index(op.f("ix_reactions_activity"), "reactions", ["activity"], unique=False)
    op.create_index(op.f("ix_reactions_actor"), "reactions", ["actor"], unique=False)
    op.create_index(
        "ix_reactions_undone", "reactions", ["at"], unique=False, sqlite_where=_UNDONE, postgresql_where=_UNDONE
    )
    op.create_table(
        "attendances",
        sa.Column("event", sa.String(length=2100), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("activity", sa.String(length=2100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("erase_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("event", "actor", name=op.f("pk_attendances")),
    )
    op.create_index(op.f("ix_attendances_activity"), "attendances", ["activity"], unique=False)
    op.create_index(op.f("ix_attendances_actor"), "attendances", ["actor"], unique=False)
    op.create_index(op.f("ix_attendances_erase_at"), "attendances", ["erase_at"], unique=False)
    op.create_table(
        "occupancies",
        sa.Column("event", sa.String(length=2100), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("told_full", sa.Boolean(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_occupancies")),
    )
    op.create_index(
        "ix_occupancies_untold",
        "occupancies",
        ["event"],
        unique=False,
        sqlite_where=_UNTOLD,
        postgresql_where=_UNTOLD,
    )
    op.create_index(
        "ix_published_answers",
        "published",
        ["published_at"],
        unique=False,
        sqlite_where=_ANSWERS,
        postgresql_where=_ANSWERS,
    )


def downgrade() -> None:
    op.drop_index("ix_published_answers", table_name="published")
    op.drop_table("occupancies")
    op.drop_table("attendances")
    op.drop_table("reactions")
