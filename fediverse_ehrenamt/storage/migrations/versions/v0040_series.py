"""Dates that are alike in all but their time are found as one series.

Those that are there already stand by themselves until they are published, received or imported again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("series", sa.BigInteger(), nullable=True))
    op.create_index("ix_documents_series", "documents", ["series"])


def downgrade() -> None:
    op.drop_index("ix_documents_series", "documents")
    op.drop_column("documents", "series")
