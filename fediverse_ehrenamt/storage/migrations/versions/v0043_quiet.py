"""Organisations that want no reminders keep their mail address: enquiries and decisions still reach them.

Whose address was forgotten for it before has to be told again by hand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "organisation_contacts", sa.Column("quiet", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("organisation_contacts", "quiet")
