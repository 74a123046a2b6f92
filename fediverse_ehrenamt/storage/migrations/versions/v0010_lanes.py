"""What the operator sees of hosts: their last words; which jobs a newer one replaces; ids of jobs for once only."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replaceable: sa.Column[bool] = sa.Column(
        "replaceable", sa.Boolean(), server_default=sa.text("false"), nullable=False
    )
    # On SQLite the table is copied into one that gives no id out twice; PostgreSQL never does.
    with op.batch_alter_table("jobs", table_kwargs={"sqlite_autoincrement": True}) as jobs:
        jobs.add_column(replaceable)
    op.create_index(
        "ix_jobs_replaceable",
        "jobs",
        ["key"],
        unique=False,
        sqlite_where=sa.text("replaceable"),
        postgresql_where=sa.text("replaceable"),
    )
    op.add_column("lanes", sa.Column("failing", sa.String(length=200), server_default=sa.text("''"), nullable=False))
    op.add_column("lanes", sa.Column("heard_at", UtcDateTime(), nullable=True))
    op.add_column("lanes", sa.Column("last_error", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("lanes", sa.Column("last_error_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_index("ix_jobs_replaceable", table_name="jobs")
    op.drop_column("jobs", "replaceable")
    for column in ("failing", "heard_at", "last_error", "last_error_at"):
        op.drop_column("lanes", column)
