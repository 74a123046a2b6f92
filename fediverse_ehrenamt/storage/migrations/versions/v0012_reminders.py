"""Where organisations are written to, and of which offers they were reminded before these expire."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_contacts",
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_organisation_contacts")),
    )
    op.create_table(
        "reminders",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_reminders")),
    )
    op.create_index(op.f("ix_reminders_expires_at"), "reminders", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reminders_expires_at"), table_name="reminders")
    op.drop_table("reminders")
    op.drop_table("organisation_contacts")
