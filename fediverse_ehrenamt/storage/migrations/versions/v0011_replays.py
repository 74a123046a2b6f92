"""By which signature an activity came, so that the very same request is known when somebody brings it again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("received", sa.Column("mark", sa.String(length=32), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.drop_column("received", "mark")
