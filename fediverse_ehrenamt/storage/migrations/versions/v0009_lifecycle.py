"""Life of public objects: when each was shown, which dates of a series wait, what comes next."""

from datetime import UTC, datetime

import orjson
import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AT_ONCE = 500


def upgrade() -> None:
    op.create_table(
        "showings",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("series", sa.String(length=2100), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        sa.Column("announcement", sa.String(length=2100), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_showings")),
    )
    for name, columns, condition in (
        ("ix_showings_series", ["series", "starts_at"], "series IS NOT NULL"),
        ("ix_showings_calendar", ["starts_at"], "starts_at IS NOT NULL"),
        ("ix_showings_organisation", ["actor", "starts_at"], "starts_at IS NOT NULL"),
        ("ix_showings_waiting", ["starts_at", "series"], "shown_at IS NULL"),
        ("ix_showings_standing", ["shown_at"], "announcement != ''"),
    ):
        where = sa.text(condition)
        op.create_index(name, "showings", columns, unique=False, sqlite_where=where, postgresql_where=where)
    _fill()


def _fill() -> None:
    """Write down, for what was published before, when that was, and when events begin."""
    things = sa.table(
        "things",
        sa.column("uri", sa.String),
        sa.column("actor", sa.String),
        sa.column("local", sa.Boolean),
        sa.column("body", sa.LargeBinary),
        sa.column("published_at", UtcDateTime),
        sa.column("version", UtcDateTime),
    )
    showings = sa.table(
        "showings",
        sa.column("uri", sa.String),
        sa.column("actor", sa.String),
        sa.column("starts_at", UtcDateTime),
        sa.column("shown_at", UtcDateTime),
        sa.column("announcement", sa.String),
    )
    connection, last = op.get_bind(), ""
    while True:
        some = sa.select(things).where(things.c.local, things.c.uri > last).order_by(things.c.uri).limit(_AT_ONCE)
        rows = connection.execute(some).all()
        if not rows:
            return
        filled = [
            {
                "uri": row.uri,
                "actor": row.actor,
                "starts_at": _start(row.body),
                "shown_at": row.published_at or row.version,
                "announcement": "",
            }
            for row in rows
        ]
        connection.execute(sa.insert(showings), filled)
        last = rows[-1].uri


def _start(body: bytes) -> datetime | None:
    """Return when an event begins, as we wrote it."""
    node = orjson.loads(body)
    begins = node.get("startTime") if node.get("type") == "Event" else None
    return datetime.fromisoformat(begins).astimezone(UTC) if begins else None


def downgrade() -> None:
    op.drop_table("showings")
