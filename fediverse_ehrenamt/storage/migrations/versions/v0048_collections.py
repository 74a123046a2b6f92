"""Collections elsewhere that recommend actors of ours are kept as quotes are: one may recommend several of them."""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("quotes") as table:
        table.drop_constraint("uq_quotes_uri", type_="unique")
        table.create_unique_constraint("uq_quotes_uri_object", ["uri", "object"])


def downgrade() -> None:
    op.execute("DELETE FROM quotes WHERE object = organisation")
    with op.batch_alter_table("quotes") as table:
        table.drop_constraint("uq_quotes_uri_object", type_="unique")
        table.create_unique_constraint("uq_quotes_uri", ["uri"])
