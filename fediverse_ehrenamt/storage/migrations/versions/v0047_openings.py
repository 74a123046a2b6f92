"""What the bodies of many activities begin with is kept once; of those that came before, all stays where it is."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_received = sa.table("received", sa.column("id"), sa.column("opening"), sa.column("rest", sa.LargeBinary))
_openings = sa.table("openings", sa.column("id"), sa.column("text", sa.LargeBinary))


def upgrade() -> None:
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
        sa.UniqueConstraint("digest", name=op.f("uq_openings_digest")),
    )
    op.add_column("received", sa.Column("opening", sa.Integer(), nullable=True))
    op.execute("ALTER TABLE received RENAME COLUMN body TO rest")


def downgrade() -> None:
    _put_together()
    op.execute("ALTER TABLE received RENAME COLUMN rest TO body")
    op.drop_column("received", "opening")
    op.drop_table("openings")


def _put_together() -> None:
    """Give each body its beginning back."""
    connection = op.get_bind()
    begun = sa.select(_received.c.id, _received.c.rest, _openings.c.text).where(
        _received.c.opening == _openings.c.id, _received.c.rest.is_not(None)
    )
    whole = sa.update(_received).where(_received.c.id == sa.bindparam("one"))
    while rows := connection.execute(begun.limit(_AT_ONCE)).all():
        connection.execute(
            whole.values(rest=sa.bindparam("body"), opening=None),
            [{"one": row.id, "body": row.text + row.rest} for row in rows],
        )
