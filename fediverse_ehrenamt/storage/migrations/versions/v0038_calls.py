"""Whether somebody of the instance is written to about what waits for a decision, and when that was last done."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("called", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("people", sa.Column("called_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "called_at")
    op.drop_column("people", "called")
