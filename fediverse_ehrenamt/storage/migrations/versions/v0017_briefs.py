"""Duplicates: what is kept of each listing rules out most comparisons; all are looked at again, verdicts stay."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _forget()
    op.add_column(
        "duplicate_listings", sa.Column("brief", sa.LargeBinary(), server_default=sa.text("''"), nullable=False)
    )


def downgrade() -> None:
    _forget()
    op.drop_column("duplicate_listings", "brief")


def _forget() -> None:
    """Let what is derived be made anew: other keys are kept of each listing, and its mark is another."""
    op.execute(sa.text("DELETE FROM duplicate_keys"))
    op.execute(sa.text("DELETE FROM duplicate_mark"))
    op.execute(sa.text("UPDATE duplicate_listings SET mark = '', keys = ''"))
