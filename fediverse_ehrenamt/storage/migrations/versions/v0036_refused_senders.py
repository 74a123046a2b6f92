"""From whom in the fediverse an organisation takes nothing any more."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_senders",
        sa.Column("organisation", sa.String(2100), nullable=False),
        sa.Column("person", sa.String(2100), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "person", name="pk_refused_senders"),
    )
    op.create_index("ix_refused_senders_person", "refused_senders", ["person"])


def downgrade() -> None:
    op.drop_table("refused_senders")
