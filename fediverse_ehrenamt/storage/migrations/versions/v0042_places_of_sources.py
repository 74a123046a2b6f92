"""In which town the entries of a listing are that name none."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_sources", sa.Column("place", sa.String(200), nullable=False, server_default=sa.text("''")))
    op.add_column(
        "import_sources", sa.Column("place_from", sa.String(20), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("brought_listings", sa.Column("place", sa.String(200), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    op.drop_column("brought_listings", "place")
    op.drop_column("import_sources", "place_from")
    op.drop_column("import_sources", "place")
