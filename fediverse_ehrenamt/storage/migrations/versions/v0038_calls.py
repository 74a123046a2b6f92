"""Who is written to about what waits, what was done about others' old offers, how who is invited is called."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_OFFERS = sa.text("NOT local AND kind = 'opportunity'")


def upgrade() -> None:
    op.add_column("people", sa.Column("called", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("people", sa.Column("called_at", UtcDateTime(), nullable=True))
    op.add_column("people_invitations", sa.Column("name", sa.String(100), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "faded_offers",
        sa.Column("uri", sa.String(2100), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("kept_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name="pk_faded_offers"),
    )
    op.create_index("ix_faded_offers_changed_at", "faded_offers", ["changed_at"])
    op.create_index("ix_things_aged", "things", ["version"], sqlite_where=_OFFERS, postgresql_where=_OFFERS)


def downgrade() -> None:
    op.drop_index("ix_things_aged", "things")
    op.drop_table("faded_offers")
    op.drop_column("people_invitations", "name")
    op.drop_column("people", "called_at")
    op.drop_column("people", "called")
