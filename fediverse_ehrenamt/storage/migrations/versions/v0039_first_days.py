"""The search learns the first day of offers that were published or received before it knew of such days."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_HERE = ""  # the lane of jobs that reach no peer
_NAME = "describe_again"
_documents = sa.table("documents", sa.column("kind", sa.String()), sa.column("gone", sa.Boolean()))
_jobs = sa.table(
    "jobs",
    *(sa.column(name, sa.String()) for name in ("host", "key", "name", "argument", "error")),
    sa.column("tries", sa.Integer()),
    *(sa.column(name, UtcDateTime()) for name in ("created_at", "due_at")),
)
_lanes = sa.table(
    "lanes",
    sa.column("host", sa.String()),
    sa.column("next_at", UtcDateTime()),
    *(sa.column(name, sa.Integer()) for name in ("leased", "failures", "openings")),
)


def upgrade() -> None:
    connection, now = op.get_bind(), clock.now()
    offers = sa.select(_documents.c.kind).where(_documents.c.kind == "opportunity", ~_documents.c.gone)
    if connection.execute(offers.limit(1)).first() is None:
        return
    connection.execute(
        _jobs.insert().values(
            host=_HERE, key="", name=_NAME, argument="", error="", tries=0, created_at=now, due_at=now
        )
    )
    here = _lanes.c.host == _HERE
    if connection.execute(_lanes.update().where(here, _lanes.c.leased == 0).values(next_at=now)).rowcount:
        return
    if connection.execute(sa.select(_lanes.c.host).where(here)).first() is None:
        connection.execute(_lanes.insert().values(host=_HERE, next_at=now, leased=0, failures=0, openings=0))


def downgrade() -> None:
    op.get_bind().execute(_jobs.delete().where(_jobs.c.name == _NAME))
