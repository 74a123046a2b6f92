"""Our keys under numbered ids with those before them, and the signature scheme of each host.

The keys themselves are sealed by `ehrenamt migrate` afterwards, since a migration knows no secret.
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hosts", sa.Column("scheme", sa.String(length=20), nullable=True))
    op.add_column("local_actors", sa.Column("key_number", sa.Integer(), server_default="1", nullable=False))
    op.add_column("local_actors", sa.Column("keys_made_at", UtcDateTime(), nullable=True))
    op.create_table(
        "former_keys",
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("rsa_id", sa.String(length=2100), nullable=False),
        sa.Column("rsa_private", sa.Text(), nullable=False),
        sa.Column("ed25519_id", sa.String(length=2100), nullable=False),
        sa.Column("ed25519_public", sa.Text(), nullable=False),
        sa.Column("announcement", sa.String(length=2100), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_former_keys")),
    )
    op.create_index(op.f("ix_former_keys_retired_at"), "former_keys", ["retired_at"], unique=False)


def downgrade() -> None:
    op.drop_table("former_keys")
    op.drop_column("local_actors", "keys_made_at")
    op.drop_column("local_actors", "key_number")
    op.drop_column("hosts", "scheme")
