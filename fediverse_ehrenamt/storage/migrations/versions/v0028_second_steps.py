"""Which sign-ins have shown a second step, which passkeys are one, and which feeds pause.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
_COLUMNS = (("people_sessions", "strong"), ("people_passkeys", "verified"), ("feeds", "paused"))


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    # Whoever has codes was asked for one: those sign-ins hold on. With a passkey one signs in once more.
    op.execute(
        sa.text(
            "UPDATE people_sessions SET strong = (NOT half) WHERE person IN "
            "(SELECT person FROM people_factors WHERE confirmed)"
        )
    )


def downgrade() -> None:
    for table, column in _COLUMNS:
        op.drop_column(table, column)
