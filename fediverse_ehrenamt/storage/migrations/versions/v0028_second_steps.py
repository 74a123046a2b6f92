"""Which sign-ins have shown a second step, which passkeys are one, which feeds pause, and new addresses of people.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

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
    op.create_table(
        "people_moves",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("stop", sa.String(64), nullable=False),
        sa.Column("person", sa.String(22), nullable=False),
        sa.Column("mail", sa.String(254), nullable=False),
        sa.Column("former", sa.String(254), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_people_moves"),
    )
    for column in ("stop", "person", "expires_at"):
        op.create_index(f"ix_people_moves_{column}", "people_moves", [column])


def downgrade() -> None:
    op.drop_table("people_moves")
    for table, column in _COLUMNS:
        op.drop_column(table, column)
