"""That an organisation objects to a measure, and what became of that."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")


def upgrade() -> None:
    op.add_column("measures", sa.Column("objection", sa.Text(), server_default=_EMPTY, nullable=False))
    op.add_column("measures", sa.Column("objected_at", UtcDateTime(), nullable=True))
    op.add_column("measures", sa.Column("outcome", sa.String(20), server_default=_EMPTY, nullable=False))
    op.add_column("measures", sa.Column("answer", sa.Text(), server_default=_EMPTY, nullable=False))
    op.add_column("measures", sa.Column("answered_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for column in ("answered_at", "answer", "outcome", "objected_at", "objection"):
        op.drop_column("measures", column)
