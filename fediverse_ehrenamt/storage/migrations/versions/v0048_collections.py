"""Collections elsewhere that recommend actors of ours are kept as quotes are: one may recommend several of them."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("quotes") as table:
        table.drop_constraint("uq_quotes_uri", type_="unique")
        table.create_unique_constraint("uq_quotes_uri_object", ["uri", "object"])
    where = sa.text("object = organisation")
    op.create_index("ix_quotes_looked", "quotes", ["version"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_quotes_looked", "quotes")
    op.execute("DELETE FROM quotes WHERE object = organisation")
    with op.batch_alter_table("quotes") as table:
        table.drop_constraint("uq_quotes_uri_object", type_="unique")
        table.create_unique_constraint("uq_quotes_uri", ["uri"])
