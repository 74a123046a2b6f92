"""Actors elsewhere that their own server has suspended, as was heard of them last."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("remote_actors", sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "UPDATE remote_actors SET suspended = true WHERE uri IN (SELECT actor FROM reviews WHERE state = 'suspended')"
    )


def downgrade() -> None:
    op.drop_column("remote_actors", "suspended")
