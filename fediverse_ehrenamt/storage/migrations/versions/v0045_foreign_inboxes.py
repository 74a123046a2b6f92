"""Followers and actors whose inbox is on somebody else's host, from before such were refused: they go.

Nothing is delivered there any more, and whoever of them sends something is asked for anew, and refused.
"""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.kit import ids

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_followers = sa.table("followers", sa.column("follower", sa.String), sa.column("inbox", sa.String))
_recipients = sa.table("recipients", sa.column("inbox", sa.String))
_actors = sa.table(
    "remote_actors", sa.column("uri", sa.String), sa.column("inbox", sa.String), sa.column("shared_inbox", sa.String)
)


def upgrade() -> None:
    connection = op.get_bind()
    known = connection.execute(sa.select(_followers.c.follower, _followers.c.inbox)).all()
    actors = connection.execute(sa.select(_actors.c.uri, _actors.c.inbox)).all()
    foreign = {(uri, inbox) for uri, inbox in (*known, *actors) if not ids.related(inbox, uri)}
    for start in range(0, len(foreign), _AT_ONCE):
        some = sorted(foreign)[start : start + _AT_ONCE]
        for table, owner in ((_followers, _followers.c.follower), (_actors, _actors.c.uri)):
            connection.execute(sa.delete(table).where(sa.tuple_(owner, table.c.inbox).in_(some)))
        inboxes = {inbox for _, inbox in some}
        still = [
            sa.select(used).where(used.in_(inboxes))
            for used in (_followers.c.inbox, _actors.c.inbox, _actors.c.shared_inbox)
        ]
        inboxes -= set(connection.execute(sa.union(*still)).scalars())
        connection.execute(sa.delete(_recipients).where(_recipients.c.inbox.in_(inboxes)))


def downgrade() -> None:
    """Leave them away: nobody asked to have anything delivered there."""
