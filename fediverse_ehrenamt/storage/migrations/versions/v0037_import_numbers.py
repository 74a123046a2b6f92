"""Numbers of imported listings for once only: what was kept of one that was given up is not taken for another's.

On SQLite the table is copied into one that gives no number out twice; PostgreSQL never does.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_KEY = re.compile(r"import(\d{1,9})-")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    with op.batch_alter_table("import_sources", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
        pass
    # Numbers that were given up before this: the keys of what was kept still name them.
    keys = connection.execute(sa.text("SELECT key FROM things WHERE local AND key LIKE 'import%'")).scalars()
    held = connection.execute(sa.text("SELECT id FROM import_sources")).scalars()
    highest = max([*held, *(int(found[1]) for key in keys if (found := _KEY.match(key)))], default=0)
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'import_sources'"))
    seed = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('import_sources', :highest)")
    connection.execute(seed, {"highest": highest})


def downgrade() -> None:
    """Leave the table as it is: that it gives no number out twice hurts nobody."""
