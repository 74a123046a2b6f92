"""What an organisation has looked at of its messages, and when it was last reminded of an enquiry.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ANSWERED = """
    UPDATE messages SET state = 'done' WHERE EXISTS (
        SELECT 1 FROM messages AS later WHERE later.organisation = messages.organisation
        AND later.person = messages.person AND later.sent AND later.at >= messages.at
    )
"""


def upgrade() -> None:
    op.add_column("enquiries", sa.Column("reminded_at", UtcDateTime(), nullable=True))
    op.add_column("messages", sa.Column("state", sa.String(20), nullable=False, server_default="new"))
    op.execute(_ANSWERED)


def downgrade() -> None:
    op.drop_column("messages", "state")
    op.drop_column("enquiries", "reminded_at")
